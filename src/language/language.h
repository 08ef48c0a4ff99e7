// Language: every sentence that people read on a page, in English, Russian and Kazakh.
//
// Sentences stand in messages/<language>/<area>.messages, one `key = text` a line, and are built
// into the program. Code names a key and fills in what varies:
//
//   const Language& russian = *find_language("ru");
//   russian("country.since", {{"time", "16:45"}})      // "с 16:45"
//   russian.counted("incident.windows", 5)             // "5 окон": the plural that the number asks
//
// A sentence that a language lacks is said in English; that English lacks none is a test. What is
// filled in is text, not markup: escape the whole when it goes into HTML.
//
// "qps" is a pseudo-locale for tests: English with accents and brackets, written from right to
// left.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "core/time.h"

namespace lightsout {

class Language {
 public:
  struct Argument {
    std::string_view name;
    std::string value;
  };

  std::string_view code() const { return code_; }            // "ru": for <html lang>
  std::string_view direction() const { return direction_; }  // "ltr" or "rtl": for <html dir>
  std::string_view own_name() const { return own_name_; }    // "русский"

  // The sentence of that key; "{name}" in it is replaced. An unknown key gives "[key]".
  std::string operator()(std::string_view key,
                         std::initializer_list<Argument> arguments = {}) const;
  // Of "key.one", "key.few", "key.many", "key.other" the one that the number asks for (CLDR); its
  // "{count}" is the number.
  std::string counted(std::string_view key, std::uint64_t count,
                      std::initializer_list<Argument> arguments = {}) const;
  bool has(std::string_view key) const;

  std::string country(std::string_view alpha2) const;  // "Қазақстан"; English where unknown
  std::string month(unsigned month) const;             // 1..12, as in a date: "января"
  std::string date(Time time) const;                   // "5 января 2022 г.", in UTC
  std::string clock(Time time) const;                  // "16:30"

 private:
  friend struct LanguageMaker;

  std::string_view code_;
  std::string_view direction_ = "ltr";
  std::string_view own_name_;
  const Language* fallback_ = nullptr;
  std::map<std::string, std::string, std::less<>> sentences_;
};

// The languages that a page offers, English first; without the pseudo-locale.
std::span<const Language* const> all_languages();

// By code; nullptr when there is none.
const Language* find_language(std::string_view code);

const Language& english();

// The best of ours for an Accept-Language header (RFC 9110 section 12.5.4); English when none fits.
const Language& negotiate_language(std::string_view accept_language);

}  // namespace lightsout
