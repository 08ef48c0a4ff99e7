// SPDX-License-Identifier: Apache-2.0
#include "incident/coordination.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "incident/coordination_vectors.h"

namespace lightsout::incident {
namespace {

Time utc(const char* text) {
  return *parse_time(text);
}

// Seen in bins of five minutes unless said otherwise.
ProviderStep step(std::string provider, const char* at, const char* end = nullptr,
                  std::string owner = "", double lost = 1) {
  ProviderStep made{.provider = std::move(provider), .owner = std::move(owner), .lost = lost};
  made.at = {utc(at), utc(at) - Seconds{300}, utc(at)};
  if (end != nullptr) made.end = TimeEstimate{utc(end), utc(end) - Seconds{300}, utc(end)};
  return made;
}

Coordination found_in(std::string_view name) {
  for (const CoordinationVector& vector : coordination_vectors()) {
    if (vector.name == name) return coordinate(vector.steps, vector.options);
  }
  ADD_FAILURE() << "there is no vector of that name: " << name;
  return {};
}

constexpr std::string_view kEgypt = "Egypt, 27 January 2011";
constexpr std::string_view kIran = "Iran, 16 November 2019";

TEST(Coordination, CutsTogetherScoreHighAndAccidentsLow) {
  std::size_t together = 0;
  for (const CoordinationVector& vector : coordination_vectors()) {
    const double score = coordinate(vector.steps, vector.options).score;
    RecordProperty(vector.name, std::to_string(score));
    if (vector.least >= 0.6) {
      EXPECT_GT(score, 0.6) << vector.name;
      ++together;
    } else if (vector.most <= 0.3) {
      EXPECT_LT(score, 0.3) << vector.name;
    }
  }
  EXPECT_EQ(together, 4u);
  EXPECT_EQ(coordination_vectors().size(), 10u);
  EXPECT_GT(found_in("Myanmar, night of 15 February 2021").score, 0.9);
  EXPECT_EQ(found_in("Rogers (Canada), 8 July 2022").score, 0);
}

TEST(Coordination, Iran2019LiesBetweenWithItsWavesInOrder) {
  const Coordination found = found_in(kIran);
  EXPECT_GE(found.score, 0.3);
  EXPECT_LE(found.score, 0.6);
  ASSERT_GE(found.waves.size(), 3u);
  EXPECT_EQ(found.waves[0].providers.size(), 3u);
  EXPECT_EQ(found.waves[0].range.begin, utc("2019-11-16T14:00:00Z"));
  EXPECT_TRUE(
      std::is_sorted(found.waves.begin(), found.waves.end(),
                     [](const Wave& a, const Wave& b) { return a.range.begin < b.range.begin; }));
  ASSERT_TRUE(found.mobile_first.has_value());
  EXPECT_GT(*found.mobile_first, 0.5);
  EXPECT_FALSE(found.end_together.has_value());
}

TEST(Coordination, SaysHowManyFellWithinWhatTime) {
  const Coordination found = found_in(kEgypt);
  EXPECT_EQ(found.sentence,
            "5 of 6 providers fell within 12 min from 22:12 UTC on 27 January 2011.");
  ASSERT_EQ(found.waves.size(), 1u);
  // Five of six within a quarter of an hour, each failing by itself once in three months.
  EXPECT_LT(found.by_chance, 1e-14);
}

TEST(Coordination, AChanceIsThePoissonBinomialTail) {
  // Two owners, one failure a day each, in a wave of ten minutes: (1 - exp(-1/144)) squared.
  const std::vector<ProviderStep> steps = {step("a", "2022-01-01T00:00:00Z"),
                                           step("b", "2022-01-01T00:00:00Z")};
  const Coordination found = coordinate(steps, {.judged = 2, .failures_a_day = 1});
  const double p = 1 - std::exp(-1.0 / 144);
  EXPECT_NEAR(found.by_chance, p * p, 1e-12);
  const Coordination among = coordinate(steps, {.judged = 3, .failures_a_day = 1});
  EXPECT_NEAR(among.by_chance, 3 * p * p * (1 - p) + p * p * p, 1e-12);
}

TEST(Coordination, TheOrderIsAsSureAsTheIntervals) {
  std::vector<ProviderStep> steps = {step("first", "2022-01-01T00:00:00Z"),
                                     step("second", "2022-01-01T00:10:00Z")};
  const Coordination sure = coordinate(steps, {});
  ASSERT_EQ(sure.order.size(), 1u);
  EXPECT_EQ(sure.order[0].first, "first");
  EXPECT_GT(sure.order[0].probability, 0.99);
  for (ProviderStep& made : steps) made.at.earliest = made.at.value - Seconds{3600};
  EXPECT_LT(coordinate(steps, {}).order[0].probability, 0.75);
}

TEST(Coordination, OneOwnerIsNoCoordination) {
  const Coordination found =
      coordinate(std::vector{step("a", "2022-01-01T00:00:00Z", nullptr, "x"),
                             step("b", "2022-01-01T00:00:00Z", nullptr, "x")},
                 {});
  EXPECT_EQ(found.score, 0);
  EXPECT_FALSE(found.waves[0].coordinated());
  EXPECT_NE(found.sentence.find("one owner is no coordination"), std::string::npos);
}

TEST(Coordination, NothingKnownIsSaidAndGivesNothing) {
  const Coordination none = coordinate({}, {});
  EXPECT_EQ(none.score, 0);
  EXPECT_EQ(none.by_chance, 1);
  ASSERT_EQ(none.unknown.size(), 1u);
}

TEST(Coordination, KnownSharesOfUsersCountAndUnknownOnesAreNamed) {
  std::vector<ProviderStep> steps = {step("big", "2022-01-01T00:00:00Z"),
                                     step("small", "2022-01-01T00:00:00Z"),
                                     step("unknown", "2022-01-01T00:00:00Z")};
  steps[0].user_share = 0.5;
  steps[1].user_share = 0.1;
  const Coordination found = coordinate(steps, {});
  EXPECT_NEAR(found.users, 0.6, 1e-12);
  EXPECT_NE(found.unknown[0].find("1 of the 3 providers"), std::string::npos);
}

TEST(Coordination, ALimitIsAtItsPlaceAndSaid) {
  std::vector<ProviderStep> steps(kMaxProviderSteps, step("a", "2022-01-01T00:00:00Z"));
  EXPECT_EQ(coordinate(steps, {}).unknown[0].find("left out"), std::string::npos);
  steps.push_back(step("b", "2022-01-01T00:00:00Z"));
  EXPECT_NE(coordinate(steps, {}).unknown[0].find("left out"), std::string::npos);
}

}  // namespace
}  // namespace lightsout::incident
