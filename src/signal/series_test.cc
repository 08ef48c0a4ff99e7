// SPDX-License-Identifier: Apache-2.0
#include "signal/series.h"

#include <gtest/gtest.h>

#include <set>

#include "signal/catalogue.h"

namespace lightsout {
namespace {

Series three_bins() {
  return Series{.id = *SignalId::parse("country:KZ/bgp/visible_slash24"),
                .begin = *parse_time("2022-01-05T10:00:00Z"),
                .step = Seconds{300},
                .samples = {Sample::of(1520), Sample::of(0), Sample::missing()},
                .coverage = {1, 1, 0}};
}

TEST(Series, ZeroIsANumberAndMissingIsNot) {
  const Series series = three_bins();
  EXPECT_EQ(series.samples[1].number(), 0.0);
  EXPECT_EQ(series.samples[2].number(), std::nullopt);
  EXPECT_NE(Sample::of(0), Sample::missing());
  EXPECT_NE(Sample::missing(), Sample::source_down());
}

TEST(Series, DataReachesToTheEndOfTheLastNumber) {
  EXPECT_EQ(format_time(three_bins().data_through()), "2022-01-05T10:10:00Z");
  EXPECT_EQ(format_time(three_bins().end()), "2022-01-05T10:15:00Z");
}

TEST(Series, FindsTheBinOfATime) {
  const Series series = three_bins();
  EXPECT_EQ(series.bin_of(*parse_time("2022-01-05T10:09:59Z")), 1u);
  EXPECT_EQ(series.bin_of(*parse_time("2022-01-05T10:15:00Z")), std::nullopt);
  EXPECT_EQ(series.bin_of(*parse_time("2022-01-05T09:59:59Z")), std::nullopt);
}

TEST(Series, SliceKeepsWholeBinsOnly) {
  const Series part = slice(
      three_bins(), {*parse_time("2022-01-05T10:01:00Z"), *parse_time("2022-01-05T10:16:00Z")});
  ASSERT_EQ(part.size(), 2u);
  EXPECT_EQ(part.samples[0].number(), 0.0);
  EXPECT_EQ(part.coverage.size(), 2u);
}

TEST(SignalId, HasOneSpelling) {
  const SignalId id = *SignalId::parse("asn:9198@country:KZ/probing/slash24_up");
  EXPECT_EQ(id.text(), "asn:9198@country:KZ/probing/slash24_up");
  EXPECT_EQ(id.entity().country(), "KZ");
  for (const char* bad :
       {"", "/", "country:KZ/bgp", "country:KZ/bgp/", "country:KZ/BGP/x", "x/y/z"}) {
    EXPECT_FALSE(SignalId::parse(bad).ok()) << bad;
  }
}

TEST(Catalogue, ListsEachSignalOnce) {
  std::set<std::pair<std::string_view, std::string_view>> seen;
  for (const SignalKind& kind : all_signal_kinds()) {
    EXPECT_TRUE(seen.emplace(kind.source, kind.metric).second) << kind.source << "/" << kind.metric;
  }
  EXPECT_EQ(kind_of(*SignalId::parse("country:KZ/bgp/visible_slash24")).plane, Plane::control);
  EXPECT_EQ(label_of(*SignalId::parse("country:KZ/mine/whatever")), "whatever");
}

}  // namespace
}  // namespace lightsout
