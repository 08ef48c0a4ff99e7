// Sight: what one series saw of one group of anomalies: whether and when it fell, how deep, and
// when it returned.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "incident/curve.h"
#include "incident/fuse.h"

namespace lightsout::incident {

inline constexpr Seconds kLookBack{48 * 3600};  // a reduced phase begins at most so long before

struct Sight {
  std::size_t witness = 0;
  bool fell = false;
  double evidence = 0;  // nats, the most of its anomalies in the group
  Trough trough;        // meaningful when it fell
  TimeEstimate fell_at{};
  std::optional<TimeEstimate> returned;
};

Sight see(const std::vector<Witness>& witnesses, std::size_t index, const Group& group);

// What one series saw on its own account in a range, whatever incident its anomalies went to.
Sight look_at(const std::vector<Witness>& witnesses, std::size_t index, const TimeRange& range);

// Whether the anomaly is bad news in a series that can bear witness to a fall.
bool is_fall(const Witness& witness, const Anomaly& anomaly);

// How long after its last anomaly a series is still looked at.
Seconds after_of(const Series& series);

}  // namespace lightsout::incident
