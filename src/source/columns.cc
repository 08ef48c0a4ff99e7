// SPDX-License-Identifier: Apache-2.0
#include "source/columns.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "source/text.h"

namespace lightsout {

namespace {

constexpr std::string_view kKeys =
    "time, value, entity, prefix, signal, plane, unit, worse, tz, step, where";

Error refused(std::string text) {
  return Error{ErrorKind::usage, std::move(text)};
}

Status set_zone(ColumnMapping& mapping, const std::string& text,
                const std::function<Result<Zone>(const std::string&)>& zone_of) {
  const Result<Seconds> offset = parse_offset(text);
  if (offset) {
    mapping.offset = *offset;
  } else if (text.find('/') != std::string::npos && zone_of) {
    Result<Zone> zone = zone_of(text);
    if (!zone) return zone.error();
    mapping.zone = std::move(*zone);
  } else if (text.find('/') != std::string::npos) {
    return refused(fmt::format("tz={}: give the offset instead, for example tz=+06:00", text));
  } else {
    mapping.offset_column = text;
  }
  return {};
}

Status set_value(ColumnMapping& mapping, const std::string& text) {
  constexpr std::string_view kDistinct = "distinct:";
  mapping.value = text;
  if (text == "count") mapping.row_value = RowValue::rows;
  if (text.starts_with(kDistinct)) {
    mapping.row_value = RowValue::distinct;
    mapping.value = text.substr(kDistinct.size());
    if (mapping.value.empty()) return refused("value=distinct: needs a column after the colon");
  }
  return {};
}

Status set_step(ColumnMapping& mapping, const std::string& text) {
  const std::optional<std::uint64_t> seconds = parse_count(text);
  if (!seconds || *seconds < 1 || *seconds > 31 * 86400) {
    return refused(fmt::format("step={}: a number of seconds, 1 to {}", text, 31 * 86400));
  }
  mapping.step = Seconds{static_cast<std::int64_t>(*seconds)};
  return {};
}

Status set_where(ColumnMapping& mapping, const std::string& text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos || colon == 0) {
    return refused(fmt::format("where={}: write where=COLUMN:TEXT", text));
  }
  mapping.where_column = text.substr(0, colon);
  mapping.where_text = text.substr(colon + 1);
  return {};
}

Status set_signal(ColumnMapping& mapping, const std::string& text) {
  const Result<SignalId> possible = SignalId::parse("country:XX/" + text);
  if (!possible || std::count(text.begin(), text.end(), '/') != 1) {
    return refused(fmt::format("signal={}: write source/metric, for example google/youtube", text));
  }
  mapping.signal = text;
  return {};
}

template <typename Enum>
Status set_name(std::optional<Enum>& into, const Result<Enum>& parsed) {
  if (!parsed) return parsed.error();
  into = *parsed;
  return {};
}

Status set(ColumnMapping& mapping, const std::string& key, const std::string& text,
           const std::function<Result<Zone>(const std::string&)>& zone_of) {
  if (text.empty()) return refused(fmt::format("{}= has nothing after it", key));
  if (key == "time") {
    mapping.time = text;
  } else if (key == "value") {
    return set_value(mapping, text);
  } else if (key == "entity") {
    mapping.entity = text;
  } else if (key == "prefix") {
    mapping.entity_prefix = text;
  } else if (key == "signal") {
    return set_signal(mapping, text);
  } else if (key == "plane") {
    return set_name(mapping.plane, parse_plane(text));
  } else if (key == "unit") {
    return set_name(mapping.unit, parse_unit(text));
  } else if (key == "worse") {
    return set_name(mapping.worse, parse_worse(text));
  } else if (key == "tz") {
    return set_zone(mapping, text, zone_of);
  } else if (key == "step") {
    return set_step(mapping, text);
  } else if (key == "where") {
    return set_where(mapping, text);
  } else {
    return refused(fmt::format("'{}' is not a key of --columns; one of: {}", shown(key), kKeys));
  }
  return {};
}

Status check_whole(const ColumnMapping& mapping) {
  if (mapping.time.empty()) return refused("--columns needs time=COLUMN");
  if (mapping.value.empty()) return refused("--columns needs value=COLUMN or value=count");
  if (mapping.row_value != RowValue::number && !mapping.step) {
    return refused("counting rows needs the width of a bin: add step=3600, or another");
  }
  if (mapping.entity_prefix && !mapping.entity) {
    return refused("prefix= is put before the text of a column: add entity=COLUMN");
  }
  return {};
}

}  // namespace

Result<Seconds> parse_offset(std::string_view text) {
  constexpr std::int64_t kMost = 15 * 3600;
  const Error error = refused(
      fmt::format("'{}' is not an offset from UTC; write +6, -04:00 or +5:30", shown(text)));
  text = trimmed(text);
  if (text.starts_with("UTC") || text.starts_with("GMT")) text.remove_prefix(3);
  if (text.empty() || text == "Z") return Seconds{0};
  const bool west = text.front() == '-';
  if (text.front() == '-' || text.front() == '+') text.remove_prefix(1);
  if (text.empty() || text.front() < '0' || text.front() > '9') return error;
  const std::size_t colon = text.find(':');
  double hours = 0;
  if (colon != std::string_view::npos || (text.size() == 4 && parse_count(text))) {
    const std::size_t split = colon == std::string_view::npos ? 2 : colon;
    const auto whole = parse_count(text.substr(0, split));
    const auto minutes = parse_count(text.substr(colon == std::string_view::npos ? 2 : colon + 1));
    if (!whole || *whole > 15 || !minutes || *minutes > 59) return error;
    hours = static_cast<double>(*whole) + static_cast<double>(*minutes) / 60;
  } else {
    const Result<double> number = parse_number(text);
    if (!number) return error;
    hours = *number;
  }
  const auto seconds = static_cast<std::int64_t>(std::llround(std::min(hours, 100.0) * 3600));
  if (seconds > kMost || seconds % 900 != 0) return error;
  return Seconds{west ? -seconds : seconds};
}

Result<ColumnMapping> parse_columns(
    std::string_view text, const std::function<Result<Zone>(const std::string&)>& zone_of) {
  ColumnMapping mapping;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const std::string_view pair = trimmed(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos) {
      return refused(
          fmt::format("'{}' in --columns is not key=column; keys are: {}", shown(pair), kKeys));
    }
    const Status done = set(mapping, lower_case(trimmed(pair.substr(0, equals))),
                            std::string(trimmed(pair.substr(equals + 1))), zone_of);
    if (!done.ok()) return done.error();
  }
  const Status whole = check_whole(mapping);
  if (!whole.ok()) return whole.error();
  return mapping;
}

}  // namespace lightsout
