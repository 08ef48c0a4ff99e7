// SPDX-License-Identifier: Apache-2.0
#include "source/grid.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <vector>

#include "signal/catalogue.h"

namespace lightsout {

namespace {

constexpr Seconds kLoneStep{3600};               // of a series with a single point
constexpr std::uint32_t kFarAway = 366 * 86400;  // a gap that only a wrong clock makes, seconds
constexpr double kCommon = 0.05;                 // a distance counts from this share of all on
constexpr double kCovered = 0.5;                 // of a bin, for an average to stand in it

bool earlier(const Point& a, const Point& b) {
  return a.time != b.time ? a.time < b.time : a.order < b.order;
}

bool same_sample(const Point& a, const Point& b) {
  return a.state == b.state && a.value == b.value;
}

// A row with a wrong clock must not stretch the series over decades. Points at either end, at most
// one in a hundred, that a gap longer than a year and than all the rest keeps apart, are left out.
void drop_far_away(Points& points, GridReport& report) {
  if (points.size() < kEnoughToJudge) return;
  const std::size_t few = std::max<std::size_t>(1, points.size() / 100);
  const auto far = [](std::uint32_t gap, std::uint32_t rest) {
    return gap > std::max(kFarAway, rest);
  };
  for (std::size_t count = few; count > 0; --count) {
    const std::uint32_t rest = points.back().time - points[count].time;
    if (!far(points[count].time - points[count - 1].time, rest)) continue;
    report.far_away += count;
    report.far_away_time = points.front().time;
    points.erase(points.begin(), points.begin() + static_cast<std::ptrdiff_t>(count));
    break;
  }
  for (std::size_t count = std::min(few, points.size() - 1); count > 0; --count) {
    const std::size_t last = points.size() - count - 1;  // that stays
    const std::uint32_t rest = points[last].time - points.front().time;
    if (!far(points[last + 1].time - points[last].time, rest)) continue;
    report.far_away += count;
    report.far_away_time = points.back().time;
    points.erase(points.end() - static_cast<std::ptrdiff_t>(count), points.end());
    break;
  }
}

void keep_latest(Points& points, GridReport& report) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (kept > 0 && points[kept - 1].time == points[i].time) {
      (same_sample(points[kept - 1], points[i]) ? report.repeated : report.conflicts) += 1;
      points[kept - 1] = points[i];
    } else {
      points[kept++] = points[i];
    }
  }
  points.resize(kept);
}

// For points that come when they come: the first of the usual steps that most distances fit into.
Seconds usual_step(const Points& points) {
  std::vector<std::uint32_t> gaps;
  gaps.reserve(points.size());
  for (std::size_t i = 1; i < points.size(); ++i)
    gaps.push_back(points[i].time - points[i - 1].time);
  if (gaps.empty()) return kLoneStep;
  const auto middle = gaps.begin() + static_cast<std::ptrdiff_t>(gaps.size() / 2);
  std::nth_element(gaps.begin(), middle, gaps.end());
  for (const std::uint32_t step : {60u, 300u, 600u, 900u, 1800u, 3600u, 7200u, 21600u}) {
    if (*middle <= step) return Seconds{step};
  }
  return Seconds{86400};
}

