// SPDX-License-Identifier: Apache-2.0
#include "report/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

#include "report/escape.h"

namespace lightsout {

namespace {

constexpr std::string_view kMinus = "\u2212";
constexpr std::string_view kDash = "\u2013";

constexpr Seconds kHour{3600};
constexpr Seconds kDay{86400};

// Whole percent; what is not zero never reads as zero.
std::string percent_digits(double share) {
  if (share <= 0) return "0";
  if (share < 0.005) return "under 1";
  return std::to_string(std::lround(share * 100));
}

std::string month_of(Time time) {
  const std::string date = format_date(time);  // "8 January 2026"
  const std::size_t first = date.find(' ');
  return date.substr(first + 1, date.rfind(' ') - first - 1);
}

std::string year_of(Time time) {
  const std::string date = format_date(time);
  return date.substr(date.rfind(' ') + 1);
}

std::string day_of(Time time) {
  const std::string date = format_date(time);
  return date.substr(0, date.find(' '));
}

}  // namespace

std::string percent(double share) {
  if (!std::isfinite(share)) return "not known";
  if (share < 0) return fmt::format("{}{}{}%", kMinus, percent_digits(-share), kNarrow);
  return fmt::format("{}{}%", percent_digits(share), kNarrow);
}

std::string loss(double share) {
  if (share > 0.995 && share < 1) {
    return fmt::format("{:.1f}{}%", std::floor(share * 1000) / 10, kNarrow);
  }
  return percent(share);
}

std::string percent_between(double low, double high) {
  if (!std::isfinite(low) || !std::isfinite(high)) return "not known";
  low = std::max(low, 0.0);
  high = std::max(high, low);
  std::string a = percent_digits(low);
  std::string b = percent_digits(high);
  if (a == b && low >= 0.005) {
    // Two ends that round alike are told apart by one decimal, if that does.
    a = fmt::format("{:.1f}", low * 100);
    b = fmt::format("{:.1f}", high * 100);
  }
  if (a == b || b == "under 1") return percent(high);
  if (a == "under 1") return fmt::format("0{}{}{}%", kDash, b, kNarrow);
  return fmt::format("{}{}{}{}%", a, kDash, b, kNarrow);
}

std::string change(double share_lost) {
  if (!std::isfinite(share_lost)) return "not known";
  const double size = std::abs(share_lost);
  const std::string digits = percent_digits(size);
  if (digits == "0" || digits == "under 1") return "\u00b1" + percent(size);
  return (share_lost > 0 ? std::string(kMinus) : "+") + loss(size);
}

std::string times(double factor) {
  return fmt::format("\u00d7{}{:.{}f}", kNarrow, factor, factor < 10 ? 1 : 0);
}

std::string number(double value, int decimals) {
  if (!std::isfinite(value)) return "not known";
  std::string text = fmt::format("{:.{}f}", std::abs(value), decimals);
  if (decimals > 0) {
    while (text.ends_with('0')) text.pop_back();
    if (text.ends_with('.')) text.pop_back();
  }
  const std::size_t point = std::min(text.find('.'), text.size());
  // Four digits stand without a gap, five and more in groups of three.
  for (std::size_t i = point; point > 4 && i > 3;) {
    i -= 3;
    text.insert(i, kNarrow);
  }
  return (value < 0 && text != "0" ? std::string(kMinus) : "") + text;
}

std::string value_with_unit(double value, Unit unit) {
  switch (unit) {
    case Unit::count:
      return number(value, value < 10 ? 1 : 0);
    case Unit::percent_of_max:
    case Unit::percent:
      return number(value, value < 10 ? 1 : 0) + std::string(kNarrow) + "%";
    case Unit::fraction:
      return percent(value);
    case Unit::index:
      return number(value, value < 100 ? 1 : 0);
    case Unit::milliseconds:
      return number(value) + std::string(kNarrow) + "ms";
  }
  return number(value, 1);
}

std::string number_word(std::size_t count) {
  static constexpr std::array<std::string_view, 21> kWords{
      "no",       "one",     "two",     "three",     "four",     "five",     "six",
      "seven",    "eight",   "nine",    "ten",       "eleven",   "twelve",   "thirteen",
      "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"};
  return count < kWords.size() ? std::string(kWords[count]) : number(static_cast<double>(count));
}

std::string counted(std::size_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", number_word(count), count == 1 ? one : many);
}

std::string spoken(Seconds duration) {
  const auto whole = [&](Seconds unit) {
    return static_cast<std::size_t>(
        std::lround(static_cast<double>(duration.count()) / static_cast<double>(unit.count())));
  };
  if (duration < Seconds{90})
    return counted(static_cast<std::size_t>(duration.count()), "second", "seconds");
  if (duration < Seconds{5400}) return counted(whole(Seconds{60}), "minute", "minutes");
  // Half hours matter in a short cut, and "two days" would be wrong by a third for 40 hours.
  if (duration < 4 * kHour && whole(Seconds{1800}) % 2 == 1) {
    return fmt::format("{} and a half hours", number_word(whole(Seconds{1800}) / 2));
  }
  if (duration < 3 * kDay) return counted(whole(kHour), "hour", "hours");
  if (duration < 100 * kDay) return counted(whole(kDay), "day", "days");
  return counted(whole(30 * kDay), "month", "months");
}

std::string spaced_duration(Seconds duration) {
  std::string text = format_duration(duration);
  std::string out;
  bool after_digit = false;
  for (const char c : text) {
    if (c == ' ' && after_digit) {
      out += kNarrow;
    } else if (c == ' ') {
      out += "\u00a0";
    } else {
      out += c;
    }
    after_digit = c >= '0' && c <= '9';
  }
  return out;
}

std::string day_clock(Time time) {
  std::string date = format_date_short(time);
  date.replace(date.find(' '), 1, "\u00a0");
  return fmt::format("{}\u00a0{}", date, format_clock(time));
}

std::string day_clock_utc(Time time) {
  return day_clock(time) + "\u00a0UTC";
}

std::string date_clock_utc(Time time) {
  return fmt::format("{}, {}\u00a0UTC", format_date(time), format_clock(time));
}

std::string local_day_clock(Time time, const Zone& zone) {
  return city_of(zone).empty() ? std::string() : day_clock(zone.local(time));
}

std::string clock_both(Time time, const Zone& zone) {
  const std::string utc = fmt::format("{} UTC on {}", format_clock(time), format_date(time));
  const std::string city = city_of(zone);
  if (city.empty()) return utc;
  const Time local = zone.local(time);
  const bool same_day =
      std::chrono::floor<std::chrono::days>(local) == std::chrono::floor<std::chrono::days>(time);
  return fmt::format("{} ({}{} in {}, {})", utc, format_clock(local),
                     same_day ? "" : " on " + format_date_short(local), city,
                     zone.offset_text(time));
}

std::string from_day_to_day(const TimeRange& range) {
  const Time last = range.empty() ? range.begin : range.end - Seconds{1};
  if (format_date(range.begin) == format_date(last)) return "on " + format_date(last);
  const bool same_year = year_of(range.begin) == year_of(last);
  const bool same_month = same_year && month_of(range.begin) == month_of(last);
  std::string first = day_of(range.begin);
  if (!same_month) first += " " + month_of(range.begin);
  if (!same_year) first += " " + year_of(range.begin);
  return fmt::format("from {} to {}", first, format_date(last));
}

std::string days_between(const TimeRange& range) {
  const Time last = range.empty() ? range.begin : range.end - Seconds{1};
  if (format_date(range.begin) == format_date(last)) return format_date(range.begin);
  if (year_of(range.begin) != year_of(last)) {
    return fmt::format("{} {} {}", format_date(range.begin), kDash, format_date(last));
  }
  if (month_of(range.begin) != month_of(last)) {
    return fmt::format("{} {} {} {}", day_of(range.begin), month_of(range.begin), kDash,
                       format_date(last));
  }
  return fmt::format("{}{}{}", day_of(range.begin), kDash, format_date(last));
}

std::string span_utc(const TimeRange& range) {
  const bool one_day = format_date(range.begin) == format_date(range.end);
  return fmt::format("{}{}{}\u00a0UTC", day_clock(range.begin),
                     one_day ? std::string(kDash) : fmt::format(" {} ", kDash),
                     one_day ? format_clock(range.end) : day_clock(range.end));
}

std::string city_of(const Zone& zone) {
  if (zone.name == "UTC" || zone.name.empty()) return {};
  const std::size_t slash = zone.name.rfind('/');
  std::string city =
      clean_text(slash == std::string::npos ? zone.name : zone.name.substr(slash + 1));
  std::replace(city.begin(), city.end(), '_', ' ');
  return clipped(city, 60);
}

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) text += i + 1 == parts.size() ? " and " : ", ";
    text += parts[i];
  }
  return text;
}

