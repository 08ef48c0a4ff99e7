// SPDX-License-Identifier: Apache-2.0
#include "detect/parts.h"

#include <gtest/gtest.h>

#include <numeric>
#include <random>

namespace lightsout {
namespace {

using Begins = std::vector<std::uint32_t>;

TEST(Parts, CutsWhereTheLevelChanges) {
  EXPECT_EQ(part_begins({}, 10), Begins{});
  EXPECT_EQ(part_begins(std::vector<double>{5}, 10), Begins{0});
  EXPECT_EQ(part_begins(std::vector<double>{0, 0, 0, 9, 9, 0, 0}, 12), (Begins{0, 3, 5}));
  // The same step is not worth a part that costs more than it gains.
  EXPECT_EQ(part_begins(std::vector<double>{0, 0, 0, 9, 9, 0, 0}, 500), Begins{0});
}

// Against the plain quadratic search, which considers every place.
TEST(Parts, AgreesWithTheExhaustiveSearch) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 50; ++round) {
    std::vector<double> values;
    for (int i = 0; i < 60; ++i) {
      const double level = (i / 15 + round) % 3 * 4.0;
      values.push_back(level + std::normal_distribution<double>()(random));
    }
    const double penalty = 3 * std::log(60.0);
    const auto cost = [&](std::size_t a, std::size_t b) {
      const double mean = std::accumulate(values.begin() + static_cast<long>(a),
                                          values.begin() + static_cast<long>(b), 0.0) /
                          static_cast<double>(b - a);
      double sum = 0;
      for (std::size_t i = a; i < b; ++i) sum += (values[i] - mean) * (values[i] - mean);
      return sum;
    };
    std::vector<double> best(61, 1e300);
    std::vector<std::uint32_t> from(61, 0);
    best[0] = -penalty;
    for (std::size_t end = 1; end <= 60; ++end) {
      for (std::size_t begin = 0; begin < end; ++begin) {
        const double all = best[begin] + cost(begin, end) + penalty;
        if (all < best[end]) best[end] = all, from[end] = static_cast<std::uint32_t>(begin);
      }
    }
    Begins expected;
    for (std::size_t end = 60; end > 0; end = from[end])
      expected.insert(expected.begin(), from[end]);
    EXPECT_EQ(part_begins(values, penalty), expected);
  }
}

TEST(Parts, LimitsHoldAtAndPastTheMost) {
  for (const std::size_t n : {kMostSegmented, kMostSegmented + 1, 3 * kMostSegmented}) {
    std::vector<double> values(n, 0);
    for (std::size_t i = n / 2; i < n; ++i) values[i] = 50;
    const Begins begins = part_begins(values, 20);
    ASSERT_GE(begins.size(), 2U);
    EXPECT_NEAR(begins[1], static_cast<double>(n) / 2, 4);
  }
  std::vector<double> restless(1000);
  for (std::size_t i = 0; i < restless.size(); ++i) restless[i] = i / 5 % 2 == 0 ? 0 : 100;
  EXPECT_LE(part_begins(restless, 10).size(), kMostParts);
}

TEST(EvenNoise, HasUnitVarianceAtEveryDepth) {
  std::mt19937_64 random(3);
  constexpr double kMean = 800, kPhi = 0.01;
  for (const double share : {0.05, 0.2, 0.6, 1.0}) {
    double sum = 0, squares = 0;
    constexpr int kDraws = 20000;
    for (int i = 0; i < kDraws; ++i) {
      const double rate = std::gamma_distribution<double>(1 / kPhi, share * kMean * kPhi)(random);
      const double y = std::poisson_distribution<int>(rate)(random);
      const double even = even_noise(y / kMean, kMean, kPhi);
      sum += even;
      squares += even * even;
    }
    EXPECT_NEAR(squares / kDraws - sum / kDraws * sum / kDraws, 1, 0.1) << share;
  }
}

}  // namespace
}  // namespace lightsout
