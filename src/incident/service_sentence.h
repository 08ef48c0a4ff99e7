// Sentences that need other series than the incident's own: did this service fail while the others
// worked, and what does the use of circumvention tools say about it?
//
// The service's tests over the incident are held against those of the other services in the same
// country and the same hours, both with 90 % intervals. Without tests of others it says so; a share
// is never put in the place of what was not measured.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "incident/course.h"

namespace lightsout::incident {

// nullopt: the incident is not about one service, or holds no share of failed tests.
std::optional<Finding> hold_against_other_services(const std::vector<Witness>& witnesses,
                                                   const Course& course, const Incident& incident);

// One for each tool whose daily use jumped or collapsed in the incident, with what connectivity
// did.
std::vector<Finding> read_tools(const std::vector<Witness>& witnesses, const Incident& incident);

}  // namespace lightsout::incident
