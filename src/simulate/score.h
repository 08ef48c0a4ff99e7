// score: what was found against what is true. docs/methods/simulation.md, after methods of the
// SIGCOMM'23 labels and the NAB benchmark.
//
// A finding and a truth match when they overlap and their onsets are no further apart than 30
// minutes or a quarter of the true duration, whichever is more; each matches at most one of the
// other side, the best pairs (greatest intersection over union) first. Point-adjusted scores are
// not offered: they let chance score high (Kim et al. 2022).
//
// It takes plain ranges, so that it scores anomalies of a series, incidents, and windows alike:
//
//   Scored one{.kind = "probing", .judged = range, .truth = {...}, .found = {...}};
//   const Score score = score_of(all);
//   score.recall()
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"

namespace lightsout {

struct TrueRange {
  TimeRange range;
  double depth = 0;  // share lost, 0..1
};

struct FoundRange {
  TimeRange range;
  Time alarmed_at;  // when somebody watching live would have heard
  double depth = 0;
};

// One series (or one country): what was true of it and what was found, inside `judged`.
struct Scored {
  TimeRange judged;
  std::vector<TrueRange> truth;
  std::vector<FoundRange> found;
  // True losses that are too small to be asked for: finding one is neither right nor wrong.
  std::vector<TimeRange> minor;
};

struct DepthClass {
  double least;  // of the true depth
  std::string_view name;
};

inline constexpr std::array<DepthClass, 4> kDepthClasses = {
    {{0.0, "under 30 %"}, {0.3, "30-60 %"}, {0.6, "60-90 %"}, {0.9, "90-100 %"}}};

struct Score {
  struct Recall {
    std::size_t truths = 0;
    std::size_t found = 0;
  };

  std::size_t truths = 0;
  std::size_t found = 0;  // without those of minor losses
  std::size_t matched = 0;
  std::size_t fragments = 0;     // findings that match nothing but overlap a truth
  std::size_t false_alarms = 0;  // findings that overlap no truth at all
  double series_years = 0;
  std::array<Recall, kDepthClasses.size()> by_depth{};

  // Of the matched pairs, each ascending; seconds, except where said.
  std::vector<double> alarm_delays;     // alarm - true begin
  std::vector<double> onset_errors;     // |found - true|
  std::vector<double> onset_biases;     // found - true
  std::vector<double> end_errors;       // |found - true|
  std::vector<double> duration_errors;  // |found - true| / true, a share
  std::vector<double> depth_errors;     // |found - true| / true, a share
  std::vector<double> overlaps;         // intersection over union, a share

  double precision() const;  // matched / found; 1 when nothing was found
  double recall() const;     // matched / truths; 1 when nothing was true
  double f1() const;
  double false_alarms_per_series_year() const;
};

// Truths that begin outside of what was judged are left out, and so is what was found there.
Score score_of(std::span<const Scored> all);

// The value below which so much of the ascending values lies, nearest rank; 0 of none.
double quantile(const std::vector<double>& ascending, double share);

// Several lines for people: counts, P, R, F1, delays and errors at p50 and p90, recall by depth.
std::string describe(const Score& score);

}  // namespace lightsout
