// SPDX-License-Identifier: Apache-2.0
#include "source/tool_csv.h"

#include <fmt/format.h>

#include <algorithm>

#include "source/collector.h"
#include "source/csv.h"
#include "source/limits.h"
#include "source/text.h"

namespace lightsout {

namespace {

Result<std::string> metric_of(std::string_view text) {
  if (same_ignoring_case(text, "daily_unique")) return std::string("daily_unique_users");
  if (same_ignoring_case(text, "concurrent")) return std::string("concurrent_users");
  if (same_ignoring_case(text, "demand")) return std::string("demand");
  return Error{ErrorKind::malformed,
               fmt::format("'{}' does not say what was counted: daily_unique (different people in "
                           "a day), concurrent (at one moment) or demand",
                           shown(text))};
}

class ToolReader {
 public:
  ToolReader(Collector& collector, std::size_t input) : collector_(collector), input_(input) {}

  void read(ByteSource& source) {
    CsvTable table(source, collector_.name_of(input_), collector_.damage());
    const auto date = table.column("date"), country = table.column("country"),
               metric = table.column("metric"), value = table.column("value");
    if (!date || !country || !metric || !value) {
      return collector_.damaged(input_, 0, 0, "no columns date, country, metric and value");
    }
    const auto tool = table.column("tool");
    CsvRow row;
    while (table.next(row)) {
      const Status read = read_row(row, *date, *country, tool, *metric, *value);
      if (read.ok()) continue;
      collector_.damaged(input_, row.offset, row.bytes,
                         fmt::format("line {}: {}", row.line, read.error().message));
    }
  }

 private:
  Status read_row(const CsvRow& row, std::size_t date, std::size_t country,
                  std::optional<std::size_t> tool, std::size_t metric, std::size_t value) {
    const Result<Time> time = parse_file_time(row.fields[date]);
    if (!time) return time.error();
    const auto code = country_code(trimmed(row.fields[country]));
    if (!code) {
      return Error{ErrorKind::malformed,
                   fmt::format("'{}' is no country", shown(row.fields[country], 8))};
    }
    const Result<std::string> counted = metric_of(trimmed(row.fields[metric]));
    if (!counted) return counted.error();
    const std::string name = tool ? slug(row.fields[*tool].substr(0, 40)) : "psiphon";
    Result<SignalId> id = SignalId::parse(fmt::format("country:{}/{}/{}", *code, name, *counted));
    if (!id) return id.error();
    SeriesSpec spec = spec_of(std::move(*id));
    spec.plane = Plane::circumvention;
    spec.unit = *counted == "demand" ? Unit::index : Unit::count;
    spec.step = Seconds{86400};
    const Unit unit = spec.unit;
    const auto handle = collector_.series(std::move(spec));
    if (!handle) return Error{ErrorKind::limit, fmt::format("more than {} series", kMostSeries)};
    const std::string_view text = trimmed(row.fields[value]);
    if (text.empty()) {
      collector_.add(*handle, input_, *time, Sample::missing());
      return {};
    }
    const Result<double> users = parse_sample(text, unit);
    if (!users) return users.error();
    collector_.add(*handle, input_, *time, Sample::of(*users));
    return {};
  }

  Collector& collector_;
  std::size_t input_;
};

}  // namespace

bool recognises_tool_csv(std::string_view head, const ReadOptions&) {
  const std::vector<std::string> names = csv_header(head);
  const auto has = [&](std::string_view wanted) {
    return std::any_of(names.begin(), names.end(),
                       [&](const std::string& name) { return same_ignoring_case(name, wanted); });
  };
  return has("date") && has("country") && has("metric") && has("value");
}

Reading read_tool_csv(std::span<const Input> inputs, const ReadOptions&) {
  Collector collector(inputs);
  read_each(collector, inputs,
            [&](std::size_t i, ByteSource& source) { ToolReader(collector, i).read(source); });
  return collector.finish();
}

}  // namespace lightsout
