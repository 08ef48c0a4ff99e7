// SPDX-License-Identifier: Apache-2.0
#include "incident/coincidence.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "incident/composite.h"
#include "incident/grade.h"

namespace lightsout::incident {

namespace {

constexpr Seconds kCoarsest{2 * 3600};
constexpr Seconds kWeek{7 * 86400};
constexpr double kWeekly = 0.6;      // of the loss, a week before
constexpr double kHalfBand = 1.645;  // standard deviations from the middle of a 90 % band

// One feed of usage on the common grid.
struct Feed {
  std::size_t witness = 0;
  std::vector<bool> low;  // below the band of ordinary bins, in each bin of the grid
};

struct Grid {
  Time begin;
  Seconds step{0};
  std::size_t bins = 0;
  Time at(std::size_t bin) const { return begin + step * static_cast<std::int64_t>(bin); }
};

bool is_feed(const Witness& witness) {
  const Series& series = *witness.curve.series;
  return witness.role == Role::own && witness.curve.judged() && series.plane == Plane::traffic &&
         witness.curve.bearing == Bearing::connectivity && series.step <= kCoarsest;
}

Grid make_grid(const std::vector<Witness>& witnesses, const std::vector<std::size_t>& feeds) {
  Grid grid;
  Time end{};
  for (const std::size_t i : feeds) {
    const Series& series = *witnesses[i].curve.series;
    if (grid.step.count() == 0 || series.step < grid.step) grid.step = series.step;
    if (grid.begin == Time{} || series.begin < grid.begin) grid.begin = series.begin;
    end = std::max(end, series.end());
  }
  while ((end - grid.begin) / grid.step > static_cast<std::int64_t>(kMaxGridBins)) grid.step *= 2;
  grid.bins = static_cast<std::size_t>((end - grid.begin) / grid.step);
  return grid;
}

bool has_anomaly(const Detection& detection, Time time) {
  return std::any_of(detection.anomalies.begin(), detection.anomalies.end(),
                     [&](const Anomaly& anomaly) { return anomaly.range().contains(time); });
}

Feed make_feed(const std::vector<Witness>& witnesses, std::size_t index, const Grid& grid) {
  const Curve& curve = witnesses[index].curve;
  Feed feed{.witness = index, .low = std::vector<bool>(grid.bins, false)};
  for (std::size_t i = 0; i < grid.bins; ++i) {
    const Time middle = grid.at(i) + grid.step / 2;
    const auto bin = curve.series->bin_of(middle);
    if (!bin || !curve.known(*bin) || curve.spread[*bin] <= 0) continue;
    if (curve.loss[*bin] <= curve.spread[*bin]) continue;
    const TimeRange& judged = curve.detection->judgement.judged;
    if (!judged.empty() && !judged.contains(middle)) continue;
    feed.low[i] = !has_anomaly(*curve.detection, middle);
  }
  return feed;
}

std::size_t count_sources(const std::vector<Witness>& witnesses,
                          const std::vector<std::size_t>& chosen) {
  std::set<std::string> sources;
  for (const std::size_t i : chosen) sources.insert(witnesses[i].curve.series->id.source());
  return sources.size();
}

// Neighbouring bins sag together, so a stretch counts as one sample of its mean deviation.
double evidence_of(const Curve& curve, const TimeRange& range) {
  const BinRange bins = bins_in(*curve.series, range);
  double sum = 0;
  double known = 0;
  for (std::size_t bin = bins.first; bin < bins.last; ++bin) {
    if (!curve.known(bin) || curve.spread[bin] <= 0) continue;
    sum += curve.loss[bin] / curve.spread[bin] * kHalfBand;
    ++known;
  }
  const double deviation = known > 0 ? std::max(0.0, sum / known) : 0;
  return deviation * deviation / 2;
}

Anomaly make_anomaly(const Curve& curve, const TimeRange& range, double evidence, double together,
                     std::size_t sources) {
  const Series& series = *curve.series;
  Anomaly anomaly{.signal = series.id, .plane = series.plane, .detector = "coincidence"};
  anomaly.onset = {range.begin, range.begin - series.step, range.begin + series.step};
  anomaly.end = TimeEstimate{range.end, range.end - series.step, range.end + series.step};
  anomaly.alarmed_at = range.begin + kCoincidenceLasts;
  anomaly.data_through = series.data_through();
  anomaly.depth = loss_over(curve, range).value_or(Estimate{});
  const BinRange bins = bins_in(series, range);
  for (std::size_t bin = bins.first; bin < bins.last; ++bin) {
    if (!curve.known(bin) || curve.loss[bin] <= anomaly.deepest) continue;
    anomaly.deepest = curve.loss[bin];
    anomaly.deepest_at = series.time_of(bin);
  }
  anomaly.evidence = evidence;
  anomaly.low_confidence = true;
  anomaly.baseline = curve.detection->judgement.baseline;
  anomaly.parts.push_back({range, anomaly.depth});
  anomaly.trace.push_back(
      {anomaly.alarmed_at,
       fmt::format("{} independent feeds below their ordinary band together for {}: {:.1f} nats of "
                   "the {:.0f} it takes",
                   sources, format_duration(range.length()), together, kCoincidenceEvidence)});
  return anomaly;
}

// As low a week before or after: that is how this day of the week is, and the baseline has not
// learnt it. A week with an anomaly of its own says nothing about ordinary ones.
bool is_weekly(const Curve& curve, const TimeRange& range, double loss) {
  for (const Seconds apart : {-kWeek, kWeek}) {
    const TimeRange other{range.begin + apart, range.end + apart};
    if (has_anomaly(*curve.detection, other.begin)) continue;
    const auto then = loss_over(curve, other);
    if (then && then->value >= kWeekly * loss) return true;
  }
  return false;
}

// The feeds that were low for at least half of the stretch, if they make a coincidence.
bool judge_stretch(std::vector<Witness>& witnesses, const std::vector<Feed>& feeds,
                   const Grid& grid, std::size_t first, std::size_t last) {
  const TimeRange range{grid.at(first), grid.at(last)};
  std::vector<std::size_t> low;
  std::vector<double> depths;
  double together = 0;
  for (const Feed& feed : feeds) {
    const auto begin = feed.low.begin() + static_cast<std::ptrdiff_t>(first);
    const auto end = feed.low.begin() + static_cast<std::ptrdiff_t>(last);
    if (std::count(begin, end, true) * 2 < end - begin) continue;
    const auto loss = loss_over(witnesses[feed.witness].curve, range);
    if (!loss || is_weekly(witnesses[feed.witness].curve, range, loss->value)) continue;
    low.push_back(feed.witness);
    depths.push_back(loss->value);
    together += evidence_of(witnesses[feed.witness].curve, range);
  }
  const std::size_t sources = count_sources(witnesses, low);
  if (sources < 2 || together < kCoincidenceEvidence) return false;
  std::sort(depths.begin(), depths.end());
  if (depths[depths.size() / 2] < kNotable) return false;
  for (const std::size_t i : low) {
    Witness& witness = witnesses[i];
    witness.coincident.push_back(
        make_anomaly(witness.curve, range, evidence_of(witness.curve, range), together, sources));
  }
  return true;
}

}  // namespace

void add_coincidences(std::vector<Witness>& witnesses) {
  std::vector<std::size_t> chosen;
  for (std::size_t i = 0; i < witnesses.size(); ++i) {
    if (is_feed(witnesses[i])) chosen.push_back(i);
  }
  if (count_sources(witnesses, chosen) < 2) return;
  const Grid grid = make_grid(witnesses, chosen);
  std::vector<Feed> feeds;
  for (const std::size_t i : chosen) feeds.push_back(make_feed(witnesses, i, grid));

  const auto together = [&](std::size_t bin) {
    std::vector<std::size_t> low;
    for (const Feed& feed : feeds) {
      if (feed.low[bin]) low.push_back(feed.witness);
    }
    return count_sources(witnesses, low) >= 2;
  };
  std::size_t found = 0;
  for (std::size_t first = 0; first < grid.bins && found < kMaxCoincidences; ++first) {
    if (!together(first)) continue;
    std::size_t last = first + 1;
    // A single bin in between does not part what sags together.
    while (last < grid.bins && (together(last) || (last + 1 < grid.bins && together(last + 1)))) {
      ++last;
    }
    const Seconds length = grid.step * static_cast<std::int64_t>(last - first);
    if (length >= kCoincidenceLasts) {
      found += judge_stretch(witnesses, feeds, grid, first, last) ? 1 : 0;
    }
    first = last;
  }
}

}  // namespace lightsout::incident
