// SPDX-License-Identifier: Apache-2.0
#include "detect/early.h"

#include <utility>

#include "detect/cold_start.h"
#include "detect/replay.h"

namespace lightsout {
namespace {

// Observed over expected of the two weeks' own shape, in a range.
double share_in(const TimeRange& range, const Counts& counts, const LevelTracker& learnt) {
  double seen = 0, expected = 0;
  for (const Observation& value : counts.seen) {
    if (value.middle >= range.end) break;
    if (value.middle < range.begin) continue;
    seen += value.count;
    expected += learnt.expected(value.middle);
  }
  return expected > 0 ? seen / expected : 1;
}

}  // namespace

Early judge_early(const Series& series, Time until, const Counts& counts,
                  const LevelTracker& learnt, const Parameters& parameters,
                  std::vector<Expectation>& expected) {
  const Series part = slice(series, {series.begin, until});
  Detection cold = kColdStart.find(part);
  Early early{.judged = cold.judgement.possible, .from = cold.judgement.judged.begin};
  if (!early.judged) return early;
  // What is shown as expected is the shape of the two weeks as a whole, the better of the two.
  for (std::size_t bin = 0; bin < part.size(); ++bin) {
    if (part.time_of(bin) < early.from) continue;
    const double mean = learnt.expected(part.time_of(bin) + part.step / 2);
    expected[bin] = expectation_of(mean, learnt.phi(), counts.scale);
  }
  for (Anomaly& anomaly : cold.anomalies) {
    const double share = share_in(anomaly.range(), counts, learnt);
    const bool confirmed = anomaly.direction == Direction::fall
        ? share<(1 + parameters.shallow) / 2 : share>(1 + kRiseRatio) / 2;
    if (confirmed) early.anomalies.push_back(std::move(anomaly));
  }
  return early;
}

void join_early(Early early, Time until, Seconds spacing, std::vector<Anomaly>& anomalies) {
  if (!early.anomalies.empty() && early.anomalies.back().open()) {
    Anomaly begun = std::move(early.anomalies.back());
    early.anomalies.pop_back();
    Anomaly* first = anomalies.empty() ? nullptr : &anomalies.front();
    // Not confirmed by the first values of the longer baseline: then it had ended, or never was.
    if (first != nullptr && first->direction == begun.direction &&
        first->onset.value <= until + 2 * spacing) {
      begun.parts.back().range.end = first->onset.value;
      first->parts.insert(first->parts.begin(), begun.parts.begin(), begun.parts.end());
      first->trace.insert(first->trace.begin(), begun.trace.begin(), begun.trace.end());
      first->onset = begun.onset;
      first->alarmed_at = begun.alarmed_at;
      first->evidence += begun.evidence;
      first->baseline = begun.baseline;
      first->low_confidence = true;
      first->lasting = first->range().length() >= kLasting;
      if (begun.deepest > first->deepest) {
        first->deepest = begun.deepest;
        first->deepest_at = begun.deepest_at;
      }
    }
  }
  anomalies.insert(anomalies.begin(), std::make_move_iterator(early.anomalies.begin()),
                   std::make_move_iterator(early.anomalies.end()));
}

}  // namespace lightsout
