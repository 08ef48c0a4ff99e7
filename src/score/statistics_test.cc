// SPDX-License-Identifier: Apache-2.0
#include "score/statistics.h"

#include <gtest/gtest.h>

#include <cmath>

namespace lightsout {
namespace {

TEST(Statistics, AucCountsPairsAndHalvesTies) {
  EXPECT_EQ(roc_auc({0.9, 0.2}, {true, false}), 1);
  EXPECT_EQ(roc_auc({0.2, 0.9}, {true, false}), 0);
  EXPECT_EQ(roc_auc({0.5, 0.5}, {true, false}), 0.5);
  // Pairs won: (.8>.7) (.8>.3) (.6<.7) (.6>.3): three of four.
  EXPECT_EQ(roc_auc({0.8, 0.6, 0.7, 0.3}, {true, true, false, false}), 0.75);
  EXPECT_TRUE(std::isnan(roc_auc({0.8, 0.6}, {true, true})));
  EXPECT_TRUE(std::isnan(roc_auc({}, {})));
}

TEST(Statistics, WilsonIsTheTextbooks) {
  const Interval share = wilson(17, 20);
  EXPECT_NEAR(share.low, 0.640, 0.001);
  EXPECT_NEAR(share.high, 0.948, 0.001);
  EXPECT_EQ(wilson(0, 0).high, 1);
  EXPECT_EQ(wilson(0, 10).low, 0);
}

TEST(Statistics, PoissonRatesAreGarwoods) {
  EXPECT_EQ(poisson_rate(0, 2).low, 0);
  EXPECT_NEAR(poisson_rate(0, 2).high, 3.689 / 2, 1e-3);
  EXPECT_NEAR(poisson_rate(10, 1).low, 4.795, 1e-3);
  EXPECT_NEAR(poisson_rate(10, 1).high, 18.390, 1e-3);
  EXPECT_TRUE(std::isinf(poisson_rate(3, 0).high));
}

TEST(Statistics, BootstrapIsTheSameEachTimeAndHoldsTheMean) {
  std::vector<double> values;
  for (int i = 0; i < 100; ++i) values.push_back(i);
  const auto mean = [&](const std::vector<std::size_t>& drawn) {
    double sum = 0;
    for (const std::size_t i : drawn) sum += values[i];
    return sum / static_cast<double>(drawn.size());
  };
  const Interval first = bootstrap(100, 500, mean);
  EXPECT_NEAR(first.low, 49.5 - 1.96 * 2.9, 1);  // the deviation of 0..99 is 29
  EXPECT_NEAR(first.high, 49.5 + 1.96 * 2.9, 1);
  EXPECT_EQ(bootstrap(100, 500, mean).low, first.low);
  EXPECT_TRUE(std::isnan(bootstrap(0, 500, mean).low));
  EXPECT_TRUE(std::isnan(bootstrap(9, 500, [](const auto&) { return std::nan(""); }).low));
  EXPECT_EQ(with_interval(0.5, {std::nan(""), std::nan("")}), "0.500");
  EXPECT_EQ(with_interval(0.5, {0.25, 0.75}), "0.500 (0.250 to 0.750)");
}

TEST(Statistics, F1CalibrationAndBrier) {
  EXPECT_DOUBLE_EQ(f1_score({0.9, 0.6, 0.4}, {true, false, true}), 0.5);
  EXPECT_TRUE(std::isnan(f1_score({0.1}, {false})));
  EXPECT_NEAR(calibration_error({0.95, 0.95, 0.05}, {true, true, false}), 0.05, 1e-12);
  EXPECT_DOUBLE_EQ(brier_score({1.0, 0.5}, {true, true}), 0.125);
  EXPECT_EQ(three_digits(std::nan("")), "-");
}

}  // namespace
}  // namespace lightsout
