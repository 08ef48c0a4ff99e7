// SPDX-License-Identifier: Apache-2.0
#include "core/time.h"

#include <gtest/gtest.h>

#include "core/zone.h"

namespace lightsout {
namespace {

struct TimeCase {
  const char* what;
  const char* text;
  bool readable;
  const char* utc;
};

const TimeCase kTimeCases[] = {
    {"RFC 3339", "2022-01-05T10:30:00Z", true, "2022-01-05T10:30:00Z"},
    {"offset of Almaty in 2022", "2022-01-05T16:30:00+06:00", true, "2022-01-05T10:30:00Z"},
    {"blank and fraction", "2019-01-01 02:00:00.000", true, "2019-01-01T02:00:00Z"},
    {"without seconds", "2022-01-05T10:30Z", true, "2022-01-05T10:30:00Z"},
    {"date", "2022-01-05", true, "2022-01-05T00:00:00Z"},
    {"Unix seconds", "1641378600", true, "2022-01-05T10:30:00Z"},
    {"suffix UTC", "2022-01-05 10:30:00 UTC", true, "2022-01-05T10:30:00Z"},
    {"leap day", "2020-02-29", true, "2020-02-29T00:00:00Z"},
    {"no leap day", "2021-02-29", false, ""},
    {"a clock that is wrong", "2207-01-05T10:30:00Z", false, ""},
    {"before Unix", "1969-12-31T23:59:59Z", false, ""},
    {"hour 24", "2022-01-05T24:00:00Z", false, ""},
    {"letters behind", "2022-01-05T10:30:00Zabc", false, ""},
    {"empty", "", false, ""},
    {"a year alone", "2022", false, ""},
    {"a number too long", "99999999999999999999999", false, ""},
};

TEST(Time, ReadsWhatPeopleWrite) {
  for (const TimeCase& c : kTimeCases) {
    const Result<Time> time = parse_time(c.text);
    ASSERT_EQ(time.ok(), c.readable) << c.what;
    if (time) EXPECT_EQ(format_time(*time), c.utc) << c.what;
  }
}

TEST(Time, BinsBeginAtMultiplesOfTheirWidth) {
  const Time time = *parse_time("2022-01-05T10:44:59Z");
  EXPECT_EQ(format_time(bin_begin(time, Seconds{1800})), "2022-01-05T10:30:00Z");
  EXPECT_EQ(format_time(bin_begin(time, Seconds{60})), "2022-01-05T10:44:00Z");
}

TEST(Time, RangesThatTouchShareNoSecond) {
  const TimeRange first{*parse_time("2022-01-05"), *parse_time("2022-01-06")};
  const TimeRange second{*parse_time("2022-01-06"), *parse_time("2022-01-07")};
  EXPECT_FALSE(first.overlaps(second));
  EXPECT_FALSE(first.contains(first.end));
  EXPECT_TRUE(first.contains(first.begin));
}

TEST(Time, DurationsNameTheirTwoLargestUnits) {
  EXPECT_EQ(format_duration(Seconds{45}), "45 s");
  EXPECT_EQ(format_duration(Seconds{16200}), "4 h 30 min");
  EXPECT_EQ(format_duration(Seconds{18 * 86400 + 14 * 3600 + 59}), "18 d 14 h");
  EXPECT_EQ(format_duration(Seconds{86400}), "1 d");
}

TEST(Zone, GivesTheOffsetOfThatDay) {
  const Zone almaty{.name = "Asia/Almaty",
                    .first_offset = Seconds{6 * 3600},
                    .changes = {{*parse_time("2024-02-29T18:00:00Z"), Seconds{5 * 3600}}}};
  const Time then = *parse_time("2022-01-05T10:30:00Z");
  const Time today = *parse_time("2026-01-05T10:30:00Z");
  EXPECT_EQ(format_clock(almaty.local(then)), "16:30");
  EXPECT_EQ(almaty.offset_text(then), "UTC+6");
  EXPECT_EQ(almaty.offset_text(today), "UTC+5");
  EXPECT_EQ(Zone{}.offset_text(today), "UTC");
  EXPECT_EQ(almaty.local_text(then), "2022-01-05T16:30:00+06:00");
  EXPECT_EQ(Zone{}.local_text(then), "2022-01-05T10:30:00+00:00");
  EXPECT_EQ((Zone{.first_offset = Seconds{-12600}}).local_text(then), "2022-01-05T07:00:00-03:30");
  EXPECT_EQ(parse_time(almaty.local_text(then)).value(), then);
}

}  // namespace
}  // namespace lightsout
