// Common mode: our blindness is not their outage. When many unrelated countries fall together in
// one source, it is the source.
//
// Two answers, both pure. blind_ranges(): when more than 30 % of at least 20 countries are below
// 80 % of what is expected of them, in the same bin of the same source, that bin is not to be
// judged; mark_source_down() turns it into source_down before detection is run again. Countries,
// not series: a country's providers fall together for good reasons. With fewer than 20 countries in
// view nothing can be said, and nothing is.
//
//   const auto blind = blind_ranges(series, detections);          // one source, many countries
//   for (Series& s : series) s = mark_source_down(std::move(s), blind);
//
// Source: methods 3.4 step 0.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "detect/anomaly.h"

namespace lightsout {

inline constexpr std::size_t kLeastCountries = 20;
inline constexpr double kSuspectShare = 0.3;  // of the countries in view
inline constexpr double kFallenBelow = 0.8;   // of expected

// One bin of one source: the ratio observed / expected of each country in view.
struct CommonMode {
  std::size_t countries = 0;
  double fallen = 0;        // share of them below kFallenBelow
  double median_ratio = 1;  // what the source as a whole sees of the usual
  bool suspect = false;     // do not judge this bin
};
CommonMode common_mode(std::span<const double> ratios);

// The stretches in which the source is suspect. All series have to be of one source and metric and
// of one step; detections are theirs, in the same order. In order of time, not touching.
std::vector<TimeRange> blind_ranges(std::span<const Series> series,
                                    std::span<const Detection> detections);

Series mark_source_down(Series series, std::span<const TimeRange> blind);

// The series with every bin marked in which their source was blind: for each source and metric with
// enough countries among them, detection is run on all of those first.
std::vector<Series> mark_blindness(std::vector<Series> series);

}  // namespace lightsout
