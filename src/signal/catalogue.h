// The catalogue of signals: for each source and metric that we know, its plane, what it counts and
// how to call it before people. A signal that is not listed is still read; it is then named by its
// metric, and its plane is the one declared with the input (traffic when none was).
//
// The prefix of a source says who computed the numbers: "bgp" and "probing" are ours, "ioda-bgp" is
// IODA's export of the same plane. Two feeds on one plane never count as two planes.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "signal/signal_id.h"

namespace lightsout {

struct SignalKind {
  std::string_view source;
  std::string_view metric;
  Plane plane;
  Unit unit;
  Worse worse;
  std::string_view label;  // for people: "Routes announced"
  std::string_view
      detail;  // what it counts: "BGP, /24s seen by at least half of the full-feed peers"
};

std::span<const SignalKind> all_signal_kinds();

// The entry for a signal; for one that is not listed, a kind on the traffic plane whose label is
// empty (call it by its metric then).
const SignalKind& kind_of(const SignalId& id);

// kind_of(id).label, or the metric where there is none.
std::string_view label_of(const SignalId& id);

}  // namespace lightsout
