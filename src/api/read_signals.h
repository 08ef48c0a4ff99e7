// Which series a question is about, read from the store on one grid each.
//
// Shared by /series, /series/compare and the charts, so that a figure and its twin in CSV are made
// of the same numbers.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/answer.h"
#include "api/columns.h"

namespace lightsout::api {

struct SignalQuestion {
  Entity entity;
  std::vector<std::string> signals;  // "source/metric"; empty: all of the entity itself
  TimeRange range;
  std::optional<Time> as_of;
  Seconds step{0};  // 0: the native one
  Aggregate aggregate = Aggregate::mean;
  bool baseline = false;  // as shares of what was expected
  bool expected = false;  // with what was expected
};

struct SignalAnswer {
  Series series;  // over the range, at its native step; shares when the question was for these
  std::vector<Expectation> expected;  // one for each of its samples; empty: not asked for
  Columns columns;
  std::vector<double> expected_value, expected_low, expected_high;  // as columns; or empty
};

// Series without a number in the range are among them, as missing. Errors: not_found for an entity
// or a signal that is not known, limit for a question whose answer would be too long.
Result<std::vector<SignalAnswer>> read_signals(Observatory& observatory,
                                               const SignalQuestion& question);

// ?signal=, from, until, asof, step, agg, norm and expected of a request. Without a range: the last
// seven days that have data.
Result<SignalQuestion> read_question(const ApiCall& call, const Entity& entity);
Effective echo(const SignalQuestion& question);

inline constexpr Seconds kUsualRange = std::chrono::hours(24 * 7);

}  // namespace lightsout::api
