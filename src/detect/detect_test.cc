// What must hold for any series, however odd.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <limits>

#include "detect/cold_start.h"
#include "detect/detector.h"
#include "detect/fraction.h"
#include "detect/low_count.h"
#include "detect/synthetic.h"
#include "detect/tracker.h"

namespace lightsout {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

Series constant(double value, Seconds step, std::size_t bins) {
  return {.id = *SignalId::parse("country:XA/traffic/requests"),
          .begin = Time(Seconds(1704067200)),
          .step = step,
          .samples = std::vector<Sample>(bins, Sample::of(value))};
}

// What every answer has to satisfy.
void check_answer(const Series& series, const Detection& found) {
  EXPECT_EQ(found.signal, series.id);
  EXPECT_EQ(found.expected.size(), series.size());
  if (!found.judgement.possible) {
    EXPECT_FALSE(found.judgement.reason.empty());
    EXPECT_TRUE(found.anomalies.empty());
  }
  for (const Expectation& e : found.expected) {
    if (std::isnan(e.value)) continue;
    EXPECT_LE(e.low, e.value);
    EXPECT_LE(e.value, e.high);
    EXPECT_GE(e.low, 0);
  }
  Time last{};
  for (const Anomaly& anomaly : found.anomalies) {
    EXPECT_GE(anomaly.onset.value, last);
    last = anomaly.onset.value;
    EXPECT_LE(anomaly.onset.earliest, anomaly.onset.value);
    EXPECT_LE(anomaly.onset.value, anomaly.onset.latest);
    EXPECT_GT(anomaly.alarmed_at, anomaly.onset.value);
    if (anomaly.end) {
      EXPECT_LT(anomaly.onset.value, anomaly.end->value);
      EXPECT_LE(anomaly.end->earliest, anomaly.end->value);
      EXPECT_LE(anomaly.end->value, anomaly.end->latest);
    }
    EXPECT_LE(anomaly.depth.low, anomaly.depth.value);
    EXPECT_LE(anomaly.depth.value, anomaly.depth.high);
    EXPECT_FALSE(anomaly.parts.empty());
    EXPECT_FALSE(anomaly.trace.empty());
    EXPECT_FALSE(anomaly.baseline.empty());
    Time edge = anomaly.onset.value;
    for (const AnomalyPart& part : anomaly.parts) {
      EXPECT_EQ(part.range.begin, edge);
      EXPECT_LT(part.range.begin, part.range.end);
      edge = part.range.end;
    }
    EXPECT_EQ(edge, anomaly.range().end);
  }
}

TEST(Detect, SaysWhenItCannotTell) {
  struct Case {
    const char* what;
    Series series;
  };
  const Case cases[] = {
      {"no bins at all", constant(1, minutes(5), 0)},
      {"one sample", constant(100, minutes(5), 1)},
      {"zeros only", constant(0, minutes(5), 60 * 288)},
      {"three hours of history", constant(100, minutes(5), 36)},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.what);
    const Detection found = detect(c.series);
    check_answer(c.series, found);
    EXPECT_FALSE(found.judgement.possible);
  }
  Series missing = constant(1, minutes(5), 60 * 288);
  for (const Sample& gap : {Sample::missing(), Sample::suppressed(), Sample::source_down()}) {
    missing.samples.assign(missing.size(), gap);
    const Detection found = detect(missing);
    check_answer(missing, found);
    EXPECT_FALSE(found.judgement.possible);
  }
}

TEST(Detect, AConstantIsNoAnomalyAtAnyStep) {
  for (const Seconds step : {Seconds(60), Seconds(300), Seconds(600), Seconds(1800), Seconds(3600),
                             Seconds(5400), Seconds(7200), Seconds(10800), Seconds(86400)}) {
    SCOPED_TRACE(step.count());
    const auto bins = static_cast<std::size_t>(Seconds(days(70)) / step);
    const Series series = constant(500, step, bins);
    const Detection found = detect(series);
    check_answer(series, found);
    EXPECT_TRUE(found.judgement.possible);
    EXPECT_TRUE(found.anomalies.empty());
    EXPECT_NEAR(found.expected.back().value, 500, 5);
  }
}

TEST(Detect, FindsATwoDayCutAtAnyStep) {
  for (const Seconds step : {Seconds(60), Seconds(300), Seconds(600), Seconds(1800), Seconds(3600),
                             Seconds(5400), Seconds(7200), Seconds(10800), Seconds(86400)}) {
    SCOPED_TRACE(step.count());
    const auto bins = static_cast<std::size_t>(Seconds(days(70)) / step);
    Series series = constant(500, step, bins);
    const std::size_t cut = bins / 2;
    const auto length = static_cast<std::size_t>(Seconds(days(2)) / step);
    for (std::size_t i = cut; i < cut + length; ++i) series.samples[i] = Sample::of(10);
    const Detection found = detect(series);
    check_answer(series, found);
    ASSERT_EQ(found.anomalies.size(), 1U);
    EXPECT_EQ(found.anomalies[0].onset.value, series.time_of(cut));
    ASSERT_TRUE(found.anomalies[0].end);
    EXPECT_EQ(found.anomalies[0].end->value, series.time_of(cut + length));
    EXPECT_NEAR(found.anomalies[0].depth.value, 0.98, 0.01);
    EXPECT_LE(found.anomalies[0].alarmed_at - series.time_of(cut), 2 * step);
  }
}

