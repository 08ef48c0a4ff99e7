// RouteView: of a list of path attributes, what routing needs: is it valid, who announces, through
// whom.
//
// Every attribute is checked as decode_attributes() checks it, so the two give the same verdict;
// only the values that nobody asks for here are not kept. A routing table is read at 50 million
// entries a second this way.
//
//   RouteView route;
//   if (decode_route(entry.attributes, AsnWidth::four, AttributeForm::table, route) <
//       Verdict::treat_as_withdraw)
//     use(route.first_asn, route.origin_asn);
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bgp/update.h"

namespace lightsout::bgp {

struct RouteView {
  Bytes path;      // the value of AS_PATH
  Bytes as4_path;  // the value of AS4_PATH where it counts (RFC 6793), else empty
  AsnWidth width = AsnWidth::four;
  // The ends of the path with AS4_PATH merged in. 0 stands for none: an empty path, or one that
  // begins or ends with a set. No network has the number 0 (RFC 7607).
  std::uint32_t first_asn = 0;
  std::uint32_t origin_asn = 0;
  bool has_origin = false;  // the ORIGIN attribute
  bool has_path = false;
  bool has_next_hop = false;
  Verdict verdict = Verdict::good;
  const char* problem = nullptr;
  std::optional<MultiProtocol> reach;
  std::optional<MultiProtocol> unreach;

  AsPath as_path() const;  // with AS4_PATH merged in
};

Verdict decode_route(Bytes attributes, AsnWidth width, AttributeForm form, RouteView& route);

// An UPDATE with a RouteView: UpdateView for those who need no more.
struct RouteUpdate {
  Bytes withdrawn;  // IPv4 unicast
  Bytes nlri;       // IPv4 unicast
  NlriForm form = NlriForm::plain;
  bool odd = false;
  RouteView route;

  bool end_of_rib() const;  // RFC 4724 section 2
};

Verdict decode_update(Bytes body, AsnWidth width, RouteUpdate& update, NlriForms forms = {});

template <typename Withdraw, typename Announce>
void for_each_change(const RouteUpdate& update, Withdraw&& withdraw, Announce&& announce) {
  for_each_change_of(update, update.route, withdraw, announce);
}

}  // namespace lightsout::bgp
