// assemble: the raw events of a replay -> anomalies, with edges, parts, depths and trace.
//
// Two cuts with a return between them that was shorter than the longer of the two, and shorter than
// 12 h, are one anomaly whose middle part is a restoration window (methods 3.4 step 6).
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "detect/replay.h"

namespace lightsout {

struct Assembly {
  std::string_view detector;
  bool low_confidence = false;
  std::string day_shape;   // "by hour of the day"; empty for a flat baseline
  std::string week_shape;  // "by hour of the week", for events after it was reached
};

std::vector<Anomaly> assemble(const Series& series, const Counts& counts, const Replay& replay,
                              const Assembly& assembly);

// The nearest misses as lines of the trace.
std::vector<TraceStep> explain_misses(const Series& series, const Counts& counts,
                                      const Replay& replay, const Parameters& parameters);

}  // namespace lightsout