// Where the grid begins: the remainder that most points share.
std::uint32_t phase_of(const Points& points, std::uint32_t step) {
  std::map<std::uint32_t, std::size_t> counts;
  const std::size_t stride = std::max<std::size_t>(1, points.size() / 10'000);
  for (std::size_t i = 0; i < points.size(); i += stride) ++counts[points[i].time % step];
  return std::max_element(counts.begin(), counts.end(),
                          [](const auto& a, const auto& b) { return a.second < b.second; })
      ->first;
}

// One series under construction: the grid, and what the averages need.
class Bins {
 public:
  Bins(Series& series, std::uint32_t first) : series_(series), first_(first) {}

  std::size_t of(std::uint32_t time) const { return (time - first_) / step(); }
  std::uint64_t time(std::size_t bin) const { return first_ + std::uint64_t{bin} * step(); }
  std::uint32_t step() const { return static_cast<std::uint32_t>(series_.step.count()); }
  std::size_t size() const { return series_.samples.size(); }

  void set(std::size_t bin, const Sample& sample, float trials, float coverage) {
    series_.samples[bin] = sample;
    if (!std::isnan(trials)) grow(series_.trials, 0)[bin] = trials;
    if (!std::isnan(coverage)) grow(series_.coverage, 1)[bin] = std::clamp(coverage, 0.0f, 1.0f);
  }

 private:
  std::vector<float>& grow(std::vector<float>& values, float fill) {
    if (values.empty()) values.assign(series_.samples.size(), fill);
    return values;
  }

  Series& series_;
  std::uint32_t first_;
};

struct Average {
  double weight = 0;
  double value = 0;
  double trials = 0;
  double coverage = 0;

  void add(const Point& point, double share) {
    weight += share;
    value += share * point.value;
    trials += share * (std::isnan(point.trials) ? 0 : point.trials);
    coverage += share * (std::isnan(point.coverage) ? 1 : point.coverage);
  }
};

// The time that a point stands for: until the next one, where the source is finer than the grid.
std::uint32_t width_of(const Points& points, std::size_t i, std::uint32_t step) {
  std::uint32_t width = step;
  if (i > 0) width = std::min(width, points[i].time - points[i - 1].time);
  if (i + 1 < points.size()) width = std::min(width, points[i + 1].time - points[i].time);
  return std::max(width, 1u);
}

// A point stands exactly in its bin when it lies on the grid and at least one neighbour is a whole
// step or more away: inside a finer stretch, on the grid by chance, it is one of several.
bool stands_exactly(const Points& points, std::size_t i, const Bins& bins) {
  if (points[i].time != bins.time(bins.of(points[i].time))) return false;
  if (points.size() == 1) return true;
  const std::uint32_t step = bins.step();
  return (i > 0 && points[i].time - points[i - 1].time >= step) ||
         (i + 1 < points.size() && points[i + 1].time - points[i].time >= step);
}

void set_average(std::size_t bin, const Average& average, Bins& bins) {
  if (average.weight < kCovered) return;
  bins.set(bin, Sample::of(average.value / average.weight),
           average.trials > 0 ? static_cast<float>(average.trials) : Point::kNone,
           average.coverage < average.weight ? static_cast<float>(average.coverage / average.weight)
                                             : Point::kNone);
}

void fill_latest(const Points& points, Bins& bins, GridReport& report) {
  std::map<std::size_t, Average> averages;  // only of bins that need one
  std::vector<bool> exact(bins.size(), false);
  for (std::size_t i = 0; i < points.size(); ++i) {
    const Point& point = points[i];
    const std::size_t bin = bins.of(point.time);
    if (stands_exactly(points, i, bins)) {
      bins.set(bin, point.sample(), point.trials, point.coverage);
      exact[bin] = true;
      continue;
    }
    if (static_cast<SampleState>(point.state) != SampleState::number) continue;
    ++report.resampled;
    const std::uint64_t end = std::uint64_t{point.time} + width_of(points, i, bins.step());
    for (std::size_t into = bin; into < bins.size() && bins.time(into) < end; ++into) {
      const std::uint64_t from = std::max<std::uint64_t>(bins.time(into), point.time);
      const std::uint64_t until = std::min(bins.time(into) + bins.step(), end);
      averages[into].add(point, static_cast<double>(until - from) / bins.step());
    }
    // Bins before this one are complete.
    while (!averages.empty() && averages.begin()->first < bin) {
      const auto& [done, average] = *averages.begin();
      if (!exact[done]) set_average(done, average, bins);
      averages.erase(averages.begin());
    }
  }
  for (const auto& [bin, average] : averages) {
    if (!exact[bin]) set_average(bin, average, bins);
  }
}

double combined(Combine combine, std::vector<double>& values) {
  if (combine == Combine::distinct) {
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
    return static_cast<double>(values.size());
  }
  const double sum = std::accumulate(values.begin(), values.end(), 0.0);
  return combine == Combine::sum ? sum : sum / static_cast<double>(values.size());
}

// Several points a bin.
void fill_combined(Combine combine, const Points& points, Bins& bins) {
  std::vector<double> values;
  for (std::size_t i = 0; i < points.size();) {
    const std::size_t bin = bins.of(points[i].time);
    values.clear();
    Average average;
    for (; i < points.size() && bins.of(points[i].time) == bin; ++i) {
      if (static_cast<SampleState>(points[i].state) != SampleState::number) continue;
      values.push_back(points[i].value);
      average.add(points[i], 1);
    }
    if (values.empty()) continue;
    const bool trials = !std::isnan(points.front().trials);
    const bool covered = !std::isnan(points.front().coverage);
    const auto count = static_cast<double>(values.size());
    bins.set(bin, Sample::of(combined(combine, values)),
             trials ? static_cast<float>(average.trials) : Point::kNone,
             covered ? static_cast<float>(average.coverage / count) : Point::kNone);
  }
}

}  // namespace

