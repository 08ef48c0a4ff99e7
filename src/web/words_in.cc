// SPDX-License-Identifier: Apache-2.0
#include "web/words_in.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "geo/country.h"
#include "report/escape.h"
#include "report/subject.h"
#include "report/verdict.h"

namespace lightsout {

namespace {

bool is_english(const Language& say) {
  return say.code() == "en";
}

// What report/words.h wrote, with the language's decimal sign and words.
std::string localised(const Language& say, std::string text) {
  if (is_english(say)) return text;
  if (text == "not known") return say("number.not-known");
  constexpr std::string_view kUnder = "under 1";
  const std::size_t under = text.find(kUnder);
  if (under != std::string::npos) text.replace(under, kUnder.size(), say("number.under-one"));
  const std::string point = say("number.point");
  for (std::size_t at = 1; at + 1 < text.size(); ++at) {
    const auto digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9'; };
    if (text[at] == '.' && digit(at - 1) && digit(at + 1)) text.replace(at, 1, point);
  }
  return text;
}

std::string keyed(const Language& say, std::string_view area, std::string_view name) {
  std::string key = fmt::format("{}.{}", area, name);
  std::replace(key.begin(), key.end(), ' ', '-');
  return say(key);
}

std::chrono::year_month_day day_of(Time time) {
  return std::chrono::floor<std::chrono::days>(time);
}

std::string short_day(const Language& say, Time time) {
  const auto day = day_of(time);
  return fmt::format("{}\u00a0{}", unsigned(day.day()),
                     say(fmt::format("month-short.{}", unsigned(day.month()))));
}

std::string region_in(const Language& say, const Entity& entity) {
  const std::string key = fmt::format("region-name.{}", entity.code());
  if (say.has(key)) return say(key);
  if (english().has(key)) return english()(key);
  std::string name = clean_text(has_region_name(entity) ? entity.code().substr(3) : entity.code());
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

}  // namespace

std::string percent_in(const Language& say, double share) {
  return localised(say, percent(share));
}

std::string loss_in(const Language& say, double share) {
  return localised(say, loss(share));
}

std::string percent_between_in(const Language& say, double low, double high) {
  return localised(say, percent_between(low, high));
}

std::string change_in(const Language& say, double share_lost) {
  return localised(say, change(share_lost));
}

std::string number_in(const Language& say, double value, int decimals) {
  return localised(say, number(value, decimals));
}

std::string value_in(const Language& say, double value, Unit unit) {
  return localised(say, value_with_unit(value, unit));
}

// The same steps as spoken() takes, in figures.
std::string spoken_in(const Language& say, Seconds duration) {
  if (is_english(say)) return spoken(duration);
  constexpr std::int64_t kHour = 3600;
  constexpr std::int64_t kDay = 24 * kHour;
  const std::int64_t all = duration.count();
  const auto whole = [&](std::int64_t unit) {
    return static_cast<std::uint64_t>(
        std::lround(static_cast<double>(all) / static_cast<double>(unit)));
  };
  if (all < 90) return say.counted("duration.seconds", static_cast<std::uint64_t>(all));
  if (all < 5400) return say.counted("duration.minutes", whole(60));
  if (all < 4 * kHour && whole(kHour / 2) % 2 == 1) {
    return say("duration.half-hours",
               {{"count", fmt::format("{}{}5", whole(kHour / 2) / 2, say("number.point"))}});
  }
  if (all < 3 * kDay) return say.counted("duration.hours", whole(kHour));
  if (all < 100 * kDay) return say.counted("duration.days", whole(kDay));
  return say.counted("duration.months", whole(30 * kDay));
}

std::string duration_in(const Language& say, Seconds duration) {
  std::string text = spaced_duration(duration);
  if (is_english(say)) return text;
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t space = text.find(kNarrow, at);
    if (space == std::string::npos) return out + text.substr(at);
    const std::size_t unit = space + kNarrow.size();
    std::size_t end = unit;
    while (end < text.size() && text[end] >= 'a' && text[end] <= 'z') ++end;
    out += text.substr(at, unit - at);
    out += keyed(say, "unit", text.substr(unit, end - unit));
    at = end;
  }
  return out;
}

std::string length_in(const Language& say, const Incident& incident) {
  const std::string length = duration_in(say, incident.range().length());
  return incident.open() ? say("unit.at-least", {{"length", length}}) : length;
}

std::string city_in(const Language& say, const Zone& zone) {
  const std::string key = fmt::format("city.{}", zone.name);
  return say.has(key) ? say(key) : city_of(zone);
}

std::string clock_both_in(const Language& say, Time time, const Zone& zone) {
  if (is_english(say)) return clock_both(time, zone);
  const std::string city = city_in(say, zone);
  if (city.empty()) return say("time.utc", {{"utc", say.clock(time)}, {"date", say.date(time)}});
  const Time local = zone.local(time);
  std::string clock = say.clock(local);
  if (day_of(local) != day_of(time)) clock = fmt::format("{} {}", clock, short_day(say, local));
  return say("time.both", {{"utc", say.clock(time)},
                           {"date", say.date(time)},
                           {"local", clock},
                           {"city", city},
                           {"offset", zone.offset_text(time)}});
}

std::string day_clock_in(const Language& say, Time time) {
  if (is_english(say)) return day_clock(time);
  return fmt::format("{}\u00a0{}", short_day(say, time), say.clock(time));
}

std::string day_clock_utc_in(const Language& say, Time time) {
  return day_clock_in(say, time) + "\u00a0UTC";
}

std::string local_day_clock_in(const Language& say, Time time, const Zone& zone) {
  return city_of(zone).empty() ? std::string() : day_clock_in(say, zone.local(time));
}

std::string days_in(const Language& say, const TimeRange& range) {
  if (is_english(say)) return days_between(range);
  const Time end = range.empty() ? range.begin : range.end - Seconds{1};
  const auto first = day_of(range.begin);
  const auto last = day_of(end);
  if (first == last) return say.date(range.begin);
  if (first.year() != last.year() || first.month() != last.month()) {
    return say("days.two", {{"first", say.date(range.begin)}, {"last", say.date(end)}});
  }
  return say("days.same-month", {{"first", std::to_string(unsigned(first.day()))},
                                 {"last", std::to_string(unsigned(last.day()))},
                                 {"month", say.month(unsigned(last.month()))},
                                 {"year", std::to_string(int(last.year()))}});
}

std::string list_in(const Language& say, const std::vector<std::string>& parts) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) text += i + 1 == parts.size() ? fmt::format(" {} ", say("list.and")) : ", ";
    text += parts[i];
  }
  return text;
}

