// SPDX-License-Identifier: Apache-2.0
#include "source/text.h"

#include <gtest/gtest.h>

namespace lightsout {
namespace {

TEST(Text, SlugMakesANameOfALabel) {
  const std::pair<const char*, const char*> kCases[] = {
      {"Active Probing (#/24s Up)", "active_probing_24s_up"},
      {"  spaces  ", "spaces"},
      {"", "unnamed"},
      {"\u0421\u0435\u0442\u044c", "unnamed"},
      {"WEB_SEARCH", "web_search"},
  };
  for (const auto& [label, word] : kCases) EXPECT_EQ(slug(label), word);
  EXPECT_LE(slug(std::string(1000, 'x')).size(), 64u);
}

TEST(Text, CleansWhatIsNotUtf8) {
  EXPECT_EQ(clean_utf8("M\xe9rida"), "M\u00e9rida");
  EXPECT_EQ(clean_utf8("M\u00e9rida"), "M\u00e9rida");
  for (const char* broken : {"\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x82", "\x80"}) {
    EXPECT_FALSE(is_utf8(broken));
    EXPECT_TRUE(is_utf8(clean_utf8(broken)));
  }
}

TEST(Text, EntityWordsHoldNothingThatAnEntityMayNot) {
  EXPECT_EQ(entity_word(" Distrito Capital "), "Distrito_Capital");
  EXPECT_EQ(entity_word("a/b@c\"<d>\te"), "abcde");
  EXPECT_EQ(entity_word("Luhans'k"), "Luhans'k");
  std::string lengthy;
  for (int i = 0; i < 100; ++i) lengthy += "\u00e9";
  EXPECT_TRUE(is_utf8(entity_word(lengthy)));
}

TEST(Text, NumbersAreFiniteAndFitTheirUnit) {
  EXPECT_EQ(*parse_number(" 12.5 "), 12.5);
  EXPECT_EQ(*parse_number("+1e3"), 1000);
  EXPECT_EQ(*parse_number("12,5", true), 12.5);
  for (const char* text :
       {"", "abc", "1.5x", "nan", "inf", "-inf", "1e999", "12,5", "0x10", "1 2"}) {
    EXPECT_FALSE(parse_number(text).ok()) << text;
  }
  EXPECT_FALSE(parse_sample("-1", Unit::count).ok());
  EXPECT_TRUE(parse_sample("-1", Unit::index).ok());
  EXPECT_TRUE(parse_sample("1", Unit::fraction).ok());
  EXPECT_FALSE(parse_sample("1.001", Unit::fraction).ok());
}

TEST(Text, TimesAsFilesWriteThem) {
  const std::pair<const char*, const char*> kGood[] = {
      {"01-Dec-2021 06:00:00", "2021-12-01T06:00:00Z"},
      {"20-jul-2019", "2019-07-20T00:00:00Z"},
      {"2019-01-01 02:00:00.000", "2019-01-01T02:00:00Z"},
      {"1563580800", "2019-07-20T00:00:00Z"},
      {"1719784800000", "2024-06-30T22:00:00Z"},
      {"2026-06-16T00:00:00Z", "2026-06-16T00:00:00Z"},
  };
  for (const auto& [text, time] : kGood) {
    ASSERT_TRUE(parse_file_time(text).ok()) << text;
    EXPECT_EQ(format_time(*parse_file_time(text)), time);
  }
  for (const char* text :
       {"", "31-Feb-2021", "01-Foo-2021", "2021", "99999999999999", "yesterday"}) {
    EXPECT_FALSE(parse_file_time(text).ok()) << text;
  }
}

TEST(Text, CountriesOfTodayOnly) {
  EXPECT_EQ(country_code("kz"), "KZ");
  EXPECT_EQ(country_code(" ZW "), "ZW");
  for (const char* text : {"", "??", "A1", "EU", "AN", "ZZ", "KAZ", "M "}) {
    EXPECT_EQ(country_code(text), std::nullopt) << text;
  }
}

TEST(Text, WhatIsShownIsShortAndOneLine) {
  EXPECT_EQ(shown("a\nb"), "a b");
  EXPECT_EQ(shown("abcdef", 3), "abc...");
}

}  // namespace
}  // namespace lightsout
