// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "detect/surge.h"
#include "detect/tor_range.h"

namespace lightsout {
namespace {

constexpr Seconds kDay{86400};

Series daily(std::string_view id, const std::vector<double>& users) {
  Series series{.id = *SignalId::parse(id),
                .plane = Plane::circumvention,
                .begin = *parse_time("2022-01-01T00:00:00Z"),
                .step = kDay};
  for (const double value : users) {
    series.samples.push_back(value < 0 ? Sample::missing() : Sample::of(value));
  }
  return series;
}

std::vector<double> around(double usual, std::size_t days) {
  std::vector<double> users;
  for (std::size_t day = 0; day < days; ++day) {
    users.push_back(std::round(usual * (1 + 0.05 * std::sin(static_cast<double>(day * day)))));
  }
  return users;
}

// Twelve ratios of one day, and what Tor's own program makes of them.
TEST(TorRange, IsTorsToTheDigit) {
  const auto ordinary =
      ordinary_ratios({.90, .95, .98, 1.00, 1.01, 1.02, 1.03, 1.05, 1.07, 1.10, .97, 1.04});
  ASSERT_TRUE(ordinary);
  EXPECT_NEAR(ordinary->mean, 1.010, 1e-9);
  EXPECT_NEAR(ordinary->sd, 0.05244, 5e-6);
  EXPECT_NEAR(normal_quantile(0.9999), 3.7190165, 5e-8);
  const struct {
    double reference, low, high;
    std::int64_t lower, upper;
  } kCases[] = {{50, 26, 78, 21, 93},
                {100, 65, 139, 52, 167},
                {1000, 885, 1120, 721, 1349},
                {5000, 4739, 5265, 3862, 6344},
                {10000, 9630, 10374, 7848, 12500}};
  for (const auto& one : kCases) {
    EXPECT_EQ(poisson_quantile(0.0001, one.reference), one.low);
    EXPECT_EQ(poisson_quantile(0.9999, one.reference), one.high);
    const TorRange range = tor_range(*ordinary, one.reference);
    EXPECT_EQ(range.lower_whole(), one.lower);
    EXPECT_EQ(range.upper_whole(), one.upper);
  }
}

TEST(TorRange, FarRatiosAreLeftOutAndEightMustRemain) {
  std::vector<double> ratios{.97, .98, .99, 1, 1, 1.01, 1.02, 1.03};
  EXPECT_TRUE(ordinary_ratios(ratios));
  ratios.pop_back();
  EXPECT_FALSE(ordinary_ratios(ratios));
  ratios.push_back(50);  // eight, of which one is far away
  EXPECT_FALSE(ordinary_ratios(ratios));
  EXPECT_FALSE(ordinary_ratios(std::vector<double>(20, 1.0)));  // no width at all
}

TEST(TorRange, PoissonPointsAreExactAtTheEdges) {
  EXPECT_EQ(poisson_quantile(0.0001, 0), 0);
  EXPECT_EQ(poisson_quantile(0.0001, 1), 0);
  EXPECT_EQ(poisson_quantile(0.5, 1), 1);
  EXPECT_EQ(poisson_quantile(0.9999, 1), 6);
  EXPECT_GT(poisson_quantile(0.9999, 1e6), 1003700);
  EXPECT_LT(poisson_quantile(0.9999, 1e6), 1003750);
}

TEST(TorRange, NoCountriesNoDaysNoRanges) {
  EXPECT_TRUE(tor_ranges({}).of.empty());
  const std::vector<Series> few{daily("country:KZ/tor/users", around(500, 30))};
  const TorRanges ranges = tor_ranges(few);
  for (const auto& range : ranges.of[0]) EXPECT_FALSE(range);
}

TEST(UseChange, SurgesCollapsesAndSilence) {
  std::vector<double> users = around(1000, 120);
  for (std::size_t day = 80; day < 84; ++day) users[day] *= 12;
  for (std::size_t day = 100; day < 103; ++day) users[day] *= 0.04;
  const auto changes = find_use_changes(daily("country:KZ/psiphon/daily_unique_users", users), {});
  ASSERT_EQ(changes.size(), 2u);
  EXPECT_EQ(changes[0].direction, Direction::rise);
  EXPECT_EQ(changes[0].range.length(), 4 * kDay);
  EXPECT_EQ(changes[0].label(), "at least ten-fold");
  EXPECT_EQ(changes[1].direction, Direction::fall);
  EXPECT_EQ(changes[1].range.length(), 3 * kDay);
  EXPECT_EQ(changes[1].label(), "down by 96 %");
  EXPECT_TRUE(find_use_changes(daily("country:KZ/tor/users", around(1000, 400)), {}).empty());
}

TEST(UseChange, ADayAWeekAfterAnEventIsNoEvent) {
  std::vector<double> users = around(1000, 120);
  users[80] *= 0.1;
  EXPECT_EQ(find_use_changes(daily("country:KZ/tor/users", users), {}).size(), 1u);
}

TEST(UseChange, FewUsersAndShortHistoriesAreNotJudged) {
  std::vector<double> few = around(60, 120);
  few[90] = 1;
  const Series small = daily("country:KZ/tor/users", few);
  EXPECT_TRUE(find_use_changes(small, {}).empty());
  EXPECT_EQ(why_use_is_not_judged(small), "fewer than 100 users a day");
  const Series two = daily("country:KZ/tor/users", {1000, 10});
  EXPECT_EQ(why_use_is_not_judged(two), "less than three weeks of history");
  EXPECT_FALSE(why_use_is_not_judged(daily("country:KZ/tor/users", {})).empty());
  Series hourly = daily("country:KZ/tor/users", around(1000, 120));
  hourly.step = Seconds{3600};
  EXPECT_EQ(why_use_is_not_judged(hourly), "only daily numbers are judged");
}

TEST(UseChange, WhatAllCountriesDoIsDividedAway) {
  std::vector<Series> all;
  for (const char* code : {"AT", "BE", "BG", "BR", "CA", "CH", "CL", "CZ", "DE", "DK", "EE",
                           "FI", "FR", "GR", "HU", "IE", "IL", "IN", "IT", "JP", "KZ"}) {
    std::vector<double> users = around(1000, 120);
    for (std::size_t day = 80; day < 90; ++day) users[day] *= 2.8;
    all.push_back(daily(fmt::format("country:{}/tor/users", code), users));
  }
  const CommonMode common = common_mode_of(all);
  EXPECT_TRUE(find_use_changes(all[0], common).empty());
  EXPECT_FALSE(find_use_changes(all[0], {}).empty());
  EXPECT_EQ(common_mode_of({all.data(), 19}).begin()->second, 1);
}

}  // namespace
}  // namespace lightsout
