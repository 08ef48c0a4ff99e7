// SPDX-License-Identifier: Apache-2.0
#include "source/tidy_csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_map>

#include "signal/catalogue.h"
#include "source/collector.h"
#include "source/csv.h"
#include "source/limits.h"
#include "source/text.h"

namespace lightsout {

namespace {

constexpr std::string_view kNeeded[] = {"time", "entity", "signal", "value"};
constexpr std::int64_t kLongestStep = 366 * 86400;  // seconds

struct Layout {
  std::size_t time, entity, signal, value;
  std::optional<std::size_t> plane, unit, worse, step, state, trials, coverage;
};

std::optional<Layout> layout_of(const CsvTable& table) {
  for (const std::string_view name : kNeeded) {
    if (!table.column(name)) return std::nullopt;
  }
  return Layout{.time = *table.column("time"),
                .entity = *table.column("entity"),
                .signal = *table.column("signal"),
                .value = *table.column("value"),
                .plane = table.column("plane"),
                .unit = table.column("unit"),
                .worse = table.column("worse"),
                .step = table.column("step"),
                .state = table.column("state"),
                .trials = table.column("trials"),
                .coverage = table.column("coverage")};
}

std::string_view field(const CsvRow& row, const std::optional<std::size_t>& column) {
  return column ? trimmed(row.fields[*column]) : std::string_view{};
}

// The first row of a series declares what it is; the catalogue fills in what it leaves open.
Result<SeriesSpec> spec_of_row(const Layout& layout, const CsvRow& row) {
  const std::string text =
      fmt::format("{}/{}", field(row, layout.entity), field(row, layout.signal));
  if (!is_utf8(text)) return Error{ErrorKind::malformed, "the signal's name is not UTF-8"};
  Result<SignalId> id = SignalId::parse(text);
  if (!id) return id.error();
  SeriesSpec spec = spec_of(std::move(*id));
  if (const auto name = field(row, layout.plane); !name.empty()) {
    const Result<Plane> plane = parse_plane(name);
    if (!plane) return plane.error();
    spec.plane = *plane;
  }
  if (const auto name = field(row, layout.unit); !name.empty()) {
    const Result<Unit> unit = parse_unit(name);
    if (!unit) return unit.error();
    spec.unit = *unit;
  }
  if (const auto name = field(row, layout.worse); !name.empty()) {
    const Result<Worse> worse = parse_worse(name);
    if (!worse) return worse.error();
    spec.worse = *worse;
  }
  if (const auto name = field(row, layout.step); !name.empty()) {
    const std::optional<std::uint64_t> step = parse_count(name);
    if (!step || *step == 0 || *step > kLongestStep) {
      return Error{ErrorKind::malformed, fmt::format("'{}' is not a step in seconds, 1 to {}",
                                                     shown(name), kLongestStep)};
    }
    spec.step = Seconds{static_cast<std::int64_t>(*step)};
  }
  return spec;
}

Result<Sample> sample_of(const Layout& layout, const CsvRow& row, Unit unit, bool decimal_comma) {
  const std::string_view state = field(row, layout.state);
  if (state == name_of(SampleState::suppressed)) return Sample::suppressed();
  if (state == name_of(SampleState::source_down)) return Sample::source_down();
  if (state == name_of(SampleState::missing)) return Sample::missing();
  if (!state.empty() && state != name_of(SampleState::number)) {
    return Error{
        ErrorKind::malformed,
        fmt::format("'{}' is not a state; one of: number, missing, suppressed, source_down",
                    shown(state))};
  }
  const std::string_view text = field(row, layout.value);
  if (text.empty()) return Sample::missing();
  const Result<double> value = parse_sample(text, unit, decimal_comma);
  if (!value) return value.error();
  return Sample::of(*value);
}

Result<float> share_of(std::string_view text, float most, std::string_view what) {
  if (text.empty()) return Point::kNone;
  const Result<double> value = parse_number(text);
  if (!value || *value < 0 || *value > most) {
    return Error{ErrorKind::malformed, fmt::format("'{}' cannot be {}", shown(text), what)};
  }
  return static_cast<float>(*value);
}

class TidyReader {
 public:
  TidyReader(Collector& collector, std::size_t input) : collector_(collector), input_(input) {}

