// Thin: a curve of many thousand bins as a path of a few hundred points that still shows each
// outage.
//
// Bins that share a pixel column are reduced to their first, lowest, highest and last, in the order
// of time, so a single bin at zero is still drawn at zero. Then points that lie on the line between
// their neighbours within a tolerance are left away (Ramer 1972, Douglas and Peucker 1973). A bin
// without a number ends the run: two runs are never joined.
//
//   for (const Run& run : thin_runs(series, range, {.columns = 720, .top = 1520, .height = 640}))
//     ...run.points...
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>
#include <vector>

#include "detect/anomaly.h"
#include "signal/series.h"

namespace lightsout {

struct PlotScale {
  int columns = 720;     // units across the range
  double bottom = 0;     // the value at the axis
  double top = 1;        // the value at the upper edge; higher ones are drawn there
  int height = 640;      // units from the axis to the upper edge
  double tolerance = 4;  // units of height by which a drawn line may miss a point

  int y_of(double value) const;  // 0 is the upper edge
};

struct PlotPoint {
  int x = 0;
  int y = 0;
  bool operator==(const PlotPoint&) const = default;
};

struct Run {
  std::vector<PlotPoint> points;
};

// Bins in a row with one state, in units of x; at least one unit wide.
struct ColumnRun {
  SampleState state = SampleState::missing;
  int begin = 0;
  int end = 0;
  std::size_t bins = 0;
  bool operator==(const ColumnRun&) const = default;
};

// The bins that reach into the range: [first, second).
std::pair<std::size_t, std::size_t> bins_within(const Series& series, const TimeRange& range);

int x_of(Time time, const TimeRange& range, int columns);

std::vector<Run> thin_runs(const Series& series, const TimeRange& range, const PlotScale& scale);

// Polygons between what is expected low and high; broken where nothing is expected.
std::vector<Run> thin_band(const Series& series, const std::vector<Expectation>& expected,
                           const TimeRange& range, const PlotScale& scale);

// Stretches without a number, by state.
std::vector<ColumnRun> gaps(const Series& series, const TimeRange& range, int columns);

// Stretches in which the number is exactly zero.
std::vector<ColumnRun> zeros(const Series& series, const TimeRange& range, int columns);

}  // namespace lightsout
