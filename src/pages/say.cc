// SPDX-License-Identifier: Apache-2.0
#include "pages/say.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <tuple>

#include "report/escape.h"
#include "signal/catalogue.h"
#include "web/words_in.h"

namespace lightsout {

namespace {

constexpr std::int64_t kYear = 365 * 86400;

// How many people it may concern, as far as that can be said without a table of inhabitants.
int scope_rank(const Incident& incident) {
  switch (incident.entity.type()) {
    case EntityType::country:
      return 0;
    case EntityType::region:
      return 1;
    case EntityType::asn:
      return 2;
    case EntityType::service:
      break;
  }
  return 3;
}

// The first letter as a capital: Latin, Russian and Kazakh. capitalised() knows Latin alone.
std::string with_capital(std::string text) {
  struct Letter {
    std::string_view small;
    std::string_view large;
  };
  static constexpr Letter kLetters[] = {
      {"а", "А"}, {"ә", "Ә"}, {"б", "Б"}, {"в", "В"}, {"г", "Г"}, {"ғ", "Ғ"}, {"д", "Д"},
      {"е", "Е"}, {"ё", "Ё"}, {"ж", "Ж"}, {"з", "З"}, {"и", "И"}, {"й", "Й"}, {"к", "К"},
      {"қ", "Қ"}, {"л", "Л"}, {"м", "М"}, {"н", "Н"}, {"ң", "Ң"}, {"о", "О"}, {"ө", "Ө"},
      {"п", "П"}, {"р", "Р"}, {"с", "С"}, {"т", "Т"}, {"у", "У"}, {"ұ", "Ұ"}, {"ү", "Ү"},
      {"ф", "Ф"}, {"х", "Х"}, {"һ", "Һ"}, {"ц", "Ц"}, {"ч", "Ч"}, {"ш", "Ш"}, {"щ", "Щ"},
      {"ы", "Ы"}, {"і", "І"}, {"э", "Э"}, {"ю", "Ю"}, {"я", "Я"},
  };
  for (const Letter& letter : kLetters) {
    if (text.starts_with(letter.small)) {
      text.replace(0, letter.small.size(), letter.large);
      return text;
    }
  }
  return capitalised(std::move(text));
}

}  // namespace

std::string date_clock(const Language& say, Time time) {
  return say("say.date-clock", {{"date", say.date(time)}, {"clock", say.clock(time)}});
}

std::string age_words(const Language& say, Seconds age) {
  if (age.count() >= 2 * kYear) {
    return say.counted("say.years", static_cast<std::uint64_t>(age.count() / kYear));
  }
  return spoken_in(say, std::max(age, Seconds{0}));
}

std::string local_beside(const Language& say, Time time, const Zone& zone) {
  if (zone.name == "UTC") return {};
  const Time local = zone.local(time);
  const bool same_day =
      std::chrono::floor<std::chrono::days>(local) == std::chrono::floor<std::chrono::days>(time);
  return same_day ? say.clock(local) : local_day_clock_in(say, time, zone);
}

std::string signal_name(const Language& say, const SignalId& signal) {
  return with_capital(signal_in(say, clean_text(label_of(signal))));
}

std::string signal_about(const Language& say, const SignalId& signal) {
  const std::string key = fmt::format("signal-about.{}.{}", signal.source(), signal.metric());
  return english().has(key) ? say(key) : clean_text(kind_of(signal).detail);
}

std::string unit_words(const Language& say, const Series& series) {
  return say(fmt::format("unit-of.{}", name_of(series.unit)));
}

bool is_calm(const Incident& incident) {
  return !incident.open() || incident.confidence == Confidence::retracted;
}

bool graver(const Incident& a, const Incident& b) {
  const auto rank = [](const Incident& each) {
    // A country's nine tenths for five days come before a network's for an hour; beyond three days
    // more time does not make it more of an emergency.
    const double hours = std::min(72.0, static_cast<double>(each.range().length().count()) / 3600);
    const double weight = each.depth.value * std::sqrt(std::max(hours, 0.1));
    return std::tuple(is_calm(each), each.grade == Grade::lesser_anomaly, scope_rank(each),
                      static_cast<int>(each.grade), -weight,
                      -each.onset.value.time_since_epoch().count(), each.id);
  };
  return rank(a) < rank(b);
}

}  // namespace lightsout
