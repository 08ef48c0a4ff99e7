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

TEST(Statistics, F1CalibrationAndBrier) {
  EXPECT_DOUBLE_EQ(f1_score({0.9, 0.6, 0.4}, {true, false, true}), 0.5);
  EXPECT_TRUE(std::isnan(f1_score({0.1}, {false})));
  EXPECT_NEAR(calibration_error({0.95, 0.95, 0.05}, {true, true, false}), 0.05, 1e-12);
  EXPECT_DOUBLE_EQ(brier_score({1.0, 0.5}, {true, true}), 0.125);
  EXPECT_EQ(three_digits(std::nan("")), "-");
}

}  // namespace
}  // namespace lightsout
