// SPDX-License-Identifier: Apache-2.0
#include "source/tidy_csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "source/test_input.h"

namespace lightsout {
namespace {

using testing::HasSubstr;

Series made_up(std::string_view id, Seconds step) {
  Series series{.id = *SignalId::parse(id),
                .plane = Plane::application,
                .unit = Unit::fraction,
                .worse = Worse::high,
                .begin = *parse_time("2022-01-05T00:00:00Z"),
                .step = step,
                .samples = {Sample::missing(), Sample::of(0.1), Sample::suppressed(),
                            Sample::source_down(), Sample::of(0), Sample::of(1.0 / 3)},
                .trials = {0, 10, 3, 0, 7, 300},
                .coverage = {0, 1, 0.25f, 0, 1, 1}};
  return series;
}

std::string written(const std::vector<Series>& series) {
  std::string text;
  write_tidy_csv(series, [&](std::string_view piece) { text += piece; });
  return text;
}

TEST(TidyCsv, ReadsBackWhatItWrites) {
  const std::vector<Series> series{made_up("region:VE-Zu,lia/ooni/anomaly_fraction", Seconds{60}),
                                   made_up("service:x@country:IN/a/b", Seconds{86400})};
  const std::string text = written(series);
  const Reading reading = read_one(text_input("out.csv", text));
  EXPECT_TRUE(reading.damage.empty());
  ASSERT_EQ(reading.series.size(), 2u);
  for (std::size_t i = 0; i < 2; ++i) {
    const Series& read = reading.series[i];
    EXPECT_EQ(read.id, series[i].id);
    EXPECT_EQ(read.samples, series[i].samples);
    EXPECT_EQ(read.trials, series[i].trials);
    EXPECT_EQ(read.coverage, series[i].coverage);
    EXPECT_EQ(read.step, series[i].step);
    EXPECT_EQ(read.begin, series[i].begin);
    EXPECT_EQ(read.unit, Unit::fraction);
    EXPECT_EQ(read.worse, Worse::high);
    EXPECT_EQ(read.plane, Plane::application);
  }
  EXPECT_EQ(written(reading.series), text);
}

TEST(TidyCsv, WhatWasMadeBySimulationStaysMarked) {
  Series series = made_up("country:KZ/a/b", Seconds{60});
  series.lineage.push_back({.name = "x", .semi_synthetic = true});
  const std::string text = written({series});
  EXPECT_THAT(text, testing::StartsWith("# SEMI-SYNTHETIC"));
  EXPECT_TRUE(read_one(text_input("x", text)).series.at(0).semi_synthetic());
}

TEST(TidyCsv, TheFourColumnsAreEnough) {
  const Reading reading = read_one(
      text_input("a.csv",
                 "value,signal,entity,time\n5,bgp/visible_slash24,country:KZ,2022-01-05T10:00:00Z\n"
                 ",bgp/visible_slash24,country:KZ,2022-01-05T10:05:00Z\n"
                 "0,bgp/visible_slash24,country:KZ,2022-01-05T10:10:00Z\n"));
  EXPECT_TRUE(reading.damage.empty());
  ASSERT_EQ(reading.series.size(), 1u);
  EXPECT_EQ(reading.series[0].samples,
            (std::vector<Sample>{Sample::of(5), Sample::missing(), Sample::of(0)}));
  EXPECT_EQ(reading.series[0].plane, Plane::control);
  EXPECT_TRUE(reading.series[0].trials.empty());
}

TEST(TidyCsv, DamagedRowsAreNamed) {
  const Reading reading = read_one(text_input("a.csv",
                                              "time,entity,signal,value,state,coverage\n"
                                              "2022-01-05,country:KZ,a/b,1,,\n"
                                              "2022-01-06,country:Kazakhstan,a/b,1,,\n"
                                              "2022-01-07,country:KZ,a b,1,,\n"
                                              "2022-01-08,country:KZ,a/b,1,asleep,\n"
                                              "2022-01-09,country:KZ,a/b,1,,7\n"
                                              "2022-01-10,country:KZ,a/b,inf,,\n"
                                              "2205-01-10,country:KZ,a/b,1,,\n"
                                              "2022-01-11,country:KZ,a/b,2,,1\n"));
  std::vector<std::string> reasons;
  for (const DamagedPart& part : reading.damage.parts()) reasons.push_back(part.reason);
  EXPECT_THAT(reasons,
              testing::ElementsAre(HasSubstr("line 3: 'country:Kazakhstan' is not an entity"),
                                   HasSubstr("line 4"), HasSubstr("'asleep' is not a state"),
                                   HasSubstr("'7' cannot be a coverage"), HasSubstr("not a finite"),
                                   HasSubstr("line 8: '2205-01-10' is not a time")));
}

TEST(TidyCsv, OrderAndRepetitionDoNotMatterButConflictsAreSaid) {
  const std::string head = "time,entity,signal,value\n";
  const std::string a = "2022-01-05T00:00:00Z,country:KZ,a/b,1\n";
  const std::string b = "2022-01-05T01:00:00Z,country:KZ,a/b,2\n";
  const std::string c = "2022-01-05T02:00:00Z,country:KZ,a/b,3\n";
  const Reading in_order = read_one(text_input("a", head + a + b + c));
  const Reading shuffled = read_one(text_input("a", head + c + a + b + a));
  EXPECT_EQ(in_order.series.at(0).samples, shuffled.series.at(0).samples);
  EXPECT_TRUE(shuffled.damage.empty());
  EXPECT_THAT(shuffled.inputs[0].notes, testing::Contains(HasSubstr("1 rows repeated")));

  const std::string other = "2022-01-05T01:00:00Z,country:KZ,a/b,9\n";
  const Reading conflict = read_one(text_input("a", head + a + b + c + other));
  EXPECT_EQ(conflict.series.at(0).samples[1], Sample::of(9));
  ASSERT_EQ(conflict.damage.count(), 1u);
  EXPECT_THAT(conflict.damage.parts()[0].reason, HasSubstr("the later row is kept"));
}

}  // namespace
}  // namespace lightsout
