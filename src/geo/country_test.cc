// SPDX-License-Identifier: Apache-2.0
#include "geo/country.h"

#include <gtest/gtest.h>

#include <set>

namespace lightsout {
namespace {

TEST(Country, EveryCodeOfIso3166IsThereOnce) {
  // 249 codes of ISO 3166-1 as of 2024, and XK.
  EXPECT_EQ(all_countries().size(), 250u);
  std::set<std::string_view> alpha2;
  std::set<std::string_view> alpha3;
  std::set<std::string_view> titles;
  for (const Country& country : all_countries()) {
    EXPECT_EQ(country.alpha2.size(), 2u) << country.name;
    EXPECT_EQ(country.alpha3.size(), 3u) << country.name;
    EXPECT_TRUE(alpha2.insert(country.alpha2).second) << country.alpha2;
    EXPECT_TRUE(alpha3.insert(country.alpha3).second) << country.alpha3;
    EXPECT_TRUE(titles.insert(country.title).second) << country.title;
    EXPECT_EQ(find_country(country.alpha2), &country);
    EXPECT_EQ(find_country_alpha3(country.alpha3), &country);
    EXPECT_FALSE(country.title.starts_with("the ")) << country.title;
  }
}

TEST(Country, WhatIsNoCodeIsNotFound) {
  for (const char* code : {"", "K", "kz", "KAZ", "ZZ", "AA", "\xff\xff"}) {
    EXPECT_EQ(find_country(code), nullptr) << code;
  }
  EXPECT_EQ(find_country_alpha3("KZ"), nullptr);
}

TEST(Country, TheClockIsTheOneOfTheCapital) {
  EXPECT_EQ(find_country("KZ")->zone, "Asia/Almaty");
  EXPECT_TRUE(find_country("KZ")->several_zones);  // the west was an hour behind until 2024
  EXPECT_EQ(find_country("US")->zone, "America/New_York");
  EXPECT_EQ(find_country("IR")->zone, "Asia/Tehran");
  EXPECT_FALSE(find_country("IR")->several_zones);
  EXPECT_FALSE(find_country("AR")->several_zones);  // twelve zones that have agreed since 2009
}

struct NameCase {
  const char* entity;
  const char* name;
  const char* title;
};

const NameCase kNameCases[] = {
    {"country:KZ", "Kazakhstan", "Kazakhstan"},
    {"country:IR", "Iran", "Iran"},
    {"country:CD", "the Democratic Republic of the Congo", "DR Congo"},
    {"country:GB", "the United Kingdom", "United Kingdom"},
    {"country:ZZ", "ZZ", "ZZ"},
    {"region:VE-Zulia", "Zulia (Venezuela)", "Zulia (Venezuela)"},
    {"region:VE-Distrito_Capital", "Distrito Capital (Venezuela)", "Distrito Capital (Venezuela)"},
    {"region:KZ-75", "region KZ-75 of Kazakhstan", "Region KZ-75 of Kazakhstan"},
    {"asn:9198", "AS9198", "AS9198"},
    {"asn:9198@country:KZ", "AS9198 in Kazakhstan", "AS9198 in Kazakhstan"},
    {"service:telegram@country:IN", "Telegram in India", "Telegram in India"},
    {"service:whatsapp@asn:9198", "WhatsApp on AS9198", "WhatsApp on AS9198"},
    {"service:psiphon", "Psiphon", "Psiphon"},
    {"service:bbc@country:US", "the BBC in the United States", "The BBC in the United States"},
};

TEST(Country, AnEntityHasANameThatPeopleSay) {
  for (const NameCase& c : kNameCases) {
    const Entity entity = *Entity::parse(c.entity);
    EXPECT_EQ(name_of(entity), c.name);
    EXPECT_EQ(title_of(entity), c.title);
  }
}

}  // namespace
}  // namespace lightsout
