// A range of addresses as the fewest prefixes that make it up.
//
// Registries delegate 768 addresses at once and geolocation tables speak of ranges; routes and
// tables are prefixes. 10.0.0.0 to 10.0.2.255 is 10.0.0.0/23 and 10.0.2.0/24.
//
//   for_each_prefix_of(first, last, [](const Prefix& prefix) { ... });
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <bit>

#include "net/prefix.h"

namespace lightsout {

// All bits of an address as a number; of IPv4 the 32 that it has.
struct AddressBits {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  auto operator<=>(const AddressBits&) const = default;
};

inline AddressBits bits_of(const IpAddress& address) {
  AddressBits bits;
  if (address.family == Family::v4) {
    for (std::size_t i = 0; i < 4; ++i) bits.low = bits.low << 8 | address.bytes[i];
    return bits;
  }
  for (std::size_t i = 0; i < 8; ++i) bits.high = bits.high << 8 | address.bytes[i];
  for (std::size_t i = 8; i < 16; ++i) bits.low = bits.low << 8 | address.bytes[i];
  return bits;
}

inline IpAddress address_of(AddressBits bits, Family family) {
  if (family == Family::v4) return IpAddress::v4(static_cast<std::uint32_t>(bits.low));
  IpAddress address{.family = Family::v6};
  for (std::size_t i = 0; i < 8; ++i) {
    address.bytes[i] = static_cast<std::uint8_t>(bits.high >> (56 - 8 * i));
    address.bytes[i + 8] = static_cast<std::uint8_t>(bits.low >> (56 - 8 * i));
  }
  return address;
}

// Nothing when the families differ or the range runs backwards. At most 254 prefixes.
template <typename Use>
void for_each_prefix_of(const IpAddress& first, const IpAddress& last, Use&& use) {
  if (first.family != last.family) return;
  const unsigned width = max_length(first.family);
  AddressBits at = bits_of(first);
  const AddressBits end = bits_of(last);
  while (at <= end) {
    // As large as the zeros at the end of its first address allow, and the end.
    unsigned spare = static_cast<unsigned>(at.low != 0 ? std::countr_zero(at.low)
                                                       : 64 + std::countr_zero(at.high));
    spare = std::min(spare, width);
    const auto last_of = [&] {
      AddressBits to = at;
      to.low |= spare >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << spare) - 1;
      if (spare > 64) {
        to.high |= spare == 128 ? ~std::uint64_t{0} : (std::uint64_t{1} << (spare - 64)) - 1;
      }
      if (width == 32) to.low &= 0xffffffff;
      return to;
    };
    while (spare > 0 && last_of() > end) --spare;
    use(*Prefix::make(address_of(at, first.family), width - spare));
    const AddressBits done = last_of();
    if (done == end) return;  // one past may not exist
    at = {done.high + (done.low == ~std::uint64_t{0} ? 1 : 0), done.low + 1};
  }
}

}  // namespace lightsout
