// SPDX-License-Identifier: Apache-2.0
#include "incident/connectivity_index.h"

#include <gtest/gtest.h>

#include "incident/test_incident.h"

namespace lightsout {
namespace {

using testing_incident::at;
using testing_incident::Story;

const TimeRange kDays{at(4), at(6)};

KnownNetwork network(std::uint32_t asn, double share) {
  return {.asn = Asn{asn},
          .name = "",
          .access = "",
          .user_share = share,
          .user_share_source = "APNIC, April 2020",
          .owner = ""};
}

ConnectivityIndex index_of(const Story& story, std::vector<KnownNetwork> networks = {}) {
  return connectivity_index(*Entity::parse("country:KZ"), story.series, story.detections, networks,
                            kDays);
}

const IndexBin& at_time(const ConnectivityIndex& index, Time time) {
  return *index.bins.at(static_cast<std::size_t>((time - index.begin) / index.step));
}

Story two_providers() {
  Story story;
  story.add("asn:9198@country:KZ/probing/slash24_up", {.cuts = {{at(5), at(6), 0.98}}});
  story.add("asn:29355@country:KZ/probing/slash24_up", {});
  return story;
}

TEST(ConnectivityIndex, WeighsProvidersByTheirUsers) {
  const ConnectivityIndex index =
      index_of(two_providers(), {network(9198, 0.6), network(29355, 0.2)});
  EXPECT_EQ(index.weights, "users: APNIC, April 2020");
  EXPECT_NEAR(at_time(index, at(4, 12)).level.value, 100, 2);
  EXPECT_NEAR(at_time(index, at(5, 12)).level.value, 100 * (0.6 * 0.02 + 0.2) / 0.8, 2);
}

TEST(ConnectivityIndex, WithoutSharesEveryProviderCountsTheSameAndItSaysSo) {
  const ConnectivityIndex index = index_of(two_providers());
  EXPECT_NE(index.weights.find("no shares of users are known"), std::string::npos);
  EXPECT_NEAR(at_time(index, at(5, 12)).level.value, 51, 2);
}

TEST(ConnectivityIndex, WhatIsNotMeasuredIsUnknownAndNotZero) {
  Story story = two_providers();
  story.series[0].samples.assign(story.series[0].size(), Sample::missing());
  const ConnectivityIndex index = index_of(story, {network(9198, 0.6), network(29355, 0.2)});
  EXPECT_NEAR(at_time(index, at(5, 12)).unknown, 0.75, 1e-9);
  EXPECT_NEAR(at_time(index, at(5, 12)).level.value, 100, 2);

  story.series[1].samples.assign(story.series[1].size(), Sample::missing());
  EXPECT_FALSE(index_of(story).bins.front().has_value());
}

TEST(ConnectivityIndex, AnnouncedRoutesAreNoConnectivity) {
  Story story;
  story.add("country:KZ/ioda-bgp/visible_slash24", {});
  EXPECT_EQ(index_of(story).providers, 0u);
  EXPECT_FALSE(index_of(story).bins.front().has_value());
  story.add("country:KZ/probing/slash24_up", {.cuts = {{at(5), at(6), 0.98}}});
  EXPECT_NEAR(at_time(index_of(story), at(5, 12)).level.value, 2, 1);
  EXPECT_NE(index_of(story).weights.find("the country's own"), std::string::npos);
}

TEST(ConnectivityIndex, AnIntervalHoldsTheLevelAndNarrowsWithMoreSeries) {
  Story story;
  story.add("country:KZ/probing/slash24_up", {.cuts = {{at(5), at(6), 0.5}}});
  const Estimate one = at_time(index_of(story), at(5, 12)).level;
  EXPECT_LT(one.low, one.value);
  EXPECT_GT(one.high, one.value);
  story.add("country:KZ/gtr/web_search", {.cuts = {{at(5), at(6), 0.5}}});
  const Estimate two = at_time(index_of(story), at(5, 12)).level;
  EXPECT_LT(two.high - two.low, one.high - one.low);
}

TEST(ConnectivityIndex, NothingAtAllIsAnEmptyAnswer) {
  EXPECT_EQ(index_of(Story{}).providers, 0u);
  for (const auto& bin : index_of(Story{}).bins) EXPECT_FALSE(bin.has_value());
}

TEST(ConnectivityIndex, ALongRangeGetsACoarserStep) {
  Story story;
  story.add("country:KZ/probing/slash24_up", {.step = Seconds{60}, .end = at(2)});
  const auto bins = [&](std::int64_t count) {
    return connectivity_index(*Entity::parse("country:KZ"), story.series, story.detections, {},
                              {at(1), at(1) + Seconds{60 * count}})
        .bins.size();
  };
  EXPECT_EQ(bins(static_cast<std::int64_t>(kMaxIndexBins)), kMaxIndexBins);
  EXPECT_LE(bins(static_cast<std::int64_t>(kMaxIndexBins) + 1), kMaxIndexBins / 2 + 1);
}

}  // namespace
}  // namespace lightsout
