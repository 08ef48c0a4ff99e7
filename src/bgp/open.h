// A BGP OPEN: who speaks, and what the two ends may do afterwards.
//
// The surprising rule is that the ASN of the fixed part is AS_TRANS for every number that needs
// more than 16 bits; the true one stands in a capability (RFC 6793).
//
//   const std::optional<Open> open = decode_open(message.body);
//   if (open && open->add_path_send.v4) ...   // this speaker may send path ids for IPv4 unicast
//
// RFC 4271 section 4.2, 5492 (capabilities), 6793 (code 65), 7911 (69), 8654 (6), 9072 (long
// parameters).
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "core/byte_reader.h"
#include "net/asn.h"
#include "net/prefix.h"

namespace lightsout::bgp {

struct Open {
  struct Families {
    bool v4 = false;  // unicast
    bool v6 = false;
    bool of(Family family) const { return family == Family::v4 ? v4 : v6; }
    bool operator==(const Families&) const = default;
  };

  Asn asn;
  std::uint16_t hold_seconds = 0;
  std::uint32_t bgp_id = 0;
  bool four_byte_asns = false;
  bool extended_messages = false;
  Families add_path_send;
  Families add_path_receive;
};

// nullopt when it is cut short. A capability that cannot be read ends the list, no more.
std::optional<Open> decode_open(Bytes body);

}  // namespace lightsout::bgp
