// Views: the tables of an incident, one row for each series and one for each part.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "incident/grade.h"

namespace lightsout::incident {

// Every series of the entity that was asked about and of the one that fell, the silent ones too, in
// the order of plane and name.
std::vector<PlaneView> view_planes(const std::vector<Witness>& witnesses, const Course& course,
                                   const TimeRange& range, const Entity& subject, bool lasting);

// The parts of one role: those that fell first, by onset, then the others by name.
std::vector<PartView> view_parts(const std::vector<Witness>& witnesses, const Course& course,
                                 const TimeRange& range, Role role);

}  // namespace lightsout::incident
