// SPDX-License-Identifier: Apache-2.0
#include "incident/curve.h"

#include <gtest/gtest.h>

#include <cmath>

#include "incident/test_incident.h"

namespace lightsout::incident {
namespace {

using testing_incident::at;

constexpr double kBlank = -1;

// A series of half hours from at(1) with an expectation of 100, and blanks where the value is < 0.
struct Told {
  Series series{.id = *SignalId::parse("country:KZ/probing/slash24_up")};
  Detection detection{.signal = series.id};

  explicit Told(const std::vector<double>& values, double expected = 100) {
    series.begin = at(1);
    series.step = Seconds{1800};
    detection.judgement.possible = true;
    for (const double value : values) {
      series.samples.push_back(value < 0 ? Sample::missing() : Sample::of(value));
      const auto level = static_cast<float>(expected);
      detection.expected.push_back({level, level * 0.9F, level * 1.1F});
    }
  }
  Curve curve() const { return make_curve(series, detection); }
  TimeRange all() const { return series.range(); }
  Time bin(std::size_t index) const { return series.time_of(index); }
};

std::vector<double> join(std::initializer_list<std::pair<std::size_t, double>> runs) {
  std::vector<double> values;
  for (const auto& [count, value] : runs) values.insert(values.end(), count, value);
  return values;
}

TEST(Curve, LossIsAShareOfWhatWasExpected) {
  struct Case {
    const char* name;
    Worse worse;
    Unit unit;
    double value, expected, loss;
  };
  for (const Case& test : {
           Case{"half gone", Worse::low, Unit::count, 50, 100, 0.5},
           Case{"zero is a number", Worse::low, Unit::count, 0, 100, 1},
           Case{"more than expected", Worse::low, Unit::count, 150, 100, -0.5},
           Case{"failures rose", Worse::high, Unit::fraction, 0.9, 0.1, 0.8},
           Case{"twice as slow", Worse::high, Unit::milliseconds, 200, 100, 0.5},
       }) {
    SCOPED_TRACE(test.name);
    Told told({test.value}, test.expected);
    told.series.worse = test.worse;
    told.series.unit = test.unit;
    EXPECT_NEAR(told.curve().loss[0], test.loss, 1e-6);
  }
}

TEST(Curve, WhatWasNotMeasuredHasNoLoss) {
  Told told({50, kBlank, 50});
  told.detection.expected[2].value = std::nanf("");
  const Curve curve = told.curve();
  EXPECT_TRUE(curve.known(0));
  EXPECT_FALSE(curve.known(1));
  EXPECT_FALSE(curve.known(2));
  EXPECT_NEAR(loss_over(curve, told.all())->value, 0.5, 1e-6);
  EXPECT_FALSE(loss_over(curve, {told.bin(1), told.bin(3)}).has_value());
  // Nothing was expected, so nothing can be missing.
  EXPECT_FALSE(Told({0}, 0).curve().known(0));
}

TEST(Curve, BinsThatTouchARange) {
  const Told told(join({{4, 100}}));
  struct Case {
    Seconds begin, end;
    std::size_t first, last;
  };
  for (const Case& test :
       {Case{Seconds{0}, Seconds{7200}, 0, 4}, Case{Seconds{1800}, Seconds{3600}, 1, 2},
        Case{Seconds{1799}, Seconds{1801}, 0, 2}, Case{Seconds{-900}, Seconds{900}, 0, 1},
        Case{Seconds{5400}, Seconds{999999}, 3, 4}, Case{Seconds{7200}, Seconds{9000}, 0, 0},
        Case{Seconds{900}, Seconds{900}, 0, 0}}) {
    const BinRange bins = bins_in(told.series, {at(1) + test.begin, at(1) + test.end});
    EXPECT_EQ(bins.first, test.first) << test.begin.count();
    EXPECT_EQ(bins.last, test.last) << test.begin.count();
  }
}

TEST(Curve, ATroughIsItsFloorAndNotItsEdges) {
  // Down in three steps, a flicker, a blank, and back.
  const Told told(
      join({{10, 100}, {2, 55}, {10, 4}, {1, 60}, {1, kBlank}, {10, 4}, {2, 54}, {9, 99}}));
  const auto trough = find_trough(told.curve(), told.all());
  ASSERT_TRUE(trough.has_value());
  EXPECT_NEAR(trough->depth.value, 0.96, 1e-6);
  EXPECT_LE(trough->depth.low, 0.96);
  EXPECT_GE(trough->depth.high, 0.96);
  EXPECT_EQ(trough->range.begin, told.bin(12));
  EXPECT_EQ(trough->range.end, told.bin(34));
  EXPECT_NEAR(trough->lowest, 0.04, 1e-6);
}

TEST(Curve, AGlitchOfOneBinIsNoTrough) {
  const Told told(join({{10, 100}, {1, 0}, {10, 100}, {5, 70}, {10, 100}}));
  const auto trough = find_trough(told.curve(), told.all());
  ASSERT_TRUE(trough.has_value());
  EXPECT_NEAR(trough->depth.value, 0.3, 1e-6);
  EXPECT_FALSE(find_trough(Told(join({{20, 101}})).curve(), told.all()).has_value());
  EXPECT_FALSE(find_trough(Told(join({{20, kBlank}})).curve(), told.all()).has_value());
}

TEST(Curve, ReturnedMeansToStay) {
  struct Case {
    const char* name;
    std::vector<double> values;
    std::optional<std::size_t> back;  // bin
  };
  for (const Case& test : {
           Case{"at once", join({{10, 100}, {20, 5}, {20, 98}}), 30},
           Case{"never", join({{10, 100}, {40, 5}}), std::nullopt},
           Case{"for one bin", join({{10, 100}, {39, 5}, {1, 100}}), std::nullopt},
           Case{"not far enough", join({{10, 100}, {20, 5}, {20, 60}}), std::nullopt},
           Case{"down again", join({{10, 100}, {20, 5}, {20, 98}, {6, 5}, {20, 98}}), 56},
           Case{"down again at the end", join({{10, 100}, {20, 5}, {30, 98}, {6, 5}}),
                std::nullopt},
           Case{"a weaker hour later does not undo it",
                join({{10, 100}, {20, 5}, {20, 98}, {4, 50}, {20, 98}}), 30},
           Case{"slowly, past 70 %", join({{10, 100}, {20, 5}, {4, 60}, {20, 90}}), 34},
           Case{"with blanks between", join({{10, 100}, {20, 5}, {10, kBlank}, {20, 98}}), 40},
       }) {
    SCOPED_TRACE(test.name);
    const Told told(test.values);
    const auto trough = find_trough(told.curve(), told.all());
    ASSERT_TRUE(trough.has_value());
    const auto back = find_return(told.curve(), told.all(), *trough);
    ASSERT_EQ(back.has_value(), test.back.has_value());
    if (!back) continue;
    EXPECT_EQ(back->value, told.bin(*test.back));
    EXPECT_LE(back->earliest, back->value);
    EXPECT_GE(back->latest, back->value);
  }
}

TEST(Curve, FellBetweenTheLastBinBeforeAndTheFirstBelow) {
  const Told told(join({{10, 100}, {3, kBlank}, {20, 5}}));
  const auto trough = find_trough(told.curve(), told.all());
  ASSERT_TRUE(trough.has_value());
  const TimeEstimate fell = find_fall(told.curve(), told.all(), *trough);
  EXPECT_EQ(fell.value, told.bin(13));
  EXPECT_EQ(fell.earliest, told.bin(9));
  EXPECT_EQ(fell.latest, told.bin(14));
}

TEST(Curve, CountsSamplesByState) {
  Told told({0, 5, kBlank, 7});
  told.series.samples.push_back(Sample::suppressed());
  told.series.samples.push_back(Sample::source_down());
  const SampleCounts counts = count_samples(told.series, told.series.range());
  EXPECT_EQ(counts.numbers, 3U);
  EXPECT_EQ(counts.zeros, 1U);
  EXPECT_EQ(counts.missing, 1U);
  EXPECT_EQ(counts.suppressed, 1U);
  EXPECT_EQ(counts.source_down, 1U);
}

TEST(Curve, BearingFollowsPlaneUnitAndDirection) {
  struct Case {
    const char* id;
    Bearing bearing;
  };
  for (const Case& test : {Case{"country:KZ/bgp/visible_slash24", Bearing::connectivity},
                           Case{"country:KZ/bgp/update_rate", Bearing::context},
                           Case{"country:KZ/probing/slash24_up", Bearing::connectivity},
                           Case{"country:KZ/traffic/requests", Bearing::connectivity},
                           Case{"country:KZ/ooni/anomaly_fraction", Bearing::service},
                           Case{"country:KZ/ooni/measurements", Bearing::context},
                           Case{"country:KZ/tor/users", Bearing::circumvention}}) {
    testing_incident::Story story;
    story.add(test.id, {});
    EXPECT_EQ(static_cast<int>(bearing_of(story.series[0])), static_cast<int>(test.bearing))
        << test.id;
  }
}

}  // namespace
}  // namespace lightsout::incident
