// Parts: where the depth of an anomaly changes. How restoration windows and new cuts inside a long
// one are found, from minutes to weeks.
//
// The observed share of expected is brought to a scale on which its noise is the same at every
// depth (asinh, for negative-binomial noise), and then cut into stretches of equal mean with the
// least cost: PELT, Killick, Fearnhead and Eckley 2012, doi:10.1080/01621459.2012.737745.
//
//   part_begins({0, 0, 0, 9, 9, 0, 0}, 12)   // {0, 3, 5}
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace lightsout {

// More values than this are averaged in neighbouring pairs first, again and again: the search is
// quadratic at worst.
inline constexpr std::size_t kMostSegmented = 4096;
// More parts than this are refused: the penalty is raised until they fit.
inline constexpr std::size_t kMostParts = 64;

// A share of expected on the scale of constant noise: unit variance when `mean` counts were
// expected with relative variance `phi` beyond counting.
double even_noise(double share, double mean, double phi);

// Indices at which a part begins, the first is 0. `values` have unit variance around the mean of
// their part; `penalty` is what one more part must gain, in squared deviations.
std::vector<std::uint32_t> part_begins(std::span<const double> values, double penalty);

}  // namespace lightsout