// Missing is never evidence: a gap of any length changes nothing but what is not known.
TEST(Detect, AGapIsNotACutAndHidesNone) {
  for (const Seconds gap : {Seconds(minutes(10)), Seconds(hours(5)), Seconds(days(9))}) {
    SCOPED_TRACE(gap.count());
    Series series = constant(500, minutes(10), 60 * 144);
    const std::size_t from = 30 * 144;
    const auto length = static_cast<std::size_t>(gap / series.step);
    for (std::size_t i = from; i < from + length; ++i) series.samples[i] = Sample::missing();
    EXPECT_TRUE(detect(series).anomalies.empty());
    // Down when the data come back: the onset lies somewhere in the gap, and says so.
    for (std::size_t i = from + length; i < from + length + 72; ++i) {
      series.samples[i] = Sample::of(5);
    }
    const Detection found = detect(series);
    check_answer(series, found);
    ASSERT_EQ(found.anomalies.size(), 1U);
    EXPECT_EQ(found.anomalies[0].onset.value, series.time_of(from + length));
    EXPECT_LE(found.anomalies[0].onset.earliest, series.time_of(from));
  }
}

TEST(Detect, OneOddBinIsNoAnomaly) {
  Series series = constant(5000, minutes(5), 40 * 288);
  series.samples[20 * 288] = Sample::of(0);
  series.samples[25 * 288] = Sample::of(90000);
  EXPECT_TRUE(detect(series).anomalies.empty());
}

TEST(Detect, RefusesWhatIsNoMeasurement) {
  Series series = constant(500, minutes(30), 40 * 48);
  series.samples[700] = Sample::of(-5);
  series.samples[800] = Sample::of(std::numeric_limits<double>::quiet_NaN());
  series.samples[801] = Sample::of(std::numeric_limits<double>::infinity());
  series.samples[802] = Sample::of(1e300);
  const Detection found = detect(series);
  check_answer(series, found);
  EXPECT_TRUE(found.anomalies.empty());
  ASSERT_FALSE(found.trace.empty());
  EXPECT_NE(found.trace[0].what.find("4 values"), std::string::npos);
}

// Found by the fuzz target: a level of next to nothing made the shape of the day infinite.
TEST(Detect, NextToNothingIsNoLevel) {
  Series series = constant(1e-41, minutes(30), 40 * 48);
  series.unit = Unit::percent_of_max;
  for (std::size_t i = 0; i < series.size(); i += 97) series.samples[i] = Sample::of(1e14);
  const Detection found = detect(series);
  check_answer(series, found);
  for (const Anomaly& anomaly : found.anomalies) EXPECT_FALSE(std::isnan(anomaly.evidence));
}

// The two weeks that taught the baseline are judged as well, by what came before in them.
TEST(Detect, ACutInTheFirstTwoWeeksIsFoundAndTeachesNothing) {
  const Series quiet = synthetic::Maker(21).make(synthetic::kKinds[3], Seconds(1800), 8, 0).series;
  Series series = quiet;
  for (std::size_t i = 9 * 48; i < 10 * 48; ++i) series.samples[i] = Sample::of(3);
  const Detection found = detect(series);
  check_answer(series, found);
  ASSERT_EQ(found.anomalies.size(), 1U);
  EXPECT_EQ(found.anomalies[0].onset.value, series.time_of(9 * 48));
  EXPECT_TRUE(found.anomalies[0].low_confidence);
  EXPECT_NE(found.judgement.reason.find("cold start"), std::string::npos);
  EXPECT_TRUE(detect(quiet).anomalies.empty());
  // Still dark when the two weeks are over: one anomaly, from its own beginning.
  for (std::size_t i = 12 * 48; i < 17 * 48; ++i) series.samples[i] = Sample::of(3);
  const Detection longer = detect(series);
  check_answer(series, longer);
  ASSERT_EQ(longer.anomalies.size(), 2U);
  EXPECT_EQ(longer.anomalies[1].onset.value, series.time_of(12 * 48));
  EXPECT_EQ(longer.anomalies[1].end->value, series.time_of(17 * 48));
}

TEST(Detect, SlowerIsWorseForLatency) {
  Series series = constant(80, minutes(30), 40 * 48);
  series.unit = Unit::milliseconds;
  series.worse = Worse::high;
  for (std::size_t i = 1000; i < 1020; ++i) series.samples[i] = Sample::of(400);
  for (std::size_t i = 1200; i < 1220; ++i) series.samples[i] = Sample::of(8);
  const Detection found = detect(series);
  check_answer(series, found);
  ASSERT_EQ(found.anomalies.size(), 1U);  // faster is no bad news
  EXPECT_EQ(found.anomalies[0].direction, Direction::rise);
  EXPECT_NEAR(found.anomalies[0].depth.value, 4, 0.2);
}

