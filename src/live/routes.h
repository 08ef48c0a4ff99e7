// The routes of an UPDATE in all families that a router shows over BMP: unicast, multicast, with
// labels (SAFI 4) and of VPNs (SAFI 128), with path ids or without.
//
// MRT and the routing state know only unicast and multicast; this is for those who want to see all
// that a router says (`lightsout bmp dump`).
//
//   UpdateRoutes routes;
//   if (!decode_routes(message, width, add_path, routes)) ...
//   for (const RouteSet& set : routes.sets) {
//     const bool whole = for_each_route(set, [&](const LabelledRoute& route) { ... });
//   }
//
// RFC 4760, 4364 (VPN), 8277 (labels), 7911 (path ids), 4360 (extended communities).
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "bgp/update.h"
#include "live/open_message.h"

namespace lightsout::live {

// The prefixes of one family that one message announces or withdraws.
struct RouteSet {
  AddressFamily family;
  bool withdrawn = false;
  bool add_path = false;
  Bytes next_hop;  // as it stands there; see next_hop_of()
  Bytes nlri;
};

struct UpdateRoutes {
  bgp::Attributes attributes;
  Bytes extended_communities;                     // eight bytes each
  std::optional<std::uint32_t> only_to_customer;  // RFC 9234
  std::optional<std::uint64_t> aigp;              // RFC 7311: the accumulated metric
  std::vector<RouteSet> sets;
  std::optional<AddressFamily> end_of_rib;  // RFC 4724
};

// `message` is a BGP UPDATE with its header. False when it is none, or is damaged.
bool decode_routes(Bytes message, bgp::AsnWidth width, const std::vector<AddressFamily>& add_path,
                   UpdateRoutes& routes);

struct LabelledRoute {
  std::optional<std::uint32_t> path_id;
  std::vector<std::uint32_t> labels;  // 20 bits each, RFC 3032; none in a withdrawal
  std::optional<std::array<std::uint8_t, 8>> distinguisher;
  Prefix prefix = Prefix::any();
};

// False when the field is damaged, or of a family that is not read (then `use` was never called).
bool for_each_route(const RouteSet& set, const std::function<void(const LabelledRoute&)>& use);

// The address in the next hop of a set, behind the distinguisher that VPNs put before it.
std::optional<IpAddress> next_hop_of(const UpdateRoutes& routes, const RouteSet& set);

// "RT:64497:12", "SoO:64497:41", or the eight bytes in hexadecimal.
std::string extended_community_text(Bytes eight_bytes);

}  // namespace lightsout::live
