// Warm-up: how much of the beginning of a series is needed to learn from, and whether it is there.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "detect/anomaly.h"

namespace lightsout {

struct WarmUp {
  bool enough = false;
  std::size_t values = 0;  // how many numbers the warm-up takes
  Seconds spacing{0};      // of neighbouring numbers
  std::string reason;      // when not enough
};

// The warm-up is over when `length` has passed since the first number and at least half of the
// values that fit into it have arrived; a series with gaps takes longer, up to four times as long.
// There has to be at least one value after it to judge.
WarmUp warm_up(const Series& series, Seconds length);

// An answer in which nothing is expected anywhere (NaN).
Detection nothing_expected(const Series& series);
Detection cannot_tell(const Series& series, std::string reason);

}  // namespace lightsout
