// Anomaly: what one detector says about one series, with its uncertainty and the trace that led to
// it.
//
// An anomaly is a statement about one curve. That several curves fell together, and what that
// means, is an Incident (incident/incident.h). Every interval is a 90 % interval.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/time.h"
#include "signal/series.h"

namespace lightsout {

struct Estimate {
  double value = 0;
  double low = 0;
  double high = 0;
};

struct TimeEstimate {
  Time value;
  Time earliest;
  Time latest;
};

enum class Direction { fall, rise };

// One line of the answer to "why" or "why not".
struct TraceStep {
  Time at;
  std::string what;  // "drop to 50 % or less: S = 27.3 passed h = 26, two bins in a row"
};

// A stretch of an anomaly with about one depth: how phases and restoration windows are found.
struct AnomalyPart {
  TimeRange range;
  Estimate depth;  // as Anomaly::depth
};

struct Anomaly {
  SignalId signal;
  Plane plane = Plane::traffic;
  std::string detector;  // Detector::name
  Direction direction = Direction::fall;

  TimeEstimate onset;               // begin of the first bin that belongs to it
  std::optional<TimeEstimate> end;  // one past its last bin; nullopt: open when the data ended
  Time alarmed_at;  // when somebody watching live would have heard: the end of that bin
  Time data_through;

  // How much is gone or added, averaged over the anomaly.
  //   fall:              share lost of what was expected, 0..1
  //   rise:              share added on top of what was expected: 1.0 is a doubling
  //   rise of a fraction: points added, 0..1
  Estimate depth;
  double deepest = 0;  // of a single bin, in the same unit
  Time deepest_at;

  double evidence = 0;          // log-likelihood ratio in nats, not capped
  bool lasting = false;         // 28 days and no return: a level shift rather than a cut
  bool low_confidence = false;  // short history, few counts
  std::string baseline;         // what it was held against: "38 d by hour of the day", "7 h"
  std::vector<AnomalyPart> parts;
  std::vector<TraceStep> trace;

  bool open() const { return !end.has_value(); }
  TimeRange range() const { return {onset.value, end ? end->value : data_through}; }
};

// What was expected in one bin. NaN in all three where the detector could not say.
struct Expectation {
  float value;
  float low;  // 90 % of ordinary bins lie between low and high
  float high;
};

// Could the series be judged at all? "We cannot tell" is an answer, and says why.
struct Judgement {
  bool possible = false;
  TimeRange judged{};    // the part that was judged: what lies before was needed to learn
  std::string baseline;  // "56 d by hour of the week"; "7 h" for a cold start
  std::string reason;    // why not, or why with low confidence; empty when there is nothing to say
};

struct Detection {
  SignalId signal;
  Judgement judgement;
  std::vector<Expectation> expected;  // one per sample of the series
  std::vector<Anomaly> anomalies;     // in order of onset
  std::vector<TraceStep> trace;       // also for "why not": the nearest misses
};

}  // namespace lightsout
