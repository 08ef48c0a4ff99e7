// SPDX-License-Identifier: Apache-2.0
#include "web/query.h"

#include <fmt/format.h>

#include <charconv>

namespace lightsout {

namespace {

std::optional<Seconds> read_ago(std::string_view text) {
  if (text.size() < 2) return std::nullopt;
  std::int64_t count = 0;
  const char* end = text.data() + text.size() - 1;
  const auto [stop, error] = std::from_chars(text.data(), end, count);
  if (error != std::errc{} || stop != end || count < 0 || count > 1'000'000) return std::nullopt;
  switch (text.back()) {
    case 's':
      return Seconds(count);
    case 'm':
      return Seconds(count * 60);
    case 'h':
      return Seconds(count * 3'600);
    case 'd':
      return Seconds(count * 86'400);
    default:
      return std::nullopt;
  }
}

}  // namespace

Result<Time> read_time(std::string_view text, Time now) {
  if (text == "now") return now;
  if (text.starts_with("now-")) {
    if (const std::optional<Seconds> ago = read_ago(text.substr(4))) return now - *ago;
    return Error{ErrorKind::usage,
                 fmt::format("'{}' is no time: write now-6h, now-30m or now-2d", text)};
  }
  Result<Time> time = parse_time(text);
  if (time) return time;
  return Error{ErrorKind::usage,
               fmt::format("'{}' is no time: write 2022-01-05, 2022-01-05T10:30:00Z, Unix seconds, "
                           "or now-6h",
                           text)};
}

Result<ReadQuery> read_query(const WebRequest& request, Time now) {
  ReadQuery query;
  const auto read = [&](std::string_view name, std::optional<Time>& into) -> Status {
    const std::optional<std::string> text = request.parameter(name);
    if (!text || text->empty()) return {};
    const Result<Time> time = read_time(*text, now);
    if (!time) return Error{ErrorKind::usage, fmt::format("{}: {}", name, time.error().message)};
    into = *time;
    return {};
  };
  if (const Status from = read("from", query.from); !from) return from.error();
  if (const Status until = read("until", query.until); !until) return until.error();
  if (const Status as_of = read("asof", query.as_of); !as_of) return as_of.error();
  if (query.from && query.until && *query.from >= *query.until) {
    return Error{ErrorKind::usage,
                 fmt::format("from ({}) must lie before until ({})", format_time(*query.from),
                             format_time(*query.until))};
  }
  if (query.from && query.until.value_or(now) - *query.from > kMaxQueryRange) {
    return Error{ErrorKind::usage, "the range is longer than 20 years: ask for less"};
  }
  query.tz = request.parameter("tz").value_or("");
  query.lang = request.parameter("lang").value_or("");
  return query;
}

}  // namespace lightsout
