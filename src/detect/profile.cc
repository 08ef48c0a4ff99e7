// SPDX-License-Identifier: Apache-2.0
#include "detect/profile.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace lightsout {
namespace {

constexpr std::int64_t kHour = 3600;
constexpr std::int64_t kDay = 24 * kHour;
constexpr std::int64_t kWeek = 7 * kDay;
// How many periods a slot remembers once it has seen enough: a season's change is followed in
// about three months.
constexpr float kPeriodsRemembered = 12;

// Sorts what it is given; 0 for nothing.
float median_of(std::vector<float>& values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

std::uint16_t slots_in(std::int64_t period, std::int64_t spacing) {
  const std::int64_t width = std::max(kHour, spacing);
  return static_cast<std::uint16_t>(std::max<std::int64_t>(1, period / width));
}

std::size_t weekday_of(Time time) {
  const std::int64_t day = time.time_since_epoch().count() / kDay % 7;
  return static_cast<std::size_t>(day < 0 ? day + 7 : day);  // never before 1970, never outside
}

// Slots that nothing fell into take the mean of the nearest ones on both sides.
void fill_holes(std::span<float> slots) {
  const std::size_t n = slots.size();
  const std::vector<float> seen(slots.begin(), slots.end());
  for (std::size_t i = 0; i < n; ++i) {
    if (!std::isnan(seen[i])) continue;
    float left = NAN, right = NAN;
    for (std::size_t k = 1; k < n && std::isnan(left); ++k) left = seen[(i + n - k) % n];
    for (std::size_t k = 1; k < n && std::isnan(right); ++k) right = seen[(i + k) % n];
    slots[i] = std::isnan(left) ? 1 : (left + right) / 2;
  }
}

}  // namespace

SeasonalProfile::Place SeasonalProfile::place(Time middle, std::uint16_t slots,
                                              std::int64_t period) const {
  if (slots == 1) return {0, 0, 0};
  const std::int64_t width = period / slots;
  std::int64_t into = (middle.time_since_epoch().count() - width / 2 - phase_s_) % period;
  if (into < 0) into += period;
  const auto left = static_cast<std::uint16_t>(std::min<std::int64_t>(into / width, slots - 1));
  const auto right = static_cast<std::uint16_t>(left + 1 == slots ? 0 : left + 1);
  return {left, right, static_cast<float>(into - left * width) / static_cast<float>(width)};
}

SeasonalProfile SeasonalProfile::learn_first(std::span<const Observation> history, Seconds spacing,
                                             Shape shape, double& level) {
  SeasonalProfile profile;
  profile.flat_ = shape == Shape::flat;
  profile.day_slots_ = profile.flat_ ? 1 : slots_in(kDay, spacing.count());
  profile.week_slots_ = slots_in(kWeek, spacing.count());
  profile.values_per_slot_ = static_cast<float>(
      std::max(1.0, static_cast<double>(kHour) / static_cast<double>(spacing.count())));

  // Values an hour or more apart lie in the middle of their slots, whatever the hour they begin at.
  if (spacing.count() >= kHour && !history.empty()) {
    const std::int64_t width = kDay / slots_in(kDay, spacing.count());
    const std::int64_t first = history[0].middle.time_since_epoch().count() - width / 2;
    profile.phase_s_ = static_cast<std::uint32_t>((first % width + width) % width);
  }

  std::vector<std::vector<float>> in_slot(profile.day_slots_);
  for (const Observation& seen : history) {
    const Place p = profile.place(seen.middle, profile.day_slots_, kDay);
    in_slot[p.weight_right < 0.5F ? p.left : p.right].push_back(seen.count);
  }
  double sum = 0;
  std::size_t filled = 0;
  for (std::size_t i = 0; i < in_slot.size(); ++i) {
    profile.day_[i] = in_slot[i].empty() ? NAN : median_of(in_slot[i]);
    if (!in_slot[i].empty()) sum += profile.day_[i], ++filled;
  }
  level = filled == 0 ? 0 : sum / static_cast<double>(filled);
  const std::span<float> day(profile.day_.data(), profile.day_slots_);
  for (float& slot : day) slot = level > 0 ? slot / static_cast<float>(level) : 1;
  fill_holes(day);

  if (shape == Shape::day) profile.learn_weekdays(history, level);

  // The week begins as seven equal days and learns what is special about each.
  const std::int64_t width = kWeek / profile.week_slots_;
  for (std::size_t i = 0; i < profile.week_slots_; ++i) {
    profile.week_[i] = profile.at(
        Time(Seconds(static_cast<std::int64_t>(i) * width + width / 2 + profile.phase_s_)));
  }
  return profile;
}

// What each day of the week was to the same hours of the others, drawn towards 1 because two weeks
// hold only two of each.
void SeasonalProfile::learn_weekdays(std::span<const Observation> history, double level) {
  const double days =
      static_cast<double>((history.back().middle - history.front().middle).count()) / kDay;
  if (days < 13 || level <= 0) return;
  const auto weeks = static_cast<float>(days / 7);
  std::array<std::vector<float>, 7> ratios;
  for (const Observation& seen : history) {
    const double expected = at(seen.middle) * level;
    if (expected > 0) {
      ratios[weekday_of(seen.middle)].push_back(static_cast<float>(seen.count / expected));
    }
  }
  std::array<float, 7> found{};
  for (std::size_t d = 0; d < 7; ++d) {
    found[d] = ratios[d].empty() ? 1 : median_of(ratios[d]);
    // A day that was mostly dark teaches nothing about its fellows.
    if (found[d] < 0.5F || found[d] > 2.0F) found[d] = 1;
  }
  for (std::size_t d = 0; d < 7; ++d) weekday_[d] = 1 + (found[d] - 1) * weeks / (weeks + 1);
}

float SeasonalProfile::at(Time middle) const {
  const Place p = weekly_ ? place(middle, week_slots_, kWeek) : place(middle, day_slots_, kDay);
  const float* slots = weekly_ ? week_.data() : day_.data();
  const float value = slots[p.left] + p.weight_right * (slots[p.right] - slots[p.left]);
  return weekly_ ? value : value * weekday_[weekday_of(middle)];
}

void SeasonalProfile::learn(Time middle, float error, bool week_too) {
  if (flat_) return;  // then the level alone follows
  if (week_too) {
    const Place p = place(middle, week_slots_, kWeek);
    // Before the week is in use its error is its own, not the day's.
    const float own = weekly_
                          ? error
                          : error + at(middle) -
                                (week_[p.left] + p.weight_right * (week_[p.right] - week_[p.left]));
    const float periods = std::min(kPeriodsRemembered, static_cast<float>(weeks_) + 2);
    const float rate = 1 / (periods * values_per_slot_);
    week_[p.left] += rate * (1 - p.weight_right) * own;
    week_[p.right] += rate * p.weight_right * own;
  }
  if (!weekly_) {
    const Place p = place(middle, day_slots_, kDay);
    const float rate = 1 / (7 * kPeriodsRemembered / 3 * values_per_slot_);  // four weeks
    day_[p.left] += rate * (1 - p.weight_right) * error;
    day_[p.right] += rate * p.weight_right * error;
    const float periods = std::min(kPeriodsRemembered, static_cast<float>(weeks_) + 2);
    float& factor = weekday_[weekday_of(middle)];
    const float shape = at(middle) / factor;
    if (shape > 0) {
      const float step =
          error / shape / (periods * values_per_slot_ * static_cast<float>(day_slots_));
      factor = std::clamp(factor + step, 0.2F, 5.0F);
    }
  }
}

void SeasonalProfile::use_week(unsigned weeks_seen) {
  weeks_ = static_cast<std::uint16_t>(std::min(weeks_seen, 65535U));
  weekly_ = !flat_ && weeks_seen >= 8;
}

}  // namespace lightsout
