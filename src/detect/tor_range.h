// Tor Metrics' detector of unusual numbers of users, as Tor runs it (Danezis 2011), to the digit.
//
// A country's users are held against those of seven days before. What ratio is ordinary on that day
// is learnt from the fifty countries with most users on the last day: ratios within four
// interquartile ranges of the median, at least eight of them, as a Normal. The reference itself is
// taken as a Poisson count. The product of both 0.01 % and 99.99 % points is the range.
//
//   const TorRanges ranges = tor_ranges(countries);
//   if (users < ranges.of[i][day]->lower) ...   // "possible censorship" in Tor's words
//
// Surprising rule: the fifty countries are those of the *last* day, so that old ranges change when
// data is added; `judged_on` keeps that day. It looks back seven days, hence it answers again a
// week after an event, and it raises many alarms: surge.h is ours. docs/methods/circumvention.md
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "signal/series.h"

namespace lightsout {

struct RatioNormal {
  double mean = 0;
  double sd = 0;  // of the population
};

// nullopt: fewer than eight ordinary ratios.
std::optional<RatioNormal> ordinary_ratios(std::vector<double> ratios);

struct TorRange {
  double lower = 0, upper = 0;  // users, before the fraction is dropped
  std::int64_t lower_whole() const { return lower > 0 ? static_cast<std::int64_t>(lower) : 0; }
  std::int64_t upper_whole() const { return static_cast<std::int64_t>(upper); }
};

// `reference`: users seven days before, > 0.
TorRange tor_range(const RatioNormal& ordinary, double reference);

struct TorRanges {
  Time judged_on;                                        // the last day of the data
  std::vector<std::vector<std::optional<TorRange>>> of;  // as the series, bin by bin
};

inline constexpr std::size_t kTorCountries = 50;

// Daily series of one metric, one for each country; other steps give no ranges.
TorRanges tor_ranges(std::span<const Series> countries);

// Smallest k with P(X <= k) >= p, X Poisson. mean <= 1e9; 0 < p < 1.
double poisson_quantile(double p, double mean);
double normal_quantile(double p);  // of the standard Normal

}  // namespace lightsout
