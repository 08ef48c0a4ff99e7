// A Zone (core/zone.h) from the system's tz database, by its IANA name.
//
// Covers 1970 to 2037, with the offset that was in force at each moment as the installed database
// knows it; a government that moves its clocks next month is known after the next tzdata update.
//
//   Result<Zone> zone = load_zone("Asia/Almaty");
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "core/result.h"
#include "core/zone.h"

namespace lightsout {

// not_found: no such name, or no tz database on this machine (package tzdata).
Result<Zone> load_zone(std::string_view iana_name);

}  // namespace lightsout
