// SPDX-License-Identifier: Apache-2.0
#include "detect/low_count.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace lightsout {
namespace {

TEST(PoissonTail, AgreesWithHand) {
  EXPECT_NEAR(log_poisson_tail(0, 12), -12, 1e-12);
  EXPECT_NEAR(std::exp(log_poisson_tail(1, 2)), 3 * std::exp(-2.0), 1e-12);
  EXPECT_NEAR(std::exp(log_poisson_tail(50, 10)), 1, 1e-9);
  EXPECT_EQ(log_poisson_tail(3, 0), 0);
}

// A provider with `mean` addresses that answer every half hour, dark from 18:30 to 02:30 each night
// from day 10 on.
Series nights(double mean, int days, bool dark, std::uint64_t seed) {
  Series series{.id = *SignalId::parse("asn:64500@country:XA/probing/slash24_up"),
                .plane = Plane::data,
                .begin = Time(Seconds(1609459200)),
                .step = Seconds(1800)};
  std::mt19937_64 random(seed);
  for (int bin = 0; bin < days * 48; ++bin) {
    const int slot = bin % 48;
    const bool night = dark && bin >= 10 * 48 + 37 && (slot >= 37 || slot < 5);
    series.samples.push_back(Sample::of(
        static_cast<double>(std::poisson_distribution<int>(night ? 0.01 : mean)(random))));
  }
  return series;
}

TEST(LowCount, FindsEveryDarkNightOfASmallProvider) {
  const Detection found = detect(nights(6, 40, true, 1));
  ASSERT_TRUE(found.judgement.possible);
  EXPECT_EQ(found.anomalies.size(), 30U);
  std::size_t exact = 0;
  for (const Anomaly& night : found.anomalies) {
    EXPECT_EQ(night.detector, "low_count");
    EXPECT_GT(night.depth.value, 0.8);
    const auto minute = night.onset.value.time_since_epoch().count() / 60 % 1440;
    const Seconds length = night.range().length();
    exact += minute == 18 * 60 + 30 &&
                     std::chrono::abs(length - std::chrono::hours(8)) <= std::chrono::hours(1)
                 ? 1
                 : 0;
  }
  // A few addresses that happen to be quiet at half past two keep a night open for longer; the last
  // night is cut off by the end of the data.
  EXPECT_GE(exact, 27U);
}

TEST(LowCount, ChanceAloneIsNoSilence) {
  std::size_t alarms = 0;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    alarms += detect(nights(5, 365, false, seed)).anomalies.size();
  }
  EXPECT_LE(alarms, 2U);  // in ten series-years of half hours
}

TEST(LowCount, MissingIsNotSilence) {
  Series series = nights(6, 20, false, 3);
  for (std::size_t bin = 700; bin < 760; ++bin) series.samples[bin] = Sample::missing();
  EXPECT_TRUE(detect(series).anomalies.empty());
}

TEST(LowCount, SaysWhenEvenADayOfSilenceIsNoSurprise) {
  const Series series = nights(0.8, 20, false, 5);
  Series rare = series;
  for (std::size_t bin = 0; bin < rare.size(); ++bin) {
    if (bin % 6 != 0) rare.samples[bin] = Sample::missing();
  }
  const Detection found = detect(rare);
  EXPECT_FALSE(found.judgement.possible && !found.anomalies.empty());
}

}  // namespace
}  // namespace lightsout
