// SPDX-License-Identifier: Apache-2.0
#include "source/ioda_csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "source/collector.h"
#include "source/csv.h"
#include "source/text.h"

namespace lightsout {

namespace {

constexpr std::string_view kTimeColumn = "Time (UTC)";
constexpr double kFull = 100.000001;  // percent; what rounding may add

struct Label {
  std::string_view begins;  // the column's label begins so, in any case
  std::string_view source;
  std::string_view metric;
  bool whole;  // counts whole things, so a fraction shows that the export is normalized
};

// The labels of IODA's entity page, 2023 to 2026.
constexpr Label kLabels[] = {
    {"google (search)", "ioda-google", "search", false},
    {"telescope", "ioda-telescope", "unique_source_ips", true},
    {"bgp", "ioda-bgp", "visible_slash24", true},
    {"active probing", "ioda-probing", "slash24_up", true},
    {"mozilla", "ioda-mozilla", "city_count", false},
};

struct Column {
  std::string label;
  const Label* known = nullptr;
  std::optional<Collector::Handle> handle;
  std::uint64_t numbers = 0;
};

const Label* known_label(const std::string& label) {
  const std::string lowered = lower_case(label);
  const Label* const found =
      std::find_if(std::begin(kLabels), std::end(kLabels),
                   [&](const Label& known) { return lowered.starts_with(known.begins); });
  return found == std::end(kLabels) ? nullptr : found;
}

std::vector<Column> columns_of(const CsvTable& table, std::size_t time_column) {
  std::vector<Column> columns(table.names().size());
  for (std::size_t i = 0; i < columns.size(); ++i) {
    columns[i].label = table.names()[i];
    columns[i].known = i == time_column ? nullptr : known_label(columns[i].label);
  }
  return columns;
}

// Every column is a percentage of its own greatest value when none passes 100 and what counts whole
// things (/24s, addresses) has fractions. Only the whole file shows it.
bool is_normalized(const Input& input) {
  const Result<std::unique_ptr<ByteSource>> source = input.open();
  if (!source) return false;
  Damage counted_later;
  CsvTable table(**source, "", counted_later);
  const std::size_t time_column = table.column(kTimeColumn).value_or(0);
  const std::vector<Column> columns = columns_of(table, time_column);
  bool fractions = false;
  CsvRow row;
  while (table.next(row)) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (i == time_column) continue;
      const Result<double> value = parse_number(row.fields[i], table.decimal_comma());
      if (!value) continue;
      if (*value > kFull) return false;
      fractions = fractions || (columns[i].known != nullptr && columns[i].known->whole &&
                                *value != std::floor(*value));
    }
  }
  return fractions;
}

void open_columns(Collector& collector, std::size_t input, const Entity& entity, bool normalized,
                  std::size_t time_column, std::vector<Column>& columns) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (i == time_column) continue;
    Column& column = columns[i];
    const Result<SignalId> id =
        column.known != nullptr ? SignalId::make(entity, column.known->source, column.known->metric)
                                : SignalId::make(entity, "ioda", slug(column.label));
    if (!id) continue;
    SeriesSpec spec = spec_of(*id);
    spec.unit = normalized ? Unit::percent_of_max : Unit::count;
    const Unit unit = spec.unit;
    const Result<Collector::Handle> handle = collector.series(std::move(spec));
    if (!handle) {
      collector.count(input, "series past the limit");
    } else if (collector.unit_of(*handle) != unit) {
      collector.damaged(input, 0, 0,
                        fmt::format("column '{}' is in another unit than in the inputs before it; "
                                    "not read",
                                    shown(column.label, 60)));
    } else {
      column.handle = *handle;
    }
    if (column.known == nullptr) {
      collector.note(input, fmt::format("column '{}' is not one we know; read as {}",
                                        shown(column.label, 60), id->text()));
    }
  }
}

void read_row(Collector& collector, std::size_t input, const CsvTable& table, const CsvRow& row,
              Time time, std::vector<Column>& columns) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    Column& column = columns[i];
    if (!column.handle || trimmed(row.fields[i]).empty()) continue;
    const Result<double> value = parse_sample(row.fields[i], Unit::count, table.decimal_comma());
    if (!value) {
      collector.damaged(input, row.offset, row.bytes,
                        fmt::format("line {}, column '{}': {}", row.line, shown(column.label),
                                    value.error().message));
      continue;
    }
    ++column.numbers;
    collector.add(*column.handle, input, time, Sample::of(*value));
  }
}

void read_one(Collector& collector, std::size_t input, ByteSource& source, const Entity& entity,
              bool normalized) {
  CsvTable table(source, collector.name_of(input), collector.damage());
  const std::optional<std::size_t> time_column = table.column(kTimeColumn);
  if (!time_column) {
    collector.damaged(input, 0, 0, fmt::format("no column '{}'", kTimeColumn));
    return;
  }
  std::vector<Column> columns = columns_of(table, *time_column);
  open_columns(collector, input, entity, normalized, *time_column, columns);
  CoveredTime seen;
  CsvRow row;
  while (table.next(row)) {
    const Result<Time> time = parse_file_time(row.fields[*time_column]);
    if (!time) {
      collector.damaged(input, row, time.error());
      continue;
    }
    seen.add(*time);
    read_row(collector, input, table, row, *time, columns);
  }
  const std::optional<TimeRange> covered = seen.range();
  for (const Column& column : columns) {
    if (!column.handle || !covered) continue;
    if (column.numbers == 0) {
      collector.note(input, fmt::format("column '{}' is empty", shown(column.label, 60)));
    }
    collector.cover(*column.handle, *covered);
  }
  if (normalized) collector.note(input, "normalized: each column is in % of its own maximum");
}

}  // namespace

bool recognises_ioda_csv(std::string_view head, const ReadOptions&) {
  const std::vector<std::string> names = csv_header(head);
  return !names.empty() && same_ignoring_case(names[0], kTimeColumn);
}

Reading read_ioda_csv(std::span<const Input> inputs, const ReadOptions& options) {
  Collector collector(inputs);
  read_each(collector, inputs, [&](std::size_t i, ByteSource& source) {
    if (options.entity) {
      read_one(collector, i, source, *options.entity, is_normalized(inputs[i]));
    } else {
      collector.damaged(i, 0, 0,
                        "this export does not say which country it is about: name the entity, for "
                        "example country:IR");
    }
  });
  return collector.finish();
}

}  // namespace lightsout
