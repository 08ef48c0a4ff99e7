// Steps: the days on which a lasting shift changed its level.
//
//   for (const Step& step : find_steps(curve, range)) ...   // "from 1 % to 38 % on 8 August"
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "incident/curve.h"

namespace lightsout::incident {

// Dated steps of a lasting shift: days at which the level changed by 10 points or more.
struct Step {
  Time at;
  double before = 0;  // median loss of the stretch before, of the stretch after
  double after = 0;
};
std::vector<Step> find_steps(const Curve& curve, const TimeRange& range);

inline constexpr std::size_t kMaxSteps = 20;

}  // namespace lightsout::incident
