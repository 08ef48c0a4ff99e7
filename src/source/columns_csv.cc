// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "source/collector.h"
#include "source/columns.h"
#include "source/csv.h"
#include "source/text.h"

namespace lightsout {

namespace {

struct Layout {
  std::size_t time = 0;
  std::size_t value = 0;
  std::optional<std::size_t> entity, offset, where;
};

bool is_number(std::string_view name) {
  return parse_count(trimmed(name)).has_value();
}

// The columns that the mapping names, or which of them is not there.
Result<Layout> layout_of(const ColumnMapping& mapping, const CsvTable& table) {
  Layout layout;
  const auto find = [&](const std::string& name, auto&& into) -> Status {
    const std::optional<std::size_t> column = table.column(name);
    if (!column) {
      return Error{ErrorKind::usage,
                   fmt::format("no column '{}'; there are: {}", shown(name),
                               shown(fmt::format("{}", fmt::join(table.names(), ", ")), 400))};
    }
    into = *column;
    return {};
  };
  Status found = find(mapping.time, layout.time);
  if (found.ok() && mapping.row_value != RowValue::rows) found = find(mapping.value, layout.value);
  if (found.ok() && mapping.entity) found = find(*mapping.entity, layout.entity);
  if (found.ok() && mapping.offset_column) found = find(*mapping.offset_column, layout.offset);
  if (found.ok() && mapping.where_column) found = find(*mapping.where_column, layout.where);
  if (!found.ok()) return found.error();
  return layout;
}

// "2022-01-05T10:30:00+06:00" says its own offset, and the mapping's must not be added to it.
bool says_its_offset(std::string_view time) {
  const std::string_view clock = time.size() > 11 ? time.substr(11) : std::string_view{};
  return clock.find_first_of("Zz+") != std::string_view::npos ||
         (time.size() > 4 && time[4] == '-' && clock.find('-') != std::string_view::npos);
}

// A 53-bit name for a text, so that different texts can be told apart in a Point.
double name_of_text(std::string_view text) {
  std::uint64_t hash = 14695981039346656037u;  // FNV-1a
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  return static_cast<double>(hash >> 11);
}

class MappedReader {
 public:
  MappedReader(Collector& collector, std::size_t input, const ReadOptions& options)
      : collector_(collector), input_(input), options_(options), mapping_(*options.columns) {}

  void read(ByteSource& source) {
    CsvTable table(source, collector_.name_of(input_), collector_.damage());
    const Result<Layout> layout = layout_of(mapping_, table);
    if (!layout) {
      collector_.damaged(input_, 0, 0, layout.error().message);
      return;
    }
    if (parse_file_time(table.names()[layout->time])) {
      collector_.note(input_, "the first row is taken for the names of the columns, and is a time");
    }
    decimal_comma_ = table.decimal_comma();
    CsvRow row;
    while (table.next(row)) {
      if (layout->where && trimmed(row.fields[*layout->where]) != mapping_.where_text) {
        collector_.count(input_, "rows of others than " + mapping_.where_text + ", not read");
        continue;
      }
      const Status read = read_row(*layout, row);
      if (!read) collector_.damaged(input_, row, read.error());
    }
  }

 private:
  Status read_row(const Layout& layout, const CsvRow& row) {
    const Result<Time> time = utc(layout, row);
    if (!time) return time.error();
    const Result<Collector::Handle> series =
        series_of(layout.entity ? row.fields[*layout.entity] : std::string_view{});
    if (!series) return series.error();
    const Result<Sample> sample = sample_of(layout, row);
    if (!sample) return sample.error();
    collector_.add(*series, input_, *time, *sample);
    return {};
  }

  Result<Time> utc(const Layout& layout, const CsvRow& row) const {
    const std::string_view text = trimmed(row.fields[layout.time]);
    const Result<Time> local = parse_file_time(text);
    if (!local || says_its_offset(text)) return local;
    Seconds offset = mapping_.offset;
    if (layout.offset) {
      const Result<Seconds> own = parse_offset(row.fields[*layout.offset]);
      if (!own) return own.error();
      offset = *own;
    } else if (mapping_.zone) {
      // The offset is asked for at the instant, which is only known with the offset: ask twice.
      offset = mapping_.zone->offset_at(*local - mapping_.zone->offset_at(*local));
    }
    if (local->time_since_epoch() < offset) {
      return Error{ErrorKind::malformed, fmt::format("'{}' is before 1970", shown(text))};
    }
    return *local - offset;
  }

