// draw_series: the numbers that the sources of a scenario would have delivered, as Series.
//
// value = ordinary level x daily and weekly wave x slow noise x what the events leave (course.h),
// drawn as a count that scatters more than Poisson's, with outliers, small renumberings, bins that
// never arrived and stretches in which the source was down. The country is the sum of its
// providers and of the users that no provider of the scenario has.
//
// It deliberately is not the model of the detectors, which would only prove that they know
// themselves: the slow noise is autoregressive, or, when a pool is given, RESAMPLED from the quiet
// days of real series (block bootstrap of the ratios to what was usual; Kuensch 1989).
//
//   ResidualPool pool;
//   add_residuals(quiet_series, pool);          // a real series in which nothing happened
//   const std::vector<Series> series = draw_series(scenario, pool);
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "signal/series.h"
#include "simulate/course.h"
#include "simulate/scenario.h"

namespace lightsout {

// Quiet days of real series: for each day the ratios of its values to what was to be expected, by
// the time of day and the trend of the weeks. They are drawn for the same day of the week that they
// had, and all days of a series from one real series, so that its working week stays one.
struct ResidualPool {
  static constexpr std::size_t kDays = 4000;  // kept; what comes after is dropped

  struct Day {
    Seconds step;
    std::vector<float> ratios;  // 86400 / step of them, around 1
    unsigned weekday = 0;       // 0 is Sunday
    std::size_t series = 0;     // which of the series that were added
    bool follows = false;       // the day after the one before it in the pool
  };
  std::vector<Day> days;
  std::size_t series = 0;  // how many were added

  bool empty() const { return days.empty(); }
};

// Adds every whole day of the series in which at least nine bins of ten are numbers. Missing bins
// take the ratio of the bin before. The caller vouches that nothing happened in it. Returns how
// many days were added; 0 for a series that is shorter than a week.
std::size_t add_residuals(const Series& quiet, ResidualPool& pool);

// Country first, then the providers in their order, for each signal in the order of the text; the
// bgp signal is drawn as visible_slash24. Every series says semi_synthetic in its lineage.
std::vector<Series> draw_series(const Scenario& scenario, const ResidualPool& pool);

// The plane whose course a source follows.
Plane plane_of(const SignalModel& model);

// "asn:29355@country:KZ"
Entity entity_of(const Scenario& scenario, const Provider& provider);

}  // namespace lightsout
