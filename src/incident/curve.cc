// SPDX-License-Identifier: Apache-2.0
#include "incident/curve.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "incident/kind.h"

namespace lightsout::incident {

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr Seconds kSustained{90 * 60};  // a loss of this length is not a glitch
constexpr std::size_t kSustainedBins = 3;
constexpr std::size_t kInterruption = 3;  // fewer bins than this do not end a trough
constexpr double kFloor = 0.75;           // of the deepest: the floor of a trough, not its edges
constexpr Seconds kDailyLike{6 * 3600};   // at such steps one bin is enough for anything
constexpr Seconds kReturnWithin{6 * 3600};
// Neighbouring bins are not independent: methods.md 3.4 step 9 draws blocks of 12.
constexpr double kBlock = 12;

double loss_of(const Series& series, double value, double expected) {
  if (series.worse == Worse::low) return expected > 0 ? 1 - value / expected : kNone;
  if (series.unit == Unit::fraction) return value - expected;
  return value > 0 && expected >= 0 ? 1 - expected / value : 0;
}

double spread_of(const Series& series, const Expectation& expected) {
  const double half = std::max(0.0, (double{expected.high} - double{expected.low}) / 2);
  if (series.unit == Unit::fraction && series.worse == Worse::high) return half;
  return expected.value > 0 ? half / expected.value : 0;
}

std::size_t sustained_bins(const Series& series) {
  const auto bins = static_cast<std::size_t>(kSustained / series.step);
  return std::clamp<std::size_t>(bins, 1, kSustainedBins);
}

// The bins of the range that have a loss, in order.
std::vector<std::size_t> known_bins(const Curve& curve, const TimeRange& range) {
  std::vector<std::size_t> known;
  const BinRange bins = bins_in(*curve.series, range);
  for (std::size_t bin = bins.first; bin < bins.last; ++bin) {
    if (curve.known(bin)) known.push_back(bin);
  }
  return known;
}

// The least loss of `count` known bins in a row from position `at`.
double held_from(const Curve& curve, const std::vector<std::size_t>& known, std::size_t at,
                 std::size_t count) {
  double held = std::numeric_limits<double>::infinity();
  for (std::size_t i = at; i < at + count; ++i) held = std::min(held, curve.loss[known[i]]);
  return held;
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// One past the last bins that were down on the floor again: a return before them was not to stay.
std::size_t last_relapse(const Curve& curve, const std::vector<std::size_t>& known,
                         const Trough& trough) {
  const std::size_t least = curve.series->step >= kDailyLike ? 1 : 2;
  const std::size_t hold = std::max(least, sustained_bins(*curve.series));
  for (std::size_t i = known.size(); i >= hold; --i) {
    const double held = held_from(curve, known, i - hold, hold);
    if (held >= trough.depth.value * kFloor) return i;
  }
  return 0;
}

TimeEstimate around_bin(const Curve& curve, const std::vector<std::size_t>& known,
                        std::size_t position) {
  const Series& series = *curve.series;
  const Time begin = series.time_of(known[position]);
  // It happened after the bin before had been counted and before this one was: with blanks between
  // the two, anywhere in them.
  const Time before = position > 0 ? series.time_of(known[position - 1]) : begin - series.step;
  return {begin, std::max(before, begin - Seconds{86400}), begin + series.step};
}

}  // namespace

Bearing bearing_of(const Series& series) {
  if (series.worse == Worse::high) {
    return series.plane == Plane::application && series.unit == Unit::fraction ? Bearing::service
                                                                               : Bearing::context;
  }
  // Slower is not cut.
  if (tells_of_speed(series.id)) return Bearing::context;
  if (series.plane == Plane::circumvention) return Bearing::circumvention;
  // How many tests came in says who measured, not whether the service could be reached.
  if (series.plane == Plane::application) return Bearing::context;
  return Bearing::connectivity;
}

Curve make_curve(const Series& series, const Detection& detection) {
  CHECK(series.step.count() > 0);
  Curve curve{.series = &series,
              .detection = &detection,
              .bearing = bearing_of(series),
              .loss = std::vector<double>(series.size(), kNone),
              .spread = std::vector<double>(series.size(), 0)};
  const std::size_t bins = std::min(series.size(), detection.expected.size());
  for (std::size_t bin = 0; bin < bins; ++bin) {
    const Expectation& expected = detection.expected[bin];
    if (!series.samples[bin].is_number() || !std::isfinite(expected.value)) continue;
    curve.loss[bin] = loss_of(series, series.samples[bin].value(), expected.value);
    const double spread = spread_of(series, expected);
    curve.spread[bin] = std::isfinite(spread) ? spread : 0;
  }
  return curve;
}

BinRange bins_in(const Series& series, const TimeRange& range) {
  if (range.empty() || range.end <= series.begin || range.begin >= series.end()) return {};
  const Seconds before = std::max(Seconds{0}, range.begin - series.begin);
  const Seconds through = std::min(range.end, series.end()) - series.begin;
  const auto up = [&](Seconds span) { return (span + series.step - Seconds{1}) / series.step; };
  return {static_cast<std::size_t>(before / series.step), static_cast<std::size_t>(up(through))};
}

SampleCounts count_samples(const Series& series, const TimeRange& range) {
  SampleCounts counts;
  const BinRange bins = bins_in(series, range);
  for (std::size_t bin = bins.first; bin < bins.last; ++bin) {
    const Sample& sample = series.samples[bin];
    switch (sample.state()) {
      case SampleState::number:
        ++counts.numbers;
        if (sample.value() == 0) ++counts.zeros;
        break;
      case SampleState::missing:
        ++counts.missing;
        break;
      case SampleState::suppressed:
        ++counts.suppressed;
        break;
      case SampleState::source_down:
        ++counts.source_down;
        break;
    }
  }
  return counts;
}

std::optional<Estimate> loss_over(const Curve& curve, const TimeRange& range) {
  double lost = 0;
  double weight = 0;
  double spread = 0;
  double bins = 0;
  for (const std::size_t bin : known_bins(curve, range)) {
    const bool ratio = curve.series->worse == Worse::low;
    const double expected = ratio ? double{curve.detection->expected[bin].value} : 1;
    lost += curve.loss[bin] * expected;
    weight += expected;
    // A false expectation moves a ratio by its own share of what is left.
    spread += curve.spread[bin] * (ratio ? std::max(0.0, 1 - curve.loss[bin]) : 1);
    ++bins;
  }
  if (weight <= 0) return std::nullopt;
  const double value = lost / weight;
  const double half = spread / bins / std::sqrt(std::max(1.0, bins / kBlock));
  return Estimate{value, value - half, std::min(1.0, value + half)};
}

std::optional<Trough> find_trough(const Curve& curve, const TimeRange& range) {
  const std::vector<std::size_t> known = known_bins(curve, range);
  if (known.empty()) return std::nullopt;
  const std::size_t hold = std::min(sustained_bins(*curve.series), known.size());
  double deepest = -std::numeric_limits<double>::infinity();
  std::size_t at = 0;
  for (std::size_t i = 0; i + hold <= known.size(); ++i) {
    const double held = held_from(curve, known, i, hold);
    if (held > deepest) {
      deepest = held;
      at = i;
    }
  }
  if (deepest <= 0) return std::nullopt;

  const auto counts = [&](std::size_t i) { return curve.loss[known[i]] >= deepest / 2; };
  std::size_t first = at;
  for (std::size_t i = at, skipped = 0; i-- > 0 && skipped < kInterruption;) {
    skipped = counts(i) ? 0 : skipped + 1;
    if (counts(i)) first = i;
  }
  std::size_t last = at + hold - 1;
  for (std::size_t i = last + 1, skipped = 0; i < known.size() && skipped < kInterruption; ++i) {
    skipped = counts(i) ? 0 : skipped + 1;
    if (counts(i)) last = i;
  }

  Trough trough;
  std::vector<double> losses;
  double spread = 0;
  double lowest_loss = -std::numeric_limits<double>::infinity();
  for (std::size_t i = first; i <= last; ++i) {
    const double loss = curve.loss[known[i]];
    if (loss >= deepest * kFloor) {
      losses.push_back(loss);
      spread += curve.spread[known[i]] * std::max(0.0, 1 - loss);
    }
    if (loss > lowest_loss) {
      lowest_loss = loss;
      trough.lowest_at = curve.series->time_of(known[i]);
    }
  }
  const double bins = static_cast<double>(losses.size());
  const double half = spread / bins / std::sqrt(std::max(1.0, bins / kBlock));
  const double depth = median(losses);
  trough.range = {curve.series->time_of(known[first]),
                  curve.series->time_of(known[last]) + curve.series->step};
  trough.depth = {depth, depth - half, std::min(1.0, depth + half)};
  trough.lowest = std::max(0.0, 1 - lowest_loss);
  trough.first_bin = known[first];
  return trough;
}

TimeEstimate find_fall(const Curve& curve, const TimeRange& range, const Trough& trough) {
  const std::vector<std::size_t> known = known_bins(curve, range);
  const std::size_t hold = std::min(sustained_bins(*curve.series), known.size());
  for (std::size_t i = 0; i + hold <= known.size(); ++i) {
    if (held_from(curve, known, i, hold) >= trough.depth.value / 2) {
      return around_bin(curve, known, i);
    }
  }
  return {trough.range.begin, trough.range.begin - curve.series->step,
          trough.range.begin + curve.series->step};
}

std::optional<TimeEstimate> find_return(const Curve& curve, const TimeRange& range,
                                        const Trough& trough) {
  const std::vector<std::size_t> known = known_bins(curve, range);
  const double half_way = 1 - trough.depth.value / 2;
  const std::size_t relapse = last_relapse(curve, known, trough);
  double sum = 0;
  double best = 0;
  std::size_t change = known.size();
  for (std::size_t i = known.size(); i-- > relapse && known[i] > trough.first_bin;) {
    // A level far above what was expected says no more than "back".
    sum += std::min(1.2, 1 - curve.loss[known[i]]) - half_way;
    if (sum > best) {
      best = sum;
      change = i;
    }
  }
  if (change >= known.size()) return std::nullopt;
  const std::size_t after = known.size() - change;
  if (after < sustained_bins(*curve.series)) return std::nullopt;  // one bin is not "to stay"

  double level = 0;
  for (std::size_t i = change; i < known.size(); ++i) level += 1 - curve.loss[known[i]];
  const double line = std::max(kReturnedLevel, half_way);
  if (level / static_cast<double>(after) < line) return std::nullopt;

  TimeEstimate estimate = around_bin(curve, known, change);
  estimate.earliest = estimate.value;
  for (std::size_t i = change; i < known.size(); ++i) {
    if (1 - curve.loss[known[i]] < line) continue;
    estimate.latest = curve.series->time_of(known[i]) + curve.series->step;
    const Time reached = curve.series->time_of(known[i]);
    if (reached - estimate.value <= kReturnWithin) estimate.value = reached;
    break;
  }
  return estimate;
}

}  // namespace lightsout::incident
