// Words: numbers, times and the fixed vocabulary as a newspaper would print them.
//
// Between a number and its unit stands a narrow no-break space (U+202F), a minus is U+2212, a range
// an en dash; to_ascii() turns them into what a plain terminal can show.
//
//   percent(0.034)               // "3 %"
//   percent_between(0.02, 0.05)  // "2–5 %"
//   spoken(446h)                 // "nineteen days"
//   clock_both(t, zone)          // "16:30 UTC on 8 January 2026 (20:00 in Tehran, UTC+3:30)"
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "incident/incident.h"
#include "report/report.h"

namespace lightsout {

inline constexpr std::string_view kNarrow = "\u202f";

// A share 0..1 as a percentage. What is not zero never reads "0 %".
std::string percent(double share);
// A share lost: what is not all never reads "100 %": "99.7 %".
std::string loss(double share);
std::string percent_between(double low, double high);  // "2–5 %", or one figure when equal
std::string change(double share_lost);                 // "−97 %", "+12 %", "±under 1 %"
std::string times(double factor);                      // "× 5.2"

// Up to twelve digits, grouped by thousands; at most `decimals` after the point.
std::string number(double value, int decimals = 0);
std::string value_with_unit(double value, Unit unit);  // "97.4 % of its maximum", "25 000"

std::string number_word(std::size_t count);  // "nineteen", from 21 on "21"
std::string counted(std::size_t count, std::string_view one, std::string_view many);  // "one cut"

std::string spoken(Seconds duration);           // "nineteen days", "22 hours", "45 minutes"
std::string spaced_duration(Seconds duration);  // format_duration() with narrow spaces

std::string day_clock(Time time);       // "8 Jan 16:30"
std::string day_clock_utc(Time time);   // "8 Jan 16:30 UTC"
std::string date_clock_utc(Time time);  // "8 January 2026, 16:30 UTC"
std::string clock_both(Time time, const Zone& zone);
std::string local_day_clock(Time time, const Zone& zone);  // "8 Jan 20:00"; empty for UTC
std::string days_between(const TimeRange& range);          // "9–15 January 2026"
std::string from_day_to_day(const TimeRange& range);       // "from 9 to 15 January 2026"
std::string span_utc(const TimeRange& range);              // "8 Jan 16:30 – 18 Jan 04:00 UTC"

std::string city_of(const Zone& zone);  // "Tehran" for Asia/Tehran; empty for UTC

// At most `most` bytes and an ellipsis, cut between code points.
std::string clipped(const std::string& text, std::size_t most);
std::string joined(const std::vector<std::string>& parts);  // "a, b and c"
std::string capitalised(std::string text);
std::string lowered(std::string text);  // "networks answering", but "BGP" and "YouTube" stay

// How a series that did not fall is called: "stood", or "rose" when it lay a fifth above the usual.
std::string_view word_for_standing(const PlaneView& view);
std::string_view words_for(Plane plane);          // "routes (BGP)"
std::string_view words_for(PhaseKind kind);       // "near-total"
std::string_view words_for(Mechanism mechanism);  // "filtering inside the country"
std::string_view words_for(Grade grade);
std::string_view explain(Confidence confidence);  // "two or more independent kinds of measurement"
std::string_view words_for(SampleState state);

}  // namespace lightsout
