// Counts: a series as the numbers that the likelihood understands.
//
// A real count is taken as it is. A percentage, an index or milliseconds say nothing about how many
// independent things were counted, so they are scaled until a typical value is the effective count
// of the parameter table. Only numbers become observations: a bin without a number is passed over,
// and so is one that no source should deliver: negative, infinite, or above 10^15 (`refused` of
// them).
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "detect/parameters.h"
#include "detect/profile.h"
#include "signal/series.h"

namespace lightsout {

inline constexpr double kGreatestValue = 1e15;
bool usable(const Sample& sample);

struct Counts {
  std::vector<Observation> seen;
  std::vector<std::uint32_t> bin;  // of the series, for each observation
  Seconds spacing{0};              // between neighbouring observations, median
  double scale = 1;                // count = value * scale
  std::size_t refused = 0;
};

// The spacing that is really there: the median distance of neighbouring numbers; the step of the
// series when it has fewer than two.
Seconds spacing_of(const Series& series);

Counts counts_of(const Series& series, const Parameters& parameters, Seconds spacing);

}  // namespace lightsout