std::string clipped(const std::string& text, std::size_t most) {
  if (text.size() <= most) return text;
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return text.substr(0, end) + "\u2026";
}

std::string capitalised(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 32);
  return text;
}

std::string lowered(std::string text) {
  const auto is_capital = [](char c) { return c >= 'A' && c <= 'Z'; };
  const std::size_t word = std::min(text.find(' '), text.size());
  // A proper name keeps its capital: one that has another inside it, or is known as a name.
  const bool proper = std::any_of(text.begin() + (text.empty() ? 0 : 1),
                                  text.begin() + static_cast<std::ptrdiff_t>(word), is_capital) ||
                      text.starts_with("Tor") || text.starts_with("Psiphon");
  if (!text.empty() && is_capital(text[0]) && !proper) text[0] = static_cast<char>(text[0] + 32);
  return text;
}

std::string_view words_for(Plane plane) {
  static constexpr std::array<std::string_view, 5> kWords{"routes (BGP)", "probing", "traffic",
                                                          "services", "use of circumvention"};
  return kWords[static_cast<std::size_t>(plane)];
}

std::string_view words_for(PhaseKind kind) {
  static constexpr std::array<std::string_view, 4> kWords{"reduced", "near-total",
                                                          "partial recovery", "total recovery"};
  return kWords[static_cast<std::size_t>(kind)];
}

