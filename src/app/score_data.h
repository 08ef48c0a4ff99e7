// The labelled data of --data, for the sections of the scorecard. Both arguments must outlive it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/options.h"
#include "app/world.h"
#include "score/section.h"

namespace lightsout {

ScoreData score_data(const Options& options, World& world);

}  // namespace lightsout
