// From points in time to a Series: which step they have, and what stands in each bin.
//
// The step is the source's own, found in the distances between the points: the greatest common
// divisor of the distances that make up at least 5 % of all. An hourly column inside a half-hourly
// file has hourly points, so it becomes an hourly series with no missing half hours.
//
// When the step of a source changes on the way (Google's from 2 h to 90 min), the points on the
// commoner grid stay exactly as they are, and the others are averaged onto it, each weighted with
// the time it stands for. A bin covered less than half is missing.
//
//   GridReport report;
//   Series series = series_of(spec, points, report);
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <limits>
#include <optional>
#include <string>

#include "core/time.h"
#include "signal/series.h"

namespace lightsout {

// Rows, before one in a hundred of them (or a single one), more than a year from all others, is
// called a wrong clock.
inline constexpr std::size_t kEnoughToJudge = 8;

// How points that fall into one bin become its sample.
enum class Combine : std::uint8_t {
  latest,    // one point a bin; of two at the same time the one that arrived later
  mean,      // the average of all
  sum,       // their sum
  distinct,  // how many different values
};

struct SeriesSpec {
  SignalId id;
  Plane plane = Plane::traffic;
  Unit unit = Unit::count;
  Worse worse = Worse::low;
  std::optional<Seconds> step{};  // nullopt: found in the points
  Combine combine = Combine::latest;
  // For counts of what an input lists: a bin inside the covered time that has no point is 0.
  bool absent_is_zero = false;
};

// A spec with what the catalogue says about the signal.
SeriesSpec spec_of(SignalId id);

// 24 bytes, because millions of them wait. Seconds since 1970 fit 32 bits until 2106.
struct Point {
  static constexpr float kNone = std::numeric_limits<float>::quiet_NaN();

  std::uint32_t time = 0;
  std::uint32_t order : 30 = 0;  // of arrival
  std::uint32_t state : 2 = 0;   // SampleState
  double value = 0;
  float trials = kNone;
  float coverage = kNone;

  Sample sample() const;
};

using Points = std::deque<Point>;

struct GridReport {
  std::uint64_t repeated = 0;   // same time, same value: kept once
  std::uint64_t conflicts = 0;  // same time, another value: the later one kept
  std::uint64_t resampled = 0;  // points averaged onto the grid
  std::uint64_t irregular = 0;  // of those, in a series without any regular step
  std::uint64_t far_away = 0;   // lone points far from all others: a wrong clock
  std::uint64_t past_limit = 0;
  std::uint32_t far_away_time = 0;  // of the first of them
};

// `cover` widens the series with missing bins to the time that the input covers. The points are
// sorted and used up. `most_bins` is a limit for this series; no bins at all when no point is left.
Series series_of(const SeriesSpec& spec, Points points, const std::optional<TimeRange>& cover,
                 std::size_t most_bins, GridReport& report);

// The step of points in ascending order of time; nullopt when there is no regular one.
std::optional<Seconds> native_step(const Points& points);

}  // namespace lightsout
