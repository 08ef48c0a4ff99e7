// BGP UPDATE messages as bytes, for files that we make ourselves (simulate, tests).
//
// What decode_update() reads is what was written. Messages are at most 4,096 bytes (RFC 4271)
// unless the Encoding allows more (RFC 8654), so an update of many prefixes becomes several
// messages. ASNs are four bytes wide; with two bytes an AS4_PATH is added where it is needed (RFC
// 6793).
//
//   const Update update{.announced = {*Prefix::parse("192.0.2.0/24")},
//                       .route = Route{.path = {Asn{64500}, Asn{9198}}, .next_hop = hop}};
//   for (const auto& message : encode_update(update)) ...
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "bgp/put.h"
#include "bgp/update.h"
#include "net/asn.h"
#include "net/prefix.h"

namespace lightsout::bgp {

struct Route {
  Origin origin = Origin::igp;
  std::vector<Asn> path;  // one AS_SEQUENCE, the peer first, the announcing network last
  IpAddress next_hop;     // IPv4 where IPv4 prefixes are announced
  std::optional<std::uint32_t> med;
  std::optional<std::uint32_t> local_pref;
  std::vector<std::uint32_t> communities;
};

struct Update {
  std::vector<Prefix> withdrawn;
  std::vector<Prefix> announced;  // when not empty, `route` says how; IPv4 and IPv6 may be mixed
  Route route;
};

constexpr std::size_t kMaxMessageBytes = 4096;
constexpr std::size_t kMaxExtendedMessageBytes = 65'535;  // RFC 8654

// How a session speaks.
struct Encoding {
  AsnWidth width = AsnWidth::four;
  std::optional<std::uint32_t> path_id;  // of every prefix; none: the session has no ADD-PATH
  std::size_t max_message_bytes = kMaxMessageBytes;
};

// Whole messages, header included. A route whose attributes leave no room for a prefix is our bug.
std::vector<ByteVector> encode_update(const Update& update, const Encoding& encoding = {});

// The attributes of one routing table entry, RFC 6396 section 4.3.4.
ByteVector encode_table_attributes(const Route& route, AsnWidth width = AsnWidth::four);

// One prefix as in NLRI.
ByteVector encode_prefix(const Prefix& prefix);

}  // namespace lightsout::bgp
