// Places: how people call a country, and which clock hangs on its wall.
//
// The zone is the one of the capital or of most people where a country has several; a report says
// which one it uses. Names are the short English ones of everyday news.
//
//   country_name("IR")   // "Iran"
//   usual_zone("IR")     // "Asia/Tehran": give it to io/zoneinfo.h
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "core/zone.h"
#include "geo/entity.h"

namespace lightsout {

// Empty for a code that ISO 3166-1 does not know.
std::string_view country_name(std::string_view alpha2);
std::string_view usual_zone(std::string_view alpha2);  // IANA name, empty when not known

// "Iran", "AS9198 in Kazakhstan", "Zulia, Venezuela", "Telegram in India".
std::string name_of_entity(const Entity& entity);

// "Tehran" for Asia/Tehran; empty for UTC.
std::string city_of(const Zone& zone);

}  // namespace lightsout
