// The seasonal level detector: the main one, for every series with more than two weeks of history.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "detect/detector.h"

namespace lightsout {

extern const Detector kSeasonalLevel;

}  // namespace lightsout
