// SPDX-License-Identifier: Apache-2.0
#include "web/verdict_words.h"

#include <gtest/gtest.h>

#include <set>

#include "geo/country.h"
#include "web/words_in.h"

namespace lightsout {
namespace {

Time at(std::string_view text) {
  return *parse_time(text);
}

TimeEstimate about(std::string_view time) {
  return {at(time), at(time) - Seconds{1800}, at(time) + Seconds{1800}};
}

PlaneView view(std::string_view id, Plane plane, std::string_view label, double lost) {
  PlaneView one{.signal = *SignalId::parse(id), .plane = plane, .label = std::string(label)};
  one.judged = true;
  one.fell = lost >= 0.3;
  one.depth = {lost, lost - 0.01, std::min(1.0, lost + 0.01)};
  one.lowest = std::max(0.0, 0.9 - lost);
  one.fell_at = about("2022-01-05T10:30:00Z");
  if (one.fell) one.returned = about("2022-01-10T18:00:00Z");
  return one;
}

Incident kazakhstan() {
  Incident incident{.id = "kz-2022-01-05-5f3a", .entity = *Entity::parse("country:KZ")};
  incident.grade = Grade::nationwide;
  incident.confidence = Confidence::corroborated;
  incident.known_at = at("2022-01-11T08:00:00Z");
  incident.onset = about("2022-01-05T10:30:00Z");
  incident.end = about("2022-01-10T18:00:00Z");
  incident.depth = {0.961, 0.95, 0.97};
  incident.phases = {{PhaseKind::near_total,
                      {at("2022-01-05T11:00:00Z"), at("2022-01-10T18:00:00Z")},
                      false,
                      {0.97, 0.95, 0.98}}};
  incident.windows = {
      {{at("2022-01-07T02:00:00Z"), at("2022-01-07T05:30:00Z")}, {0.6, 0.5, 0.7}, {}},
      {{at("2022-01-08T02:00:00Z"), at("2022-01-08T05:30:00Z")}, {0.6, 0.5, 0.7}, {}}};
  incident.planes = {
      view("country:KZ/ioda-bgp/visible_slash24", Plane::control, "Routes announced", 0.05),
      view("country:KZ/ioda-probing/slash24_up", Plane::data, "Networks answering", 0.96),
      view("country:KZ/ioda-google/search", Plane::traffic, "Web traffic", 0.98)};
  incident.hypotheses = {{Mechanism::filtering, {}, {}, {}, 0.93, "likely"},
                         {Mechanism::withdrawal, {}, {}, {}, 0.03, "ruled out"}};
  return incident;
}

Report report_of(const Incident& incident) {
  Report report{.investigation = {.entity = incident.entity,
                                  .range = incident.range(),
                                  .incidents = {incident},
                                  .could_judge = true}};
  report.zone = {.name = "Asia/Almaty", .first_offset = Seconds{6 * 3600}};
  return report;
}

const Language& russian() {
  return *find_language("ru");
}
const Language& kazakh() {
  return *find_language("kk");
}

// Every figure of a text, "16:30", "0.4", "2022": decimal commas count as points.
std::multiset<std::string> figures(const std::string& text) {
  std::multiset<std::string> found;
  std::string one;
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const char c = i < text.size() ? text[i] : ' ';
    const bool inside = !one.empty() && i + 1 < text.size() && digit(text[i + 1]);
    if (digit(c)) {
      one += c;
    } else if (inside && (c == ':' || c == '.' || c == ',')) {
      one += c == ',' ? '.' : c;
    } else if (!one.empty()) {
      found.insert(one);
      one.clear();
    }
  }
  return found;
}

// English spells small counts out.
std::string with_digits(std::string text) {
  for (std::size_t count = 2; count <= 20; ++count) {
    const std::string word = number_word(count) + " ";
    for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word)) {
      text.replace(at, word.size(), std::to_string(count) + " ");
    }
  }
  return text;
}

std::string all_of(const Verdict& verdict) {
  std::string text = verdict.headline;
  for (const std::string& sentence : verdict.sentences) text += "\n" + sentence;
  for (const KeyFigure& figure : verdict.figures) {
    text += "\n" + figure.label + " | " + figure.value + " | " + figure.note;
  }
  return text;
}

TEST(VerdictWords, OfEveryGradeHoldEveryFigureOfTheEnglishOnes) {
  for (int grade = 0; grade <= int(Grade::lesser_anomaly); ++grade) {
    for (const bool open : {false, true}) {
      Incident incident = kazakhstan();
      incident.grade = Grade(grade);
      if (incident.grade == Grade::surge) incident.direction = Direction::rise;
      if (open) incident.end.reset();
      const Report report = report_of(incident);
      const Subject subject = subject_of(report);
      const std::string plain = all_of(verdict_in(english(), subject));
      EXPECT_EQ(plain, all_of(verdict_of(subject)));
      EXPECT_EQ(plain, all_of(verdict_in(english(), incident, report.zone)));
      for (const Language* language : {&russian(), &kazakh()}) {
        const std::string told = all_of(verdict_in(*language, subject));
        std::multiset<std::string> said = figures(told);
        for (const std::string& figure : figures(with_digits(plain))) {
          EXPECT_TRUE(said.contains(figure)) << figure << " of\n"
                                             << plain << "\nis not in\n"
                                             << told;
        }
        EXPECT_EQ(told.find('{'), std::string::npos) << told;
        EXPECT_EQ(told.find('['), std::string::npos) << told;
        EXPECT_EQ(told.find("Kazakhstan"), std::string::npos) << told;
      }
    }
  }
}

