// Rhythm: how much of the time it was dark, whether the cuts keep to a time of day, and when the
// next one is to be expected if they go on like that.
//
// A cut begins where connectivity was lost: at the near-total begin of an incident (its onset where
// it has none) and at the end of each window. All falls of connectivity of one entity are taken
// together, since exams three days apart are incidents of their own.
//
// Whether starts keep to a time of day is asked twice: of all of them, by Rayleigh's test on the
// circle of the day (Mardia and Jupp, Directional Statistics, 2000, section 6.3; p by Zar 1999, eq.
// 27.4), and of the largest set that does (find_recurrence, windows.h), since nightly cuts in an
// unrest have others between them. The next start is the last of that set, plus a whole number of
// days as between those before, at their mean time of day; its 90 % interval is made of the
// shortest and the longest of these gaps and of the spread of the times of day.
//
// Surprising rule: gaps that have passed without a cut are no longer expected. When all have, the
// rhythm has ended, and that is said instead of a date.
//
//   const Rhythm rhythm = rhythm_of(investigation.incidents, incident.entity, incident.known_at);
//   if (rhythm.cuts.next) say(rhythm.cuts.next->value);   // else rhythm.cuts.text says why not
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "incident/incident.h"

namespace lightsout {

struct Starts {
  std::size_t count = 0;
  double rayleigh_r = 0;             // mean resultant length of all, 0..1
  double rayleigh_p = 1;             // that starts without a time of day would lie as close
  std::size_t matching = 0;          // that keep to one time of day
  double by_chance = 1;              // that so many would
  Seconds time_of_day{0};            // mean of those, UTC
  std::optional<TimeEstimate> next;  // nullopt: no regularity, or it has ended; `text` says which
  std::string text;                  // "9 of 9 cuts begin within 4 min of 03:00 UTC; ..."
};

struct Rhythm {
  Seconds dark{0};
  Seconds span{0};                   // from the first cut to the last end
  std::optional<double> duty_cycle;  // dark / span; nullopt without a cut
  Starts cuts;
  Starts windows;
};

// Of the falls of connectivity of `entity` among the incidents. `known_at`: the data reached to
// here.
Rhythm rhythm_of(std::span<const Incident> incidents, const Entity& entity, Time known_at);

// The same of bare starts; `what` is what they are called: "cuts".
Starts starts_of(std::vector<Time> starts, std::string_view what, Time known_at);

inline constexpr std::size_t kLeastForNext = 4;  // starts that keep to a time of day: three gaps
inline constexpr double kNextByChance = 0.01;    // and by chance less often than this
inline constexpr std::chrono::days kLongestGap{14};  // longer ones are two stories

}  // namespace lightsout
