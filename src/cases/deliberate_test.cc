// SPDX-License-Identifier: Apache-2.0
#include "cases/deliberate.h"

#include <gtest/gtest.h>

#include <cmath>

namespace lightsout {
namespace {

Time at(std::string_view text) {
  return *parse_time(text);
}

double value(const IndicatorValues& values, Indicator indicator) {
  const auto& found = values[static_cast<std::size_t>(indicator)];
  return found ? *found : -1;
}

struct ClockCase {
  const char* name;
  const char* begin;
  const char* end;
  const char* earlier;
  Indicator indicator;
  double expected;  // -1: not known
};

TEST(Deliberate, ReadsTheClockAsPeopleDo) {
  using enum Indicator;
  const ClockCase kCases[] = {
      {"sharp hour", "2020-01-05T17:00Z", "", "", on_the_hour, 1},
      {"two minutes late", "2020-01-05T17:02Z", "", "", on_the_hour, 1},
      {"three minutes early", "2020-01-05T16:57Z", "", "", on_the_hour, 1},
      {"four minutes late", "2020-01-05T17:04Z", "", "", on_the_hour, 0},
      {"half hour is no hour", "2020-01-05T17:30Z", "", "", on_the_hour, 0},
      {"half hour", "2020-01-05T17:30Z", "", "", on_the_half_hour, 1},
      {"night", "2020-01-05T05:59Z", "", "", at_night, 1},
      {"morning", "2020-01-05T06:00Z", "", "", at_night, 0},
      {"yesterday, same time", "2020-01-05T17:00Z", "", "2020-01-04T17:10Z", same_hour_again, 1},
      {"yesterday, sixteen minutes off", "2020-01-05T17:00Z", "", "2020-01-04T17:16Z",
       same_hour_again, 0},
      {"four days before", "2020-01-05T17:00Z", "", "2020-01-01T17:00Z", same_hour_again, 1},
      {"five days before", "2020-01-06T17:00Z", "", "2020-01-01T17:00Z", same_hour_again, 0},
      {"tomorrow does not count", "2020-01-05T17:00Z", "", "2020-01-06T17:00Z", same_hour_again, 0},
      {"outage at another hour", "2020-01-05T17:00Z", "", "2020-01-04T09:00Z", quiet_before, 0},
      {"at the same hour only", "2020-01-05T17:00Z", "", "2020-01-04T17:00Z", quiet_before, 1},
      {"long ago", "2020-03-05T17:00Z", "", "2020-01-04T09:00Z", quiet_before, 1},
      {"sixty days ago to the second", "2020-03-04T09:00Z", "", "2020-01-04T09:20Z", quiet_before,
       0},
      {"round end", "2020-01-05T17:00Z", "2020-01-05T20:30Z", "", round_end, 1},
      {"odd end", "2020-01-05T17:00Z", "2020-01-05T20:40Z", "", round_end, 0},
      {"no end", "2020-01-05T17:00Z", "", "", round_end, -1},
      {"odd begin, round length", "2020-01-05T17:11Z", "2020-01-05T20:41Z", "", round_length, 1},
      {"an hour", "2020-01-05T17:00Z", "2020-01-05T18:00Z", "", lasts, 1},
      {"a second less", "2020-01-05T17:00:01Z", "2020-01-05T18:00Z", "", lasts, 0},
      {"no end, no length", "2020-01-05T17:00Z", "", "", lasts, -1},
  };
  for (const ClockCase& one : kCases) {
    OutageTimes outage{.begin = at(one.begin), .end = std::nullopt, .earlier = {}};
    if (*one.end != 0) outage.end = at(one.end);
    if (*one.earlier != 0) outage.earlier.push_back(at(one.earlier));
    IndicatorValues values;
    add_clock_indicators(outage, values);
    EXPECT_EQ(value(values, one.indicator), one.expected) << one.name;
  }
}

TEST(Deliberate, AFitIsReadAsItWasWritten) {
  ASSERT_EQ(built_in_fit().size(), 4u);
  const auto again = parse_fit(fit_text(built_in_fit()));
  ASSERT_TRUE(again.ok());
  ASSERT_EQ(again->size(), 4u);
  EXPECT_EQ(fit_text(*again), fit_text(built_in_fit()));
  for (const FittedModel& model : *again) {
    for (const double weight : model.weight) EXPECT_GE(weight, 0) << model.name;
    EXPECT_GT(model.deliberate, 0u);
  }
}

TEST(Deliberate, ABrokenFitIsRefused) {
  for (const char* text :
       {"intercept 1\n", "model a\nindicator nothing 1 2\n",
        "model a\nindicator lasts 1 2\nindicator lasts 1 2\n", "model a\nintercept x\n",
        "model a\nrows -1 2\n", "model a\nother 1 2\n", "model a\nintercept inf\n", "model\n"}) {
    EXPECT_FALSE(parse_fit(text).ok()) << text;
  }
  EXPECT_TRUE(parse_fit("# nothing\n")->empty());
}

TEST(Deliberate, WhatIsNotKnownAddsNothing) {
  const FittedModel model{.name = "a",
                          .uses = {Indicator::on_the_hour, Indicator::lasts},
                          .weight = {2, 1},
                          .centre = {0.5, 0.5},
                          .intercept = 0.25};
  IndicatorValues values;
  EXPECT_DOUBLE_EQ(model.log_odds(values), 0.25);
  values[0] = 1;
  EXPECT_DOUBLE_EQ(model.log_odds(values), 1.25);
  EXPECT_FALSE(model.knows_all(values));
  values[static_cast<std::size_t>(Indicator::lasts)] = 0;
  EXPECT_DOUBLE_EQ(model.log_odds(values), 0.75);
  EXPECT_TRUE(model.knows_all(values));
  EXPECT_NEAR(model.probability(values), 1 / (1 + std::exp(-0.75)), 1e-12);
}

Incident incident_at(const char* begin, const char* end, Seconds bin) {
  Incident incident{.entity = *Entity::parse("country:KZ")};
  incident.id = "kz-test";
  incident.grade = Grade::nationwide;
  incident.onset = {at(begin), at(begin), at(begin) + bin};
  incident.onset.value = at(begin);
  incident.onset.earliest = at(begin);
  incident.onset.latest = at(begin) + bin;
  incident.known_at = at(begin) + std::chrono::days{3};
  if (*end != 0) {
    incident.end.emplace();
    incident.end->value = incident.end->earliest = at(end);
    incident.end->latest = at(end) + bin;
  }
  for (const Plane plane : {Plane::control, Plane::data, Plane::traffic}) {
    PlaneView view{.signal = *SignalId::parse("country:KZ/bgp/visible_slash24"),
                   .plane = plane,
                   .judged = true,
                   .fell = true};
    view.depth.value = 0.9;
    incident.planes.push_back(view);
  }
  return incident;
}

const IndicatorLine& line_of(const Deliberation& found, std::string_view name) {
  for (const IndicatorLine& line : found.lines) {
    if (line.name == name) return line;
  }
  CHECK(false);
  return found.lines.front();
}

TEST(Deliberate, AnIncidentIsJudgedByTheIndicatorsThatWereMeasured) {
  Zone zone{.name = "Asia/Almaty", .first_offset = Seconds{6 * 3600}, .changes = {}};
  const TimeRange asked{at("2021-10-01"), at("2022-02-01")};
  const Incident now = incident_at("2022-01-05T11:00Z", "2022-01-05T17:00Z", Seconds{300});
  const std::vector<Incident> others{
      incident_at("2022-01-04T11:00Z", "2022-01-04T17:00Z", Seconds{300}), now};
  const Deliberation found = deliberate(now, others, asked, zone);
  ASSERT_TRUE(found.probability);
  EXPECT_EQ(found.model, "whole") << "other countries were not looked at";
  EXPECT_GT(*found.probability, 0.8);
  EXPECT_NE(found.summary.find("consistent with a deliberate cut"), std::string::npos);
  const IndicatorLine& hour = line_of(found, words_for(Indicator::on_the_hour));
  EXPECT_EQ(hour.leaning, Leaning::deliberate);
  EXPECT_GT(hour.adds.value(), 0);
  EXPECT_EQ(hour.detail, "17:00 local time");
  EXPECT_EQ(line_of(found, words_for(Indicator::alone)).leaning, Leaning::not_measured);
}

TEST(Deliberate, BinsOfHalfAnHourDoNotTellTheMinute) {
  Zone zone{.name = "Asia/Almaty", .first_offset = Seconds{6 * 3600}, .changes = {}};
  const TimeRange asked{at("2021-10-01"), at("2022-02-01")};
  const Incident now = incident_at("2022-01-05T11:00Z", "", Seconds{1800});
  const Deliberation found = deliberate(now, {&now, 1}, asked, zone);
  EXPECT_EQ(line_of(found, words_for(Indicator::on_the_hour)).leaning, Leaning::not_measured);
  EXPECT_FALSE(found.probability);
  EXPECT_NE(found.summary.find("we cannot tell"), std::string::npos);
}

TEST(Deliberate, WhatWasMeasuredAddsEvenWhereNotAllWas) {
  const TimeRange asked{at("2021-10-01"), at("2022-02-01")};
  Incident now = incident_at("2022-01-05T11:00Z", "", Seconds{300});
  now.planes.clear();
  const Deliberation found = deliberate(now, {&now, 1}, asked, Zone{});
  EXPECT_FALSE(found.probability) << "the planes were not measured";
  EXPECT_GT(line_of(found, words_for(Indicator::on_the_hour)).adds.value(), 0);
  EXPECT_FALSE(line_of(found, words_for(Indicator::all_planes)).adds);
}

TEST(Deliberate, NothingMeasuredIsNoProbability) {
  Incident bare{.entity = *Entity::parse("country:KZ")};
  bare.onset.value = bare.onset.earliest = at("2022-01-05T11:00Z");
  bare.onset.latest = at("2022-01-05T12:00Z");
  bare.known_at = at("2022-01-06");
  const Deliberation found =
      deliberate(bare, {&bare, 1}, {at("2022-01-05"), at("2022-01-06")}, Zone{});
  EXPECT_FALSE(found.probability);
  for (const Indicator indicator : {Indicator::on_the_hour, Indicator::lasts, Indicator::alone,
                                    Indicator::all_planes, Indicator::quiet_before}) {
    EXPECT_FALSE(line_of(found, words_for(indicator)).adds) << words_for(indicator);
  }
}

}  // namespace
}  // namespace lightsout
