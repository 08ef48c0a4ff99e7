// What an OPEN says about how the session will speak: the number of the speaker, add-path.
//
// RFC 4271 section 4.2, RFC 5492 (capabilities), RFC 6793 (four-byte ASNs), RFC 7911 (add-path),
// RFC 9072 (long optional parameters).
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/byte_reader.h"
#include "net/asn.h"

namespace lightsout::live {

struct AddressFamily {
  std::uint16_t afi = 0;  // 1 IPv4, 2 IPv6
  std::uint8_t safi = 0;  // 1 unicast
  auto operator<=>(const AddressFamily&) const = default;
};

struct OpenMessage {
  Asn asn;  // of the capability where there is one, else the two-byte field
  bool four_byte_asns = false;
  std::uint16_t hold_time = 0;
  std::uint32_t bgp_id = 0;
  std::vector<AddressFamily> adds_paths;   // sends several routes a prefix
  std::vector<AddressFamily> takes_paths;  // can receive them
};

// `message` is the BGP message with its header. nullopt when it is no OPEN, or damaged.
std::optional<OpenMessage> decode_open(Bytes message);

// The families in which `sender` sends path ids to `receiver`, RFC 7911 section 4.
std::vector<AddressFamily> add_path_between(const OpenMessage& sender, const OpenMessage& receiver);

}  // namespace lightsout::live
