// Time: UTC seconds, half-open ranges, and bins.
//
// Everything inside is UTC and whole seconds. A range is [begin, end): its end is the first second
// that does not belong to it, so ranges that touch share no second. A bin of width w begins at a
// multiple of w since 1970-01-01T00:00:00Z. Local time exists only at the rim, see zone.h.
//
//   const Time onset = *parse_time("2022-01-05T10:30:00Z");
//   format_time(onset)      // "2022-01-05T10:30:00Z"
//   format_duration(4h+30min)  // "4 h 30 min"
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "core/result.h"

namespace lightsout {

using Seconds = std::chrono::seconds;
using Time = std::chrono::sys_seconds;

struct TimeRange {
  Time begin;
  Time end;  // one past

  Seconds length() const { return end - begin; }
  bool empty() const { return end <= begin; }
  bool contains(Time time) const { return begin <= time && time < end; }
  bool overlaps(const TimeRange& other) const { return begin < other.end && other.begin < end; }
  auto operator<=>(const TimeRange&) const = default;
};

// The begin of the bin of `width` that holds `time`. width > 0.
Time bin_begin(Time time, Seconds width);

// Reads RFC 3339 ("2022-01-05T10:30:00Z", with offset, with a blank for the T, without seconds),
// a date ("2022-01-05"), or Unix seconds ("1641378600"). A text without an offset is UTC.
// Years 1970 to 2105 only: beyond them a file's clock is wrong, not the world.
Result<Time> parse_time(std::string_view text);

// "2022-01-05T10:30:00Z", always.
std::string format_time(Time time);

// "5 January 2022", "5 Jan", "10:30": for people, in UTC. Shift the time first for local text.
std::string format_date(Time time);
std::string format_date_short(Time time);
std::string format_clock(Time time);

// "45 s", "12 min", "4 h 30 min", "18 d 14 h": the two largest units, rounded down.
std::string format_duration(Seconds duration);

}  // namespace lightsout
