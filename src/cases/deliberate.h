// Deliberate or accident? Indicators, each with what it adds, and a probability only where it was
// calibrated.
//
// The question is put to the course of an incident, never to a person: no output names who did it,
// and the words are "consistent with". What each indicator adds is a share of log-odds (nats),
//
//   log odds = intercept + sum over indicators of weight * (value - centre)
//
// so an indicator that was not measured adds nothing. A probability is given only by a model all of
// whose indicators were measured; otherwise the indicators stand alone, and the answer is "cannot
// tell how likely". Weights are in cases/deliberate.fit, with the command that fits them
// (docs/methods/deliberate.md).
//
//   const Deliberation found = deliberate(incident, investigation.incidents, asked, zone);
//   for (const IndicatorLine& line : found.lines) ...
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cases/elsewhere.h"
#include "core/zone.h"
#include "incident/incident.h"

namespace lightsout {

// Those that the labelled list allows to fit. Each is 0 or 1; 1 is what is expected of an order.
enum class Indicator : std::uint8_t {
  on_the_hour,       // begins at :00 local
  on_the_half_hour,  // begins at :30 local
  same_hour_again,   // at the same time of day (15 min) one to four whole days before
  at_night,          // begins 00:00 to 05:59 local
  all_planes,        // routes, probing and traffic all fell
  alone,             // no other country was struck within ten minutes
  quiet_before,      // no outage off that time of day in the sixty days before
  round_end,         // ends at :00 or :30 local
  round_length,      // lasts a multiple of half an hour
  lasts,             // for an hour or longer
};
inline constexpr std::size_t kIndicators = 10;
using IndicatorValues = std::array<std::optional<double>, kIndicators>;

inline constexpr Seconds kSameHour{15 * 60};
inline constexpr std::chrono::days kQuietDays{60};

// What one outage and those before it say, for a list of outages as for an incident. Times local.
struct OutageTimes {
  Time begin;                 // local
  std::optional<Time> end;    // local
  std::vector<Time> earlier;  // local begins of the same country's earlier outages
};
void add_clock_indicators(const OutageTimes& outage, IndicatorValues& values);

struct FittedModel {
  std::string name;  // "whole", "onset", "whole-alone", "onset-alone"
  std::vector<Indicator> uses;
  std::vector<double> weight;  // as `uses`, >= 0
  std::vector<double> centre;
  double intercept = 0;
  double slope = 1;  // of the calibration: probability = 1 / (1 + exp(-(slope * log odds + shift)))
  double shift = 0;
  std::size_t deliberate = 0;  // rows it was fitted on
  std::size_t accidents = 0;

  double log_odds(const IndicatorValues& values) const;  // not calibrated
  double probability(const IndicatorValues& values) const;
  bool knows_all(const IndicatorValues& values) const;
};

Result<std::vector<FittedModel>> parse_fit(std::string_view text);
std::string fit_text(const std::vector<FittedModel>& models);
// Those of cases/deliberate.fit; empty when the program was built without it.
const std::vector<FittedModel>& built_in_fit();

enum class Leaning : std::uint8_t { deliberate, accident, neither, not_measured };

std::string_view name_of(Leaning leaning);  // "deliberate", ..., "not_measured"

struct IndicatorLine {
  std::string name;    // "begins on the hour, local time"
  std::string detail;  // "17:00 in Tehran"
  Leaning leaning = Leaning::not_measured;
  std::optional<double> adds;  // nats, of the model; nullopt: not fitted, or not measured
};

struct Deliberation {
  std::vector<IndicatorLine> lines;
  std::optional<double> probability;  // nullopt: cannot tell
  // What the model begins with before any indicator, in nats at even odds beforehand. With the
  // probability only; the sum of it and of all `adds` is the log odds of the probability, but for
  // the bound of 99 %.
  std::optional<double> begins_with;
  std::string model;  // of the probability
  std::size_t fitted_on_deliberate = 0;
  std::size_t fitted_on_accidents = 0;
  std::string summary;  // one sentence, "consistent with ..."
};

// `others` are all incidents of the same investigation; `asked` the range it looked at; `elsewhere`
// what other countries did.
Deliberation deliberate(const Incident& incident, std::span<const Incident> others,
                        const TimeRange& asked, const Zone& zone, const Elsewhere& elsewhere = {});

std::string_view name_of(Indicator indicator);
std::string_view words_for(Indicator indicator);

}  // namespace lightsout