TEST(VerdictWords, ReadAsARussianAndAKazakhWouldWriteThem) {
  const Report report = report_of(kazakhstan());
  const Subject subject = subject_of(report);
  const Verdict ru = verdict_in(russian(), subject);
  EXPECT_EQ(ru.headline,
            "Казахстан: интернет пропал на 5 дней, маршруты при этом оставались объявлены");
  EXPECT_EQ(ru.sentences.at(0),
            "Между 10:00 и 11:00 UTC 5 января 2022 г. (16:00–17:00, Алматы, UTC+6): связь "
            "(Казахстан) — осталось 3\u202f% от ожидаемого (90-процентный интервал 2–5\u202f%).");
  EXPECT_EQ(ru.figures.at(1).value, "5\u202fсут\u00a07\u202fч");
  const Verdict kk = verdict_in(kazakh(), subject);
  EXPECT_EQ(kk.headline,
            "Қазақстан: 5 күн бойы интернет болмады, ал маршруттар жарияланған күйінде қалды");
  EXPECT_EQ(kk.status, "ended");
  EXPECT_EQ(status_in(kazakh(), kk.status), "аяқталды");
}

TEST(VerdictWords, WithoutAnIncidentSayWhatCouldBeJudged) {
  Report report{.investigation = {.entity = *Entity::parse("country:KZ"),
                                  .range = {at("2022-02-01"), at("2022-02-08")},
                                  .could_judge = true}};
  const Subject subject = subject_of(report);
  EXPECT_EQ(verdict_in(russian(), subject).headline,
            "Потери связи не обнаружено: Казахстан, 1–7 февраля 2022 г.");
  report.investigation.could_judge = false;
  report.investigation.reason = "less than 14 days";
  EXPECT_EQ(verdict_in(kazakh(), subject_of(report)).headline,
            "Не болғанын айту мүмкін емес: Қазақстан, 2022 ж. 1–7 ақпан");
}

TEST(WordsIn, NumbersTimesAndNamesAreTheLanguages) {
  EXPECT_EQ(percent_in(russian(), 0.003), "менее 1\u202f%");
  EXPECT_EQ(loss_in(kazakh(), 0.997), "99,7\u202f%");
  EXPECT_EQ(loss_in(english(), 0.997), "99.7\u202f%");
  EXPECT_EQ(spoken_in(russian(), Seconds{9000}), "2,5 часа");
  EXPECT_EQ(spoken_in(russian(), Seconds{21 * 86400}), "21 день");
  EXPECT_EQ(spoken_in(english(), Seconds{3 * 86400}), "three days");
  EXPECT_EQ(days_in(russian(), {at("2021-12-31"), at("2022-01-02")}),
            "31 декабря 2021 г. – 1 января 2022 г.");
  const Zone almaty{.name = "Asia/Almaty", .first_offset = Seconds{6 * 3600}};
  EXPECT_EQ(clock_both_in(russian(), at("2022-01-05T20:30:00Z"), almaty),
            "20:30 UTC 5 января 2022 г. (02:30 6\u00a0янв., Алматы, UTC+6)");
  EXPECT_EQ(place_in(russian(), *Entity::parse("asn:9198@country:KZ")), "AS9198 (Казахстан)");
  EXPECT_EQ(place_in(kazakh(), *Entity::parse("region:KZ-10")), "Абай облысы (Қазақстан)");
  EXPECT_EQ(place_in(english(), *Entity::parse("region:VE-Zulia")), "Zulia (Venezuela)");
  EXPECT_EQ(place_in(russian(), *Entity::parse("service:telegram@country:IN")), "Telegram (Индия)");
  EXPECT_EQ(signal_in(russian(), "Web traffic"), "веб-трафик");
  EXPECT_EQ(signal_in(kazakh(), "<b>mine</b>"), "<b>mine</b>");
}

TEST(WordsIn, EveryCountryHasANameOfItsOwnInEveryLanguage) {
  for (const Language* language : {&russian(), &kazakh()}) {
    std::set<std::string> names;
    for (const Country& country : all_countries()) {
      EXPECT_TRUE(language->has("country-name." + std::string(country.alpha2))) << country.alpha2;
      EXPECT_TRUE(names.insert(language->country(country.alpha2)).second) << country.alpha2;
    }
  }
}

}  // namespace
}  // namespace lightsout
