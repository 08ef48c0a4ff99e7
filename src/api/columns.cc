// SPDX-License-Identifier: Apache-2.0
#include "api/columns.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <tuple>
#include <utility>

namespace lightsout::api {

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kZ90 = 1.6448536269514722;  // of the standard normal: 5 % lie above

// Wilson (1927), "Probable inference", equation for p given n trials.
std::pair<double, double> wilson(double share, double trials) {
  const double z2 = kZ90 * kZ90;
  const double centre = (share + z2 / (2 * trials)) / (1 + z2 / trials);
  const double half = kZ90 / (1 + z2 / trials) *
                      std::sqrt(share * (1 - share) / trials + z2 / (4 * trials * trials));
  return {std::max(0.0, centre - half), std::min(1.0, centre + half)};
}

struct Bin {
  double sum = 0;
  double weight = 0;
  double low = 0;
  double high = 0;
  double n = 0;
  std::size_t numbers = 0;
  std::array<std::size_t, 4> states{};
};

double trials_of(const Series& series, std::size_t bin) {
  if (series.trials.empty()) return kNaN;
  return static_cast<double>(series.trials[bin]);
}

void add(Bin& bin, const Series& series, std::size_t index) {
  const Sample& sample = series.samples[index];
  ++bin.states[static_cast<std::size_t>(sample.state())];
  if (!sample.is_number()) return;
  const double value = sample.value();
  const double trials = trials_of(series, index);
  // A fraction of more trials counts for more; where trials are unknown each bin counts the same.
  const double weight = std::isfinite(trials) && trials > 0 ? trials : 1;
  bin.sum += value * weight;
  bin.weight += weight;
  bin.low = bin.numbers == 0 ? value : std::min(bin.low, value);
  bin.high = bin.numbers == 0 ? value : std::max(bin.high, value);
  bin.n += weight;
  ++bin.numbers;
}

SampleState state_of(const Bin& bin) {
  if (bin.numbers > 0) return SampleState::number;
  SampleState best = SampleState::missing;
  std::size_t most = 0;
  for (const SampleState state :
       {SampleState::source_down, SampleState::suppressed, SampleState::missing}) {
    const std::size_t count = bin.states[static_cast<std::size_t>(state)];
    if (count > most) {
      most = count;
      best = state;
    }
  }
  return best;
}

double value_of(const Bin& bin, Aggregate aggregate) {
  if (bin.numbers == 0) return kNaN;
  if (aggregate == Aggregate::min) return bin.low;
  if (aggregate == Aggregate::max) return bin.high;
  // A mean of equal numbers is that number, without the last digit that rounding would cost.
  return bin.low == bin.high ? bin.low : bin.sum / bin.weight;
}

template <typename Put>
void put_numbers(JsonText& json, std::string_view key, const std::vector<double>& numbers,
                 Put put) {
  json.list(key, numbers, put);
}

}  // namespace

Seconds effective_step(Seconds native, Seconds asked) {
  if (asked <= native) return native;
  const std::int64_t times = (asked.count() + native.count() - 1) / native.count();
  return native * times;
}

TimeRange whole_steps(const TimeRange& range, Seconds step) {
  const Time begin = bin_begin(range.begin, step);
  const Time end = bin_begin(range.end + step - Seconds(1), step);
  return {begin, end};
}

Columns columns_of(const Series& series, const TimeRange& range, Seconds step,
                   Aggregate aggregate) {
  const auto count = static_cast<std::size_t>(range.length() / step);
  std::vector<Bin> bins(count);
  for (std::size_t i = 0; i < series.size(); ++i) {
    const Time time = series.time_of(i);
    if (!range.contains(time)) continue;
    add(bins[static_cast<std::size_t>((time - range.begin) / step)], series, i);
  }
  Columns columns{.begin = range.begin,
                  .step = step,
                  .native_step = series.step,
                  .values = {},
                  .low = {},
                  .high = {},
                  .n = {},
                  .states = {}};
  columns.values.reserve(count);
  columns.low.reserve(count);
  columns.high.reserve(count);
  columns.n.reserve(count);
  columns.states.reserve(count);
  const bool counted = series.unit == Unit::fraction && !series.trials.empty();
  for (const Bin& bin : bins) {
    const double value = value_of(bin, aggregate);
    double low = bin.numbers == 0 ? kNaN : bin.low;
    double high = bin.numbers == 0 ? kNaN : bin.high;
    if (counted && bin.numbers == 1 && value >= 0 && value <= 1 && bin.n > 0) {
      std::tie(low, high) = wilson(value, bin.n);
    }
    columns.values.push_back(value);
    columns.low.push_back(low);
    columns.high.push_back(high);
    columns.n.push_back(bin.n);
    columns.states.push_back(state_of(bin));
  }
  return columns;
}

Series share_of_expected(const Series& series, const std::vector<Expectation>& expected) {
  Series shares = series;
  shares.trials.clear();
  shares.unit = Unit::index;
  for (std::size_t i = 0; i < shares.samples.size(); ++i) {
    const std::optional<double> number = series.samples[i].number();
    if (!number) continue;
    const double usual =
        i < expected.size() ? static_cast<double>(expected[i].value) : std::nan("");
    shares.samples[i] =
        std::isfinite(usual) && usual > 0 ? Sample::of(*number / usual) : Sample::missing();
  }
  return shares;
}

std::string_view state_word(const Columns& columns, std::size_t bin) {
  switch (columns.states[bin]) {
    case SampleState::number:
      return columns.values[bin] == 0 ? "zero" : "ok";
    case SampleState::suppressed:
      return "suppressed";
    case SampleState::source_down:
      return "source_down";
    case SampleState::missing:
      break;
  }
  return "missing";
}

void put_columns(JsonText& json, const Columns& columns) {
  json.moment("begin", columns.begin);
  json.moment("end", columns.time_of(columns.size()));
  json.field("step", columns.step.count());
  json.field("native_step", columns.native_step.count());
  const auto put = [&](double value) { json.put(value); };
  put_numbers(json, "values", columns.values, put);
  put_numbers(json, "low", columns.low, put);
  put_numbers(json, "high", columns.high, put);
  put_numbers(json, "n", columns.n, put);
  json.name("state");
  std::size_t bin = 0;
  json.list(columns.states, [&](SampleState) { json.put_word(state_word(columns, bin++)); });
}

}  // namespace lightsout::api
