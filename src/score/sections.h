// The sections of the scorecard, one file each.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "score/section.h"

namespace lightsout {

extern const ScoreMaker kDeliberateScore;  // deliberate_score.cc
extern const ScoreMaker kSimilarityScore;  // similarity_score.cc

}  // namespace lightsout
