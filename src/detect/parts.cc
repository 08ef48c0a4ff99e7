// SPDX-License-Identifier: Apache-2.0
#include "detect/parts.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace lightsout {
namespace {

// Prefix sums, so that the cost of any stretch is O(1).
struct Sums {
  std::vector<double> of_values{0};
  std::vector<double> of_squares{0};

  explicit Sums(std::span<const double> values) {
    of_values.reserve(values.size() + 1);
    of_squares.reserve(values.size() + 1);
    for (const double v : values) {
      of_values.push_back(of_values.back() + v);
      of_squares.push_back(of_squares.back() + v * v);
    }
  }
  // Squared deviations from the mean of [begin, end).
  double cost(std::size_t begin, std::size_t end) const {
    const double sum = of_values[end] - of_values[begin];
    const double squares = of_squares[end] - of_squares[begin];
    return squares - sum * sum / static_cast<double>(end - begin);
  }
};

std::vector<std::uint32_t> pelt(std::span<const double> values, double penalty) {
  const Sums sums(values);
  const std::size_t n = values.size();
  std::vector<double> best(n + 1, std::numeric_limits<double>::infinity());
  std::vector<std::uint32_t> begin_of_last(n + 1, 0);
  best[0] = -penalty;
  std::vector<std::uint32_t> candidates{0};
  for (std::size_t end = 1; end <= n; ++end) {
    for (const std::uint32_t begin : candidates) {
      const double cost = best[begin] + sums.cost(begin, end) + penalty;
      if (cost < best[end]) best[end] = cost, begin_of_last[end] = begin;
    }
    std::erase_if(candidates, [&](std::uint32_t begin) {
      return best[begin] + sums.cost(begin, end) > best[end];
    });
    candidates.push_back(static_cast<std::uint32_t>(end));
  }
  std::vector<std::uint32_t> begins;
  for (std::size_t end = n; end > 0; end = begin_of_last[end]) begins.push_back(begin_of_last[end]);
  std::reverse(begins.begin(), begins.end());
  return begins;
}

}  // namespace

double even_noise(double share, double mean, double phi) {
  return 2 / std::sqrt(phi) * std::asinh(std::sqrt(std::max(0.0, share) * mean * phi));
}

std::vector<std::uint32_t> part_begins(std::span<const double> values, double penalty) {
  if (values.empty()) return {};
  std::vector<double> coarse(values.begin(), values.end());
  std::uint32_t width = 1;
  while (coarse.size() > kMostSegmented) {
    // The mean of two has half the variance: sqrt(2) keeps it at one.
    for (std::size_t i = 0; i + 1 < coarse.size(); i += 2) {
      coarse[i / 2] = (coarse[i] + coarse[i + 1]) / std::sqrt(2.0);
    }
    coarse.resize(coarse.size() / 2);
    width *= 2;
  }
  std::vector<std::uint32_t> begins = pelt(coarse, penalty);
  while (begins.size() > kMostParts) begins = pelt(coarse, penalty *= 4);
  for (std::uint32_t& begin : begins) begin *= width;
  return begins;
}

}  // namespace lightsout
