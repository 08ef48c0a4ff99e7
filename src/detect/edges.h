// Edges: when exactly a level changed, and between which times that lies.
//
// The likelihood of "ratio `before` until here, `after` from here" is compared for every place; the
// interval holds the places within 1.92 nats of the best (Wilks: 95 % for one parameter), and is at
// least the bin before the best and the best itself, because a bin does not say when in it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "detect/anomaly.h"

namespace lightsout {

// Values with what was expected of them, all of one length.
struct Stretch {
  std::span<const float> seen;
  std::span<const float> expected;  // NaN: this value says nothing
  std::span<const float> phi;
  std::span<const float> keep;
};

struct Edge {
  std::uint32_t at = 0;  // first value of `after`
  std::uint32_t earliest = 0;
  std::uint32_t latest = 0;
};

// Searches [0, stretch size]; the stretch is what lies around the edge that an alarm pointed at.
Edge find_edge(const Stretch& stretch, double before, double after);

// Sum of seen over sum of expected; 1 where nothing was expected.
double share_of(const Stretch& stretch);

// 1 - share for a fall, share - 1 for a rise, with a 90 % interval: the noise of the values and of
// the baseline, which itself was learnt from `learnt_from` values.
Estimate depth_of(const Stretch& stretch, Direction direction, double learnt_from);

// ln P(values | share) - ln P(values | as expected), corrected for neighbours that resemble each
// other.
double evidence_of(const Stretch& stretch, double share);

}  // namespace lightsout
