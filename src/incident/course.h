// Course: how one group of anomalies ran: what each series saw, the onset, the phases, the end.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "incident/composite.h"
#include "incident/fuse.h"
#include "incident/sight.h"

namespace lightsout::incident {

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

Course follow(const std::vector<Witness>& witnesses, const Group& group);

inline constexpr double kNearTotal = 0.8;      // share lost from which a phase is near-total
inline constexpr double kNearTotalKept = 0.7;  // and until which it stays so

}  // namespace lightsout::incident
