// SPDX-License-Identifier: Apache-2.0
#include "simulate/fields.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

namespace lightsout {

namespace {

constexpr std::size_t kShown = 60;  // bytes of a wrong word that an error repeats

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

// std::from_chars for double is exact and knows no locale; "nan" and "inf" are refused.
std::optional<double> number_of(std::string_view text) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value, std::chars_format::fixed);
  if (text.empty() || parsed.ec != std::errc{} || parsed.ptr != end || !std::isfinite(value)) {
    return std::nullopt;
  }
  return value;
}

std::optional<Seconds> duration_of(std::string_view text) {
  std::int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, number);
  if (parsed.ec != std::errc{} || number < 0 || number > 1'000'000'000) return std::nullopt;
  const std::string_view unit(parsed.ptr, static_cast<std::size_t>(end - parsed.ptr));
  if (unit == "s") return Seconds{number};
  if (unit == "min") return Seconds{number * 60};
  if (unit == "h") return Seconds{number * 3600};
  if (unit == "d") return Seconds{number * 86400};
  return std::nullopt;
}

}  // namespace

Fields::Fields(std::size_t line, std::string_view text) : line_(line) {
  std::size_t at = 0;
  while (at < text.size()) {
    if (is_blank(text[at])) {
      ++at;
    } else if (text[at] == '#') {
      return;
    } else if (text[at] == '"') {
      const std::size_t close = text.find('"', at + 1);
      if (close == std::string_view::npos) {
        fail("a quote is not closed");
        return;
      }
      words_.push_back({std::string(text.substr(at + 1, close - at - 1)), true});
      at = close + 1;
    } else {
      std::size_t end = at;
      while (end < text.size() && !is_blank(text[end])) ++end;
      words_.push_back({std::string(text.substr(at, end - at)), false});
      at = end;
    }
  }
}

void Fields::fail(std::string_view what) {
  if (!error_) error_ = Error{ErrorKind::malformed, fmt::format("line {}: {}", line_, what)};
}

std::string Fields::word(std::string_view what) {
  if (words_.empty()) {
    fail(fmt::format("{} is missing at the end", what));
    return {};
  }
  std::string text = std::move(words_.front().text);
  words_.erase(words_.begin());
  return text;
}

std::string Fields::rest(std::string_view what) {
  std::string text = word(what);
  while (!words_.empty()) text += " " + word(what);
  return text;
}

double Fields::factor(std::string_view what) {
  const std::string text = word(what);
  const std::optional<double> value =
      text.starts_with('x') ? number_of(std::string_view(text).substr(1)) : std::nullopt;
  if (!value || *value < 0 || *value > 10000) {
    fail(fmt::format("'{}' is not {}; write x5 or x0.2", text.substr(0, kShown), what));
    return 1;
  }
  return *value;
}

std::uint64_t Fields::whole(std::string_view what, std::uint64_t most) {
  const std::string text = word(what);
  std::uint64_t value = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  if (text.empty() || parsed.ec != std::errc{} || parsed.ptr != end || value > most) {
    fail(
        fmt::format("'{}' is not {}: a whole number up to {}", text.substr(0, kShown), what, most));
    return 0;
  }
  return value;
}

Time Fields::time(std::string_view what) {
  const std::string text = word(what);
  const Result<Time> time = parse_time(text);
  if (!time) {
    fail(fmt::format("'{}' is not {}; write 2022-01-05T10:30Z", text.substr(0, kShown), what));
    return Time{};
  }
  return *time;
}

bool Fields::next_is(std::string_view text) const {
  return !words_.empty() && !words_.front().quoted && words_.front().text == text;
}

bool Fields::take_if(std::string_view text) {
  if (!next_is(text)) return false;
  words_.erase(words_.begin());
  return true;
}

bool Fields::has(std::string_view key) const {
  for (const Word& word : words_) {
    if (!word.quoted && word.text == key) return true;
  }
  return false;
}

std::optional<std::string> Fields::take(std::string_view key) {
  for (std::size_t i = 0; i < words_.size(); ++i) {
    if (words_[i].quoted || words_[i].text != key) continue;
    if (i + 1 == words_.size()) {
      fail(fmt::format("'{}' has no value behind it", key));
      return std::nullopt;
    }
    std::string value = std::move(words_[i + 1].text);
    const auto at = words_.begin() + static_cast<std::ptrdiff_t>(i);
    words_.erase(at, at + 2);
    return value;
  }
  return std::nullopt;
}

