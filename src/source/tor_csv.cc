// SPDX-License-Identifier: Apache-2.0
#include "source/tor_csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "source/collector.h"
#include "source/csv.h"
#include "source/text.h"

namespace lightsout {

namespace {

struct Layout {
  std::size_t date = 0;
  std::size_t users = 0;
  std::optional<std::size_t> country, transport, frac, coverage, instances;
  bool bridges = false;
  bool several_a_day = false;  // one row for each bridge
};

bool has(const std::vector<std::string>& names, std::string_view wanted) {
  return std::any_of(names.begin(), names.end(),
                     [&](const std::string& name) { return same_ignoring_case(name, wanted); });
}

std::optional<Layout> layout_of(const CsvTable& table) {
  const auto date = table.column("date");
  auto users = table.column("users");
  if (!users) users = table.column("actual_users");
  if (!date || !users) return std::nullopt;
  Layout layout{.date = *date,
                .users = *users,
                .country = table.column("country"),
                .transport = table.column("transport"),
                .frac = table.column("frac"),
                .coverage = table.column("coverage"),
                .instances = table.column("num_instances")};
  if (!layout.country && !layout.transport) return std::nullopt;
  const bool relays = has(table.names(), "lower") || has(table.names(), "actual_users");
  layout.bridges = layout.transport || !relays;
  layout.several_a_day = has(table.names(), "fingerprint");
  return layout;
}

// "<OR>" is a bridge without a transport on top, "!<OR>" any transport.
std::string transport_metric(std::string_view name) {
  if (name == "<OR>") return "bridge_users.default";
  if (name == "!<OR>") return "bridge_users.any_transport";
  return "bridge_users." + slug(name.substr(0, 40));
}

class TorReader {
 public:
  TorReader(Collector& collector, std::size_t input) : collector_(collector), input_(input) {}

  void read(ByteSource& source) {
    CsvTable table(source, collector_.name_of(input_), collector_.damage());
    const std::optional<Layout> layout = layout_of(table);
    if (!layout) {
      collector_.damaged(input_, 0, 0, "no columns date, users and country or transport");
      return;
    }
    if (has(table.names(), "event_censor")) {
      collector_.note(input_, "the ranges and events of Tor's own detector are not read");
    }
    CsvRow row;
    while (table.next(row)) {
      const Status read = read_row(*layout, row);
      if (!read) collector_.damaged(input_, row, read.error());
    }
  }

 private:
  Status read_row(const Layout& layout, const CsvRow& row) {
    const Result<Time> date = parse_file_time(row.fields[layout.date]);
    if (!date) return date.error();
    const Result<std::optional<Collector::Handle>> series = series_of(layout, row);
    if (!series) return series.error();
    if (!*series) return {};  // no country, and counted
    const std::string_view users = trimmed(row.fields[layout.users]);
    if (users.empty()) {
      collector_.add(**series, input_, *date, Sample::missing());
      return {};
    }
    const Result<double> value = parse_sample(users, Unit::count);
    if (!value) return value.error();
    const Result<float> coverage = coverage_of(layout, row);
    if (!coverage) return coverage.error();
    collector_.add(**series, input_, *date, Sample::of(*value), Point::kNone, *coverage);
    return {};
  }

  Result<float> coverage_of(const Layout& layout, const CsvRow& row) const {
    if (layout.frac && !trimmed(row.fields[*layout.frac]).empty()) {
      const Result<double> percent = parse_sample(row.fields[*layout.frac], Unit::percent);
      if (!percent) return percent.error();
      return static_cast<float>(std::min(*percent, 100.0) / 100);
    }
    if (layout.coverage && layout.instances) {
      const Result<double> covered = parse_sample(row.fields[*layout.coverage], Unit::count);
      if (!covered) return covered.error();
      const Result<double> all = parse_sample(row.fields[*layout.instances], Unit::count);
      if (!all) return all.error();
      return *all > 0 ? static_cast<float>(std::min(*covered / *all, 1.0)) : 0.0f;
    }
    return Point::kNone;
  }

  Result<std::optional<Collector::Handle>> series_of(const Layout& layout, const CsvRow& row) {
    const std::string_view country =
        layout.country ? trimmed(row.fields[*layout.country]) : std::string_view{};
    const std::string_view transport =
        layout.transport ? trimmed(row.fields[*layout.transport]) : std::string_view{};
    const std::string key = fmt::format("{}\n{}", country, transport);
    const auto known = known_.find(key);
    if (known != known_.end()) return std::optional(known->second);

    std::string entity = "service:tor";
    if (!country.empty()) {
      const std::optional<std::string> code = country_code(country);
      if (!code) {
        collector_.count(input_,
                         fmt::format("rows of '{}', which is no country", shown(country, 8)));
        return std::optional<Collector::Handle>{};
      }
      entity = "country:" + *code;
    }
    const std::string metric = layout.transport ? transport_metric(transport)
                               : layout.bridges ? "bridge_users"
                                                : "users";
    Result<SignalId> id = SignalId::parse(entity + "/tor/" + metric);
    if (!id) return id.error();
    SeriesSpec spec{.id = std::move(*id),
                    .plane = Plane::circumvention,
                    .unit = Unit::count,
                    .worse = Worse::low,
                    .step = Seconds{86400},
                    .combine = layout.several_a_day ? Combine::sum : Combine::latest};
    const Result<Collector::Handle> handle = collector_.series(std::move(spec));
    if (!handle) return handle.error();
    known_.emplace(key, *handle);
    return std::optional(*handle);
  }

  Collector& collector_;
  std::size_t input_;
  std::unordered_map<std::string, Collector::Handle> known_;
};

}  // namespace

bool recognises_tor_csv(std::string_view head, const ReadOptions&) {
  const std::vector<std::string> names = csv_header(head);
  if (!has(names, "date")) return false;
  const bool served = has(names, "users") && has(names, "frac");
  const bool of_bridges =
      has(names, "users") && has(names, "fingerprint") && has(names, "transport");
  const bool with_events = has(names, "actual_users") && has(names, "event_censor");
  return (served || of_bridges || with_events) &&
         (has(names, "country") || has(names, "transport"));
}

Reading read_tor_csv(std::span<const Input> inputs, const ReadOptions&) {
  Collector collector(inputs);
  read_each(collector, inputs,
            [&](std::size_t i, ByteSource& source) { TorReader(collector, i).read(source); });
  return collector.finish();
}

}  // namespace lightsout
