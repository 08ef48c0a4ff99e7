// SPDX-License-Identifier: Apache-2.0
#include "detect/cold_start.h"
#include "detect/detector.h"
#include "detect/fraction.h"
#include "detect/low_count.h"
#include "detect/seasonal.h"
#include "detect/warm_up.h"

namespace lightsout {

std::span<const Detector> all_detectors() {
  static const Detector detectors[] = {
      // In order: the first that applies is taken.
      kFailureFraction,  // fractions
      kLowCount,         // a handful
      kSeasonalLevel,    // more than two weeks
      kColdStart,        // the rest
                         // Add yours here.
  };
  return detectors;
}

Detection detect(const Series& series) {
  CHECK(series.step.count() > 0);
  CHECK(series.trials.empty() || series.trials.size() == series.size());
  for (const Detector& detector : all_detectors()) {
    if (detector.applies(series)) return detector.find(series);
  }
  return cannot_tell(series, "there is no number in the series");
}

}  // namespace lightsout