std::string place_in(const Language& say, const Entity& entity) {
  const std::string country(entity.country());
  const std::string country_name = country.empty() ? std::string() : say.country(country);
  const auto part_of = [&](const std::string& part, const std::string& whole) {
    return whole.empty() ? part : say("place.part-of", {{"part", part}, {"whole", whole}});
  };
  switch (entity.type()) {
    case EntityType::country:
      return country_name;
    case EntityType::region:
      return part_of(region_in(say, entity), country_name);
    case EntityType::asn:
      return part_of(fmt::format("AS{}", entity.code()), country_name);
    case EntityType::service: {
      const auto bare = Entity::parse(fmt::format("service:{}", entity.code()));
      const std::string service = clean_text(bare ? title_of(*bare) : std::string(entity.code()));
      const Asn asn = entity.asn();
      return part_of(service, asn == Asn{0} ? country_name : fmt::format("AS{}", asn.number));
    }
  }
  return clean_text(title_of(entity));
}

std::string signal_in(const Language& say, std::string_view label) {
  std::string text = lowered(clean_text(label));
  if (is_english(say)) return text;
  std::string key = "signal.";
  for (const char c : text) key += c == ' ' ? '-' : c >= 'A' && c <= 'Z' ? char(c + 32) : c;
  return say.has(key) ? say(key) : text;
}

std::string word_in(const Language& say, Grade grade) {
  return keyed(say, "grade", name_of(grade));
}

std::string word_in(const Language& say, Confidence confidence) {
  return keyed(say, "confidence", name_of(confidence));
}

std::string word_in(const Language& say, PhaseKind kind) {
  return keyed(say, "phase", name_of(kind));
}

std::string word_in(const Language& say, Mechanism mechanism) {
  return keyed(say, "mechanism", name_of(mechanism));
}

std::string word_in(const Language& say, Plane plane) {
  return keyed(say, "plane", name_of(plane));
}

std::string word_in(const Language& say, SampleState state) {
  return keyed(say, "state", name_of(state));
}

std::string weighed_in(const Language& say, std::string_view verdict) {
  return keyed(say, "weighed", verdict);
}

}  // namespace lightsout