  Result<Sample> sample_of(const Layout& layout, const CsvRow& row) const {
    if (mapping_.row_value == RowValue::rows) return Sample::of(1);
    const std::string_view text = trimmed(row.fields[layout.value]);
    if (mapping_.row_value == RowValue::distinct) return Sample::of(name_of_text(text));
    if (text.empty()) return Sample::missing();
    const Result<double> value = parse_sample(text, unit_, decimal_comma_);
    if (!value) return value.error();
    return Sample::of(*value);
  }

  Result<Entity> entity_of(std::string_view name) const {
    if (!mapping_.entity) {
      if (options_.entity) return *options_.entity;
      return Error{ErrorKind::usage,
                   "the rows do not say whom they are about: name the entity, or a column with "
                   "entity=COLUMN"};
    }
    if (mapping_.entity_prefix) return Entity::parse(*mapping_.entity_prefix + entity_word(name));
    if (const auto code = country_code(name)) return Entity::parse("country:" + *code);
    const Result<Entity> entity = Entity::parse(clean_utf8(trimmed(name)));
    if (entity) return entity;
    return Error{ErrorKind::usage, fmt::format("'{}' is not an entity; add a prefix, for example "
                                               "prefix=region:VE-",
                                               shown(name))};
  }

  Result<Collector::Handle> series_of(std::string_view name) {
    const auto known = known_.find(std::string(name));
    if (known != known_.end()) return known->second;
    const Result<Entity> entity = entity_of(name);
    if (!entity) return entity.error();
    const std::string signal = mapping_.signal.value_or("csv/" + slug(mapping_.value));
    Result<SignalId> id = SignalId::parse(entity->text() + "/" + signal);
    if (!id) return id.error();
    SeriesSpec spec = spec_of(std::move(*id));
    spec.plane = mapping_.plane.value_or(spec.plane);
    spec.unit = mapping_.unit.value_or(spec.unit);
    spec.worse = mapping_.worse.value_or(spec.worse);
    spec.step = mapping_.step;
    spec.combine = mapping_.row_value == RowValue::rows       ? Combine::sum
                   : mapping_.row_value == RowValue::distinct ? Combine::distinct
                   : mapping_.step                            ? Combine::mean
                                                              : Combine::latest;
    spec.absent_is_zero = mapping_.row_value != RowValue::number;
    unit_ = spec.unit;
    const Result<Collector::Handle> handle = collector_.series(std::move(spec));
    if (!handle) return handle.error();
    known_.emplace(std::string(name), *handle);
    return *handle;
  }

  Collector& collector_;
  std::size_t input_;
  const ReadOptions& options_;
  const ColumnMapping& mapping_;
  bool decimal_comma_ = false;
  Unit unit_ = Unit::count;
  std::unordered_map<std::string, Collector::Handle> known_;
};

}  // namespace

bool recognises_columns(std::string_view head, const ReadOptions& options) {
  if (!options.columns) return false;
  MemorySource source(head);
  Damage ignored;
  const CsvTable table(source, "", ignored);
  if (table.names().size() < 2 || !layout_of(*options.columns, table)) return false;
  // Numbers fit any table, so they must not take a file away from the source that knows it.
  if (!is_number(options.columns->time)) return true;
  return std::none_of(all_sources().begin(), all_sources().end(), [&](const Source& other) {
    return other.recognises != recognises_columns && other.recognises(head, options);
  });
}

Reading read_columns(std::span<const Input> inputs, const ReadOptions& options) {
  Collector collector(inputs);
  read_each(collector, inputs, [&](std::size_t i, ByteSource& source) {
    MappedReader(collector, i, options).read(source);
  });
  return collector.finish();
}

}  // namespace lightsout
