// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "detect/circumvention.h"
#include "detect/detector.h"

namespace lightsout {
namespace {

using testing::HasSubstr;

// A hundred days around `usual`, times `factor` on days 80 to 83.
Series series_of(std::string_view id, Plane plane, double usual, double factor) {
  Series series{.id = *SignalId::parse(id),
                .plane = plane,
                .begin = *parse_time("2022-01-01T00:00:00Z"),
                .step = Seconds{86400}};
  for (int day = 0; day < 100; ++day) {
    const double noise = 1 + 0.04 * ((day * 7919) % 11 - 5) / 5.0;
    const double now = day >= 80 && day < 84 ? factor : 1;
    series.samples.push_back(Sample::of(std::round(usual * noise * now)));
  }
  return series;
}

struct JointCase {
  const char* name;
  double tool, connectivity;  // factors; connectivity 0: no series of it
  const char* reading;
  Connectivity connected;
};

TEST(Circumvention, TheToolAndConnectivityTellABlockFromABlackout) {
  const JointCase kCases[] = {
      {"tool up, connected", 8, 1, "block or a slowing of other services", Connectivity::stood},
      {"tool up, cut in part", 8, 0.5, "way out of a partial cut", Connectivity::fell},
      {"tool down, cut", 0.05, 0.02, "consistent with a blackout", Connectivity::fell},
      {"tool down, connected", 0.05, 1, "consistent with a block of the tool", Connectivity::stood},
      {"tool down, nothing else", 0.05, 0, "look alike", Connectivity::not_measured},
  };
  for (const JointCase& one : kCases) {
    std::vector<Series> series{
        series_of("country:KZ/psiphon/daily_unique_users", Plane::circumvention, 5000, one.tool)};
    if (one.connectivity > 0) {
      series.push_back(
          series_of("country:KZ/probing/slash24_up", Plane::data, 4000, one.connectivity));
    }
    std::vector<Detection> detections;
    for (const Series& each : series) detections.push_back(detect(each));
    const auto rows = circumvention_table(series, detections);
    ASSERT_EQ(rows.size(), 1u) << one.name;
    EXPECT_THAT(rows[0].reading, HasSubstr(one.reading)) << one.name;
    EXPECT_EQ(rows[0].connectivity, one.connected) << one.name;
    EXPECT_EQ(rows[0].kind, CountKind::daily_unique);
  }
}

TEST(Circumvention, BridgesUpAndRelaysDownIsABlockOfTor) {
  const std::vector<Series> series{
      series_of("country:BY/tor/bridge_users", Plane::circumvention, 800, 9),
      series_of("country:BY/tor/users", Plane::circumvention, 6000, 0.1)};
  std::vector<Detection> detections;
  for (const Series& each : series) detections.push_back(detect(each));
  for (const ToolRow& row : circumvention_table(series, detections)) {
    EXPECT_THAT(row.reading, HasSubstr("block of Tor's relays")) << row.signal.text();
  }
}

TEST(Circumvention, PeopleOfADayAreNeverHeldAgainstUsersOfAMoment) {
  const SignalId unique = *SignalId::parse("country:KZ/psiphon/daily_unique_users");
  const SignalId now = *SignalId::parse("country:KZ/psiphon/concurrent_users");
  const SignalId tor = *SignalId::parse("country:KZ/tor/users");
  EXPECT_TRUE(may_be_compared(now, tor).ok());
  for (const auto& [a, b] : {std::pair{unique, now}, {unique, tor}}) {
    const Status refused = may_be_compared(a, b);
    ASSERT_FALSE(refused.ok());
    EXPECT_THAT(refused.error().message, HasSubstr("never held against each other"));
  }
  EXPECT_FALSE(kind_of_count(*SignalId::parse("country:KZ/bgp/visible_slash24")));
}

TEST(Circumvention, TwoDaysSayHowLittleIsKnown) {
  Series series = series_of("country:KZ/psiphon/daily_unique_users", Plane::circumvention, 5000, 1);
  series.samples.resize(2);
  const std::vector<Series> all{series};
  const auto rows = circumvention_table(all, std::vector<Detection>{detect(series)});
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_FALSE(rows[0].change);
  EXPECT_EQ(rows[0].note, "less than three weeks of history");
}

}  // namespace
}  // namespace lightsout