  void read(ByteSource& source) {
    CsvTable table(source, collector_.name_of(input_), collector_.damage());
    const std::optional<Layout> layout = layout_of(table);
    if (!layout) {
      collector_.damaged(input_, 0, 0, "no columns time, entity, signal and value");
      return;
    }
    CsvRow row;
    while (table.next(row)) {
      const Status read = read_row(*layout, row, table.decimal_comma());
      if (!read) collector_.damaged(input_, row, read.error());
    }
  }

 private:
  struct Known {
    Collector::Handle handle;
    Unit unit;
  };

  Status read_row(const Layout& layout, const CsvRow& row, bool decimal_comma) {
    const Result<Time> time = parse_file_time(row.fields[layout.time]);
    if (!time) return time.error();
    const Result<Known> known = series_of_row(layout, row);
    if (!known) return known.error();
    const Result<Sample> sample = sample_of(layout, row, known->unit, decimal_comma);
    if (!sample) return sample.error();
    const Result<float> trials = share_of(field(row, layout.trials), 1e9f, "a number of trials");
    if (!trials) return trials.error();
    const Result<float> coverage = share_of(field(row, layout.coverage), 1, "a coverage, 0 to 1");
    if (!coverage) return coverage.error();
    collector_.add(known->handle, input_, *time, *sample, *trials, *coverage);
    return {};
  }

  // Names are parsed once for each series, not once for each row.
  Result<Known> series_of_row(const Layout& layout, const CsvRow& row) {
    key_.assign(row.fields[layout.entity]);
    key_ += '\n';
    key_ += row.fields[layout.signal];
    const auto found = known_.find(key_);
    if (found != known_.end()) return found->second;
    Result<SeriesSpec> spec = spec_of_row(layout, row);
    if (!spec) return spec.error();
    const Unit unit = spec->unit;
    const Result<Collector::Handle> handle = collector_.series(std::move(*spec));
    if (!handle) return handle.error();
    return known_.emplace(key_, Known{*handle, unit}).first->second;
  }

  Collector& collector_;
  std::size_t input_;
  std::string key_;
  std::unordered_map<std::string, Known> known_;
};

// A region's name may hold a comma.
std::string quoted_where_needed(const std::string& text) {
  return text.find(',') == std::string::npos ? text : '"' + text + '"';
}

}  // namespace

bool recognises_tidy_csv(std::string_view head, const ReadOptions&) {
  const std::vector<std::string> names = csv_header(head);
  return std::all_of(std::begin(kNeeded), std::end(kNeeded), [&](std::string_view needed) {
    return std::any_of(names.begin(), names.end(),
                       [&](const std::string& name) { return same_ignoring_case(name, needed); });
  });
}

Reading read_tidy_csv(std::span<const Input> inputs, const ReadOptions&) {
  Collector collector(inputs);
  read_each(collector, inputs,
            [&](std::size_t i, ByteSource& source) { TidyReader(collector, i).read(source); });
  return collector.finish();
}

void write_tidy_csv(std::span<const Series> series,
                    const std::function<void(std::string_view)>& write) {
  constexpr std::size_t kPiece = 64 << 10;
  std::string text;
  if (std::any_of(series.begin(), series.end(),
                  [](const Series& one) { return one.semi_synthetic(); })) {
    text += "# SEMI-SYNTHETIC: made by lightsout simulate, not measured\n";
  }
  text += "time,entity,signal,value,state,plane,unit,worse,step,trials,coverage\n";
  for (const Series& one : series) {
    const std::string names = fmt::format(",{},{}/{},", quoted_where_needed(one.id.entity().text()),
                                          one.id.source(), one.id.metric());
    const std::string what = fmt::format(",{},{},{},{},", name_of(one.plane), name_of(one.unit),
                                         name_of(one.worse), one.step.count());
    for (std::size_t bin = 0; bin < one.size(); ++bin) {
      const Sample& sample = one.samples[bin];
      text += format_time(one.time_of(bin)) + names;
      if (sample.is_number()) fmt::format_to(std::back_inserter(text), "{}", sample.value());
      fmt::format_to(std::back_inserter(text), ",{}{}", name_of(sample.state()), what);
      if (!one.trials.empty()) fmt::format_to(std::back_inserter(text), "{}", one.trials[bin]);
      text += ',';
      if (!one.coverage.empty()) fmt::format_to(std::back_inserter(text), "{}", one.coverage[bin]);
      text += '\n';
      if (text.size() > kPiece) {
        write(text);
        text.clear();
      }
    }
  }
  write(text);
}

}  // namespace lightsout