std::string Fields::text(std::string_view key) {
  std::optional<std::string> value = take(key);
  if (!value || value->empty()) {
    fail(fmt::format("'{}' and its value are missing", key));
    return {};
  }
  return *std::move(value);
}

std::string Fields::text(std::string_view key, std::string_view otherwise) {
  return has(key) ? text(key) : std::string(otherwise);
}

double Fields::share_of(std::string_view key, const std::string& text, double least, double most) {
  if (error_) return least;
  const std::optional<double> value =
      text.ends_with('%') ? number_of(std::string_view(text).substr(0, text.size() - 1))
                          : std::nullopt;
  if (!value || *value < 100 * least || *value > 100 * most) {
    fail(fmt::format("{} '{}' is not a percentage from {}% to {}%", key, text.substr(0, kShown),
                     100 * least, 100 * most));
    return least;
  }
  return *value / 100;
}

double Fields::share(std::string_view key, double least, double most) {
  return share_of(key, text(key), least, most);
}

double Fields::share_or(std::string_view key, double otherwise, double least, double most) {
  return has(key) ? share(key, least, most) : otherwise;
}

double Fields::number(std::string_view key, double least, double most) {
  const std::string value = text(key);
  if (error_) return least;
  const std::optional<double> number = number_of(value);
  if (!number || *number < least || *number > most) {
    fail(fmt::format("{} '{}' is not a number from {} to {}", key, value.substr(0, kShown), least,
                     most));
    return least;
  }
  return *number;
}

std::int64_t Fields::count(std::string_view key, std::int64_t most) {
  const double value = number(key, 0, static_cast<double>(most));
  if (value != std::floor(value)) fail(fmt::format("{} is not a whole number", key));
  return static_cast<std::int64_t>(value);
}

std::int64_t Fields::count_or(std::string_view key, std::int64_t otherwise, std::int64_t most) {
  return has(key) ? count(key, most) : otherwise;
}

Seconds Fields::duration(std::string_view key, Seconds least, Seconds most) {
  const std::string value = text(key);
  if (error_) return least;
  const std::optional<Seconds> duration = duration_of(value);
  if (!duration || *duration < least || *duration > most) {
    fail(fmt::format("{} '{}' is not a duration from {} to {}; write 5min, 2h or 1d", key,
                     value.substr(0, kShown), format_duration(least), format_duration(most)));
    return least;
  }
  return *duration;
}

Seconds Fields::duration_or(std::string_view key, Seconds otherwise, Seconds most) {
  return has(key) ? duration(key, Seconds{0}, most) : otherwise;
}

std::optional<Time> Fields::time_or_none(std::string_view key) {
  if (!has(key)) return std::nullopt;
  const std::string value = text(key);
  if (error_) return std::nullopt;
  const Result<Time> time = parse_time(value);
  if (!time) {
    fail(fmt::format("{} '{}' is not a time; write 2022-01-05T10:30Z", key,
                     value.substr(0, kShown)));
    return std::nullopt;
  }
  return *time;
}

Seconds Fields::clock_or(std::string_view key, Seconds otherwise) {
  if (!has(key)) return otherwise;
  const std::string value = text(key);
  if (error_) return otherwise;
  // The date is only there because parse_time reads dates; it is taken off again.
  const Result<Time> time =
      value.size() == 5 ? parse_time("1970-01-02T" + value) : Result<Time>(Error{});
  if (!time) {
    fail(fmt::format("{} '{}' is not a time of day; write 15:00", key, value.substr(0, kShown)));
    return otherwise;
  }
  return time->time_since_epoch() - Seconds{86400};
}

bool Fields::flag(std::string_view key) {
  for (std::size_t i = 0; i < words_.size(); ++i) {
    if (words_[i].quoted || words_[i].text != key) continue;
    words_.erase(words_.begin() + static_cast<std::ptrdiff_t>(i));
    return true;
  }
  return false;
}

void Fields::done() {
  if (!words_.empty()) {
    fail(fmt::format("'{}' is not understood here", words_.front().text.substr(0, kShown)));
  }
}

}  // namespace lightsout
