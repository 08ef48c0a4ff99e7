// SPDX-License-Identifier: Apache-2.0
#include "core/time.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>

namespace lightsout {

namespace {

constexpr std::int64_t kEarliest = 0;            // 1970-01-01
constexpr std::int64_t kLatest = 4'291'747'200;  // 2106-01-01
constexpr const char* kMonths[] = {"January",   "February", "March",    "April",
                                   "May",       "June",     "July",     "August",
                                   "September", "October",  "November", "December"};

Error not_a_time(std::string_view text) {
  return Error{
      ErrorKind::malformed,
      fmt::format("'{}' is not a time; write it as 2022-01-05T10:30:00Z, 2022-01-05 or Unix "
                  "seconds between 1970 and 2105",
                  text.substr(0, 40))};
}

// Digits at the front of the text, exactly `width` of them.
bool take_digits(std::string_view& text, std::size_t width, int& value) {
  if (text.size() < width) return false;
  value = 0;
  for (std::size_t i = 0; i < width; ++i) {
    if (text[i] < '0' || text[i] > '9') return false;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(width);
  return true;
}

bool take(std::string_view& text, char expected) {
  if (text.empty() || text.front() != expected) return false;
  text.remove_prefix(1);
  return true;
}

// "+06:00", "-0400", "Z" or nothing; seconds east of Greenwich.
bool take_offset(std::string_view& text, int& seconds) {
  seconds = 0;
  if (text.empty() || take(text, 'Z') || take(text, 'z')) return true;
  const bool west = text.front() == '-';
  if (!west && text.front() != '+') return false;
  text.remove_prefix(1);
  int hours = 0;
  int minutes = 0;
  if (!take_digits(text, 2, hours)) return false;
  take(text, ':');
  if (!text.empty() && !take_digits(text, 2, minutes)) return false;
  if (hours > 14 || minutes > 59) return false;
  seconds = (hours * 3600 + minutes * 60) * (west ? -1 : 1);
  return true;
}

Result<Time> in_range(std::int64_t seconds, std::string_view text) {
  if (seconds < kEarliest || seconds >= kLatest) return not_a_time(text);
  return Time{Seconds{seconds}};
}

struct Clock {
  int hour = 0, minute = 0, second = 0;
};

bool take_clock(std::string_view& text, Clock& clock) {
  if (!take_digits(text, 2, clock.hour) || !take(text, ':') ||
      !take_digits(text, 2, clock.minute)) {
    return false;
  }
  if (take(text, ':') && !take_digits(text, 2, clock.second)) return false;
  if (take(text, '.')) {  // fractions are read and dropped: a bin is never finer than a second
    if (text.empty() || text.front() < '0' || text.front() > '9') return false;
    while (!text.empty() && text.front() >= '0' && text.front() <= '9') text.remove_prefix(1);
  }
  return clock.hour <= 23 && clock.minute <= 59 && clock.second <= 60;
}

}  // namespace

Time bin_begin(Time time, Seconds width) {
  CHECK(width.count() > 0);
  const auto since = time.time_since_epoch().count();
  auto remainder = since % width.count();
  if (remainder < 0) remainder += width.count();
  return Time{Seconds{since - remainder}};
}

Result<Time> parse_time(std::string_view text) {
  const std::string_view whole = text;
  std::int64_t unix_seconds = 0;
  const auto number = std::from_chars(text.data(), text.data() + text.size(), unix_seconds);
  if (number.ec == std::errc{} && number.ptr == text.data() + text.size() && text.size() > 4) {
    return in_range(unix_seconds, whole);
  }

  int year = 0;
  int month = 0;
  int day = 0;
  if (!take_digits(text, 4, year) || !take(text, '-') || !take_digits(text, 2, month) ||
      !take(text, '-') || !take_digits(text, 2, day)) {
    return not_a_time(whole);
  }
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok()) return not_a_time(whole);

  Clock clock;
  int offset = 0;
  if (!text.empty()) {
    if (!take(text, 'T') && !take(text, 't') && !take(text, ' ')) return not_a_time(whole);
    if (!take_clock(text, clock)) return not_a_time(whole);
    if (text.ends_with(" UTC")) text.remove_suffix(4);
    if (!take_offset(text, offset) || !text.empty()) return not_a_time(whole);
  }
  const std::int64_t days = std::chrono::sys_days{date}.time_since_epoch().count();
  return in_range(days * 86400 + clock.hour * 3600 + clock.minute * 60 + clock.second - offset,
                  whole);
}

std::string format_time(Time time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::int64_t clock = (time - day).count();
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock / 3600, clock / 60 % 60, clock % 60);
}

std::string format_date(Time time) {
  const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(time)};
  return fmt::format("{} {} {}", static_cast<unsigned>(date.day()),
                     kMonths[static_cast<unsigned>(date.month()) - 1],
                     static_cast<int>(date.year()));
}

std::string format_date_short(Time time) {
  const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(time)};
  return fmt::format("{} {:.3}", static_cast<unsigned>(date.day()),
                     kMonths[static_cast<unsigned>(date.month()) - 1]);
}

std::string format_clock(Time time) {
  const std::int64_t clock = (time - std::chrono::floor<std::chrono::days>(time)).count();
  return fmt::format("{:02}:{:02}", clock / 3600, clock / 60 % 60);
}

std::string format_duration(Seconds duration) {
  const std::int64_t seconds = duration.count();
  if (seconds < 0) return "-" + format_duration(-duration);
  const std::int64_t minutes = seconds / 60;
  const std::int64_t hours = minutes / 60;
  if (seconds < 60) return fmt::format("{} s", seconds);
  if (minutes < 60) return fmt::format("{} min", minutes);
  if (hours < 24) {
    return minutes % 60 == 0 ? fmt::format("{} h", hours)
                             : fmt::format("{} h {} min", hours, minutes % 60);
  }
  return hours % 24 == 0 ? fmt::format("{} d", hours / 24)
                         : fmt::format("{} d {} h", hours / 24, hours % 24);
}

}  // namespace lightsout
