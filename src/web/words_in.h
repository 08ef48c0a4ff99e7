// WordsIn: the numbers, times and fixed words of report/words.h in the reader's language.
//
// English is what report/words.h says, to the letter. In the others a number has their decimal
// sign, a name stands in the nominative, and a word that messages/ lacks stays English: a signal's
// label from a file, a service's name.
//
//   const Language& russian = *find_language("ru");
//   percent_in(russian, 0.004)                    // "менее 1 %"
//   clock_both_in(russian, onset, almaty)         // "10:30 UTC 5 января 2022 г. (16:30, Алматы,
//   UTC+6)" place_in(russian, *Entity::parse("asn:9198@country:KZ"))  // "AS9198 (Казахстан)"
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "language/language.h"
#include "report/words.h"

namespace lightsout {

std::string percent_in(const Language& say, double share);
std::string loss_in(const Language& say, double share);
std::string percent_between_in(const Language& say, double low, double high);
std::string change_in(const Language& say, double share_lost);
std::string number_in(const Language& say, double value, int decimals = 0);
std::string value_in(const Language& say, double value, Unit unit);

std::string spoken_in(const Language& say, Seconds duration);    // "5 дней"
std::string duration_in(const Language& say, Seconds duration);  // "5 сут 15 ч"
std::string length_in(const Language& say, const Incident& incident);

std::string city_in(const Language& say, const Zone& zone);  // empty for UTC
std::string clock_both_in(const Language& say, Time time, const Zone& zone);
// "5 янв. 10:30 UTC" and "5 янв. 16:30"; the second is empty for UTC.
std::string day_clock_in(const Language& say, Time time);
std::string day_clock_utc_in(const Language& say, Time time);
std::string local_day_clock_in(const Language& say, Time time, const Zone& zone);
std::string days_in(const Language& say, const TimeRange& range);  // "8–15 января 2022 г."

std::string list_in(const Language& say, const std::vector<std::string>& parts);

// At the start of a headline: "Казахстан", "Алматы (Казахстан)", "Telegram (Индия)".
std::string place_in(const Language& say, const Entity& entity);
// An English label of signal/catalogue.h: "отвечающие сети". Unknown ones stay.
std::string signal_in(const Language& say, std::string_view label);

std::string word_in(const Language& say, Grade grade);
std::string word_in(const Language& say, Confidence confidence);
std::string word_in(const Language& say, PhaseKind kind);
std::string word_in(const Language& say, Mechanism mechanism);
std::string word_in(const Language& say, Plane plane);
std::string word_in(const Language& say, SampleState state);
// Of a Hypothesis: "ruled out".
std::string weighed_in(const Language& say, std::string_view verdict);

}  // namespace lightsout
