// Mechanism: how connectivity was lost, as hypotheses that are weighed, never as a statement.
//
// A mixture over the planes (methods.md 4.1): each mechanism says how likely it leaves routes,
// answers and traffic standing, partly gone or gone; what was not measured says nothing. The
// numbers are in docs/methods/mechanism.md and are settings, not fits: there is too little labelled
// data to fit them on, and the page says how to replace them.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "incident/grade.h"

namespace lightsout::incident {

std::vector<Hypothesis> weigh_mechanisms(const std::vector<Witness>& witnesses, const Group& group,
                                         const Course& course, const Recurrence& recurrence);

}  // namespace lightsout::incident
