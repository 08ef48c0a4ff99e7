// Use of circumvention tools: did it jump, or collapse? (methods 3.7)
//
// Each day is held against the median of the same weekday of the four weeks before, divided by what
// all countries did on that day (a botnet or a change in how Tor counts moves everybody at once).
// A day stands out when a negative binomial as wide as the country's own quiet half year makes it
// rarer than 1 in 10,000 (a fall: 3 in 1,000) *and* use at least doubled or fell by 30 %. An event
// stays open until use is back, so that one event is one alarm, and its days never enter a
// baseline.
//
//   const CommonMode common = common_mode_of(all_countries);
//   for (const UseChange& change : find_use_changes(series, common)) ...
//   change.label()   // "at least ten-fold"
//
// Surprising rule: below 100 users a day nothing is said at all (Wright et al. 2015): a few people
// are no crowd, and their number is nobody's business. Daily series only.
// docs/methods/circumvention.md
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "detect/anomaly.h"

namespace lightsout {

inline constexpr double kLeastUsers = 100;

// By how much use moved everywhere at once, by day. 1 where fewer than 20 countries could be held
// against their own weeks.
using CommonMode = std::map<Time, double>;
CommonMode common_mode_of(std::span<const Series> countries);

struct UseChange {
  Direction direction = Direction::fall;
  TimeRange range;    // whole days; ends where use was back, or where the data ends
  bool open = false;  // not back when the data ended
  double usual = 0;   // users on such a day
  double ratio = 1;   // of the most extreme day, against `usual` and what everybody did
  Time extreme_at;
  double grade() const;       // log2 of the ratio: 1 is a doubling, -1 a halving
  std::string label() const;  // "3.2-fold", "at least ten-fold", "down by 97 %"
};

std::vector<UseChange> find_use_changes(const Series& daily, const CommonMode& common);

// Why nothing can be said about a series; empty when something can.
std::string why_use_is_not_judged(const Series& daily);

// The median of the same weekday of the four weeks before; nullopt with fewer than three of them.
std::optional<double> usual_use(const Series& daily, std::size_t bin);

}  // namespace lightsout
