// Stamp: a moment with microseconds, as BMP, packet captures and BGP4MP_ET carry it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>

#include "core/time.h"

namespace lightsout::live {

struct Stamp {
  Time time;
  std::uint32_t microseconds = 0;  // < 1,000,000

  bool known() const { return time.time_since_epoch().count() != 0; }
  auto operator<=>(const Stamp&) const = default;
};

}  // namespace lightsout::live
