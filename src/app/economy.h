// The economic tables of a data folder: --data DIR holds econ/gdp.csv and its neighbours.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/options.h"
#include "app/world.h"
#include "cases/cost.h"

namespace lightsout {

// What lies there; a table that is missing stays empty, and whatever needs it says so. Without
// --data all are empty.
EconomyTables read_economy_tables(const Options& options, World& world);

}  // namespace lightsout