SeriesSpec spec_of(SignalId id) {
  const SignalKind& kind = kind_of(id);
  return {.id = std::move(id), .plane = kind.plane, .unit = kind.unit, .worse = kind.worse};
}

Sample Point::sample() const {
  return Sample::of(static_cast<SampleState>(state), value);
}

std::optional<Seconds> native_step(const Points& points) {
  if (points.size() < 2) return kLoneStep;
  std::vector<std::uint32_t> gaps;
  gaps.reserve(points.size() - 1);
  for (std::size_t i = 1; i < points.size(); ++i) {
    const std::uint32_t gap = points[i].time - points[i - 1].time;
    if (gap > 0) gaps.push_back(gap);
  }
  if (gaps.empty()) return kLoneStep;
  std::sort(gaps.begin(), gaps.end());
  std::uint32_t divisor = 0;
  std::uint32_t commonest = 0;
  std::size_t most = 0;
  bool divisor_is_common = false;
  const double enough = std::max(1.0, kCommon * static_cast<double>(gaps.size()));
  std::vector<std::uint32_t> common;
  for (std::size_t i = 0; i < gaps.size();) {
    const std::size_t from = i;
    while (i < gaps.size() && gaps[i] == gaps[from]) ++i;
    const std::size_t count = i - from;
    if (static_cast<double>(count) < enough) continue;
    common.push_back(gaps[from]);
    divisor = std::gcd(divisor, gaps[from]);
    if (count > most) commonest = gaps[from];
    most = std::max(most, count);
  }
  if (common.empty()) return std::nullopt;
  divisor_is_common = std::find(common.begin(), common.end(), divisor) != common.end();
  // 2 h and 90 min have 30 min in common, at which nothing was ever measured: stay on the commoner
  // of the two. 2 days and 3 days have 1 day in common, and that is how the source counts.
  if (divisor_is_common || divisor % 86400 == 0) return Seconds{divisor};
  return Seconds{commonest};
}

Series series_of(const SeriesSpec& spec, Points points, const std::optional<TimeRange>& cover,
                 std::size_t most_bins, GridReport& report) {
  if (!std::is_sorted(points.begin(), points.end(), earlier)) {
    std::sort(points.begin(), points.end(), earlier);
  }
  drop_far_away(points, report);
  Series series{.id = spec.id, .plane = spec.plane, .unit = spec.unit, .worse = spec.worse};
  if (spec.combine == Combine::latest) keep_latest(points, report);

  Combine combine = spec.combine;
  const std::optional<Seconds> found = spec.step ? spec.step : native_step(points);
  series.step = found ? *found : usual_step(points);
  if (!found && combine == Combine::latest) {
    combine = Combine::mean;
    report.irregular += points.size();
  }
  if (points.empty()) return series;

  const auto step = static_cast<std::uint32_t>(series.step.count());
  const std::uint32_t phase = combine == Combine::latest ? phase_of(points, step) : 0;
  const auto on_grid = [&](std::uint32_t time) {
    return time - (time % step + step - phase) % step;
  };
  std::uint32_t begin = points.front().time;
  std::uint32_t end = points.back().time + 1;
  if (cover) {
    begin = std::min(begin, static_cast<std::uint32_t>(cover->begin.time_since_epoch().count()));
    end = std::max(end, static_cast<std::uint32_t>(cover->end.time_since_epoch().count()));
  }
  std::uint32_t first = on_grid(begin);
  if (first > begin) first = points.front().time;  // before 1970 there is no bin
  if (cover && first < begin && points.front().time >= first + step) first += step;
  const std::size_t wanted = (static_cast<std::size_t>(end - 1 - first)) / step + 1;
  const std::size_t bins_made = std::min(wanted, most_bins);
  series.begin = Time{Seconds{first}};
  series.samples.resize(bins_made);
  Bins bins(series, first);
  while (!points.empty() && bins.of(points.back().time) >= bins_made) {
    ++report.past_limit;
    points.pop_back();
  }
  if (points.empty()) {
    series.samples.clear();
    return series;
  }
  if (spec.absent_is_zero) series.samples.assign(bins_made, Sample::of(0));
  if (combine == Combine::latest) {
    fill_latest(points, bins, report);
  } else {
    fill_combined(combine, points, bins);
  }
  return series;
}

}  // namespace lightsout
