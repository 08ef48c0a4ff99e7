// replay: a LevelTracker run over a whole history, with what the reports need written down.
//
// Everything here could be said live: an event is entered when its alarm goes off, and nothing
// that came later changes when that was. Only its exact edges and parts (edges.h, parts.h) are
// worked out with hindsight.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "detect/counts.h"
#include "detect/tracker.h"

namespace lightsout {

struct RawEvent {
  Direction direction = Direction::fall;
  std::uint32_t onset = 0;  // indices of observations
  std::uint32_t alarm = 0;
  std::optional<std::uint32_t> end;
  std::uint8_t hypothesis = 0;
  float reached = 0;
  std::uint32_t not_before = 0;  // where the event before it ended: the edge stops there
  bool cut_short = false;        // ends where a deeper one begins
  bool weekly = false;           // held against the week's shape, not only the day's
  std::uint32_t relabelled = 0;  // how many held levels lay under it: 0, its baseline is the first
  // Expected counts from the observation `held_from` on, once a new level runs beside it.
  std::optional<std::uint32_t> held_from;
  std::vector<float> held_expected;
  std::vector<TraceStep> trace;
};

// An excursion that never became an alarm.
struct NearMiss {
  double share = 0;  // of the threshold
  std::uint8_t hypothesis = 0;
  std::uint32_t from = 0;
  std::uint32_t peak = 0;
};

struct Replay {
  std::uint32_t judged_from = 0;  // index of the first observation that was judged
  std::vector<float> expected;    // one per observation; NaN before judged_from
  std::vector<float> phi;
  std::vector<float> keep;  // (1 - a) / (1 + a), what one value is worth
  std::vector<RawEvent> events;
  std::vector<NearMiss> misses;  // the nearest first
  bool weekly = false;           // the week's shape was reached
};

// The 90 % band of an ordinary value, in the unit of the series.
Expectation expectation_of(double mean, double phi, double scale);

inline constexpr std::size_t kNearMisses = 5;

// `tracker` has learnt from the observations before `judged_from`. `expected` is filled for every
// bin from there on, also for those without a value.
Replay replay(const Counts& counts, std::uint32_t judged_from, LevelTracker tracker,
              const Parameters& parameters, const Series& series,
              std::vector<Expectation>& expected);

}  // namespace lightsout
