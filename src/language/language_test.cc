// SPDX-License-Identifier: Apache-2.0
#include "language/language.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "language/embedded.h"

namespace lightsout {
namespace {

// Names of countries and of cities come from elsewhere in English: src/geo/country.cc and the zone.
bool only_elsewhere_in_english(std::string_view key) {
  return key.starts_with("country-name.") || key.starts_with("city.");
}

TEST(Language, EverySentenceOfAnotherLanguageHasAnEnglishOneWithTheSameBlanks) {
  const auto blanks = [](std::string_view text) {
    std::multiset<std::string> names;
    for (std::size_t at = text.find('{'); at != text.npos; at = text.find('{', at + 1)) {
      names.emplace(text.substr(at, text.find('}', at) - at + 1));
    }
    return names;
  };
  std::map<std::string_view, std::string_view> english_texts;
  for (const EmbeddedMessage& message : embedded_messages()) {
    if (message.language == "en") english_texts[message.key] = message.text;
  }
  for (const EmbeddedMessage& message : embedded_messages()) {
    const std::string_view key = message.key;
    if (message.language == "en" || key.ends_with(".few") || key.ends_with(".many")) continue;
    if (only_elsewhere_in_english(key)) continue;
    ASSERT_TRUE(english_texts.contains(key)) << message.language << ": " << key;
    std::multiset<std::string> said = blanks(message.text);
    std::multiset<std::string> asked = blanks(english_texts[key]);
    // "Last day" in English, where Russian says "21" in the singular.
    if (key.ends_with(".one")) {
      said.erase("{count}");
      asked.erase("{count}");
    }
    EXPECT_EQ(said, asked) << message.language << ": " << key;
  }
}

TEST(Language, RussianAndKazakhLackNoSentence) {
  std::map<std::string_view, std::set<std::string_view>> keys;
  for (const EmbeddedMessage& message : embedded_messages()) {
    keys[message.language].insert(message.key);
  }
  for (const std::string_view language : {"ru", "kk"}) {
    for (const std::string_view key : keys["en"]) {
      EXPECT_TRUE(keys[language].contains(key)) << language << " lacks " << key;
    }
  }
  EXPECT_EQ(keys.size(), 3u);
}

TEST(Language, ARussianPluralHasAllItsForms) {
  const Language& russian = *find_language("ru");
  for (const EmbeddedMessage& message : embedded_messages()) {
    if (message.language != "ru" || !message.key.ends_with(".one")) continue;
    const std::string stem(message.key.substr(0, message.key.size() - 4));
    EXPECT_TRUE(russian.has(stem + ".few")) << stem;
    EXPECT_TRUE(russian.has(stem + ".many")) << stem;
  }
}

TEST(Language, DatesReadAsTheyAreWritten) {
  const Time time = *parse_time("2022-01-05T10:30:00Z");
  EXPECT_EQ(english().date(time), "5 January 2022");
  EXPECT_EQ(find_language("ru")->date(time), "5 января 2022 г.");
  EXPECT_EQ(find_language("kk")->date(time), "2022 ж. 5 қаңтар");
}

TEST(Language, TheHeaderOfABrowserChooses) {
  EXPECT_EQ(negotiate_language("ru-RU,ru;q=0.9,en;q=0.8").code(), "ru");
  EXPECT_EQ(negotiate_language("fr, kk;q=0.5, en;q=0.3").code(), "kk");
  EXPECT_EQ(negotiate_language("fr,de").code(), "en");
  EXPECT_EQ(negotiate_language(";;,,q=").code(), "en");
  EXPECT_EQ(find_language("fr"), nullptr);
}

TEST(Language, ThePseudoLocaleKeepsItsBlanksAndRunsFromTheRight) {
  const Language& pseudo = *find_language("qps");
  EXPECT_EQ(pseudo.direction(), "rtl");
  EXPECT_NE(pseudo("date", {{"day", "5"}, {"month", "May"}, {"year", "2022"}}).find("5 May 2022"),
            std::string::npos);
  EXPECT_EQ(english()("no.such.key"), "[no.such.key]");
}

}  // namespace
}  // namespace lightsout
