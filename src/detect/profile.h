// SeasonalProfile: the usual shape of a day and of a week, relative to the level.
//
// Slots are an hour wide, or as wide as the values lie apart when that is more; between slot
// centres the profile is linear, so a slow hour does not end in a step. Until eight weeks have been
// seen it is the day's shape times one factor for the day of the week (seven numbers, each from a
// whole day); the week's own shape from then on: with less history a weekly slot rests on a handful
// of values and a single bad night becomes "normal".
//
// The shape of the first days is a median for each slot, because nobody has checked these days: one
// dark night in them does not teach that nights are dark.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "core/time.h"

namespace lightsout {

struct Observation {
  Time middle;  // of its bin
  float count;  // in effective counts
};

class SeasonalProfile {
 public:
  enum class Shape : std::uint8_t { flat, day };

  // A profile from unchecked history; `spacing` is how far apart values lie. Never fails: slots
  // without a value take their neighbours', and an empty history is flat. The level of the
  // history, by which the profile is divided, goes to `level`.
  static SeasonalProfile learn_first(std::span<const Observation> history, Seconds spacing,
                                     Shape shape, double& level);

  // Expected at a time, relative to the level.
  float at(Time middle) const;
  // Moves the slots around `middle` towards it by `error` (observed minus at()), already clipped.
  void learn(Time middle, float error, bool week_too);
  void use_week(unsigned weeks_seen);

  bool weekly() const { return weekly_; }

 private:
  struct Place {  // between the centres of two neighbouring slots
    std::uint16_t left, right;
    float weight_right;
  };
  Place place(Time middle, std::uint16_t slots, std::int64_t period) const;

  void learn_weekdays(std::span<const Observation> history, double level);

  static constexpr std::size_t kWeekSlots = 168;
  static constexpr std::size_t kDaySlots = 24;
  std::array<float, kWeekSlots> week_{};
  std::array<float, kDaySlots> day_{};
  std::array<float, 7> weekday_{1, 1, 1, 1, 1, 1, 1};  // Thursday first, as 1970 began
  std::uint32_t phase_s_ = 0;  // where slots begin: a source's grid may be shifted
  std::uint16_t week_slots_ = kWeekSlots;
  std::uint16_t day_slots_ = kDaySlots;
  float values_per_slot_ = 1;  // in one period
  std::uint16_t weeks_ = 0;
  bool weekly_ = false;
  bool flat_ = false;
};

}  // namespace lightsout
