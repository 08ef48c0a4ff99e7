// Detector: the extension point. A name, a sentence, when it applies, and a pure function.
//
// To add one: write x.h, x.cc, x_test.cc in this folder and one line in all_detectors.cc
// (docs/adding-a-detector.md). detect() picks the first detector of the list that applies.
//
//   const Detection detection = detect(series);
//   if (!detection.judgement.possible) say(detection.judgement.reason);
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "detect/anomaly.h"

namespace lightsout {

struct Detector {
  std::string_view name;     // stable: it is stored beside every anomaly
  std::string_view summary;  // one sentence, shown to people
  bool (*applies)(const Series& series);
  Detection (*find)(const Series& series);
};

std::span<const Detector> all_detectors();

Detection detect(const Series& series);

}  // namespace lightsout
