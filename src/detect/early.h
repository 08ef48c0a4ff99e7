// The first two weeks of a long series: what a baseline was learnt from has to be judged as well.
//
// They are judged by the cold start, which knows only what came before, and every anomaly that it
// finds is held against the shape that the two weeks as a whole have shown: a night or a Sunday
// that looked like a fall to somebody who had seen three days is dropped. What remains is marked
// low_confidence. One that was still open is kept when the main detector finds the series down at
// its first value, and becomes the beginning of that anomaly.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "detect/counts.h"
#include "detect/tracker.h"

namespace lightsout {

struct Early {
  bool judged = false;
  Time from;  // the first time that was judged
  std::vector<Anomaly> anomalies;
};

// Judges what lies before `until`; fills `expected` there. `learnt` has learnt from exactly that.
Early judge_early(const Series& series, Time until, const Counts& counts,
                  const LevelTracker& learnt, const Parameters& parameters,
                  std::vector<Expectation>& expected);

// Puts the early anomalies before the others; `until` as above.
void join_early(Early early, Time until, Seconds spacing, std::vector<Anomaly>& anomalies);

}  // namespace lightsout
