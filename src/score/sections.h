// The sections of the scorecard, one file each.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "score/section.h"

namespace lightsout {

extern const ScoreMaker kCoordinationScore;  // coordination_score.cc
extern const ScoreMaker kDeliberateScore;    // deliberate_score.cc
extern const ScoreMaker kDetectionScore;     // detection_score.cc
extern const ScoreMaker kServicesScore;      // services_score.cc
extern const ScoreMaker kSeverityScore;      // severity_score.cc
extern const ScoreMaker kSimilarityScore;    // similarity_score.cc
extern const ScoreMaker kSimulationScore;    // simulation_score.cc
extern const ScoreMaker kTorScore;           // tor_score.cc

}  // namespace lightsout
