// SPDX-License-Identifier: Apache-2.0
#include "detect/cold_start.h"

#include <fmt/format.h>

#include <algorithm>

#include "detect/assemble.h"
#include "detect/warm_up.h"

namespace lightsout {
namespace {

using std::chrono::days;
using std::chrono::hours;

// One standard deviation of 10 % is granted to a level that hardly anybody has seen, and half as
// much evidence again is asked for (calibrated: cold_start_test.cc).
constexpr double kLeastPhi = 0.01;
constexpr double kMoreEvidence = 1.5;

// Half of the data, between 6 h and two days; three days when a daily shape can be learnt.
Seconds learning_time(const Series& series) {
  const Seconds all = series.data_through() - series.begin;
  if (all >= days(5)) return days(3);
  return std::clamp<Seconds>(all / 2, hours(6), hours(48));
}

bool applies(const Series& series) {
  return series.data_through() > series.begin;
}

Detection find(const Series& series) {
  const WarmUp start = warm_up(series, learning_time(series));
  if (!start.enough) return cannot_tell(series, start.reason);
  Parameters parameters = parameters_for(series, start.spacing);
  parameters.phi_floor = std::max(parameters.phi_floor, kLeastPhi);
  parameters.threshold *= kMoreEvidence;
  const Counts counts = counts_of(series, parameters, start.spacing);

  const bool daily_shape = learning_time(series) >= days(3) && start.spacing <= hours(3);
  LevelTracker tracker =
      LevelTracker::start(std::span(counts.seen).first(start.values), parameters, start.spacing,
                          daily_shape ? SeasonalProfile::Shape::day : SeasonalProfile::Shape::flat);
  if (tracker.level() < kLeastLevel)
    return cannot_tell(series, "what there is to learn from is hardly anything but zeros");

  Detection detection = nothing_expected(series);
  const Replay done = replay(counts, static_cast<std::uint32_t>(start.values), std::move(tracker),
                             parameters, series, detection.expected);
  const Assembly assembly{.detector = kColdStart.name,
                          .low_confidence = true,
                          .day_shape = daily_shape ? "by hour of the day" : ""};
  detection.anomalies = assemble(series, counts, done, assembly);
  detection.trace = explain_misses(series, counts, done, parameters);
  const Time judged = series.time_of(counts.bin[start.values]);
  const std::string baseline =
      fmt::format("{} h{}{}", (judged - series.time_of(counts.bin[0])) / hours(1),
                  daily_shape ? " " : "", assembly.day_shape);
  detection.judgement = {
      .possible = true,
      .judged = {judged, series.data_through()},
      .baseline = baseline,
      .reason = "cold start: less than 14 days of history, baseline: " + baseline};
  return detection;
}

}  // namespace

const Detector kColdStart{
    .name = "cold_start",
    .summary =
        "The signal left the level of its first hours or days; there is too little history "
        "for more, and the answer is marked as one of low confidence.",
    .applies = applies,
    .find = find,
};

}  // namespace lightsout
