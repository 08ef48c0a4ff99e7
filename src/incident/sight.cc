// SPDX-License-Identifier: Apache-2.0
#include "incident/sight.h"

#include <algorithm>

namespace lightsout::incident {

namespace {

constexpr Seconds kAfter{24 * 3600};     // looked at after the last anomaly ended, or seven bins
constexpr Seconds kSameOnset{3 * 3600};  // the detector's onset and ours speak of one fall

// For a series whose detector keeps no expectation (counts too low for one): its own words.
void sight_from_anomaly(Sight& sight, const Anomaly& anomaly) {
  sight.trough = {.range = anomaly.range(),
                  .depth = anomaly.depth,
                  .lowest = std::max(0.0, 1 - anomaly.deepest),
                  .lowest_at = anomaly.deepest_at};
  sight.fell_at = anomaly.onset;
}

void sight_from_curve(Sight& sight, const Curve& curve, const Anomaly& first,
                      const TimeRange& range, const Trough& trough) {
  sight.trough = trough;
  sight.returned = find_return(curve, range, trough);
  const TimeEstimate fall = find_fall(curve, range, trough);
  const std::optional<Estimate> before =
      loss_over(curve, {first.onset.value, std::max(first.onset.value, fall.value)});
  const bool one_fall = fall.value - first.onset.value <= kSameOnset;
  const bool slow_fall = before && before->value >= trough.depth.value / 4;
  sight.fell_at = one_fall || slow_fall ? first.onset : fall;
}

}  // namespace

bool is_fall(const Witness& witness, const Anomaly& anomaly) {
  if (witness.curve.bearing == Bearing::context) return false;
  return (anomaly.direction == Direction::fall) == (witness.curve.series->worse == Worse::low);
}

Seconds after_of(const Series& series) {
  return std::max(kAfter, series.step * 7);
}

Sight see(const std::vector<Witness>& witnesses, std::size_t index, const Group& group) {
  const Witness& witness = witnesses[index];
  Sight sight{.witness = index};
  const Anomaly* first = nullptr;
  Time last_end{};
  std::optional<TimeEstimate> closed;
  for (const Member& member : group.members) {
    if (member.witness != index || !is_fall(witness, *member.anomaly)) continue;
    if (first == nullptr) first = member.anomaly;
    if (member.anomaly->range().end > last_end) {
      last_end = member.anomaly->range().end;
      closed = member.anomaly->end;
    }
    sight.evidence = std::max(sight.evidence, member.anomaly->evidence);
  }
  if (first == nullptr) return sight;
  sight.fell = true;
  const Seconds after = after_of(*witness.curve.series);
  const TimeRange fallen{std::max(first->onset.value, group.core.begin - kLookBack), last_end};
  const std::optional<Trough> trough = find_trough(witness.curve, fallen);
  if (trough) {
    const TimeRange seen{fallen.begin, std::max(group.core.end, fallen.end) + after};
    sight_from_curve(sight, witness.curve, *first, seen, *trough);
  } else {
    sight_from_anomaly(sight, *first);
  }
  // A detector that closed the anomaly saw it return, if only after what we looked at.
  if (!sight.returned) sight.returned = closed;
  return sight;
}

Sight look_at(const std::vector<Witness>& witnesses, std::size_t index, const TimeRange& range) {
  Group alone{.core = range};
  for (const Anomaly& anomaly : witnesses[index].curve.detection->anomalies) {
    if (anomaly.range().overlaps(range)) alone.members.push_back({index, &anomaly});
  }
  return see(witnesses, index, alone);
}

}  // namespace lightsout::incident
