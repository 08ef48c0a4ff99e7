// SPDX-License-Identifier: Apache-2.0
#include "incident/coincidence.h"

#include <gtest/gtest.h>

#include "incident/test_incident.h"

namespace lightsout::incident {
namespace {

using testing_incident::at;
using testing_incident::Cut;
using testing_incident::Life;
using testing_incident::Story;

constexpr const char* kTraffic = "country:KZ/traffic/requests";
constexpr const char* kTelescope = "country:KZ/telescope/unique_source_ips";
constexpr const char* kProbing = "country:KZ/probing/slash24_up";

// A dip that no detector raised: the series sags, and there is no anomaly.
void add_silent(Story& story, const char* id, const std::vector<Cut>& dips, Time end = at(15)) {
  story.add(id, {.cuts = dips, .step = Seconds{1800}, .end = end});
  Detection& detection = story.detections.back();
  detection.anomalies.clear();
  for (Expectation& expected : detection.expected) {
    expected.low = expected.value * 0.87F;
    expected.high = expected.value * 1.13F;
  }
}

std::vector<Incident> incidents_of(const Story& story) {
  return story.investigate("country:KZ", {at(1), *parse_time("2030-01-01")}).incidents;
}

TEST(Coincidence, TwoFeedsThatSagTogetherAreAUsageDip) {
  Story story;
  story.add(kProbing, {});
  add_silent(story, kTraffic, {{at(9, 4), at(9, 8), 0.3}});
  add_silent(story, kTelescope, {{at(9, 4), at(9, 8), 0.35}});
  const std::vector<Incident> incidents = incidents_of(story);
  ASSERT_EQ(incidents.size(), 1U);
  EXPECT_EQ(incidents[0].grade, Grade::usage_dip);
  EXPECT_EQ(incidents[0].confidence, Confidence::observed);
  EXPECT_LT(incidents[0].probability, 0.5);
  EXPECT_EQ(incidents[0].onset.value, at(9, 4));
  ASSERT_EQ(incidents[0].evidence.size(), 2U);
  EXPECT_EQ(incidents[0].evidence[0].detector, "coincidence");
  EXPECT_FALSE(incidents[0].evidence[0].trace.empty());
}

TEST(Coincidence, NeedsFeedsDepthTimeAndSurprise) {
  struct Case {
    const char* name;
    std::vector<Cut> traffic, telescope;
  };
  for (const Case& test : {
           Case{"one feed alone", {{at(9, 4), at(9, 8), 0.35}}, {}},
           Case{
               "not at the same time", {{at(9, 4), at(9, 8), 0.35}}, {{at(9, 9), at(9, 13), 0.35}}},
           Case{"an hour is too short", {{at(9, 4), at(9, 5), 0.35}}, {{at(9, 4), at(9, 5), 0.35}}},
           Case{"within a fifth", {{at(9, 4), at(9, 8), 0.16}}, {{at(9, 4), at(9, 8), 0.16}}},
           Case{"as every week",
                {{at(2, 4), at(2, 8), 0.3}, {at(9, 4), at(9, 8), 0.3}},
                {{at(9, 4), at(9, 8), 0.3}, {at(2, 4), at(2, 8), 0.3}}},
       }) {
    SCOPED_TRACE(test.name);
    Story story;
    add_silent(story, kTraffic, test.traffic);
    add_silent(story, kTelescope, test.telescope);
    std::size_t on_the_ninth = 0;
    for (const Incident& incident : incidents_of(story)) {
      on_the_ninth += incident.range().contains(at(9, 6)) ? 1 : 0;
    }
    EXPECT_EQ(on_the_ninth, 0U);
  }
}

TEST(Coincidence, TwoSeriesOfOneSourceAreOneFeed) {
  Story story;
  const std::vector<Cut> dip{{at(9, 4), at(9, 8), 0.35}};
  add_silent(story, kTraffic, dip);
  add_silent(story, "country:KZ/traffic/bytes", dip);
  EXPECT_TRUE(incidents_of(story).empty());
}

TEST(Coincidence, WhatADetectorRaisedIsNotRaisedAgain) {
  Story story;
  const std::vector<Cut> dip{{at(9, 4), at(9, 8), 0.35}};
  story.add(kTraffic, {.cuts = dip, .step = Seconds{1800}});
  add_silent(story, kTelescope, dip);
  const std::vector<Incident> incidents = incidents_of(story);
  ASSERT_EQ(incidents.size(), 1U);
  EXPECT_EQ(incidents[0].evidence.size(), 1U);
}

TEST(Coincidence, UpToItsLimit) {
  const auto count = [](std::size_t wanted) {
    std::vector<Cut> dips;
    for (std::size_t i = 0; i < wanted; ++i) {
      // Two days and an hour apart, so that no dip is another's weekly habit.
      const Time begin = at(9) + Seconds{49 * 3600} * static_cast<std::int64_t>(i);
      dips.push_back({begin, begin + Seconds{4 * 3600}, 0.35});
    }
    Story story;
    add_silent(story, kTraffic, dips, dips.back().end + Seconds{86400});
    add_silent(story, kTelescope, dips, dips.back().end + Seconds{86400});
    std::vector<Witness> witnesses;
    for (std::size_t i = 0; i < 2; ++i) {
      witnesses.push_back({Role::own, make_curve(story.series[i], story.detections[i]), {}});
    }
    add_coincidences(witnesses);
    return witnesses[0].coincident.size();
  };
  EXPECT_EQ(count(kMaxCoincidences), kMaxCoincidences);
  EXPECT_EQ(count(kMaxCoincidences + 1), kMaxCoincidences);
}

}  // namespace
}  // namespace lightsout::incident
