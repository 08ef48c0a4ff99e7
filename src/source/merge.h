// Merging: the same signal from two sources becomes one series.
//
// On a common grid (same step, same phase) the bins are joined; where both have a number and they
// differ, the later arrival stands and the difference is counted. On different grids nothing can be
// joined without inventing values: the series with more numbers is kept, and that is reported.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "signal/series.h"

namespace lightsout {

struct MergeReport {
  std::uint64_t differing = 0;
  bool other_grid = false;
  bool other_unit = false;
  bool too_long = false;

  std::string text(const SignalId& id) const;  // empty when there is nothing to say
};

Series merge_series(Series a, Series b, MergeReport& report);

}  // namespace lightsout
