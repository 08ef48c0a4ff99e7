// Joining the inputs of series. A folder of a collector's archive has tens of thousands of them,
// and most of its series have the very same ones, so this must not look for each of them in a list.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "signal/series.h"

namespace lightsout {

// Adds those of `more` that are not in `into` yet, in their order.
void join_lineage(std::vector<Lineage>& into, const std::vector<Lineage>& more);

}  // namespace lightsout
