// DetectionTable: what was found against what is true, one row a group of series, each figure with
// its 95 % interval.
//
//   DetectionTable table;
//   table.add("Iran 2026, five planes", series);
//   section.blocks.push_back(score_table(table.take()));
//
// Matching is that of methods 3.5 (simulate/score.h). Precision, recall, F1 and the median alarm
// resample whole series, because events of one series resemble each other; with fewer than
// kLeastSeries of them the interval of recall is Wilson's over events and the others have none.
// False alarms a series-year have Garwood's interval, so that none in half a year does not read as
// never.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "detect/anomaly.h"
#include "score/section.h"
#include "simulate/score.h"

namespace lightsout {

struct ScoredSeries {
  std::string country;  // whose mean it enters
  Seconds step{0};
  Scored scored;
  bool ends_known = true;  // false: no source says when the truths ended
};

// Every anomaly of the bad direction: falls, or rises where high is worse.
std::vector<FoundRange> bad_anomalies(const Detection& detection, Worse worse);

class DetectionTable {
 public:
  static constexpr std::size_t kLeastSeries = 5;
  static constexpr std::size_t kResamples = 1'000;

  // `labelled` false: most of what happened in these series is not known, so that precision cannot
  // be said and alarms a year hold real events.
  void add(const std::string& name, const std::vector<ScoredSeries>& series, bool labelled = true);
  ScoreTable take() { return std::move(table_); }

 private:
  ScoreTable table_{
      {"series", "series-years", "events", "found", "precision", "recall", "F1",
       "F1, mean over countries", "alarm after, p50 / p90", "in bins", "onset off by, p50 / p90",
       "length off by, p50 / p90", "false alarms a series-year"},
      {}};
};

}  // namespace lightsout
