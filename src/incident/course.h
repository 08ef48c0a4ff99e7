// Course: how one group of anomalies ran: what each series saw, the onset, the phases, the end.
//
// The composite is what passes end to end at best: a packet needs routes and networks that answer,
// so in each bin the loss of the incident is that of the plane that lost most, and the loss of a
// plane is the median of its series (docs/methods/incidents.md).
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "incident/curve.h"
#include "incident/fuse.h"

namespace lightsout::incident {

// What one series saw of one group.
struct Sight {
  std::size_t witness = 0;
  bool fell = false;
  double evidence = 0;  // nats, the most of its anomalies in the group
  Trough trough;        // meaningful when it fell
  TimeEstimate fell_at{};
  std::optional<TimeEstimate> returned;
};

struct Composite {
  Time begin;
  Seconds step{60};
  std::vector<double> loss;  // NaN: no plane had a number
  TimeRange range_of(std::size_t bin) const {
    const Time at = begin + step * static_cast<std::int64_t>(bin);
    return {at, at + step};
  }
};

struct Course {
  std::vector<Sight> sights;        // one for each witness, in their order
  std::vector<std::size_t> struck;  // the sights that carry the course: deep falls of the entity
                                    // itself, or of its parts where it has no series of its own
  bool of_parts = false;            // carried by parts
  Time data_through;                // of the struck series
  Composite composite;
  TimeEstimate onset{};
  std::optional<TimeEstimate> end;
  bool ending = false;
  Estimate depth;
  std::vector<Window> windows;
  std::vector<Phase> phases;
};

// What one series saw on its own account in a range, whatever incident its anomalies went to.
Sight look_at(const std::vector<Witness>& witnesses, std::size_t index, const TimeRange& range);

Course follow(const std::vector<Witness>& witnesses, const Group& group);

// The loss of a set of series, bin by bin: of the plane that lost most, the median of its series.
Composite compose(const std::vector<Witness>& witnesses, const std::vector<std::size_t>& chosen,
                  const TimeRange& range);

inline constexpr double kNearTotal = 0.8;             // share lost from which a phase is near-total
inline constexpr double kNearTotalKept = 0.7;         // and until which it stays so
inline constexpr std::size_t kMaxGridBins = 200'000;  // of a composite; a coarser grid beyond

}  // namespace lightsout::incident
