// Findings: what an incident establishes, one sentence and its numbers each, and what it does not.
//
// Sentences say what was measured and "consistent with"; none says who did it, or that it was done.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "incident/grade.h"

namespace lightsout::incident {

// Fills findings, disagreements and unknowns of an incident whose tables are complete.
void conclude(const std::vector<Witness>& witnesses, const Group& group, const Course& course,
              const std::vector<std::string>& not_measured, Incident& incident);

// The planes that no series of the entity could be judged on, in people's words; first of all
// "connectivity of the country" when that is routes, probing and traffic alike.
std::vector<std::string> missing_planes(const Entity& entity,
                                        const std::vector<Witness>& witnesses);

}  // namespace lightsout::incident
