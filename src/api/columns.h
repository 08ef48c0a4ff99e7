// Columns: a series as a reader of the API gets it: one bin after the other on a round grid, with
// what the least and the greatest number of each bin was.
//
// The surprising rule: a coarser step never averages an outage away. Whatever `agg` says of the
// value, `low` and `high` are the least and the greatest native number in the bin, so one dead bin
// of five minutes shows in a step of a month. At the native step they are the 90 % interval
// (Wilson 1927) of a fraction that knows its trials, else the value itself.
//
// A bin without any number has a state instead: the most frequent reason among its native bins, the
// graver of equals (source_down, suppressed, missing). The grid covers the whole range that was
// asked for; what was never measured is missing.
//
//   const Columns columns = columns_of(series, {t0, t1}, hours(1), Aggregate::min);
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "api/json_text.h"
#include "detect/anomaly.h"
#include "signal/series.h"

namespace lightsout::api {

enum class Aggregate : std::uint8_t { mean, min, max };

struct Columns {
  Time begin;
  Seconds step{0};
  Seconds native_step{0};
  std::vector<double> values;  // NaN: no number
  std::vector<double> low;
  std::vector<double> high;
  // What a value rests on: measurements where the source counts them, else native bins.
  std::vector<double> n;
  std::vector<SampleState> states;

  std::size_t size() const { return values.size(); }
  Time time_of(std::size_t bin) const { return begin + step * static_cast<std::int64_t>(bin); }
};

// `step` is raised to a multiple of the native one.
Seconds effective_step(Seconds native, Seconds asked);
// Range widened to whole steps.
TimeRange whole_steps(const TimeRange& range, Seconds step);

// `range` must be whole steps, and `step` an effective one.
Columns columns_of(const Series& series, const TimeRange& range, Seconds step, Aggregate aggregate);

// The same series as shares of what was expected; missing where nothing was expected.
Series share_of_expected(const Series& series, const std::vector<Expectation>& expected);

// "ok", "zero", "missing", "suppressed", "source_down".
std::string_view state_word(const Columns& columns, std::size_t bin);

// begin, step, native_step, values, low, high, n, state: fields of an open object.
void put_columns(JsonText& json, const Columns& columns);

}  // namespace lightsout::api
