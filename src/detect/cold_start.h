// The cold start: an answer for a series whose history is shorter than two weeks, said to be one.
//
// What came first is taken as normal: a flat level from 6 to 48 hours, or an hour-of-the-day shape
// when there are more than four days. It demands more evidence, allows more noise, marks every
// anomaly low_confidence, and names its baseline: "7 h".
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "detect/detector.h"

namespace lightsout {

extern const Detector kColdStart;

}  // namespace lightsout
