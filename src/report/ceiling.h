// Ceiling: how high the axis of a plot reaches, and the curve on it.
//
// What is expected fits with room, and a lone spike may not flatten the rest: it is cut off and
// `clipped` says so. What stays high is the news and is shown whole. An index has no natural zero:
// its axis begins below its lowest.
//
//   const Ceiling ceiling = ceiling_of(series, detection, range, {.columns = 720, .height = 640});
//   for (const Run& run : thin_runs(series, range, ceiling.scale)) draw_run(path, run);
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "detect/anomaly.h"
#include "report/svg.h"
#include "report/thin.h"

namespace lightsout {

struct Ceiling {
  PlotScale scale;
  double highest = 0;
  bool clipped = false;
};

// `scale` says how large the plot is and how exact its line; its bottom and top are found here.
// Without a detection nothing is expected.
Ceiling ceiling_of(const Series& series, const Detection* detection, const TimeRange& range,
                   const PlotScale& scale);

void draw_run(SvgPath& path, const Run& run);

}  // namespace lightsout
