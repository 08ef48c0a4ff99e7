// SPDX-License-Identifier: Apache-2.0
#include "io/zoneinfo.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "geo/country.h"

namespace lightsout {
namespace {

struct OffsetCase {
  const char* zone;
  const char* time;
  const char* offset;
};

const OffsetCase kOffsetCases[] = {
    {"Asia/Almaty", "2022-01-05T10:30:00Z", "UTC+6"},  // Kazakhstan had two zones until
    {"Asia/Almaty", "2024-02-29T17:59:59Z", "UTC+6"},  // 1 March 2024, 00:00 local time
    {"Asia/Almaty", "2024-02-29T18:00:00Z", "UTC+5"},
    {"Asia/Aqtau", "2022-01-05T10:30:00Z", "UTC+5"},
    {"Asia/Tehran", "2022-07-01T00:00:00Z", "UTC+4:30"},  // the last summer time
    {"Asia/Tehran", "2026-07-01T00:00:00Z", "UTC+3:30"},
    {"Europe/Minsk", "2020-08-09T18:00:00Z", "UTC+3"},
    {"Asia/Kolkata", "2026-01-01T00:00:00Z", "UTC+5:30"},
    {"America/Caracas", "2007-12-09T06:59:59Z", "UTC-4"},
    {"America/Caracas", "2010-01-01T00:00:00Z", "UTC-4:30"},
    {"Europe/Kyiv", "2037-07-01T00:00:00Z", "UTC+3"},  // a rule far in the future
    {"UTC", "2026-01-01T00:00:00Z", "UTC"},
    {"America/New_York", "1970-01-01T00:00:00Z", "UTC-5"},
};

TEST(Zoneinfo, KnowsTheClockOfTheDay) {
  for (const OffsetCase& c : kOffsetCases) {
    const Result<Zone> zone = load_zone(c.zone);
    ASSERT_TRUE(zone.ok()) << c.zone;
    EXPECT_EQ(zone->offset_text(*parse_time(c.time)), c.offset) << c.zone << " " << c.time;
  }
}

TEST(Zoneinfo, ChangesAscendAndEachChangesSomething) {
  const Zone zone = *load_zone("Europe/London");
  Seconds before = zone.first_offset;
  EXPECT_EQ(before, Seconds{3600});  // British Standard Time, 1968 to 1971
  EXPECT_GT(zone.changes.size(), 120u);
  for (const ZoneChange& change : zone.changes) {
    EXPECT_NE(change.offset, before);
    before = change.offset;
  }
  EXPECT_TRUE(std::is_sorted(zone.changes.begin(), zone.changes.end(),
                             [](const auto& a, const auto& b) { return a.at < b.at; }));
}

TEST(Zoneinfo, SaysWhichNameItDoesNotKnow) {
  for (const char* name : {"Asia/Nowhere", "", "../../etc/passwd"}) {
    const Result<Zone> zone = load_zone(name);
    ASSERT_FALSE(zone.ok()) << name;
    EXPECT_EQ(zone.error().kind, ErrorKind::not_found);
  }
}

TEST(Zoneinfo, HasTheZoneOfEveryCountry) {
  for (const Country& country : all_countries()) {
    EXPECT_TRUE(load_zone(country.zone).ok()) << country.zone;
  }
}

}  // namespace
}  // namespace lightsout
