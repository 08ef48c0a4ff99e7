// Composite: the loss of a set of series, bin by bin, as one curve.
//
// It is what passes end to end at best: a packet needs routes and networks that answer, so in each
// bin the loss is that of the plane that lost most, and the loss of a plane is the median of its
// series (docs/methods/incidents.md).
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "incident/fuse.h"

namespace lightsout::incident {

inline constexpr std::size_t kMaxGridBins = 200'000;  // of a composite; a coarser grid beyond

struct Composite {
  Time begin;
  Seconds step{60};
  std::vector<double> loss;  // NaN: no plane had a number
  TimeRange range_of(std::size_t bin) const {
    const Time at = begin + step * static_cast<std::int64_t>(bin);
    return {at, at + step};
  }
};

// Of the witnesses with these numbers, on the grid of the finest of them.
Composite compose(const std::vector<Witness>& witnesses, const std::vector<std::size_t>& chosen,
                  const TimeRange& range);

}  // namespace lightsout::incident
