// The incidents that the coordination score is held against: times of providers as published
// (methods.md section 6 names the sources), and what is asked of the score (methods.md 4.3).
//
//   for (const CoordinationVector& one : coordination_vectors()) ...
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "incident/coordination.h"

namespace lightsout {

struct CoordinationVector {
  std::string name;
  std::vector<incident::ProviderStep> steps;
  incident::CoordinationOptions options;
  double least = 0;  // the score asked for lies in [least, most]
  double most = 1;
};

std::vector<CoordinationVector> coordination_vectors();

}  // namespace lightsout