TEST(Detect, AnOpenCutKeepsItsBaselineToTheEnd) {
  Series series = constant(500, hours(1), 24 * 120);
  for (std::size_t i = 24 * 40; i < series.size(); ++i) series.samples[i] = Sample::of(20);
  const Detection found = detect(series);
  check_answer(series, found);
  ASSERT_FALSE(found.anomalies.empty());
  EXPECT_TRUE(found.anomalies[0].open());
  EXPECT_TRUE(found.anomalies[0].lasting);
  EXPECT_NEAR(found.expected.back().value, 500, 10);
  Series shorter = series;
  shorter.samples.resize(24 * 68 - 1);  // an hour short of 28 days
  EXPECT_FALSE(detect(shorter).anomalies[0].lasting);
  shorter.samples.push_back(Sample::of(20));
  EXPECT_TRUE(detect(shorter).anomalies[0].lasting);
}

TEST(Detect, AColdStartSaysSoAndIsLessSure) {
  Series series = constant(500, hours(1), 60);
  for (std::size_t i = 50; i < 60; ++i) series.samples[i] = Sample::of(50);
  const Detection found = detect(series);
  check_answer(series, found);
  ASSERT_EQ(found.anomalies.size(), 1U);
  EXPECT_EQ(found.anomalies[0].detector, kColdStart.name);
  EXPECT_TRUE(found.anomalies[0].low_confidence);
  EXPECT_NE(found.judgement.reason.find("cold start"), std::string::npos);
  // The same level with months behind it has a narrower band.
  const Series known = constant(500, hours(1), 24 * 60);
  const Expectation narrow = detect(known).expected.back();
  const Expectation wide = found.expected[40];
  EXPECT_GT(wide.high - wide.low, 1.5F * (narrow.high - narrow.low));
}

TEST(Detect, TheSameSeriesGivesTheSameAnswer) {
  const auto made = synthetic::Maker(9).make(synthetic::kKinds[3], Seconds(1800), 10, 0.5);
  const Detection one = detect(made.series), two = detect(made.series);
  ASSERT_EQ(one.anomalies.size(), two.anomalies.size());
  for (std::size_t i = 0; i < one.anomalies.size(); ++i) {
    EXPECT_EQ(one.anomalies[i].onset.value, two.anomalies[i].onset.value);
    EXPECT_EQ(one.anomalies[i].depth.value, two.anomalies[i].depth.value);
    EXPECT_EQ(one.anomalies[i].evidence, two.anomalies[i].evidence);
  }
}

// What was alarmed at a time does not depend on what came after it.
TEST(Detect, TheAlarmIsWhatSomebodyWatchingLiveWouldHaveHeard) {
  const auto made = synthetic::Maker(11).make(synthetic::kKinds[3], Seconds(1800), 10, 0.5);
  const Detection whole = detect(made.series);
  ASSERT_FALSE(whole.anomalies.empty());
  for (const Anomaly& anomaly : whole.anomalies) {
    const Detection live = detect(slice(made.series, {made.series.begin, anomaly.alarmed_at}));
    ASSERT_FALSE(live.anomalies.empty());
    EXPECT_EQ(live.anomalies.back().alarmed_at, anomaly.alarmed_at);
    EXPECT_TRUE(live.anomalies.back().open());
    const Detection before =
        detect(slice(made.series, {made.series.begin, anomaly.alarmed_at - made.series.step}));
    EXPECT_TRUE(before.anomalies.empty() ||
                before.anomalies.back().alarmed_at < anomaly.alarmed_at);
  }
}

TEST(Detect, TenYearsOfMinutesTakeSecondsAndTheStateStaysSmall) {
  Series series = constant(500, minutes(1), 10 * 365 * 1440);
  for (std::size_t i = 4000000; i < series.size(); ++i) series.samples[i] = Sample::of(20);
  const auto begin = std::chrono::steady_clock::now();
  const Detection found = detect(series);
  const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin);
  EXPECT_LT(seconds.count(), 60);  // a tenth of that when optimised
  ASSERT_FALSE(found.anomalies.empty());
  EXPECT_EQ(found.anomalies[0].onset.value, series.time_of(4000000));
  EXPECT_LE(found.anomalies[0].parts.size(), 64U);
  EXPECT_LE(sizeof(LevelTracker), 1024U);
  EXPECT_LE(sizeof(FractionTracker), 1024U);
  EXPECT_LE(sizeof(LowCountTracker), 1024U);
}

TEST(Detectors, HaveStableNamesAndASentence) {
  std::vector<std::string> names;
  for (const Detector& detector : all_detectors()) {
    names.emplace_back(detector.name);
    EXPECT_EQ(detector.summary.back(), '.');
  }
  EXPECT_EQ(names, (std::vector<std::string>{"failure_fraction", "low_count", "seasonal_level",
                                             "cold_start"}));
}

}  // namespace
}  // namespace lightsout
