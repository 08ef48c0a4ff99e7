// SPDX-License-Identifier: Apache-2.0
#include "score/sections.h"

namespace lightsout {

std::span<const ScoreMaker> all_score_sections() {
  static const ScoreMaker sections[] = {
      kDetectionScore, kSimulationScore, kSeverityScore,     kServicesScore,
      kTorScore,       kDeliberateScore, kCoordinationScore, kSimilarityScore,
      // Add yours here, and its line in sections.h.
  };
  return sections;
}

}  // namespace lightsout
