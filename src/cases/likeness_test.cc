// SPDX-License-Identifier: Apache-2.0
#include "cases/likeness.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "cases/made_cases.h"

namespace lightsout {
namespace {

const PastCase& built_in(std::string_view name) {
  for (const PastCase& one : built_in_cases()) {
    if (one.name == name) return one;
  }
  CHECK(false);
  return built_in_cases().front();
}

// The textbook table, whole, without a band's bookkeeping.
double plain_warp(const Course& a, const Course& b) {
  const std::size_t n = a.size();
  const double none = std::numeric_limits<double>::infinity();
  std::vector<std::vector<double>> table(n + 1, std::vector<double>(n + 1, none));
  table[0][0] = 0;
  for (std::size_t i = 1; i <= n; ++i) {
    for (std::size_t j = 1; j <= n; ++j) {
      if ((i > j ? i - j : j - i) > kBand) continue;
      table[i][j] = std::fabs(double{a[i - 1]} - double{b[j - 1]}) +
                    std::min({table[i - 1][j], table[i][j - 1], table[i - 1][j - 1]});
    }
  }
  return table[n][n] / static_cast<double>(n);
}

TEST(Likeness, TheWarpedDistanceIsTheTextbooks) {
  const std::vector<PastCase> made = made_cases(12, 7);
  std::size_t compared = 0;
  for (const PastCase& one : made) {
    for (const PastCase& other : made) {
      const Profile a = profile_of(one);
      const Profile b = profile_of(other);
      if (a.depth.empty() || b.depth.empty()) continue;
      EXPECT_EQ(course_distance(a.depth, b.depth), plain_warp(a.depth, b.depth));
      ++compared;
    }
  }
  EXPECT_GT(compared, 20u);
}

TEST(Likeness, IsZeroToItselfAndTheSameBothWays) {
  const std::vector<PastCase> made = made_cases(40, 3);
  for (const PastCase& one : made) {
    const Profile a = profile_of(one);
    const auto self = likeness(a, a);
    if (self) {
      for (const auto& term : self->terms) EXPECT_EQ(term.value_or(0), 0) << one.name;
    }
    for (const PastCase& other : made) {
      const auto there = likeness(a, profile_of(other));
      const auto back = likeness(profile_of(other), a);
      ASSERT_EQ(there.has_value(), back.has_value());
      if (there) EXPECT_NEAR(there->distance, back->distance, 1e-12);
    }
  }
}

TEST(Likeness, PruningFindsExactlyWhatThePlainSearchFinds) {
  for (const std::uint32_t seed : {1u, 2u, 3u}) {
    const CaseLibrary library(made_cases(300, seed));
    for (const PastCase& query : made_cases(15, 100 + seed)) {
      const Profile profile = profile_of(query);
      const auto pruned = library.nearest(profile, 5);
      const auto plain = library.nearest(profile, 5, {.prune = false});
      ASSERT_EQ(pruned.size(), plain.size());
      for (std::size_t i = 0; i < plain.size(); ++i) {
        EXPECT_EQ(pruned[i].index, plain[i].index);
        EXPECT_EQ(pruned[i].likeness.distance, plain[i].likeness.distance);
      }
    }
  }
}

TEST(Likeness, TheSameHoldsForTheRealLibrary) {
  const CaseLibrary& library = built_in_library();
  for (std::size_t i = 0; i < library.cases().size(); i += 7) {
    const auto pruned = library.nearest(library.profiles()[i], 5);
    const auto plain = library.nearest(library.profiles()[i], 5, {.prune = false});
    ASSERT_EQ(pruned.size(), plain.size());
    for (std::size_t k = 0; k < plain.size(); ++k) {
      EXPECT_EQ(pruned[k].index, plain[k].index) << library.cases()[i].name;
    }
  }
}

// Weights and usual values that can be added up by hand.
constexpr LikenessWeights kByHand{{0.2, 0.2, 0.1, 0.1, 0.2, 0.1, 0.05, 0.05},
                                  {0.5, 1.0, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5}};

TEST(Likeness, WhatOneSideDoesNotKnowCountsAsUsual) {
  Profile a;
  Profile b;
  a.span_hours = b.span_hours = 10;
  a.cut_hours = b.cut_hours = 10;
  a.signature[0] = 1.0;
  b.signature[0] = 0.0;
  const auto two = likeness(a, b, true, kLeastWeight, kByHand);
  ASSERT_TRUE(two);
  EXPECT_DOUBLE_EQ(two->known_weight, 0.4);
  // Length 0 and signature 1 are known; the rest: 0.1 of the course and 0.5 of 0.4.
  EXPECT_DOUBLE_EQ(two->distance, 0.2 * 1 + 0.2 * 0.5 + 0.4 * 0.5);
  EXPECT_FALSE(likeness(a, b, true, kSolidWeight, kByHand))
      << "0.4 of the weight is less than half";
  a.trigger = b.trigger = Trigger::coup;
  a.scope = b.scope = Scope::region;
  const auto four = likeness(a, b, true, kSolidWeight, kByHand);
  ASSERT_TRUE(four);
  EXPECT_DOUBLE_EQ(four->distance, 0.2 * 1 + 0.2 * 0.5 + 0.25 * 0.5);
  EXPECT_FALSE(four->terms[static_cast<std::size_t>(LikenessTerm::course)]);
  EXPECT_NE(explain(*four, a, b).back().find("not known of both, taken as usual: course"),
            std::string::npos);
  EXPECT_FALSE(likeness(Profile{}, Profile{}));
}

TEST(Likeness, AnExamIsFurtherFromACoupThanAProtestIs) {
  Profile a;
  Profile b;
  a.trigger = Trigger::coup;
  for (const auto& [other, apart] :
       {std::pair{Trigger::coup, 0.0}, {Trigger::protest, 0.5}, {Trigger::exam, 1.0}}) {
    b.trigger = other;
    EXPECT_EQ(likeness_terms(a, b)[static_cast<std::size_t>(LikenessTerm::context)], apart);
  }
}

TEST(Likeness, WhomItStruckAndTheClockAreCompared) {
  const Profile country = profile_of(built_in("kz-2022-01"));
  const Profile network = profile_of(built_in("ca-2019-08-5645"));
  EXPECT_EQ(country.scope, Scope::country);
  EXPECT_EQ(network.scope, Scope::network);
  EXPECT_EQ(network.sharp, 0.0);  // 22:40
  EXPECT_EQ(likeness_terms(country, network)[static_cast<std::size_t>(LikenessTerm::scope)], 1.0);
  EXPECT_FALSE(profile_of(built_in("zm-2021-08")).sharp) << "days without hours have no minute";
}

TEST(Likeness, AFitIsReadAsItWasWrittenAndNothingElseIs) {
  const auto again = parse_likeness_fit(likeness_fit_text(kByHand));
  ASSERT_TRUE(again);
  EXPECT_EQ(likeness_fit_text(*again), likeness_fit_text(kByHand));
  const std::string good = likeness_fit_text(kByHand);
  for (const std::string& bad :
       {std::string(), good.substr(0, good.size() / 2), good + good, good + "term nonsense 0 0\n",
        "term course -1 0\n" + good.substr(good.find('\n') + 1),
        "term course nan 0\n" + good.substr(good.find('\n') + 1),
        "term course 0.9 0\n" + good.substr(good.find('\n') + 1)}) {
    EXPECT_FALSE(parse_likeness_fit(bad)) << bad;
  }
}

TEST(Likeness, HoursAreComparedRoundTheClock) {
  Profile a;
  Profile b;
  a.signature[0] = b.signature[0] = 0;
  a.cuts = b.cuts = 1;
  a.span_hours = b.span_hours = 1;
  a.local_hour = 23.5;
  b.local_hour = 0.5;
  EXPECT_DOUBLE_EQ(*likeness(a, b)->terms[3], 1.0 / 12);
}

TEST(Likeness, DaysWithoutHoursHaveNoHourAndOneDayNoLength) {
  const Profile day = profile_of(built_in("zm-2021-08"));
  EXPECT_FALSE(day.span_hours);
  EXPECT_FALSE(day.local_hour);
  EXPECT_TRUE(day.on_off.empty());
  const Profile week = profile_of(built_in("np-2025-09"));
  EXPECT_EQ(week.span_hours, 5 * 24.0);
  EXPECT_TRUE(week.depth.empty()) << "nobody said how deep";
  EXPECT_EQ(week.on_off[239], 1.0F);
  EXPECT_EQ(week.on_off[240], 0.0F);
}

TEST(Likeness, AnEndBeforeItsBeginningMakesNoLength) {
  const Profile gambia = profile_of(built_in("gm-2019-11"));
  EXPECT_FALSE(gambia.span_hours);
  EXPECT_TRUE(gambia.on_off.empty());
  EXPECT_TRUE(gambia.local_hour);
}

TEST(Likeness, AStrangerToEverythingHasNoGoodParallel) {
  // Forty cuts of ten minutes at all hours over two days, of one plane only: nothing is like that.
  PastCase odd = built_in("kz-2022-01");
  odd.name = "odd";
  odd.cuts.clear();
  for (int i = 0; i < 40; ++i) {
    const Time begin = *parse_time("2022-01-05") + Seconds{i * 71 * 60};
    odd.cuts.push_back({.begin = begin, .end = begin + Seconds{600}, .left = 0.9});
  }
  odd.saw = {PlaneFact{.fell = false, .lost = 0.0}, std::nullopt,
             PlaneFact{.fell = true, .lost = 1.0}};
  odd.trigger = Trigger::conflict;
  const auto found = built_in_library().nearest(profile_of(odd), 5);
  ASSERT_FALSE(found.empty());
  EXPECT_GT(found.front().percentile, kNoParallel);
}

// A new incident has no occasion until somebody tells one; that alone makes no parallel worse.
TEST(Likeness, WhoseOccasionIsNotKnownCanStillHaveAGoodParallel) {
  Profile query = profile_of(built_in("kz-2022-01"));
  query.trigger.reset();
  const auto found = built_in_library().nearest(query, 1);  // its twin is there
  ASSERT_EQ(found.size(), 1u);
  EXPECT_LE(found.front().percentile, kGoodParallel);
  EXPECT_GT(built_in_library().wrong_parallels(false).front(),
            built_in_weights().weight[5] * built_in_weights().usual[5] - 1e-9);
}

TEST(Likeness, EveryParallelIsExplainedTermByTerm) {
  const CaseLibrary& library = built_in_library();
  const Profile query = profile_of(built_in("kz-2022-01"));
  const auto found = library.nearest(query, 5, {.without_name = "kz-2022-01"});
  ASSERT_EQ(found.size(), 5u);
  for (const Parallel& parallel : found) {
    const auto lines = explain(parallel.likeness, query, library.profiles()[parallel.index]);
    std::size_t known = 0;
    for (const auto& term : parallel.likeness.terms) known += term.has_value();
    EXPECT_EQ(lines.size(), known + (known < kTerms ? 1 : 0));
    EXPECT_GE(parallel.percentile, 0);
    EXPECT_LE(parallel.percentile, 1);
  }
}

}  // namespace
}  // namespace lightsout
