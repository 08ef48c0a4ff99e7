// SPDX-License-Identifier: Apache-2.0
#include "detect/tracker.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "detect/likelihood.h"

namespace lightsout {
namespace {

constexpr std::int64_t kDaySeconds = 86400;
constexpr double kClippedVariance = 1.12;   // undoes what clipping at 2.5 sd takes away, 3.4 step 3
constexpr std::size_t kFirstRise = 3;       // hypotheses 0-2 are falls, 3-4 rises
constexpr double kGreatestPhi = 100;        // tenfold up and down: nothing can be said any more
constexpr double kGreatestExpected = 1e15;  // counts.h lets nothing larger in
constexpr double kNoWave = 0.2;             // 3.4.1: depth above 80 %
constexpr double kLeastClose = 0.8;         // nothing is back below this
constexpr double kRiseOver = 1.3;           // a rise is over below this
constexpr double kRatioMemory = 24;         // values, 3.4 step 5

// One value alone never alarms, except where a value is a whole day.
double increment_cap(const Parameters& p) {
  return p.observations_to_alarm == 1 ? 1.01 * p.threshold : kIncrementCap * p.threshold;
}

double median_of(std::vector<double>& values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// Relative variance beyond counting, from residuals of unchecked history: the MAD finds the scale
// and what lies beyond 2.5 of it does not count.
double first_phi(std::vector<double> residuals, double counting, double floor) {
  std::vector<double> size;
  size.reserve(residuals.size());
  for (const double u : residuals) size.push_back(std::abs(u));
  const double scale =
      std::clamp(1.4826 * median_of(size), std::sqrt(floor), std::sqrt(kGreatestPhi));
  double sum = 0;
  for (const double u : residuals) {
    const double clipped = std::clamp(u, -kClip * scale, kClip * scale);
    sum += clipped * clipped;
  }
  const double n = std::max<double>(1, static_cast<double>(residuals.size()));
  return std::clamp(kClippedVariance * sum / n - counting, floor, kGreatestPhi);
}

}  // namespace

double LevelTracker::ratio_of(std::size_t hypothesis, const Parameters& parameters) {
  const std::array<double, kHypotheses> ratios{kDeepRatio, kHalfRatio, parameters.shallow,
                                               kRiseRatio, kHighRiseRatio};
  return ratios[hypothesis];
}

LevelTracker LevelTracker::start(std::span<const Observation> history, const Parameters& parameters,
                                 Seconds spacing, SeasonalProfile::Shape shape) {
  CHECK(!history.empty() && spacing.count() > 0);
  LevelTracker tracker;
  tracker.index_ = static_cast<std::uint32_t>(history.size());
  tracker.bank_.fill({0, tracker.index_});
  double level = 0;
  tracker.profile_ = SeasonalProfile::learn_first(history, spacing, shape, level);
  tracker.level_ = static_cast<float>(level);
  tracker.spacing_s_ = static_cast<std::uint32_t>(spacing.count());
  tracker.first_day_ =
      static_cast<std::uint32_t>(history[0].middle.time_since_epoch().count() / kDaySeconds);

  std::vector<double> residuals;
  double counting = 0, product = 0, square = 0, last = 0;
  for (const Observation& seen : history) {
    const double mean = tracker.expected(seen.middle);
    if (mean <= 0) continue;
    const double u = seen.count / mean - 1;
    residuals.push_back(u);
    counting += 1 / std::max(mean, 1.0);
    const double z = std::clamp(u, -1.0, 1.0);
    product += z * last;
    square += z * z;
    last = z;
  }
  counting /= std::max<double>(1, static_cast<double>(residuals.size()));
  tracker.phi_ = static_cast<float>(first_phi(residuals, counting, parameters.phi_floor));
  // Standardised as learn() will go on doing: only the quotient of the two is ever used.
  const double variance = tracker.phi_ + counting;
  const double n = std::max<double>(1, static_cast<double>(residuals.size())) * variance;
  tracker.product_ = static_cast<float>(product / n);
  tracker.square_ = static_cast<float>(std::max(square / n, 1e-6));
  return tracker;
}

double LevelTracker::expected(Time middle) const {
  return std::clamp(static_cast<double>(profile_.at(middle)) * level_, 0.0, kGreatestExpected);
}

double LevelTracker::expected_by_held(std::size_t held, Time middle) const {
  CHECK(held < held_count_);
  return std::max(0.0, static_cast<double>(profile_.at(middle)) * lasting_[held].level);
}

double LevelTracker::autocorrelation() const {
  return std::clamp(static_cast<double>(product_) / square_, 0.0, kGreatestAutocorrelation);
}

bool LevelTracker::quiet(const Parameters& p) const {
  if (open_) return false;
  return std::all_of(bank_.begin(), bank_.end(),
                     [&](const Cusum& cusum) { return cusum.sum <= kFreezeAt * p.threshold; });
}

LevelTracker::Nearness LevelTracker::nearness(const Parameters& p) const {
  Nearness nearest{0, 0, 0};
  for (std::size_t i = 0; i < kHypotheses; ++i) {
    const double share = bank_[i].sum / p.threshold;
    if (share > nearest.share) nearest = {share, static_cast<std::uint8_t>(i), bank_[i].from};
  }
  return nearest;
}

bool LevelTracker::update_bank(const Observation& seen, double to_fall_below, double keep,
                               const Parameters& p, Step& step) {
  // What comes back from a lasting fall is no surge: it would have to pass the old level.
  const double to_rise_above =
      held_count_ > 0 ? std::max(to_fall_below, expected_by_held(0, seen.middle)) : to_fall_below;
  bool fired = false;
  for (std::size_t i = 0; i < kHypotheses; ++i) {
    const bool rise = i >= kFirstRise;
    if (rise ? !p.rises : !p.falls) continue;
    // Inside an event only a deeper hypothesis of the same direction can still say something.
    if (open_ && (rise != (direction_ == Direction::rise) || (rise ? i <= fired_ : i >= fired_))) {
      continue;
    }
    Cusum& cusum = bank_[i];
    const double mean = rise ? to_rise_above : to_fall_below;
    const bool against = rise ? seen.count <= mean : seen.count >= mean;
    if (cusum.sum == 0 && against) {
      cusum.from = index_ + 1;
      continue;
    }
    const double gain = keep * log_ratio(seen.count, mean, phi_, 1, ratio_of(i, p));
    // Nor does one value alone acquit: a single odd bin inside a cut must not restart its clock.
    cusum.sum += static_cast<float>(std::clamp(gain, -increment_cap(p), increment_cap(p)));
    if (cusum.sum <= 0) {
      cusum = {0, index_ + 1};
      continue;
    }
    const std::uint32_t values = index_ + 1 - cusum.from;
    if (cusum.sum < p.threshold || values < static_cast<std::uint32_t>(p.observations_to_alarm)) {
      continue;
    }
    // The deepest that fires speaks for the event: falls are sorted deepest first.
    if (fired && !rise) continue;
    fired = true;
    step.hypothesis = static_cast<std::uint8_t>(i);
    step.reached = cusum.sum;
    step.from = cusum.from;
    step.direction = rise ? Direction::rise : Direction::fall;
  }
  return fired;
}

// A noisy series is back when it is within a standard deviation of what was expected.
double LevelTracker::close_level(double mean, const Parameters& p) const {
  return std::clamp(1 - relative_deviation(mean, phi_), kLeastClose, p.close_at);
}

bool LevelTracker::update_recovery(Recovery& recovery, double count, double mean, double keep,
                                   Direction direction, const Parameters& p) const {
  ++recovery.values;
  const double memory = std::min<double>(recovery.values, kRatioMemory);
  recovery.values = static_cast<std::uint16_t>(memory);
  recovery.ratio += static_cast<float>((count / mean - recovery.ratio) / memory);

  const double close_at = close_level(mean, p);
  double low = 0, high = 1;
  if (direction == Direction::fall) {
    // The midpoint of the two has to lie below close_at, or a full return could count against it.
    low = std::clamp<double>(recovery.ratio, 0.01, 2 * close_at - 1);
    high = 0.5 * (1 + low) > 0.9 ? 1 : 0.75 + 0.25 * low;
  } else {
    low = std::max<double>(recovery.ratio, 1.5);
    high = 0.75 + 0.25 * low;
    if (high < 1.3) high = 1;
  }
  const double gain = keep * log_ratio(count, mean, phi_, low, high);
  recovery.sum += static_cast<float>(std::min(gain, increment_cap(p)));
  if (recovery.sum <= 0) {
    recovery.sum = 0, recovery.from = index_ + 1, recovery.seen = recovery.expected = 0;
    return false;
  }
  recovery.seen += static_cast<float>(count);
  recovery.expected += static_cast<float>(mean);
  const std::uint32_t values = index_ + 1 - recovery.from;
  if (recovery.sum < kRecoverAt * p.threshold ||
      values < static_cast<std::uint32_t>(p.observations_to_alarm)) {
    return false;
  }
  const double back = recovery.seen / recovery.expected;
  if (direction == Direction::fall ? back >= close_at : back <= kRiseOver) return true;
  // Partly back: the event goes on from this level.
  recovery.ratio = static_cast<float>(back);
  recovery.sum = 0, recovery.from = index_ + 1, recovery.seen = recovery.expected = 0;
  return false;
}

void LevelTracker::learn(const Observation& seen, double mean, const Parameters& p) {
  const double deviation = relative_deviation(std::max(mean, 1.0), phi_);
  const double u = std::clamp(seen.count / mean - 1, -kClip * deviation, kClip * deviation);
  const auto now = seen.middle.time_since_epoch().count();
  const double age = static_cast<double>(now - std::int64_t{first_day_} * kDaySeconds);
  const bool early = age < static_cast<double>(kWeeklyAfter.count());
  const double memory =
      static_cast<double>((early ? kLevelMemoryEarly : kLevelMemory).count()) / spacing_s_;
  level_ *= static_cast<float>(1 + u / memory);
  profile_.learn(seen.middle, static_cast<float>(u * mean / level_), true);

  const bool daily = spacing_s_ >= 72000;
  const double values = daily ? 60 : 1000;
  const double rate = 1 / std::clamp(age / spacing_s_, 14.0, values);
  phi_ += static_cast<float>((kClippedVariance * u * u - 1 / std::max(mean, 1.0) - phi_) * rate);
  phi_ = std::clamp(phi_, static_cast<float>(p.phi_floor), static_cast<float>(kGreatestPhi));
  const auto z = static_cast<float>(u / deviation);
  product_ += static_cast<float>((z * last_ - product_) * rate);
  square_ += static_cast<float>((z * z - square_) * rate);
  square_ = std::max(square_, 1e-6F);
  last_ = z;
}

void LevelTracker::open_event(const Observation& seen, Step& step) {
  step.opened = true;
  open_ = true;
  fired_ = step.hypothesis;
  direction_ = step.direction;
  recovery_ = {.from = index_ + 1};
  opened_at_s_ =
      seen.middle.time_since_epoch().count() - std::int64_t{index_ - step.from} * spacing_s_;
  slow_ratio_ = static_cast<float>(seen.count / std::max(1.0, expected(seen.middle)));
}

// The open event has lasted 60 days: it is held, and a new level begins beside it.
void LevelTracker::hold(const Observation& seen, Step& step) {
  const auto now = seen.middle.time_since_epoch().count();
  if (now - std::int64_t{opened_at_s_} < kNewLevel.count()) return;
  if (direction_ == Direction::rise) {  // sixty days of more is simply more
    level_ *= slow_ratio_;
    open_ = false;
    bank_.fill({0, index_ + 1});
    step.closed = true;
    step.accepted = true;
    step.until = index_ + 1;
    return;
  }
  if (held_count_ == kHeld || slow_ratio_ < 0.1F) return;
  lasting_[held_count_] = {level_, recovery_, direction_};
  ++held_count_;
  level_ *= slow_ratio_;
  open_ = false;
  bank_.fill({0, index_ + 1});
  step.rebased = true;
}

void LevelTracker::update_held(const Observation& seen, double keep, const Parameters& p,
                               Step& step) {
  for (std::size_t i = 0; i < held_count_; ++i) {
    const double mean = expected_by_held(i, seen.middle);
    if (mean < kLeastExpected) continue;
    Held& held = lasting_[i];
    if (!update_recovery(held.recovery, seen.count, mean, keep, held.direction, p)) continue;
    step.released = static_cast<std::int8_t>(i);
    step.until = held.recovery.from;
    // Back at the old level: it, and every later level built upon its loss, is history.
    level_ = held.level;
    held_count_ = static_cast<std::uint8_t>(i);
    open_ = false;
    bank_.fill({0, index_ + 1});
    return;
  }
}

Step LevelTracker::push(const Observation& seen, const Parameters& p) {
  const double mean = expected(seen.middle);
  Step step{.expected = static_cast<float>(mean), .phi = phi_};
  if (mean >= kLeastExpected) {
    double keep = independence(autocorrelation());
    // What neighbours share are waves of a few percent; when nearly all is gone it is no wave.
    if (seen.count < kNoWave * mean) keep = 1;
    if (held_count_ > 0) update_held(seen, keep, p, step);
    if (step.released < 0 && update_bank(seen, mean, keep, p, step)) {
      if (open_) {
        step.deepened = true;
        fired_ = step.hypothesis;
      } else {
        open_event(seen, step);
      }
    }
    if (open_ && !step.opened) {
      slow_ratio_ += static_cast<float>((seen.count / mean - slow_ratio_) *
                                        std::min(1.0, spacing_s_ / (7.0 * kDaySeconds)));
      if (update_recovery(recovery_, seen.count, mean, keep, direction_, p)) {
        step.closed = true;
        step.until = recovery_.from;
        open_ = false;
        bank_.fill({0, index_ + 1});
      } else {
        hold(seen, step);
      }
    } else if (step.opened) {
      recovery_.ratio = static_cast<float>(seen.count / mean);
      recovery_.values = 1;
    }
    if (quiet(p)) learn(seen, mean, p);
  } else if (mean > 0 && quiet(p)) {
    learn(seen, mean, p);
  }
  const auto now = seen.middle.time_since_epoch().count();
  const std::int64_t week = (now / kDaySeconds - first_day_) / 7;
  profile_.use_week(static_cast<unsigned>(std::max<std::int64_t>(0, week)));
  ++index_;
  return step;
}

}  // namespace lightsout