std::string_view words_for(Mechanism mechanism) {
  static constexpr std::array<std::string_view, 12> kWords{"filtering",
                                                           "routes withdrawn",
                                                           "access networks cut",
                                                           "cable or upstream failure",
                                                           "power failure",
                                                           "a service blocked",
                                                           "throttling",
                                                           "our own blindness",
                                                           "IPv6 alone cut",
                                                           "names that do not resolve (DNS)",
                                                           "TLS handshakes broken off (SNI)",
                                                           "cut in one direction"};
  return kWords[static_cast<std::size_t>(mechanism)];
}

std::string_view words_for(Grade grade) {
  static constexpr std::array<std::string_view, 9> kWords{
      "nationwide",  "regional",  "one network", "one service",   "disruption",
      "lower level", "usage dip", "surge",       "lesser anomaly"};
  return kWords[static_cast<std::size_t>(grade)];
}

std::string_view explain(Confidence confidence) {
  static constexpr std::array<std::string_view, 5> kWords{
      "one kind of measurement saw it", "two or more independent kinds of measurement saw it",
      "measurements saw it, and an operator or official said so",
      "measurements or statements contradict each other", "no longer held: see the corrections"};
  return kWords[static_cast<std::size_t>(confidence)];
}

std::string_view words_for(SampleState state) {
  static constexpr std::array<std::string_view, 4> kWords{"measured", "no data", "suppressed",
                                                          "source down"};
  return kWords[static_cast<std::size_t>(state)];
}

std::string_view word_for_standing(const PlaneView& view) {
  constexpr double kRose = 0.2;  // share above the usual, on average over the incident
  return view.depth.value < -kRose ? "rose" : "stood";
}

}  // namespace lightsout
