// SPDX-License-Identifier: Apache-2.0
#include "simulate/score.h"

#include <gtest/gtest.h>

#include "simulate/draw.h"
#include "simulate/random_scenario.h"

namespace lightsout {
namespace {

TimeRange hours(int begin, int end) {
  return {Time{Seconds{begin * 3600}}, Time{Seconds{end * 3600}}};
}

FoundRange found(int begin, int end, double depth = 0.8) {
  return {hours(begin, end), Time{Seconds{begin * 3600 + 600}}, depth};
}

Score score(std::vector<TrueRange> truth, std::vector<FoundRange> findings) {
  const Scored one{hours(0, 8766), std::move(truth), std::move(findings)};  // a year
  return score_of({&one, 1});
}

TEST(Score, APerfectFindingIsPerfect) {
  const Score s = score({{hours(10, 20), 0.8}}, {found(10, 20)});
  EXPECT_DOUBLE_EQ(s.f1(), 1);
  EXPECT_EQ(s.alarm_delays, std::vector<double>{600});
  EXPECT_EQ(s.onset_errors, std::vector<double>{0});
  EXPECT_EQ(s.overlaps, std::vector<double>{1});
  EXPECT_NEAR(s.series_years, 1, 1e-9);
  EXPECT_EQ(s.by_depth[2].found, 1u);
}

TEST(Score, NothingFoundWhereNothingWasIsPerfectToo) {
  const Score s = score({}, {});
  EXPECT_DOUBLE_EQ(s.f1(), 1);
  EXPECT_EQ(s.false_alarms_per_series_year(), 0);
}

TEST(Score, AMissAndAFalseAlarmCountOnceEach) {
  const Score s = score({{hours(10, 20), 0.2}}, {found(100, 101)});
  EXPECT_EQ(s.matched, 0u);
  EXPECT_EQ(s.false_alarms, 1u);
  EXPECT_DOUBLE_EQ(s.precision(), 0);
  EXPECT_DOUBLE_EQ(s.recall(), 0);
  EXPECT_DOUBLE_EQ(s.f1(), 0);
  EXPECT_NEAR(s.false_alarms_per_series_year(), 1, 1e-9);
  EXPECT_EQ(s.by_depth[0].truths, 1u);
}

TEST(Score, OneOnsetMayBeAQuarterOfTheDurationOffAndNoMore) {
  EXPECT_EQ(score({{hours(100, 140), 1}}, {found(110, 140)}).matched, 1u);
  EXPECT_EQ(score({{hours(100, 140), 1}}, {found(111, 140)}).matched, 0u);
  EXPECT_EQ(score({{hours(100, 140), 1}}, {found(111, 140)}).fragments, 1u);
}

TEST(Score, EachMatchesAtMostOne) {
  // Two findings in one truth: the better one matches, the other is a fragment, not a false alarm.
  const Score s = score({{hours(100, 140), 1}}, {found(100, 110), found(102, 140)});
  EXPECT_EQ(s.matched, 1u);
  EXPECT_EQ(s.fragments, 1u);
  EXPECT_EQ(s.false_alarms, 0u);
  EXPECT_EQ(s.onset_errors, std::vector<double>{2 * 3600});
  // One finding over two truths matches one of them.
  EXPECT_EQ(score({{hours(10, 20), 1}, {hours(22, 30), 1}}, {found(10, 30)}).matched, 1u);
}

TEST(Score, WhatWasNotJudgedIsNotScored) {
  const Scored one{hours(50, 100), {{hours(10, 20), 1}}, {found(10, 20)}};
  const Score s = score_of({&one, 1});
  EXPECT_EQ(s.truths + s.found, 0u);
}

TEST(Score, FindingAMinorLossIsNeitherRightNorWrong) {
  const Scored one{
      hours(0, 100), {{hours(10, 20), 1}}, {found(10, 20), found(50, 60)}, {hours(49, 61)}};
  const Score s = score_of({&one, 1});
  EXPECT_DOUBLE_EQ(s.f1(), 1);
  EXPECT_EQ(s.false_alarms + s.fragments, 0u);
}

TEST(Score, QuantilesAreNearestRank) {
  const std::vector<double> ten{1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  EXPECT_EQ(quantile(ten, 0.5), 5);
  EXPECT_EQ(quantile(ten, 0.9), 9);
  EXPECT_EQ(quantile(ten, 0), 1);
  EXPECT_EQ(quantile(ten, 1), 10);
  EXPECT_EQ(quantile({}, 0.5), 0);
}

TEST(RandomScenario, TwoHundredAreReadAndAreWhatTheyPromise) {
  std::size_t quiet = 0;
  std::size_t events = 0;
  std::size_t windows = 0;
  std::array<std::size_t, kDepthClasses.size()> by_depth{};
  for (std::uint64_t number = 0; number < 200; ++number) {
    const std::string text = random_scenario(number);
    EXPECT_EQ(text, random_scenario(number));
    const Result<Scenario> scenario = parse_scenario(text);
    ASSERT_TRUE(scenario.ok()) << number << ": " << scenario.error().message << "\n" << text;
    const auto truth = truth_of(*scenario, scenario->entity, Plane::traffic);
    const bool has_cut =
        std::any_of(scenario->events.begin(), scenario->events.end(),
                    [](const Event& event) { return event.kind == EventKind::cut; });
    quiet += has_cut ? 0 : 1;
    if (!has_cut) EXPECT_TRUE(truth.empty()) << number;
    for (const TrueEvent& event : truth) {
      EXPECT_GE(event.range.begin, scenario->range.begin + Seconds{28 * 86400}) << number;
      EXPECT_GE(event.depth, TruthRules::kLeastLoss) << number;
      ++events;
      windows += event.windows.size();
      for (std::size_t i = kDepthClasses.size(); i-- > 0;) {
        if (event.depth >= kDepthClasses[i].least) {
          ++by_depth[i];
          break;
        }
      }
    }
  }
  EXPECT_NEAR(static_cast<double>(quiet), 50, 20);
  EXPECT_GT(events, 120u);
  EXPECT_GT(windows, 60u);
  for (const std::size_t count : by_depth) EXPECT_GE(count, 10u);
}

TEST(RandomScenario, IsDrawnTheSameTwice) {
  const Scenario scenario = *parse_scenario(random_scenario(3));
  const std::vector<Series> once = draw_series(scenario, ResidualPool{});
  const std::vector<Series> twice = draw_series(scenario, ResidualPool{});
  ASSERT_EQ(once.size(), twice.size());
  for (std::size_t i = 0; i < once.size(); ++i) {
    EXPECT_EQ(once[i].samples, twice[i].samples) << once[i].id.text();
  }
}

}  // namespace
}  // namespace lightsout
