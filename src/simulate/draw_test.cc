// SPDX-License-Identifier: Apache-2.0
#include "simulate/draw.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <numeric>

#include "core/test_data.h"
#include "simulate/random.h"
#include "simulate/test_scenario.h"

namespace lightsout {
namespace {

const Scenario& small_scenario() {
  static const Scenario scenario = *parse_scenario(kSmallScenario);
  return scenario;
}

const std::vector<Series>& small_series() {
  static const std::vector<Series> series = draw_series(small_scenario(), ResidualPool{});
  return series;
}

const Series& series_of(std::string_view id) {
  for (const Series& series : small_series()) {
    if (series.id.text() == id) return series;
  }
  ADD_FAILURE() << "no series " << id;
  return small_series().front();
}

double mean_of(const Series& series, std::string_view from, std::string_view to) {
  const Series part = slice(series, {*parse_time(from), *parse_time(to)});
  double sum = 0;
  std::size_t numbers = 0;
  for (const Sample& sample : part.samples) {
    if (!sample.is_number()) continue;
    sum += sample.value();
    ++numbers;
  }
  return numbers > 0 ? sum / static_cast<double>(numbers) : std::nan("");
}

TEST(Random, IsTheGeneratorOfThePaperAndDrawsWhatItSays) {
  Rng rng(42);
  EXPECT_EQ(rng.next(), 1546998764402558742u);  // xoshiro256** after splitmix64(42)
  double sum = 0;
  double squares = 0;
  constexpr int kDraws = 200'000;
  for (int i = 0; i < kDraws; ++i) {
    const auto count = static_cast<double>(rng.negative_binomial(100, 50));
    sum += count;
    squares += count * count;
  }
  const double mean = sum / kDraws;
  EXPECT_NEAR(mean, 100, 0.2);
  EXPECT_NEAR(squares / kDraws - mean * mean, 100 + 100.0 * 100 / 50, 6);
  EXPECT_EQ(rng.poisson(0), 0u);
  EXPECT_EQ(rng.poisson(std::nan("")), 0u);
}

TEST(Random, AForkDoesNotDependOnWhatWasDrawn) {
  Rng one(7);
  Rng other(7);
  (void)other.next();
  EXPECT_EQ(one.fork("a").next(), other.fork("a").next());
  EXPECT_NE(one.fork("a").next(), one.fork("b").next());
}

TEST(Draw, TheCountryIsTheSumOfItsProvidersAndOfThoseNotNamed) {
  // Probing: every network belongs to a provider. Traffic: 10 % of the users have none here.
  const Series& country = series_of("country:XA/probing/slash24_up");
  const Series& mobile = series_of("asn:64600@country:XA/probing/slash24_up");
  const Series& fixed = series_of("asn:64601@country:XA/probing/slash24_up");
  ASSERT_EQ(country.size(), 9u * 144u);
  for (std::size_t bin = 0; bin < country.size(); ++bin) {
    ASSERT_EQ(country.samples[bin].value(),
              mobile.samples[bin].value() + fixed.samples[bin].value());
  }
  const double all = mean_of(series_of("country:XA/traffic/requests"), "2022-01-02", "2022-01-05");
  const double mine =
      mean_of(series_of("asn:64600@country:XA/traffic/requests"), "2022-01-02", "2022-01-05") +
      mean_of(series_of("asn:64601@country:XA/traffic/requests"), "2022-01-02", "2022-01-05");
  EXPECT_NEAR(mine / all, 0.9, 0.01);
}

struct LevelCase {
  const char* name;
  const char* signal;
  const char* from;
  const char* to;
  double least;  // share of the mean of 2 to 4 January
  double most;
};

// Whole days where there is a daily wave, so that it averages out.
const LevelCase kLevelCases[] = {
    {"dark", "asn:64600@country:XA/probing/slash24_up", "2022-01-05T11:00Z", "2022-01-06T08:00Z",
     0.02, 0.2},
    {"window", "asn:64600@country:XA/probing/slash24_up", "2022-01-06T08:00Z", "2022-01-06T12:00Z",
     0.85, 1.05},
    {"dark again", "asn:64600@country:XA/probing/slash24_up", "2022-01-06T12:00Z",
     "2022-01-07T02:00Z", 0.02, 0.2},
    {"restored", "asn:64600@country:XA/probing/slash24_up", "2022-01-07T02:20Z",
     "2022-01-08T00:00Z", 0.95, 1.05},
    {"traffic in the dark", "asn:64600@country:XA/traffic/requests", "2022-01-05T10:30Z",
     "2022-01-06T08:00Z", 0.06, 0.14},
    {"routes stay", "country:XA/bgp/visible_slash24", "2022-01-05T10:30Z", "2022-01-07T02:00Z",
     0.93, 1.02},
    {"data centres stay from the 6th", "asn:64601@country:XA/probing/slash24_up",
     "2022-01-06T00:00Z", "2022-01-06T08:00Z", 0.14, 0.25},
    {"routes withdrawn", "asn:64601@country:XA/bgp/visible_slash24", "2022-01-08T06:00Z",
     "2022-01-08T18:00Z", 0, 0.01},
    {"not the other one's", "asn:64600@country:XA/bgp/visible_slash24", "2022-01-08T06:00Z",
     "2022-01-08T18:00Z", 0.9, 1.1},
    {"psiphon surges", "country:XA/psiphon/daily_unique_users", "2022-01-05", "2022-01-06", 4.2,
     5.8},
    {"tor does not", "country:XA/tor/users", "2022-01-05", "2022-01-06", 0.85, 1.15},
};

TEST(Draw, TheNumbersFollowTheScript) {
  for (const LevelCase& c : kLevelCases) {
    const Series& series = series_of(c.signal);
    const double share =
        mean_of(series, c.from, c.to) / mean_of(series, "2022-01-02", "2022-01-05");
    EXPECT_GE(share, c.least) << c.name;
    EXPECT_LE(share, c.most) << c.name;
  }
}

TEST(Draw, AGapIsSourceDownAndNotZero) {
  const Series& series = series_of("country:XA/telescope/unique_source_ips");
  const Series gap = slice(series, {*parse_time("2022-01-03"), *parse_time("2022-01-03T06:00Z")});
  ASSERT_EQ(gap.size(), 36u);
  for (const Sample& sample : gap.samples) EXPECT_EQ(sample.state(), SampleState::source_down);
}

TEST(Draw, EverySeriesSaysThatItIsSemiSynthetic) {
  for (const Series& series : small_series()) EXPECT_TRUE(series.semi_synthetic());
}

TEST(Truth, NamesTheCutItsWindowAndTheReturn) {
  const Entity mobile = *Entity::parse("asn:64600@country:XA");
  const std::vector<TrueEvent> events = truth_of(small_scenario(), mobile, Plane::data);
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(format_time(events[0].range.begin), "2022-01-05T10:30:00Z");
  EXPECT_EQ(format_time(events[0].range.end), "2022-01-07T02:15:00Z");
  EXPECT_NEAR(events[0].depth, 0.9, 1e-6);
  ASSERT_EQ(events[0].windows.size(), 1u);
  EXPECT_EQ(format_time(events[0].windows[0].begin), "2022-01-06T08:00:00Z");
  EXPECT_EQ(format_time(events[0].windows[0].end), "2022-01-06T12:00:00Z");

  EXPECT_TRUE(truth_of(small_scenario(), mobile, Plane::control).empty());
  const Entity fixed = *Entity::parse("asn:64601@country:XA");
  EXPECT_EQ(truth_of(small_scenario(), fixed, Plane::control).size(), 1u);
  // The second cut begins more than a day after the first has ended: another event.
  EXPECT_EQ(truth_of(small_scenario(), fixed, Plane::data).size(), 2u);
}

TEST(Truth, AHolidayIsNoEvent) {
  const std::vector<TrueEvent> events =
      truth_of(small_scenario(), small_scenario().entity, Plane::traffic);
  for (const TrueEvent& event : events) EXPECT_GE(event.range.begin, *parse_time("2022-01-05"));
}

TEST(Course, MeansOfPiecesAddUp) {
  std::string text(kSmallScenario);
  text += "cut mobile from 2022-01-09T00:00Z to 2022-01-09T12:00Z depth 80% over 2h source \"x\"\n";
  const Scenario scenario = *parse_scenario(text);
  const Course course = course_of(scenario, parts_of(scenario)[0], Plane::data);
  const Time begin = *parse_time("2022-01-09T00:00Z");
  EXPECT_DOUBLE_EQ(course.at(begin - Seconds{1}), 1);
  EXPECT_NEAR(course.at(begin + Seconds{3600}), 0.6, 1e-3);
  EXPECT_NEAR(course.at(begin + Seconds{7200}), 0.2, 1e-9);
  EXPECT_NEAR(course.mean({begin, begin + Seconds{7200}}), 0.6, 1e-3);
  EXPECT_NEAR(course.mean({begin - Seconds{3600}, begin}), 1, 1e-9);
  EXPECT_NEAR(course.mean({begin - Seconds{7200}, begin + Seconds{7200}}), 0.8, 1e-3);
  EXPECT_NEAR(course.mean({begin, begin + Seconds{86400}}), (0.6 * 2 + 0.2 * 10 + 12) / 24, 1e-3);
}

Series quiet_fortnight() {
  Series series{.id = *SignalId::parse("country:XA/traffic/requests"),
                .begin = *parse_time("2022-01-01"),
                .step = Seconds{3600}};
  for (int bin = 0; bin < 14 * 24; ++bin) {
    const double usual = bin % 24 < 12 ? 50 : 100;
    series.samples.push_back(Sample::of(bin / 24 == 5 ? usual * 1.1 : usual));
  }
  return series;
}

TEST(Residuals, AreTheRatiosToWhatTheHourUsuallyHas) {
  ResidualPool pool;
  Series series = quiet_fortnight();
  series.samples[7 * 24 + 3] = Sample::missing();
  for (int slot = 0; slot < 12; ++slot) series.samples[9 * 24 + slot] = Sample::missing();
  EXPECT_EQ(add_residuals(series, pool), 13u);  // the day that is half missing does not count
  for (const float ratio : pool.days[5].ratios) EXPECT_NEAR(ratio, 1.1, 1e-6);
  for (const float ratio : pool.days[7].ratios) EXPECT_NEAR(ratio, 1, 1e-6);
  EXPECT_EQ(add_residuals(slice(series, {series.begin, *parse_time("2022-01-05")}), pool), 0u);
}

TEST(Residuals, LeaveOutTheTrendAndKeepTheWeekTogether) {
  Series series = quiet_fortnight();
  series.samples.clear();
  for (int bin = 0; bin < 28 * 24; ++bin) {
    const int day = bin / 24;
    series.samples.push_back(Sample::of(100 * (1 + 0.01 * day) * (day % 7 == 4 ? 0.8 : 1)));
  }
  ResidualPool pool;
  EXPECT_EQ(add_residuals(series, pool), 28u);
  for (std::size_t day = 0; day < pool.days.size(); ++day) {
    for (const float ratio : pool.days[day].ratios) {
      EXPECT_NEAR(ratio, day % 7 == 4 ? 0.8 : 1, 0.04);
    }
  }
  // 1 January 2022 was a Saturday, so the low days are Wednesdays, and are drawn for Wednesdays.
  EXPECT_EQ(pool.days[4].weekday, 3u);
  Scenario scenario = small_scenario();
  scenario.signals = {*find_signal(scenario, "traffic")};
  scenario.signals[0].wave = 0;
  scenario.events.clear();
  const Series drawn = draw_series(scenario, pool).front();
  EXPECT_NEAR(mean_of(drawn, "2022-01-05T12:00Z", "2022-01-06") /
                  mean_of(drawn, "2022-01-04T12:00Z", "2022-01-05"),
              0.8, 0.04);
  EXPECT_FALSE(pool.days[0].follows);
  EXPECT_TRUE(pool.days[1].follows);
}

TEST(Residuals, OfARealQuietMonthStayAroundOne) {
  REQUIRE_DATA(path, "series/ioda-iran-20251201-20260129-normalized.csv");
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  Series series{.id = *SignalId::parse("country:IR/ioda-probing/slash24_up"),
                .begin = *parse_time("2025-12-01"),
                .step = Seconds{1800}};
  constexpr std::size_t kProbing = 4;  // column
  while (series.size() < 31u * 48u && std::getline(file, line)) {
    std::size_t at = 0;
    for (std::size_t column = 0; column < kProbing; ++column) at = line.find(',', at) + 1;
    const std::string cell = line.substr(at, line.find(',', at) - at);
    series.samples.push_back(cell.empty() ? Sample::missing() : Sample::of(std::stod(cell)));
  }
  ResidualPool pool;
  EXPECT_GE(add_residuals(series, pool), 28u);
  for (const ResidualPool::Day& day : pool.days) {
    const double mean = std::accumulate(day.ratios.begin(), day.ratios.end(), 0.0) / 48;
    EXPECT_NEAR(mean, 1, 0.05);
  }
}

TEST(Residuals, ReplaceTheModelledNoise) {
  ResidualPool pool;
  Series series = quiet_fortnight();
  add_residuals(series, pool);
  for (ResidualPool::Day& day : pool.days) {
    for (float& ratio : day.ratios) ratio = 3;
  }
  const std::vector<Series> drawn = draw_series(small_scenario(), pool);
  const double with = mean_of(drawn[drawn.size() - 1], "2022-01-02", "2022-01-05");
  EXPECT_NEAR(with / 2000, 3, 0.4);
}

}  // namespace
}  // namespace lightsout
