// SPDX-License-Identifier: Apache-2.0
#include "source/ioda_csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "core/test_data.h"
#include "source/test_input.h"

namespace lightsout {
namespace {

using testing::HasSubstr;

const ReadOptions kIran{.entity = *Entity::parse("country:IR")};

std::ptrdiff_t missing(const Series& series) {
  return std::count(series.samples.begin(), series.samples.end(), Sample::missing());
}
std::ptrdiff_t zeros(const Series& series) {
  return std::count(series.samples.begin(), series.samples.end(), Sample::of(0));
}

TEST(IodaCsv, ReadsTheIranExport) {
  REQUIRE_DATA(path, "series/ioda-iran-20251201-20260129-normalized.csv");
  const Reading reading = read_one(file_input(path), kIran);
  EXPECT_TRUE(reading.damage.empty());
  ASSERT_EQ(reading.series.size(), 5u);
  EXPECT_EQ(reading.inputs[0].format, "ioda-csv");

  const Series* telescope = find_series(reading, "country:IR/ioda-telescope/unique_source_ips");
  ASSERT_NE(telescope, nullptr);
  EXPECT_EQ(missing(*telescope), 274);
  EXPECT_EQ(zeros(*telescope), 22);
  EXPECT_EQ(telescope->step, Seconds{1800});
  EXPECT_EQ(telescope->size(), 2864u);
  EXPECT_EQ(telescope->unit, Unit::percent_of_max);
  EXPECT_EQ(telescope->lineage.at(0).format, "ioda-csv");

  const Series* probing = find_series(reading, "country:IR/ioda-probing/slash24_up");
  ASSERT_NE(probing, nullptr);
  EXPECT_EQ(probing->plane, Plane::data);
  const auto at = probing->bin_of(*parse_time("2026-01-08T17:00:00Z"));
  EXPECT_NEAR(probing->samples[*at].value(), 6.6, 0.1);
}

TEST(IodaCsv, AnHourlyColumnHasNoMissingHalfHours) {
  REQUIRE_DATA(path, "series/ioda-iran-20251201-20260129-normalized.csv");
  const Reading reading = read_one(file_input(path), kIran);
  const Series* mozilla = find_series(reading, "country:IR/ioda-mozilla/city_count");
  ASSERT_NE(mozilla, nullptr);
  EXPECT_EQ(mozilla->step, Seconds{3600});
  EXPECT_EQ(format_time(mozilla->time_of(mozilla->size() - 1)), "2026-01-29T15:00:00Z");
  EXPECT_EQ(missing(*mozilla), 16);  // 29 January from 00:00 on, on its own grid
}

TEST(IodaCsv, CountsAreNotTakenForPercentages) {
  const Reading reading = read_one(
      text_input("raw.csv",
                 "\"Time (UTC)\",\"BGP (#Visible /24s)\"\n2022-01-01 00:00,1500\n2022-01-01 "
                 "00:05,1501\n"),
      kIran);
  ASSERT_EQ(reading.series.size(), 1u);
  EXPECT_EQ(reading.series[0].unit, Unit::count);
  EXPECT_EQ(reading.series[0].step, Seconds{300});
}

TEST(IodaCsv, AnUnknownColumnIsReadAndNoted) {
  const Reading reading = read_one(
      text_input("new.csv",
                 "Time (UTC),Upstream Delay (ms)\n2022-01-01 00:00,5\n2022-01-01 01:00,6\n"),
      kIran);
  ASSERT_EQ(reading.series.size(), 1u);
  EXPECT_EQ(reading.series[0].id.text(), "country:IR/ioda/upstream_delay_ms");
  EXPECT_THAT(reading.inputs[0].notes, testing::Contains(HasSubstr("Upstream Delay (ms)")));
}

TEST(IodaCsv, SaysThatItNeedsACountry) {
  const Reading reading =
      read_one(text_input("a.csv", "Time (UTC),BGP (#Visible /24s)\n2022-01-01 00:00,1\n"));
  EXPECT_TRUE(reading.series.empty());
  ASSERT_EQ(reading.damage.count(), 1u);
  EXPECT_THAT(reading.damage.parts()[0].reason, HasSubstr("country:IR"));
}

TEST(IodaCsv, DamagedRowsAreCountedWithTheirPlace) {
  const Reading reading =
      read_one(text_input("a.csv",
                          "Time (UTC),BGP (#Visible /24s)\n2022-01-01 00:00,10\nyesterday,11\n"
                          "2022-01-01 00:10,NaN\n2022-01-01 00:15,-3\n2022-01-01 00:20,14\n"
                          "2022-01-01 00:25,15\n"),
               kIran);
  ASSERT_EQ(reading.damage.count(), 3u);
  EXPECT_EQ(reading.damage.parts()[0].offset, 51u);
  EXPECT_THAT(reading.damage.parts()[0].reason, HasSubstr("line 3: 'yesterday' is not a time"));
  EXPECT_THAT(reading.damage.parts()[1].reason, HasSubstr("not a finite number"));
  EXPECT_THAT(reading.damage.parts()[2].reason, HasSubstr("negative"));
  ASSERT_EQ(reading.series.size(), 1u);
}

TEST(IodaCsv, AWrongClockDoesNotStretchTheSeries) {
  std::string text = "Time (UTC),BGP (#Visible /24s)\n";
  for (int hour = 0; hour < 24; ++hour)
    text += "2022-01-01 " + std::string(hour < 10 ? "0" : "") + std::to_string(hour) + ":00,10\n";
  text += "2061-01-01 00:00,10\n";
  const Reading reading = read_one(text_input("a.csv", text), kIran);
  ASSERT_EQ(reading.series.size(), 1u);
  EXPECT_EQ(reading.series[0].size(), 24u);
  ASSERT_EQ(reading.damage.count(), 1u);
  EXPECT_THAT(reading.damage.parts()[0].reason, HasSubstr("2061"));
}

}  // namespace
}  // namespace lightsout
