// UpdateView and RouteUpdate must never disagree: the comparison, for tests and fuzz targets.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bgp/route_view.h"

namespace lightsout::bgp {

// Empty when both say the same, else what differs.
inline std::string difference(const Attributes& all, const RouteView& route) {
  const std::string_view problem = all.problem != nullptr ? all.problem : "";
  const std::string_view route_problem = route.problem != nullptr ? route.problem : "";
  if (all.verdict != route.verdict) return "verdict";
  if (problem != route_problem) return "problem: " + std::string(route_problem);
  if (all.has_origin != route.has_origin || all.has_path != route.has_path) return "what is there";
  if (all.next_hop.has_value() != route.has_next_hop) return "next hop";
  if (all.reach.has_value() != route.reach.has_value()) return "MP_REACH_NLRI";
  if (all.unreach.has_value() != route.unreach.has_value()) return "MP_UNREACH_NLRI";
  if (all.path.first().value_or(Asn{}).number != route.first_asn) return "first hop";
  if (all.path.origin().value_or(Asn{}).number != route.origin_asn) return "origin";
  std::vector<std::uint32_t> hops, route_hops;
  const auto add = [](std::vector<std::uint32_t>& to) {
    return [&to](const Segment& segment) {
      for (std::size_t i = 0; i < segment.size(); ++i) to.push_back(segment.at(i).number);
    };
  };
  all.path.for_each_segment(add(hops));
  route.as_path().for_each_segment(add(route_hops));
  if (hops != route_hops) return "path";
  return "";
}

inline std::string difference_of_attributes(Bytes bytes, AsnWidth width, AttributeForm form) {
  Attributes all;
  RouteView route;
  decode_attributes(bytes, width, form, all);
  decode_route(bytes, width, form, route);
  return difference(all, route);
}

inline std::string difference_of_update(Bytes body, AsnWidth width, NlriForms forms = {}) {
  UpdateView all;
  RouteUpdate routes;
  decode_update(body, width, all, forms);
  decode_update(body, width, routes, forms);
  const std::string found = difference(all.attributes, routes.route);
  if (!found.empty()) return found;
  if (all.odd != routes.odd || all.end_of_rib() != routes.end_of_rib()) return "odd, end of RIB";
  std::vector<std::pair<Prefix, bool>> changes, route_changes;
  const auto note = [](auto& to, bool announced) {
    return [&to, announced](const Prefix& prefix) { to.emplace_back(prefix, announced); };
  };
  for_each_change(all, note(changes, false), note(changes, true));
  for_each_change(routes, note(route_changes, false), note(route_changes, true));
  return changes == route_changes ? "" : "changes";
}

}  // namespace lightsout::bgp
