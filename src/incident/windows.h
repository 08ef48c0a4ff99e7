// Windows: the stretches inside an incident in which people could get online, and their rhythm.
//
// A window is read off each series by itself and then agreed on: at least half of the struck series
// that are fine enough to see it must have seen it, and its edges are those of the finest ones.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "incident/course.h"

namespace lightsout::incident {

std::vector<Window> find_windows(const std::vector<Witness>& witnesses, const Course& course);

// Circular statistics of starts (methods.md 3.4 step 8). Looks for the largest set of starts within
// 30 minutes of one time of day, at most one a day, and calls it curfew-like when it has three or
// more, R > 0.95, whole days between, and would come about by chance less than once in a hundred.
Recurrence find_recurrence(std::vector<Time> starts, std::string_view what);

// The starts that find_recurrence() speaks of, in order of time: the largest set that keeps to one
// time of day, at most one of each day.
std::vector<Time> largest_rhythm(std::vector<Time> starts);

inline constexpr std::size_t kMaxWindows = 1000;  // of one incident; the earliest are kept

}  // namespace lightsout::incident
