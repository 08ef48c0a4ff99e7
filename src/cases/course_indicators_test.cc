// SPDX-License-Identifier: Apache-2.0
#include "cases/course_indicators.h"

#include <gtest/gtest.h>

#include <cmath>

#include "cases/appraisal.h"

namespace lightsout {
namespace {

Time at(std::string_view text) {
  return *parse_time(text);
}

TimeEstimate about(Time time, Seconds bin = Seconds{300}) {
  return {time, time, time + bin};
}

Incident nationwide(std::string_view onset, std::string_view end) {
  Incident incident{.entity = *Entity::parse("country:KZ")};
  incident.id = "kz-test";
  incident.grade = Grade::nationwide;
  incident.onset = about(at(onset));
  incident.end = about(at(end));
  incident.known_at = at(end) + std::chrono::days{3};
  return incident;
}

struct Provider {
  int asn;
  const char* access;
  int fell_minutes;  // after the onset
  int back_minutes;  // after the end; -1: it did not
};

void add_providers(Incident& incident, std::initializer_list<Provider> providers) {
  for (const Provider& one : providers) {
    PartView part{.entity = *Entity::parse("asn:" + std::to_string(one.asn) + "@country:KZ"),
                  .name = "AS" + std::to_string(one.asn)};
    part.access = one.access;
    part.judged = part.fell = true;
    part.depth = {0.9, 0.85, 0.95};
    part.fell_at = about(incident.onset.value + Seconds{one.fell_minutes * 60});
    if (one.back_minutes >= 0) {
      part.returned = about(incident.end->value + Seconds{one.back_minutes * 60});
    }
    incident.providers.push_back(part);
  }
}

void add_plane(Incident& incident, const char* signal, Plane plane, double depth, int minutes) {
  PlaneView view{.signal = *SignalId::parse(signal), .plane = plane};
  view.judged = true;
  view.fell = depth > 0;
  view.depth = {depth, depth, depth};
  view.fell_at = about(incident.onset.value + Seconds{minutes * 60});
  incident.planes.push_back(view);
}

const TimeRange kAsked{at("2021-10-01"), at("2022-02-01")};

IndicatorLine line(const Incident& incident, std::string_view name,
                   std::span<const Incident> others = {}, const TimeRange& asked = kAsked) {
  for (const IndicatorLine& one : course_lines(incident, others, asked, Zone{})) {
    if (one.name == name) return one;
  }
  CHECK(false);
  return {};
}

TEST(CourseIndicators, AFirstWaveTheDayBeforeDoesNotMakeTheSecondOneLate) {
  Incident incident = nationwide("2022-01-04T14:30Z", "2022-01-11T02:15Z");
  add_providers(incident, {{1, "mobile", 0, 0},
                           {2, "mobile", 5, 0},
                           {3, "fixed", 1200, 0},
                           {4, "fixed", 1203, 5},
                           {5, "fixed", 1206, 5}});
  const IndicatorLine together = line(incident, "providers fell together");
  EXPECT_EQ(together.leaning, Leaning::deliberate);
  EXPECT_EQ(together.detail, "3 of 5 providers within 6 min");
  EXPECT_EQ(line(incident, "providers fell one after the other").leaning, Leaning::neither);
  EXPECT_EQ(line(incident, "providers returned together").leaning, Leaning::deliberate);
  const IndicatorLine mobile = line(incident, "mobile networks fell first");
  EXPECT_EQ(mobile.leaning, Leaning::deliberate);
  EXPECT_NE(mobile.detail.find("first"), std::string::npos);
}

TEST(CourseIndicators, AStaggeredDecayIsConsistentWithAnAccident) {
  Incident incident = nationwide("2022-01-04T14:37Z", "2022-01-05T02:15Z");
  add_providers(
      incident,
      {{1, "fixed", 0, 0}, {2, "fixed", 17, 80}, {3, "fixed", 31, 170}, {4, "fixed", 58, 400}});
  EXPECT_EQ(line(incident, "providers fell one after the other").leaning, Leaning::accident);
  EXPECT_EQ(line(incident, "providers fell together").leaning, Leaning::neither);
  EXPECT_EQ(line(incident, "providers returned together").leaning, Leaning::accident);
  EXPECT_EQ(line(incident, "mobile networks fell first").leaning, Leaning::not_measured);
  EXPECT_EQ(line(incident, "restored and cut again").leaning, Leaning::accident)
      << "it ended and was not cut again";
}

TEST(CourseIndicators, TwoProvidersAreTooFewForAnyOfThem) {
  Incident incident = nationwide("2022-01-04T14:37Z", "2022-01-05T02:15Z");
  add_providers(incident, {{1, "mobile", 0, 0}, {2, "fixed", 2, 0}});
  for (const char* name : {"providers fell together", "providers returned together",
                           "providers fell one after the other"}) {
    EXPECT_EQ(line(incident, name).leaning, Leaning::not_measured) << name;
  }
}

TEST(CourseIndicators, WhatWasNotMeasuredSaysWhyAndLeansNowhere) {
  const Incident bare = nationwide("2022-01-04T14:37Z", "2022-01-05T02:15Z");
  for (const IndicatorLine& one :
       course_lines(bare, {}, {at("2022-01-04"), at("2022-01-06")}, {})) {
    if (one.name == "restored and cut again") continue;  // no window is a measurement
    EXPECT_EQ(one.leaning, Leaning::not_measured) << one.name;
    EXPECT_FALSE(one.detail.empty()) << one.name;
    EXPECT_FALSE(one.adds) << one.name;
  }
}

TEST(CourseIndicators, RoutesTellACutFromEmptyBatteries) {
  Incident kept = nationwide("2022-01-05T10:30Z", "2022-01-06T02:15Z");
  add_plane(kept, "country:KZ/bgp/visible_slash24", Plane::control, 0, 0);
  add_plane(kept, "country:KZ/probing/slash24_up", Plane::data, 0.95, 0);
  EXPECT_EQ(line(kept, "routes kept while packets died").leaning, Leaning::deliberate);
  EXPECT_EQ(line(kept, "routes followed the answers later").leaning, Leaning::neither);

  Incident power = nationwide("2022-01-05T10:30Z", "2022-01-06T02:15Z");
  add_plane(power, "country:KZ/probing/slash24_up", Plane::data, 0.6, 0);
  add_plane(power, "country:KZ/bgp/visible_slash24", Plane::control, 0.3, 90);
  EXPECT_EQ(line(power, "routes kept while packets died").leaning, Leaning::neither);
  const IndicatorLine later = line(power, "routes followed the answers later");
  EXPECT_EQ(later.leaning, Leaning::accident);
  EXPECT_EQ(later.detail, "1 h 30 min later");
}

TEST(CourseIndicators, AShortFallTheDayBeforeIsATestAndALongOneIsNot) {
  const Incident now = nationwide("2022-01-05T10:30Z", "2022-01-06T02:15Z");
  const Incident test = nationwide("2022-01-04T01:00Z", "2022-01-04T02:00Z");
  const Incident longer = nationwide("2022-01-04T01:00Z", "2022-01-04T12:00Z");
  const Incident old = nationwide("2022-01-02T01:00Z", "2022-01-02T02:00Z");
  const auto leaning = [&](const Incident& before) {
    return line(now, "short falls in the two days before", {&before, 1}).leaning;
  };
  EXPECT_EQ(leaning(test), Leaning::deliberate);
  EXPECT_EQ(leaning(longer), Leaning::neither);
  EXPECT_EQ(leaning(old), Leaning::neither);
  EXPECT_EQ(leaning(now), Leaning::neither) << "an incident is not its own test";
}

TEST(CourseIndicators, AServiceThatFailedTheDayBeforeIsNamed) {
  const Incident now = nationwide("2022-01-05T10:30Z", "2022-01-06T02:15Z");
  Incident block = nationwide("2022-01-04T12:00Z", "2022-01-11T02:15Z");
  block.grade = Grade::service;
  block.entity = *Entity::parse("service:telegram@country:KZ");
  const IndicatorLine found = line(now, "a service failed in the three days before", {&block, 1});
  EXPECT_EQ(found.leaning, Leaning::deliberate);
  EXPECT_EQ(found.detail, "telegram");
  block.onset = about(at("2022-01-01T12:00Z"));
  EXPECT_EQ(line(now, "a service failed in the three days before", {&block, 1}).leaning,
            Leaning::not_measured)
      << "four days before is no prelude, and no other test is known";
}

TEST(Elsewhere, OneNeighbourIsEnoughToBeStruckAndManyAreNeededToBeAlone) {
  const Incident now = nationwide("2022-01-05T10:30Z", "2022-01-06T02:15Z");
  Elsewhere elsewhere;
  for (std::size_t i = 0; i < kEnoughOthers - 1; ++i) {
    elsewhere.looked_at.push_back({std::string(1, static_cast<char>('A' + i)) + "X", kAsked});
  }
  const auto alone = [&] {
    for (const IndicatorLine& one : deliberate(now, {}, kAsked, Zone{}, elsewhere).lines) {
      if (one.name == words_for(Indicator::alone)) return one;
    }
    return IndicatorLine{};
  };
  EXPECT_EQ(alone().leaning, Leaning::not_measured);
  EXPECT_EQ(alone().detail, "none of 19 other countries, too few to say");
  elsewhere.looked_at.push_back({"UZ", kAsked});
  EXPECT_NE(alone().leaning, Leaning::not_measured);
  EXPECT_EQ(alone().detail, "none of 20 other countries");
  elsewhere.looked_at.resize(1);
  elsewhere.falls = {{"UZ", about(at("2022-01-05T10:38Z"))}};
  EXPECT_EQ(alone().detail, "UZ in the same ten minutes");
  EXPECT_NE(alone().leaning, Leaning::not_measured);
  EXPECT_NE(alone().leaning, Leaning::deliberate);
  elsewhere.falls = {{"UZ", about(at("2022-01-05T10:41Z"))}};
  EXPECT_EQ(alone().leaning, Leaning::not_measured) << "eleven minutes later";
}

TEST(Elsewhere, ACountryIsLookedAtWhileItCouldBeJudged) {
  Series series{.id = *SignalId::parse("country:UZ/probing/slash24_up"), .plane = Plane::data};
  Detection detection{.signal = series.id};
  detection.judgement.possible = true;
  detection.judgement.judged = {at("2022-01-01"), at("2022-01-05")};
  const Elsewhere found = look_elsewhere({&series, 1}, {&detection, 1});
  EXPECT_EQ(looked_at(found, at("2022-01-04")), 1u);
  EXPECT_EQ(looked_at(found, at("2022-01-05")), 0u);
  detection.judgement.possible = false;
  EXPECT_EQ(looked_at(look_elsewhere({&series, 1}, {&detection, 1}), at("2022-01-04")), 0u);
}

TEST(Deliberation, TheContributionsAddUpToTheProbabilityThatIsPrinted) {
  Incident now = nationwide("2022-01-05T11:00Z", "2022-01-05T17:00Z");
  add_plane(now, "country:KZ/bgp/visible_slash24", Plane::control, 0.9, 0);
  add_plane(now, "country:KZ/probing/slash24_up", Plane::data, 0.9, 0);
  add_plane(now, "country:KZ/traffic/requests", Plane::traffic, 0.9, 0);
  const Deliberation found = deliberate(now, {}, kAsked, Zone{});
  ASSERT_TRUE(found.probability && found.begins_with);
  double sum = *found.begins_with;
  for (const IndicatorLine& one : found.lines) sum += one.adds.value_or(0);
  ASSERT_LT(*found.probability, 0.99) << "at the bound the sum says more than is printed";
  EXPECT_NEAR(1 / (1 + std::exp(-sum)), *found.probability, 1e-9);
}

TEST(Appraisal, WhatHappenedBeforeTheRangeIsRemembered) {
  Incident now = nationwide("2022-01-05T11:00Z", "2022-01-05T17:00Z");
  const Incident yesterday = nationwide("2022-01-04T11:00Z", "2022-01-04T17:00Z");
  Investigation investigation{.entity = now.entity, .range = {at("2022-01-05"), at("2022-01-06")}};
  investigation.incidents = {now};
  const auto again = [&] {
    const auto appraisals = appraise_all(investigation, Zone{}, nullptr);
    for (const IndicatorLine& one : appraisals.front().deliberation->lines) {
      if (one.name == words_for(Indicator::same_hour_again)) return one.adds;
    }
    return std::optional<double>{};
  };
  EXPECT_FALSE(again()) << "one day was looked at";
  investigation.earlier = {yesterday};
  investigation.judged = {at("2021-10-01"), at("2022-01-06")};
  ASSERT_TRUE(again());
  EXPECT_GT(*again(), 0);
}

}  // namespace
}  // namespace lightsout
