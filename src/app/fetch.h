// fetch_inputs: --fetch ioda as inputs, every answer kept verbatim below --out or in the working
// folder. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "app/options.h"
#include "app/world.h"

namespace lightsout {

Result<std::vector<Input>> fetch_inputs(const Options& options, World& world);

}  // namespace lightsout
