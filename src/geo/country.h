// Countries: codes, the name in a plain English sentence, and the clock of the capital.
//
// Every code of ISO 3166-1, and XK for Kosovo, which the standard leaves to its users and IODA and
// others use. A name is what follows "in": "in Kazakhstan", "in the United States"; `title` is how
// a headline begins: "United States: ...". A row is a name for a code in data, never a position on
// borders.
//
//   const Country* country = find_country("KZ");     // nullptr: no such code
//   country->zone                                    // "Asia/Almaty"
//   name_of(*Entity::parse("asn:9198@country:KZ"))   // "AS9198 in Kazakhstan"
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "geo/entity.h"

namespace lightsout {

struct Country {
  std::string_view alpha2;  // "KZ"
  std::string_view alpha3;  // "KAZ"
  std::string_view name;    // within a sentence: "the Democratic Republic of the Congo"
  std::string_view title;   // at the start of a headline: "DR Congo"
  std::string_view zone;    // IANA name of the clock in the capital; io/zoneinfo.h loads it
  // Clocks in the country have differed at some time since 2010 (tz database), so a local time
  // must say that it is the capital's.
  bool several_zones;
};

// By alpha2.
std::span<const Country> all_countries();

// Exact, in capitals; a caller with Tor's lower case raises it first. nullptr: no such code.
const Country* find_country(std::string_view alpha2);
const Country* find_country_alpha3(std::string_view alpha3);

// How people say it, within a sentence: "Kazakhstan", "Zulia (Venezuela)", "region KZ-75 of
// Kazakhstan", "AS9198 in Kazakhstan", "Telegram in India", "Telegram on AS9198". An unknown
// country's code stands for its name.
std::string name_of(const Entity& entity);

// The same at the start of a headline: "DR Congo", "AS9198 in Kazakhstan".
std::string title_of(const Entity& entity);

}  // namespace lightsout
