// SPDX-License-Identifier: Apache-2.0
#include "source/tor_csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "core/test_data.h"
#include "source/test_input.h"

namespace lightsout {
namespace {

using testing::Contains;
using testing::HasSubstr;

Sample on(const Series& series, const char* day) {
  const auto bin = series.bin_of(*parse_time(day));
  return bin ? series.samples[*bin] : Sample::missing();
}

TEST(TorCsv, ReadsEveryCountryAndNamesTheCodesThatAreNone) {
  REQUIRE_DATA(path, "tor/tor-users-by-country-2011-2016.csv.gz");
  const Reading reading = read_one(file_input(path));
  EXPECT_TRUE(reading.damage.empty());
  EXPECT_EQ(reading.inputs[0].format, "tor-csv");
  EXPECT_EQ(reading.series.size(), 165u);  // of 171 codes
  for (const char* code : {"??", "a1", "a2", "an", "cs", "eu"}) {
    const std::string expected = std::string("rows of '") + code + "', which is no country";
    EXPECT_THAT(reading.inputs[0].notes, Contains(HasSubstr(expected)));
  }
  const Series* syria = find_series(reading, "country:SY/tor/users");
  ASSERT_NE(syria, nullptr);
  EXPECT_EQ(syria->plane, Plane::circumvention);
  EXPECT_EQ(syria->step, Seconds{86400});
  EXPECT_EQ(on(*syria, "2012-11-28"), Sample::of(16840));
  EXPECT_EQ(on(*syria, "2012-11-30"), Sample::of(564));
  EXPECT_EQ(on(*syria, "2011-09-10"), Sample::missing());  // 9 days have no row
  const auto missing = std::count(syria->samples.begin(), syria->samples.end(), Sample::missing());
  EXPECT_EQ(missing, 9);
  const Series* congo = find_series(reading, "country:CD/tor/users");
  ASSERT_NE(congo, nullptr);
  EXPECT_EQ(on(*congo, "2015-01-21"), Sample::of(16));
}

TEST(TorCsv, TheWorldIsTheServiceItself) {
  REQUIRE_DATA(path, "tor/snowflake-userstats-relay-country.csv");
  const Reading reading = read_one(file_input(path));
  EXPECT_TRUE(reading.damage.empty());
  ASSERT_EQ(reading.series.size(), 1u);
  const Series& world = reading.series[0];
  EXPECT_EQ(world.id.text(), "service:tor/tor/users");
  EXPECT_EQ(on(world, "2023-01-07"), Sample::of(2297430));
  EXPECT_EQ(on(world, "2023-01-10"), Sample::missing());
  EXPECT_FLOAT_EQ(world.coverage[0], 0.75f);
}

TEST(TorCsv, TransportsAreSignals) {
  REQUIRE_DATA(path, "tor/snowflake-userstats-bridge-transport.csv");
  const Reading reading = read_one(file_input(path));
  EXPECT_TRUE(reading.damage.empty());
  ASSERT_EQ(reading.series.size(), 3u);
  EXPECT_EQ(on(*find_series(reading, "service:tor/tor/bridge_users.snowflake"), "2023-01-08"),
            Sample::of(101110));
  EXPECT_EQ(on(*find_series(reading, "service:tor/tor/bridge_users.any_transport"), "2023-01-07"),
            Sample::of(187219));
  EXPECT_NE(find_series(reading, "service:tor/tor/bridge_users.default"), nullptr);
}

TEST(TorCsv, TheBridgesOfADayAreSummed) {
  REQUIRE_DATA(path, "tor/snowflake-userstats-bridge-transport-multi.csv");
  const Reading reading = read_one(file_input(path));
  EXPECT_TRUE(reading.damage.empty());
  const Series* snowflake = find_series(reading, "service:tor/tor/bridge_users.snowflake");
  ASSERT_NE(snowflake, nullptr);
  EXPECT_NEAR(on(*snowflake, "2024-03-03").value(), 29443.31 + 1411.17, 0.001);
  double total = 0;
  for (const Sample& sample : snowflake->samples) total += sample.number().value_or(0);
  EXPECT_GT(total, 0);
}

TEST(TorCsv, BridgesByCountryAreNotRelays) {
  const Reading reading =
      read_one(text_input("a",
                          "# The Tor Project\ndate,country,users,frac\n2023-01-07,ir,5,80\n"
                          "2023-01-08,ir,,80\n2023-01-09,IR,7,80\n2023-01-10,ir,x,80\n"));
  ASSERT_EQ(reading.series.size(), 1u);
  EXPECT_EQ(reading.series[0].id.text(), "country:IR/tor/bridge_users");
  EXPECT_EQ(reading.series[0].samples,
            (std::vector<Sample>{Sample::of(5), Sample::missing(), Sample::of(7)}));
  ASSERT_EQ(reading.damage.count(), 1u);
  EXPECT_THAT(reading.damage.parts()[0].reason, HasSubstr("line 6: 'x' is not a number"));
}

}  // namespace
}  // namespace lightsout
