// SPDX-License-Identifier: Apache-2.0
#include "detect/low_count.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "detect/assemble.h"
#include "detect/warm_up.h"

namespace lightsout {
namespace {

using std::chrono::days;
using std::chrono::hours;

constexpr double kLogTail = -11.512925;   // ln 1e-5, methods 3.4.1
constexpr double kMostShare = 0.5;        // a window at half of expected is no silence
constexpr double kExpectedInWindow = 12;  // exp(-12) < 1e-5: silence can be told at all
constexpr double kReturn = 8;             // nats for being back
constexpr Seconds kWindow = hours(3);
constexpr Seconds kLongestWindow = hours(24);
constexpr Seconds kLearning = hours(48);
constexpr double kPhi = 1e-3;  // hardly beyond Poisson: what parts and depths are weighed with

}  // namespace

double log_poisson_tail(double count, double mean) {
  if (mean <= 0) return 0;
  double term = -mean, sum = -mean;  // logarithms, from P(X = 0) on
  for (double k = 1; k <= count; ++k) {
    term += std::log(mean / k);
    const double high = std::max(sum, term), low = std::min(sum, term);
    sum = high + std::log1p(std::exp(low - high));
  }
  return std::min(0.0, sum);
}

LowCountTracker::LowCountTracker(std::uint32_t window, std::uint32_t week)
    : size_(window), week_(week) {
  CHECK(window > 0 && window <= kMostWindow && week > 0);
}

double LowCountTracker::median() const {
  if (total_ <= 0) return 0;
  float below = 0;
  for (std::size_t i = 0; i < kBuckets; ++i) {
    if (2 * (below + seen_[i]) >= total_) {
      // Counts are whole, the mean behind them is not: where in its bucket the median lies says
      // about where.
      const double into = seen_[i] > 0 ? (total_ / 2 - below) / seen_[i] : 0.5;
      return std::max(0.0, static_cast<double>(i) - 0.5 + into);
    }
    below += seen_[i];
  }
  return kBuckets - 1;
}

LowCountTracker::Step LowCountTracker::push(double count) {
  const double expected = open_ ? expected_inside_ : median();
  Step step{.expected = expected};
  const auto whole = static_cast<std::uint16_t>(std::clamp(std::round(count), 0.0, 65535.0));
  std::uint16_t& slot = window_[index_ % size_];
  sum_ += static_cast<float>(whole) - (in_window_ == size_ ? static_cast<float>(slot) : 0.0F);
  slot = whole;
  in_window_ = std::min(in_window_ + 1, size_);

  if (open_) {
    // Poisson CUSUM of "all is back" against "a quarter of it is here".
    return_ += static_cast<float>(whole * std::log(4.0) - 0.75 * expected);
    return_ = std::min(return_, static_cast<float>(kReturn * 2));
    if (return_ <= 0) return_ = 0, return_from_ = index_ + 1;
    if (return_ >= kReturn && index_ + 1 - return_from_ >= 2) {
      open_ = false;
      step.closed = true;
      step.until = return_from_;
      in_window_ = 0, sum_ = 0;
    }
  } else if (in_window_ == size_ && expected * size_ >= kExpectedInWindow &&
             sum_ <= kMostShare * expected * size_) {
    step.log_tail = log_poisson_tail(sum_, expected * size_);
    if (step.log_tail < kLogTail) {
      open_ = true;
      step.opened = true;
      step.from = index_ + 1 - size_;
      expected_inside_ = static_cast<float>(expected);
      return_ = 0, return_from_ = index_ + 1;
    }
  }
  if (!open_) {
    const float keep = 1 - 1 / static_cast<float>(week_);
    for (float& bucket : seen_) bucket *= keep;
    total_ = total_ * keep + 1;
    seen_[std::min<std::size_t>(whole, kBuckets - 1)] += 1;
  }
  ++index_;
  return step;
}

namespace {

double typical(const Series& series) {
  std::vector<double> values;
  for (const Sample& sample : series.samples) {
    if (sample.is_number() && std::isfinite(sample.value())) values.push_back(sample.value());
    if (values.size() >= 20000) break;
  }
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

bool applies(const Series& series) {
  const Seconds spacing = spacing_of(series);
  if (series.unit != Unit::count || series.worse != Worse::low || spacing > hours(3)) return false;
  const Parameters parameters = parameters_for(series, spacing);
  if (parameters.effective_count > 0) return false;
  const double middle = typical(series);
  return middle > 0 && middle < parameters.low_below;
}

std::uint32_t window_for(Seconds spacing, double each) {
  const double three_hours =
      static_cast<double>(kWindow.count()) / static_cast<double>(spacing.count());
  const double enough = std::ceil(kExpectedInWindow * 1.1 / each);
  return static_cast<std::uint32_t>(std::max(std::ceil(three_hours), enough));
}

// The edge of a silence is looked for where the window begins to be dark.
std::uint32_t dark_from(const Counts& counts, std::uint32_t from, std::uint32_t alarm,
                        double expected) {
  double best = 0, sum = 0;
  std::uint32_t at = alarm;
  for (std::uint32_t i = alarm + 1; i-- > from;) {
    sum += counts.seen[i].count * std::log(0.1) + 0.9 * expected;
    if (sum >= best) best = sum, at = i;
  }
  return at;
}

Detection find(const Series& series) {
  const WarmUp start = warm_up(series, kLearning);
  if (!start.enough) return cannot_tell(series, start.reason);
  Parameters parameters = parameters_for(series, start.spacing);
  parameters.threshold = -kLogTail;
  const Counts counts = counts_of(series, parameters, start.spacing);
  const std::uint32_t window = window_for(start.spacing, typical(series));
  if (window > LowCountTracker::kMostWindow || window * start.spacing > kLongestWindow) {
    return cannot_tell(series, fmt::format("so few are counted ({:.1f} a value) that even a day of "
                                           "silence would be no surprise",
                                           typical(series)));
  }
  LowCountTracker tracker(window, static_cast<std::uint32_t>(days(7) / start.spacing));
  Detection detection = nothing_expected(series);
  Replay done{.judged_from = static_cast<std::uint32_t>(start.values)};
  std::size_t bin = 0;
  for (std::uint32_t i = 0; i < counts.seen.size(); ++i) {
    const LowCountTracker::Step step = tracker.push(counts.seen[i].count);
    const bool judged = i >= done.judged_from;
    done.expected.push_back(judged ? static_cast<float>(step.expected) : NAN);
    done.phi.push_back(static_cast<float>(kPhi));
    done.keep.push_back(1);
    for (; bin <= counts.bin[i]; ++bin) {
      if (!judged) continue;
      const double spread = 1.645 * std::sqrt(step.expected);
      detection.expected[bin] = {static_cast<float>(step.expected),
                                 static_cast<float>(std::max(0.0, step.expected - spread)),
                                 static_cast<float>(step.expected + spread)};
    }
    if (step.opened && judged) {
      RawEvent event{
          .onset = dark_from(counts, std::max(step.from, done.judged_from), i, step.expected),
          .alarm = i,
          .reached = static_cast<float>(-step.log_tail)};
      if (!done.events.empty() && done.events.back().end)
        event.not_before = *done.events.back().end;
      event.trace.push_back(
          {counts.seen[i].middle,
           fmt::format("so few in {}: the chance is 10^{:.0f}, below 10^-5 (Poisson)",
                       format_duration(window * start.spacing), step.log_tail / std::log(10.0))});
      done.events.push_back(std::move(event));
    }
    if (step.closed && !done.events.empty() && !done.events.back().end) {
      done.events.back().end = std::max(step.until, done.events.back().onset + 1);
    }
  }
  const Assembly assembly{.detector = kLowCount.name,
                          .low_confidence = true,
                          .day_shape = "(7-day median at all hours)"};
  detection.anomalies = assemble(series, counts, done, assembly);
  detection.judgement = {
      .possible = true,
      .judged = {series.time_of(counts.bin[start.values]), series.data_through()},
      .baseline = "median of the last 7 d at all hours",
      .reason = "low counts: only a silence of " + format_duration(window * start.spacing) +
                " can be told"};
  return detection;
}

}  // namespace

const Detector kLowCount{
    .name = "low_count",
    .summary =
        "So few were counted over three hours that chance is ruled out (exact Poisson tail "
        "below 1e-5), for series too small for anything finer.",
    .applies = applies,
    .find = find,
};

}  // namespace lightsout
