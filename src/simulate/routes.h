// routes: which networks a scenario's providers announce, and when each of them is gone.
//
// The prefixes come from the address block of the scenario (10.0.0.0/8 unless it says otherwise):
// private on purpose, so that nobody takes the tables for those of the day. A cut on the plane
// `routes` of depth 60 % withdraws six of ten of a part's prefixes; every prefix also flaps now and
// then by itself, as in life.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "net/prefix.h"
#include "simulate/scenario.h"

namespace lightsout {

struct Route {
  static constexpr std::size_t kWorld = static_cast<std::size_t>(-1);

  Prefix prefix;
  Asn origin;
  Asn upstream;               // Asn{0}: the peers reach it through their own transit
  std::size_t part = kWorld;  // index in parts_of(); kWorld: the rest of the world
  std::int64_t slash24s = 1;
  std::vector<TimeRange> gone;  // ascending, apart from each other

  bool announced_at(Time time) const;
};

// The parts' routes in their order, then the world's.
std::vector<Route> routes_of(const Scenario& scenario);

}  // namespace lightsout
