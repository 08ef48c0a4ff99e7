// The round times along a figure, and the table of its data.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "report/chart.h"
#include "report/escape.h"
#include "report/thin.h"
#include "report/words.h"
#include "signal/catalogue.h"

namespace lightsout {

namespace {

constexpr std::array<std::int64_t, 16> kSteps{
    900,       1800,      3600,      2 * 3600,  3 * 3600,   6 * 3600,   12 * 3600,  86400,
    2 * 86400, 3 * 86400, 5 * 86400, 7 * 86400, 14 * 86400, 30 * 86400, 60 * 86400, 120 * 86400};
constexpr std::int64_t kMostTicks = 10;
constexpr std::int64_t kLongestTick = 14 * 86400;  // beyond it the ticks are first days of months

// The instant at which a zone's clocks showed this. The offset is the one in force then: a change
// of the clocks inside a figure moves what follows it.
Time as_utc(Time shown, const Zone& zone) {
  const Time near = shown - zone.offset_at(shown);
  return shown - zone.offset_at(near);
}

// First days of every month, or of every second, third, sixth or twelfth.
std::vector<Tick> calendar_ticks(const TimeRange& range, const Zone& zone) {
  using std::chrono::year_month;
  using std::chrono::year_month_day;
  const auto month_of = [&](Time time) {
    const year_month_day day{std::chrono::floor<std::chrono::days>(zone.local(time))};
    return static_cast<int>(day.year()) * 12 +
           static_cast<int>(static_cast<unsigned>(day.month())) - 1;
  };
  const int first = month_of(range.begin);
  const int last = month_of(range.end);
  int step = 1;
  for (const int candidate : {1, 2, 3, 6, 12, 24, 60, 120}) {
    step = candidate;
    if ((last - first) / candidate <= kMostTicks) break;
  }
  std::vector<Tick> list;
  for (int month = (first + step - 1) / step * step; month <= last; month += step) {
    const year_month_day day{std::chrono::year{month / 12},
                             std::chrono::month{static_cast<unsigned>(month % 12 + 1)},
                             std::chrono::day{1}};
    const Time shown{std::chrono::sys_days{day}};
    const Time at = as_utc(shown, zone);
    if (!range.contains(at)) continue;
    const std::string date = format_date(shown);  // "1 January 2026"
    const std::string year = date.substr(date.size() - 4);
    list.push_back(
        {at, step % 12 == 0 ? year : date.substr(2, 3) + " " + year, (month / step) % 2 == 0});
  }
  return list;
}

// The step of the table: a whole number of bins of the coarsest series is not needed, round hours
// are.
Seconds table_step(const TimeRange& range, std::size_t most_rows) {
  for (const std::int64_t step : kSteps) {
    if (range.length().count() / step < static_cast<std::int64_t>(most_rows)) return Seconds{step};
  }
  return Seconds{range.length().count() / static_cast<std::int64_t>(most_rows) + 1};
}

std::string most_common_state(const Series& part) {
  std::array<std::size_t, 4> counts{};
  for (const Sample& sample : part.samples) ++counts[static_cast<std::size_t>(sample.state())];
  std::size_t worst = 1;
  for (std::size_t state = 2; state < counts.size(); ++state) {
    if (counts[state] > counts[worst]) worst = state;
  }
  return std::string(words_for(static_cast<SampleState>(worst)));
}

Cell level_cell(const Series& series, const Detection* detection, const TimeRange& stretch) {
  // One bin more on the left: a bin that began before the stretch may reach into it.
  const Series part = slice(series, stretch);
  if (part.samples.empty()) return {"\u2013", Tone::soft};
  double sum = 0;
  double usual = 0;
  std::size_t numbers = 0;
  bool all_expected = detection != nullptr && detection->expected.size() == series.size();
  for (std::size_t i = 0; i < part.size(); ++i) {
    const auto value = part.samples[i].number();
    if (!value) continue;
    sum += *value;
    ++numbers;
    if (!all_expected) continue;
    const auto bin = series.bin_of(part.time_of(i));
    const float expected = bin ? detection->expected[*bin].value : NAN;
    if (std::isfinite(expected)) {
      usual += expected;
    } else {
      all_expected = false;
    }
  }
  if (numbers == 0) return {most_common_state(part), Tone::soft};
  if (all_expected && usual > 0 && series.unit != Unit::fraction) return {percent(sum / usual)};
  return {value_with_unit(sum / static_cast<double>(numbers), series.unit), Tone::soft};
}

}  // namespace

std::vector<Tick> ticks(const TimeRange& range, const Zone& zone) {
  if (range.empty()) return {};
  std::int64_t step = 0;
  for (const std::int64_t candidate : kSteps) {
    if (candidate <= kLongestTick && range.length().count() / candidate <= kMostTicks) {
      step = candidate;
      break;
    }
  }
  if (step == 0) return calendar_ticks(range, zone);
  std::vector<Tick> list;
  const auto begin = zone.local(range.begin).time_since_epoch().count();
  // Whole days are counted from the first day shown, so that the labels begin there.
  const std::int64_t origin = step > 86400 ? (begin + 86399) / 86400 * 86400 : 0;
  std::int64_t local = origin + (begin - origin + step - 1) / step * step;
  if (local < begin) local += step;
  for (int i = 0; i <= kMostTicks + 1; ++i, local += step) {
    const Time shown{Seconds{local}};
    const Time at = as_utc(shown, zone);
    if (at >= range.end) break;
    if (at < range.begin) continue;
    const bool midnight = local % 86400 == 0;
    list.push_back({at, midnight ? format_date_short(shown) : format_clock(shown), i % 2 == 0});
  }
  return list;
}

std::optional<double> lowest_share(const Series& series, const Detection* detection,
                                   const TimeRange& stretch) {
  if (detection == nullptr || detection->expected.size() != series.size()) return std::nullopt;
  std::optional<double> lowest;
  const auto [first, last] = bins_within(series, stretch);
  for (std::size_t i = first; i < last; ++i) {
    const auto value = series.samples[i].number();
    const double usual = detection->expected[i].value;
    if (!value || !std::isfinite(usual)) continue;
    double share = 1;
    if (series.worse == Worse::high) {
      const double room = series.unit == Unit::fraction ? 1 - usual : usual;
      share = 1 - (*value - usual) / std::max(room, 1e-9);
    } else if (usual > 0) {
      share = *value / usual;
    } else {
      continue;  // nothing was expected, so nothing can be missing
    }
    lowest = lowest ? std::min(*lowest, share) : share;
  }
  return lowest;
}

std::string alt_text(const Subject& subject, std::size_t index) {
  const Series& series = subject.series(index);
  const PlaneView* view = subject.view(series.id);
  std::string text = fmt::format("{} in {}, {}.", clean_text(label_of(series.id)), subject.place,
                                 days_between(subject.shown));
  const Series part = slice(series, subject.shown);
  std::size_t missing = 0;
  std::size_t zero = 0;
  for (const Sample& sample : part.samples) {
    missing += !sample.is_number();
    zero += sample.is_number() && sample.value() == 0;
  }
  if (view != nullptr && view->judged && view->fell) {
    text += fmt::format(" Left the usual at {}", day_clock_utc(view->fell_at.value));
    if (subject.incident->direction == Direction::fall) {
      text += fmt::format(", down to {} of expected; lowest {} at {}",
                          percent(std::max(0.0, 1 - view->depth.value)), percent(view->lowest),
                          day_clock_utc(view->lowest_at));
    }
    text += view->returned ? fmt::format("; back at {}.", day_clock_utc(view->returned->value))
                           : std::string("; not back in the data.");
  } else if (view != nullptr && view->judged) {
    text += " Stayed within what was expected or near it.";
  } else if (view != nullptr) {
    text += " Could not be judged.";
  }
  if (zero > 0) text += fmt::format(" {} bins are zero.", number(static_cast<double>(zero)));
  if (missing > 0) {
    text += fmt::format(" {} bins have no number.", number(static_cast<double>(missing)));
  }
  return text;
}

Table figure_table(const Subject& subject, const std::vector<std::size_t>& indices,
                   std::size_t most_rows) {
  Table table;
  table.columns = {{"From, UTC"}};
  for (const std::size_t index : indices) {
    const SignalId& id = subject.series(index).id;
    const bool part = subject.incident == nullptr
                          ? id.entity() != subject.report.investigation.entity
                          : id.entity() != subject.incident->entity;
    table.columns.push_back(
        {part ? subject.part_name(id.entity()) : clean_text(label_of(id)), true});
  }
  const TimeRange& range = subject.shown;
  if (range.empty() || indices.empty()) return table;
  const Seconds step = table_step(range, most_rows);
  for (Time begin = bin_begin(range.begin, step); begin < range.end; begin += step) {
    const TimeRange stretch{std::max(begin, range.begin), std::min(begin + step, range.end)};
    std::vector<Cell> row{
        {step.count() % 86400 == 0 ? format_date_short(begin) : day_clock(stretch.begin)}};
    for (const std::size_t index : indices) {
      row.push_back(level_cell(subject.series(index), subject.detection(index), stretch));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace lightsout
