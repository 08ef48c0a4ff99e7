// LevelTracker: one series, one value at a time, at most 1 KB of state. The heart of detection.
//
// It expects profile * level, and asks of every value whether a fall (to 5 %, to half, or to the
// shallowest ratio that matters for this kind of signal) or a rise explains it better: a bank of
// CUSUMs of negative-binomial likelihood ratios. Once one passes its threshold an event is open,
// nothing is learnt any more, and a reverse CUSUM waits for the return. An open event keeps the
// baseline from before it for as long as it lasts: what is cut never becomes normal.
//
// After 60 days a second hypothesis is run beside the first: a new level, from which further falls
// can be seen. The first event stays open, is held against its own old level, and is never closed
// by the new one.
//
//   LevelTracker tracker = LevelTracker::start(history, parameters, spacing, Shape::day);
//   const Step step = tracker.push({middle, count}, parameters);
//   if (step.opened) ...    // alarm
//
// A value that is missing is simply not pushed: nothing moves. Sources: Page 1954 and Lorden 1971
// for CUSUM; docs/methods/detection.md for the rest.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "detect/anomaly.h"
#include "detect/parameters.h"
#include "detect/profile.h"

namespace lightsout {

// What was expected of one value, and what followed from it. Index: how many values came before,
// the history included.
struct Step {
  float expected;  // mean count
  float phi;       // relative variance beyond counting
  bool opened = false;
  bool deepened = false;  // a deeper hypothesis fired inside the open event
  bool closed = false;
  bool accepted = false;      // closed, because a rise of 60 days is the new level
  bool rebased = false;       // the open event moved to the held ones: a new level from here
  std::int8_t released = -1;  // which held event has come back to its own old level
  Direction direction = Direction::fall;
  std::uint8_t hypothesis = 0;  // which one fired, see ratio_of()
  float reached = 0;            // its S
  std::uint32_t from = 0;       // index of the first value of the event, or of the deeper part
  std::uint32_t until = 0;      // closed, released: index one past its last value
};

class LevelTracker {
 public:
  static constexpr std::size_t kHypotheses = 5;
  static constexpr std::size_t kHeld = 3;  // lasting events that are followed beside a new level

  static LevelTracker start(std::span<const Observation> history, const Parameters& parameters,
                            Seconds spacing, SeasonalProfile::Shape shape);

  Step push(const Observation& seen, const Parameters& parameters);

  // Expected count at any time, also where nothing was seen; before the level of an open event
  // changed, so also what a held event is measured against.
  double expected(Time middle) const;
  double expected_by_held(std::size_t held, Time middle) const;
  double phi() const { return phi_; }
  double level() const { return level_; }
  double autocorrelation() const;
  bool open() const { return open_; }
  std::size_t held() const { return held_count_; }
  bool weekly() const { return profile_.weekly(); }

  // How near to an alarm: the greatest S over h, and whose.
  struct Nearness {
    double share;
    std::uint8_t hypothesis;
    std::uint32_t from;
  };
  Nearness nearness(const Parameters& parameters) const;

  static double ratio_of(std::size_t hypothesis, const Parameters& parameters);

 private:
  struct Cusum {
    float sum = 0;
    std::uint32_t from = 0;  // first value after the last zero
  };
  // Waits for the return of a depressed (or raised) level.
  struct Recovery {
    float sum = 0;
    std::uint32_t from = 0;
    float seen = 0, expected = 0;  // since the last zero
    float ratio = 1;               // running mean of observed to expected inside the event
    std::uint16_t values = 0;
  };
  struct Held {
    float level;
    Recovery recovery;
    Direction direction;
  };

  bool update_bank(const Observation& seen, double to_fall_below, double keep, const Parameters& p,
                   Step& step);
  // True: back, for good as far as anyone can tell.
  bool update_recovery(Recovery& recovery, double count, double mean, double keep,
                       Direction direction, const Parameters& p) const;
  double close_level(double mean, const Parameters& p) const;
  void update_held(const Observation& seen, double keep, const Parameters& p, Step& step);
  void learn(const Observation& seen, double mean, const Parameters& p);
  void open_event(const Observation& seen, Step& step);
  void hold(const Observation& seen, Step& step);
  bool quiet(const Parameters& p) const;

  SeasonalProfile profile_;
  std::array<Cusum, kHypotheses> bank_{};
  std::array<Held, kHeld> lasting_{};
  Recovery recovery_{};
  float level_ = 0;
  float phi_ = 0;
  float product_ = 0;  // of neighbouring standardised residuals, running mean
  float square_ = 1;   // of one
  float last_ = 0;
  std::uint32_t index_ = 0;
  std::uint32_t first_day_ = 0;  // days since 1970
  std::uint32_t spacing_s_ = 0;
  std::uint32_t opened_at_s_ = 0;
  float slow_ratio_ = 1;  // inside the event, over a week: where a new level would lie
  bool open_ = false;
  Direction direction_ = Direction::fall;
  std::uint8_t fired_ = 0;
  std::uint8_t held_count_ = 0;
};

// The limit of the specification: 100,000 series in 100 MB.
static_assert(sizeof(LevelTracker) <= 1024);

}  // namespace lightsout
