// Course indicators: what the course of an incident is consistent with, beyond the ten that are
// fitted: synchrony of start and end, mobile first, routes kept, a common upstream, a staggered
// decay, cut again, earlier tests, a service before.
//
// No labelled list has them, so none of them adds to the odds: each is shown with what was measured
// and what that is consistent with. What was not measured says why.
//
//   for (const IndicatorLine& line : course_lines(incident, others, asked, zone)) ...
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "cases/deliberate.h"

namespace lightsout {

std::vector<IndicatorLine> course_lines(const Incident& incident, std::span<const Incident> others,
                                        const TimeRange& asked, const Zone& zone);

}  // namespace lightsout
