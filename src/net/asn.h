// Asn: the number of an autonomous system, 32 bits (RFC 6793).
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>

namespace lightsout {

struct Asn {
  std::uint32_t number = 0;
  auto operator<=>(const Asn&) const = default;
};

}  // namespace lightsout
