// SPDX-License-Identifier: Apache-2.0
#include "detect/seasonal.h"

#include <fmt/format.h>

#include <cmath>

#include "detect/assemble.h"
#include "detect/early.h"
#include "detect/warm_up.h"

namespace lightsout {
namespace {

bool applies(const Series& series) {
  return warm_up(series, kWarmUp).enough;
}

Detection find(const Series& series) {
  Detection detection = nothing_expected(series);
  const WarmUp start = warm_up(series, kWarmUp);
  const Parameters parameters = parameters_for(series, start.spacing);
  const Counts counts = counts_of(series, parameters, start.spacing);
  if (!start.enough) return cannot_tell(series, start.reason);

  const std::span<const Observation> history(counts.seen.data(), start.values);
  LevelTracker tracker =
      LevelTracker::start(history, parameters, start.spacing, SeasonalProfile::Shape::day);
  if (tracker.level() < kLeastLevel)
    return cannot_tell(series, "the first two weeks hold hardly anything but zeros");

  const Time judged = series.time_of(counts.bin[start.values]);
  Early early = judge_early(series, judged, counts, tracker, parameters, detection.expected);
  const Replay done = replay(counts, static_cast<std::uint32_t>(start.values), std::move(tracker),
                             parameters, series, detection.expected);
  const bool daily = start.spacing >= std::chrono::hours(20);
  const Assembly assembly{.detector = kSeasonalLevel.name,
                          .day_shape = daily ? "" : "by hour of the day",
                          .week_shape = daily ? "by day of the week" : "by hour of the week"};
  const std::string& shape = done.weekly ? assembly.week_shape : assembly.day_shape;
  detection.anomalies = assemble(series, counts, done, assembly);
  const Time from = early.judged ? early.from : judged;
  const bool two_ways = early.judged;
  join_early(std::move(early), judged, start.spacing, detection.anomalies);
  detection.trace = explain_misses(series, counts, done, parameters);
  detection.judgement = {
      .possible = true,
      .judged = {from, series.data_through()},
      .baseline = fmt::format(
          "{} d{}{}",
          (series.data_through() - series.time_of(counts.bin[0])) / std::chrono::days(1),
          shape.empty() ? "" : " ", shape),
      .reason = two_ways ? "what lies before " + format_time(judged) +
                               " was judged by a cold start and is less sure"
                         : ""};
  return detection;
}

}  // namespace

const Detector kSeasonalLevel{
    .name = "seasonal_level",
    .summary =
        "The signal left the level and daily shape that it usually has, by a likelihood "
        "ratio test (CUSUM) against 14 days of history or more.",
    .applies = applies,
    .find = find,
};

}  // namespace lightsout
