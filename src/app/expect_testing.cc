// SPDX-License-Identifier: Apache-2.0
#include "app/expect_testing.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "core/time.h"

namespace lightsout {

namespace {

using Json = nlohmann::json;

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) {
    text.remove_suffix(1);
  }
  return text;
}

std::string text_of(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

std::optional<double> number_of(std::string_view text) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  if (text.empty() || parsed.ec != std::errc{} || parsed.ptr != end) return std::nullopt;
  return value;
}

// A bound or a value on one scale: a number, or the seconds of a time.
std::optional<double> measure_of(std::string_view text) {
  if (const auto number = number_of(text)) return number;
  if (const Result<Time> time = parse_time(text)) {
    return static_cast<double>(time->time_since_epoch().count());
  }
  return std::nullopt;
}

void step_into(const Json& value, const std::string& key, std::vector<Json>& found) {
  if (value.is_array()) {
    for (const Json& element : value) step_into(element, key, found);
  } else if (value.is_object() && value.contains(key)) {
    const Json& inner = value.at(key);
    if (inner.is_array()) {
      found.insert(found.end(), inner.begin(), inner.end());
    } else {
      found.push_back(inner);
    }
  }
}

bool passes(const Json& element, std::string_view filter) {
  const std::size_t sign = filter.find_first_of("=~");
  if (sign == std::string_view::npos || !element.is_object()) return false;
  const std::string key(trim(filter.substr(0, sign)));
  const std::string_view wanted = trim(filter.substr(sign + 1));
  if (!element.contains(key)) return false;
  const std::string text = text_of(element.at(key));
  return filter[sign] == '=' ? text == wanted : text.find(wanted) != std::string::npos;
}

std::vector<Json> keep(std::vector<Json> values, std::string_view filter) {
  if (values.size() == 1 && values.front().is_array()) {
    values = values.front().get<std::vector<Json>>();
  }
  if (const auto index = number_of(filter)) {
    const auto at = static_cast<std::size_t>(*index);
    return at < values.size() ? std::vector<Json>{values[at]} : std::vector<Json>{};
  }
  std::vector<Json> kept;
  for (const Json& value : values) {
    if (passes(value, filter)) kept.push_back(value);
  }
  return kept;
}

std::string shown(const std::vector<Json>& values) {
  std::string text;
  for (const Json& value : values) {
    text += (text.empty() ? "" : ", ") + value.dump().substr(0, 120);
    if (text.size() > 600) return text + ", ...";
  }
  return text.empty() ? "nothing" : text;
}

bool compare(double value, std::string_view sign, double bound) {
  if (sign == ">=") return value >= bound;
  if (sign == "<=") return value <= bound;
  if (sign == ">") return value > bound;
  if (sign == "<") return value < bound;
  return value == bound;
}

std::string check_each(const std::vector<Json>& values, std::string_view operation,
                       std::string_view operand) {
  if (values.empty()) return "found nothing there";
  for (const Json& value : values) {
    const std::string text = text_of(value);
    bool good = false;
    if (operation == "is") {
      good = text == operand;
    } else if (operation == "contains") {
      good = text.find(operand) != std::string::npos;
    } else if (operation == "in") {
      const std::size_t dots = operand.find("..");
      const auto low = measure_of(trim(operand.substr(0, dots)));
      const auto high = dots == std::string_view::npos ? std::nullopt
                                                       : measure_of(trim(operand.substr(dots + 2)));
      const auto measured = measure_of(text);
      if (!low || !high) return fmt::format("'{}' is not a range; write A .. B", operand);
      good = measured && *low <= *measured && *measured <= *high;
    } else {
      const auto bound = measure_of(operand);
      const auto measured = measure_of(text);
      if (!bound) return fmt::format("'{}' is neither a number nor a time", operand);
      good = measured && compare(*measured, operation, *bound);
    }
    if (!good) return fmt::format("found {}", shown(values));
  }
  return "";
}

}  // namespace

Result<ExpectFile> parse_expect_file(std::string_view text) {
  ExpectFile file;
  int number = 0;
  while (!text.empty()) {
    const std::size_t newline = text.find('\n');
    const std::string_view line = trim(text.substr(0, newline));
    text.remove_prefix(newline == std::string_view::npos ? text.size() : newline + 1);
    ++number;
    if (line.empty() || line.front() == '#') continue;
    const std::size_t blank = line.find_first_of(" \t");
    const std::string keyword(line.substr(0, blank));
    const std::string rest(blank == std::string_view::npos ? "" : trim(line.substr(blank)));
    if (keyword == "title") {
      file.title = rest;
    } else if (keyword == "needs") {
      file.needs.push_back(rest);
    } else if (keyword == "slow") {
      file.slow = true;
    } else if (keyword == "run" || keyword == "expect" || keyword == "exit" ||
               keyword == "stdout" || keyword == "absent") {
      file.lines.push_back({number, keyword, rest});
    } else {
      return Error{ErrorKind::malformed,
                   fmt::format("line {}: '{}' is none of title, needs, slow, run, "
                               "exit, expect, stdout, absent",
                               number, keyword)};
    }
  }
  if (file.lines.empty()) return Error{ErrorKind::malformed, "nothing is run and nothing expected"};
  return file;
}

Result<std::vector<Json>> select(const Json& document, std::string_view path) {
  std::vector<Json> values{document};
  while (!path.empty()) {
    const std::size_t stop = path.find_first_of(".[");
    const std::string key(path.substr(0, stop));
    if (!key.empty()) {
      std::vector<Json> found;
      for (const Json& value : values) step_into(value, key, found);
      values = std::move(found);
    }
    if (stop == std::string_view::npos) break;
    path.remove_prefix(stop);
    if (path.front() == '.') {
      path.remove_prefix(1);
      continue;
    }
    const std::size_t close = path.find(']');
    if (close == std::string_view::npos) {
      return Error{ErrorKind::malformed,
                   fmt::format("'{}' opens a bracket and does not close it", path)};
    }
    values = keep(values, path.substr(1, close - 1));
    path.remove_prefix(close + 1);
  }
  return values;
}

std::string check_expectation(const Json& document, std::string_view expectation) {
  static constexpr std::string_view kOperations[] = {
      " count ", " contains ", " is ", " in ", " >= ", " <= ", " == ", " > ", " < "};
  for (const std::string_view operation : kOperations) {
    const std::size_t at = expectation.find(operation);
    if (at == std::string_view::npos) continue;
    const Result<std::vector<Json>> values = select(document, trim(expectation.substr(0, at)));
    if (!values) return values.error().message;
    const std::string_view operand = trim(expectation.substr(at + operation.size()));
    if (operation != " count ") return check_each(*values, trim(operation), operand);

    const std::size_t blank = operand.find(' ');
    const std::string_view sign = blank == std::string_view::npos ? "==" : operand.substr(0, blank);
    const auto bound =
        number_of(blank == std::string_view::npos ? operand : trim(operand.substr(blank)));
    if (!bound) return fmt::format("'{}' is not a number", operand);
    if (compare(static_cast<double>(values->size()), sign, *bound)) return "";
    return fmt::format("found {} of them: {}", values->size(), shown(*values));
  }
  return "no operation in it: count, is, contains, in, >=, <=, ==, >, <";
}

}  // namespace lightsout
