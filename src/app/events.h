// The events in public life that a command looks at: those that are shipped, and --events FILE.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/options.h"
#include "app/world.h"
#include "cases/events.h"

namespace lightsout {

// By country and time. --events none leaves the shipped ones away; a file that cannot be read is an
// Error that names its line.
Result<std::vector<PublicEvent>> read_events(const Options& options, World& world);

}  // namespace lightsout
