// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>

#include "core/test_data.h"
#include "detect/real_series.h"
#include "detect/surge.h"
#include "detect/tor_range.h"

namespace lightsout {
namespace {

constexpr Seconds kDay{86400};

Series daily(std::string_view id, const std::vector<double>& users) {
  Series series{.id = *SignalId::parse(id),
                .plane = Plane::circumvention,
                .begin = *parse_time("2022-01-01T00:00:00Z"),
                .step = kDay};
  for (const double value : users) {
    series.samples.push_back(value < 0 ? Sample::missing() : Sample::of(value));
  }
  return series;
}

std::vector<double> around(double usual, std::size_t days) {
  std::vector<double> users;
  for (std::size_t day = 0; day < days; ++day) {
    users.push_back(std::round(usual * (1 + 0.05 * std::sin(static_cast<double>(day * day)))));
  }
  return users;
}

// Twelve ratios of one day, and what Tor's own program makes of them.
TEST(TorRange, IsTorsToTheDigit) {
  const auto ordinary =
      ordinary_ratios({.90, .95, .98, 1.00, 1.01, 1.02, 1.03, 1.05, 1.07, 1.10, .97, 1.04});
  ASSERT_TRUE(ordinary);
  EXPECT_NEAR(ordinary->mean, 1.010, 1e-9);
  EXPECT_NEAR(ordinary->sd, 0.05244, 5e-6);
  EXPECT_NEAR(normal_quantile(0.9999), 3.7190165, 5e-8);
  const struct {
    double reference, low, high;
    std::int64_t lower, upper;
  } kCases[] = {{50, 26, 78, 21, 93},
                {100, 65, 139, 52, 167},
                {1000, 885, 1120, 721, 1349},
                {5000, 4739, 5265, 3862, 6344},
                {10000, 9630, 10374, 7848, 12500}};
  for (const auto& one : kCases) {
    EXPECT_EQ(poisson_quantile(0.0001, one.reference), one.low);
    EXPECT_EQ(poisson_quantile(0.9999, one.reference), one.high);
    const TorRange range = tor_range(*ordinary, one.reference);
    EXPECT_EQ(range.lower_whole(), one.lower);
    EXPECT_EQ(range.upper_whole(), one.upper);
  }
}

TEST(TorRange, FarRatiosAreLeftOutAndEightMustRemain) {
  std::vector<double> ratios{.97, .98, .99, 1, 1, 1.01, 1.02, 1.03};
  EXPECT_TRUE(ordinary_ratios(ratios));
  ratios.pop_back();
  EXPECT_FALSE(ordinary_ratios(ratios));
  ratios.push_back(50);  // eight, of which one is far away
  EXPECT_FALSE(ordinary_ratios(ratios));
  EXPECT_FALSE(ordinary_ratios(std::vector<double>(20, 1.0)));  // no width at all
}

TEST(TorRange, PoissonPointsAreExactAtTheEdges) {
  EXPECT_EQ(poisson_quantile(0.0001, 0), 0);
  EXPECT_EQ(poisson_quantile(0.0001, 1), 0);
  EXPECT_EQ(poisson_quantile(0.5, 1), 1);
  EXPECT_EQ(poisson_quantile(0.9999, 1), 6);
  EXPECT_GT(poisson_quantile(0.9999, 1e6), 1003700);
  EXPECT_LT(poisson_quantile(0.9999, 1e6), 1003750);
}

TEST(TorRange, NoCountriesNoDaysNoRanges) {
  EXPECT_TRUE(tor_ranges({}).of.empty());
  const std::vector<Series> few{daily("country:KZ/tor/users", around(500, 30))};
  const TorRanges ranges = tor_ranges(few);
  for (const auto& range : ranges.of[0]) EXPECT_FALSE(range);
}

TEST(UseChange, SurgesCollapsesAndSilence) {
  std::vector<double> users = around(1000, 120);
  for (std::size_t day = 80; day < 84; ++day) users[day] *= 12;
  for (std::size_t day = 100; day < 103; ++day) users[day] *= 0.04;
  const auto changes = find_use_changes(daily("country:KZ/psiphon/daily_unique_users", users), {});
  ASSERT_EQ(changes.size(), 2u);
  EXPECT_EQ(changes[0].direction, Direction::rise);
  EXPECT_EQ(changes[0].range.length(), 4 * kDay);
  EXPECT_EQ(changes[0].label(), "at least ten-fold");
  EXPECT_EQ(changes[1].direction, Direction::fall);
  EXPECT_EQ(changes[1].range.length(), 3 * kDay);
  EXPECT_EQ(changes[1].label(), "down by 96 %");
  EXPECT_TRUE(find_use_changes(daily("country:KZ/tor/users", around(1000, 400)), {}).empty());
}

TEST(UseChange, ADayAWeekAfterAnEventIsNoEvent) {
  std::vector<double> users = around(1000, 120);
  users[80] *= 0.1;
  EXPECT_EQ(find_use_changes(daily("country:KZ/tor/users", users), {}).size(), 1u);
}

TEST(UseChange, FewUsersAndShortHistoriesAreNotJudged) {
  std::vector<double> few = around(60, 120);
  few[90] = 1;
  const Series small = daily("country:KZ/tor/users", few);
  EXPECT_TRUE(find_use_changes(small, {}).empty());
  EXPECT_EQ(why_use_is_not_judged(small), "fewer than 100 users a day");
  const Series two = daily("country:KZ/tor/users", {1000, 10});
  EXPECT_EQ(why_use_is_not_judged(two), "less than three weeks of history");
  EXPECT_FALSE(why_use_is_not_judged(daily("country:KZ/tor/users", {})).empty());
  Series hourly = daily("country:KZ/tor/users", around(1000, 120));
  hourly.step = Seconds{3600};
  EXPECT_EQ(why_use_is_not_judged(hourly), "only daily numbers are judged");
}

TEST(UseChange, WhatAllCountriesDoIsDividedAway) {
  std::vector<Series> all;
  for (const char* code : {"AT", "BE", "BG", "BR", "CA", "CH", "CL", "CZ", "DE", "DK", "EE",
                           "FI", "FR", "GR", "HU", "IE", "IL", "IN", "IT", "JP", "KZ"}) {
    std::vector<double> users = around(1000, 120);
    for (std::size_t day = 80; day < 90; ++day) users[day] *= 2.8;
    all.push_back(daily(fmt::format("country:{}/tor/users", code), users));
  }
  const CommonMode common = common_mode_of(all);
  EXPECT_TRUE(find_use_changes(all[0], common).empty());
  EXPECT_FALSE(find_use_changes(all[0], {}).empty());
  EXPECT_EQ(common_mode_of({all.data(), 19}).begin()->second, 1);
}

// --- Tor's real numbers, 2011 to 2016

struct RealTor {
  std::map<std::string, Series> users;
  std::map<std::string, std::map<Time, TorRange>> ranges;  // as the file carries them
};

RealTor read_tor(const std::filesystem::path& path) {
  RealTor real{.users = real::tor_users(path), .ranges = {}};
  std::istringstream text(real::gunzip(path));
  std::string line;
  std::getline(text, line);
  while (std::getline(text, line)) {
    const auto fields = real::fields_of(line);
    std::string code = fields[1];
    for (char& c : code) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    real.ranges[code][real::time_from(fields[0])] = {std::stod(fields[5]), std::stod(fields[4])};
  }
  return real;
}

std::optional<double> at(const Series& series, Time time) {
  const auto bin = series.bin_of(time);
  return bin ? series.samples[*bin].number() : std::nullopt;
}

// The file lacks at least ten of the fifty countries that the ranges were learnt from (there is no
// US, GB, JP, IT, ES, ...), so the Normal of a day cannot be learnt from it. It is worked out from
// one row of the day instead, that with most users, and every other row must then follow.
std::map<Time, std::pair<RatioNormal, std::string>> normals_of(const RealTor& real) {
  const double point = normal_quantile(0.9999);
  std::map<Time, std::pair<double, std::string>> largest;
  for (const auto& [code, rows] : real.ranges) {
    const auto series = real.users.find(code);
    if (series == real.users.end()) continue;
    for (const auto& [day, range] : rows) {
      const auto reference = at(series->second, day - 7 * kDay);
      auto& best = largest[day];
      if (reference && *reference > best.first) best = {*reference, code};
    }
  }
  std::map<Time, std::pair<RatioNormal, std::string>> normals;
  for (const auto& [day, best] : largest) {
    if (best.first <= 0) continue;
    const TorRange range = real.ranges.at(best.second).at(day);
    const double low = range.lower / poisson_quantile(0.0001, best.first);
    const double high = range.upper / poisson_quantile(0.9999, best.first);
    normals[day] = {{(low + high) / 2, (high - low) / 2 / point}, best.second};
  }
  return normals;
}

TEST(TorRange, TheRangesOfTheRealFileFollowFromOneRowADay) {
  REQUIRE_DATA(path, "tor/tor-users-by-country-2011-2016.csv.gz");
  const RealTor real = read_tor(path);
  const auto normals = normals_of(real);
  std::size_t rows = 0, alike = 0, whole = 0;
  for (const auto& [code, days] : real.ranges) {
    const auto series = real.users.find(code);
    if (series == real.users.end()) continue;
    for (const auto& [day, theirs] : days) {
      const auto reference = at(series->second, day - 7 * kDay);
      const auto normal = normals.find(day);
      if (!reference || *reference <= 0 || normal == normals.end()) continue;
      if (normal->second.second == code) continue;  // it was learnt from
      const TorRange ours = tor_range(normal->second.first, *reference);
      const auto near = [](double a, double b) {
        return std::abs(a - b) <= 1e-6 * std::abs(b) + 1e-6;
      };
      ++rows;
      alike += near(ours.lower, theirs.lower) && near(ours.upper, theirs.upper) ? 1 : 0;
      whole += std::llabs(ours.lower_whole() - theirs.lower_whole()) <= 0 &&
                       std::llabs(ours.upper_whole() - theirs.upper_whole()) <= 0
                   ? 1
                   : 0;
    }
  }
  fmt::print("{} rows: {} ({:.3f} %) alike to 1e-6, {} ({:.3f} %) as whole users\n", rows, alike,
             100.0 * static_cast<double>(alike) / static_cast<double>(rows), whole,
             100.0 * static_cast<double>(whole) / static_cast<double>(rows));
  EXPECT_GT(rows, 250'000u);
  EXPECT_GE(static_cast<double>(alike), 0.999 * static_cast<double>(rows));
  EXPECT_GE(static_cast<double>(whole), 0.999 * static_cast<double>(rows));
}

// Runs of alarm days in one direction count as one alarm.
struct Alarms {
  std::size_t runs = 0;
  std::vector<Time> falls;  // days
};

Alarms tor_alarms(const Series& series,
                  const std::map<Time, std::pair<RatioNormal, std::string>>& normals, Time from,
                  Time to) {
  Alarms alarms;
  Time last{};
  int last_side = 0;
  for (Time day = from; day < to; day += kDay) {
    const auto users = at(series, day), reference = at(series, day - 7 * kDay);
    const auto normal = normals.find(day);
    if (!users || !reference || *reference <= 0 || normal == normals.end()) continue;
    const TorRange range = tor_range(normal->second.first, *reference);
    const int side = *users < range.lower ? -1 : *users > range.upper ? 1 : 0;
    if (side == 0) continue;
    if (side != last_side || day - last > 2 * kDay) ++alarms.runs;
    last = day;
    last_side = side;
    if (side < 0) alarms.falls.push_back(day);
  }
  return alarms;
}

bool falls_in(const std::vector<UseChange>& changes, const TimeRange& range) {
  return std::any_of(changes.begin(), changes.end(), [&](const UseChange& one) {
    return one.direction == Direction::fall && one.range.overlaps(range);
  });
}

TEST(UseChange, AThirdOfTorsFalseAlarmsAtEqualRecall) {
  REQUIRE_DATA(path, "tor/tor-users-by-country-2011-2016.csv.gz");
  const RealTor real = read_tor(path);
  const auto normals = normals_of(real);
  std::vector<Series> all;
  for (const auto& [code, series] : real.users) all.push_back(series);
  const CommonMode common = common_mode_of(all);

  // Known cuts of whole countries in those years; Tor's users fell in each.
  const struct {
    const char *code, *begin, *end;
  } kReal[] = {{"SY", "2012-11-29T00:00:00Z", "2012-12-01T00:00:00Z"},
               {"SY", "2013-05-07T00:00:00Z", "2013-05-09T00:00:00Z"},
               {"CD", "2015-01-20T00:00:00Z", "2015-01-23T00:00:00Z"}};
  for (const auto& one : kReal) {
    const TimeRange range{*parse_time(one.begin), *parse_time(one.end)};
    const Series& series = real.users.at(one.code);
    EXPECT_FALSE(tor_alarms(series, normals, range.begin, range.end).falls.empty()) << one.code;
    EXPECT_TRUE(falls_in(find_use_changes(series, common), range)) << one.code << one.begin;
  }

  std::size_t countries = 0, theirs = 0, ours = 0, injected = 0, theirs_found = 0, ours_found = 0;
  std::mt19937_64 random(2016);
  for (const Series& series : all) {
    double sum = 0, days = 0;
    for (const Sample& sample : series.samples) {
      if (const auto value = sample.number()) sum += *value, days += 1;
    }
    if (days == 0 || sum / days < 100) continue;
    ++countries;
    theirs += tor_alarms(series, normals, series.begin, series.end()).runs;
    ours += find_use_changes(series, common).size();
    for (const auto& [left, length] :
         {std::pair{0.5, 2}, {0.4, 2}, {0.3, 2}, {0.3, 1}, {0.1, 2}, {0.02, 1}}) {
      const std::size_t bin = 260 + random() % (series.size() - 270);
      const TimeRange range{series.time_of(bin), series.time_of(bin) + length * kDay};
      const auto usual = usual_use(series, bin);
      Series cut = slice(series, {range.begin - 240 * kDay, range.end});
      bool whole = usual && *usual >= kLeastUsers;
      for (Time day = range.begin; day < range.end; day += kDay) {
        const auto value = at(cut, day);
        whole = whole && value && at(cut, day - 7 * kDay);
        if (value) cut.samples[*cut.bin_of(day)] = Sample::of(std::round(*value * left));
      }
      if (!whole) continue;
      ++injected;
      theirs_found += tor_alarms(cut, normals, range.begin, range.end).falls.empty() ? 0 : 1;
      ours_found += falls_in(find_use_changes(cut, common), range) ? 1 : 0;
    }
  }
  fmt::print(
      "{} countries. Alarms: Tor's {}, ours {} ({:.0f} %). Injected drops found: Tor's {}, "
      "ours {} of {}\n",
      countries, theirs, ours, 100.0 * static_cast<double>(ours) / static_cast<double>(theirs),
      theirs_found, ours_found, injected);
  EXPECT_GE(countries, 110u);
  EXPECT_LE(3 * ours, theirs);
  EXPECT_GE(ours_found, theirs_found);
}

}  // namespace
}  // namespace lightsout
