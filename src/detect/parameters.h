// Parameters: every number the detectors use, per kind of signal, in one table with its source.
//
// A signal that is not in the table gets the row of its plane. How sensitive a detector is depends
// on how far apart the values lie, so the threshold is chosen by the spacing that is really there,
// not by the step that the series claims.
//
//   const Parameters p = parameters_for(series, spacing);   // p.threshold == 26 at 30 minutes
//
// Sources are the rows' last column in parameters.cc; docs/methods/detection.md explains each.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "signal/series.h"

namespace lightsout {

struct Parameters {
  double shallow = 0.6;     // rho3: the shallowest fall that is looked for, as a ratio to expected
  double threshold = 26;    // h, nats
  double phi_floor = 1e-3;  // least relative variance of the noise beyond counting
  double close_at = 0.9;    // an anomaly ends when the mean is back above this ratio
  // How many independent things a typical value is taken to count; 0: the value is a real count.
  double effective_count = 0;
  double low_below = 6;  // a count whose typical value is lower goes to low_count.h
  bool falls = true;     // which directions are looked for
  bool rises = false;
  int observations_to_alarm = 2;
  std::string_view source;  // where these numbers come from
};

Parameters parameters_for(const Series& series, Seconds spacing);

// Common to all kinds; methods 3.4 and 3.4.1 unless another source is named.
inline constexpr double kDeepRatio = 0.05;    // hypothesis "nearly everything is gone"
inline constexpr double kHalfRatio = 0.5;     // hypothesis "half is gone"
inline constexpr double kRiseRatio = 2;       // methods 3.7: a surge is at least a doubling
inline constexpr double kHighRiseRatio = 8;   // and the steep ones are ten-fold and more
inline constexpr double kIncrementCap = 0.6;  // of h: one value alone never alarms
inline constexpr double kFreezeAt = 0.35;     // of h: from here on nothing is learnt
inline constexpr double kRecoverAt = 0.7;     // of h
inline constexpr double kClip = 2.5;          // standard deviations: what one value may teach
inline constexpr double kLeastExpected = 4;   // counts; below it a value says nothing here
inline constexpr double kLeastLevel = 0.01;   // counts; a level below it is none
inline constexpr double kGreatestAutocorrelation = 0.7;
inline constexpr Seconds kWarmUp = std::chrono::days(14);
inline constexpr Seconds kLongestWarmUp = std::chrono::days(56);
inline constexpr Seconds kWeeklyAfter = std::chrono::days(56);
inline constexpr Seconds kLevelMemory = std::chrono::days(28);
inline constexpr Seconds kLevelMemoryEarly = std::chrono::days(7);
inline constexpr Seconds kLasting = std::chrono::days(28);
inline constexpr Seconds kNewLevel = std::chrono::days(60);
inline constexpr Seconds kWindowGap = std::chrono::hours(12);  // methods 3.4 step 6

}  // namespace lightsout
