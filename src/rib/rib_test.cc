// SPDX-License-Identifier: Apache-2.0
#include "rib/rib.h"

#include <gtest/gtest.h>

#include "core/test_data.h"
#include "mrt/test_archive.h"
#include "rib/made_collector.h"

namespace lightsout::rib {
namespace {

using namespace std::chrono_literals;

TEST(Plane, KeepsTheOriginsOfPeersThatDisagree) {
  Plane plane;
  plane.resize(2, 1);
  using enum Plane::Change;
  EXPECT_EQ(plane.set(0, 3, Asn{1}), seen);
  EXPECT_EQ(plane.set(0, 3, Asn{1}), none);
  EXPECT_EQ(plane.set(0, 5, Asn{2}), seen);
  EXPECT_EQ(plane.set(0, 5, Asn{7}), Plane::Change::origin);
  EXPECT_EQ(plane.origin(0, 3), Asn{1});
  EXPECT_EQ(plane.origin(0, 5), Asn{7});
  plane.resize(2, 3);  // more peers: nothing is lost
  EXPECT_TRUE(plane.seen(0, 5));
  EXPECT_EQ(plane.origin(0, 5), Asn{7});
  EXPECT_TRUE(plane.reset(0, 3));
  EXPECT_TRUE(plane.reset(0, 5));
  EXPECT_FALSE(plane.reset(0, 5));
  EXPECT_EQ(plane.set(0, 5, Asn{9}), seen);
  EXPECT_FALSE(plane.mixed(0));
  EXPECT_EQ(plane.common_origin(0), Asn{9});
}

TEST(Rib, AnUpdateJustBeforeATableWinsOverTheTable) {
  Collector c(1);
  const PeerId peer = c.peers[0];
  c.rib.withdraw(peer, numbered(1), kStart + 1000s);
  c.rib.withdraw(peer, numbered(2), kStart + 1000s + Rib::kRibBacklog + 1s);
  c.table(kStart + 1000s + Rib::kRibBacklog + 30s, 100);
  EXPECT_TRUE(c.sees(peer, 1));   // withdrawn too long before the table: the table knows better
  EXPECT_FALSE(c.sees(peer, 2));  // the collector's queue: the update knows better
}

TEST(Rib, AnUpdateDuringATableWinsOverTheTable) {
  Collector c(1);
  const PeerId peer = c.peers[0];
  c.rib.begin_table(1, kStart + 7200s, c.peers);
  c.table_route(peer, numbered(1));
  c.rib.withdraw(peer, numbered(1), kStart + 7201s);
  c.announce(peer, 500, kStart + 7201s);
  for (std::uint32_t i = 2; i < 90; ++i) c.table_route(peer, numbered(i));
  c.rib.end_table(1);
  EXPECT_FALSE(c.sees(peer, 1));
  EXPECT_TRUE(c.sees(peer, 500));
  EXPECT_TRUE(c.sees(peer, 2));
  EXPECT_FALSE(c.sees(peer, 95));  // not in the table any more
}

TEST(Rib, RefusesATableOfLessThanHalfUntilASecondOneSaysTheSame) {
  Collector c(3);
  EXPECT_EQ(c.table(kStart + 7200s, 50), 0u);  // half is believed
  EXPECT_EQ(c.rib.peers()[0].prefixes[0], 50u);
  EXPECT_EQ(c.table(kStart + 14400s, 24), 3u);  // one less than half of that is not
  EXPECT_EQ(c.rib.peers()[0].prefixes[0], 50u);
  EXPECT_EQ(c.rib.counting_peers(Family::v4), 0u);
  EXPECT_TRUE(c.rib.doubtful(Family::v4));
  EXPECT_EQ(c.table(kStart + 21600s, 24), 0u);
  EXPECT_EQ(c.rib.peers()[0].prefixes[0], 24u);
  EXPECT_EQ(c.rib.counting_peers(Family::v4), 3u);
  // An empty table is never believed, however often it comes.
  for (int i = 0; i < 3; ++i) EXPECT_EQ(c.table(kStart + 30000s + i * 7200s, 0), 3u);
  EXPECT_EQ(c.rib.peers()[0].prefixes[0], 24u);
}

TEST(Rib, AnOutageDoesNotTakeThePeersOutOfTheCount) {
  Collector c(3);
  for (const PeerId peer : c.peers) {
    for (std::uint32_t i = 0; i < 95; ++i) c.rib.withdraw(peer, numbered(i), kStart + 60s);
  }
  EXPECT_EQ(c.rib.counting_peers(Family::v4), 3u);
  // Nor does a table taken during it, which says what the updates said.
  c.rib.begin_table(1, kStart + 7200s, c.peers);
  for (const PeerId peer : c.peers) {
    for (std::uint32_t i = 95; i < 100; ++i) c.table_route(peer, numbered(i));
  }
  EXPECT_EQ(c.rib.end_table(1), 0u);
  EXPECT_EQ(c.rib.counting_peers(Family::v4), 3u);
}

TEST(Rib, ASilentPeerIsBlindOnlyWhenOthersAreHeard) {
  Collector c(2);
  const Time later = kStart + Rib::kMaxSilence + 600s;
  c.rib.expire(later);
  EXPECT_EQ(c.rib.counting_peers(Family::v4), 2u);  // all are silent: the files are missing
  c.rib.heard(c.peers[0], later);
  c.rib.expire(later);
  EXPECT_EQ(c.rib.counting_peers(Family::v4), 1u);
  EXPECT_FALSE(c.sees(c.peers[1], 1));
}

TEST(Rib, APeerThatComesBackCountsWhenItHasSentItsTable) {
  Collector c(2);
  const PeerId peer = c.peers[0];
  c.rib.session(peer, false, kStart + 10s);
  EXPECT_FALSE(c.sees(peer, 1));
  c.rib.session(peer, true, kStart + 20s);
  for (std::uint32_t i = 0; i < 89; ++i) c.announce(peer, i, kStart + 30s);
  EXPECT_FALSE(c.rib.counts(peer, Family::v4));
  c.announce(peer, 89, kStart + 30s);  // nine tenths
  EXPECT_TRUE(c.rib.counts(peer, Family::v4));

  c.rib.session(peer, false, kStart + 40s);
  c.rib.session(peer, true, kStart + 50s);
  c.announce(peer, 0, kStart + 60s);
  c.rib.end_of_rib(peer);  // it says that this is all
  EXPECT_TRUE(c.rib.counts(peer, Family::v4));
}

TEST(Rib, HoldsItsLimitsOfPeersAndOneMoreIsRefused) {
  Rib rib;
  for (unsigned i = 0; i < Rib::kMaxPeers; ++i) {
    ASSERT_TRUE(rib.peer({.collector = 1, .address = IpAddress::v4(i), .asn = Asn{i}}).has_value());
  }
  EXPECT_FALSE(rib.peer({.collector = 2, .address = IpAddress::v4(0), .asn = Asn{0}}).has_value());
  // Those that are known are still found.
  EXPECT_TRUE(rib.peer({.collector = 1, .address = IpAddress::v4(7), .asn = Asn{7}}).has_value());
}

TEST(Rib, FindsThePeerOfASessionAtTheRightCollector) {
  Rib rib;
  const IpAddress address = IpAddress::v4(0xc0000201);
  const auto unknown = rib.peer_of_session(address, Asn{1}, IpAddress::v4(5));
  // The table that comes later says whose peer it is.
  EXPECT_EQ(rib.peer({.collector = 5, .address = address, .asn = Asn{1}}), unknown);
  const auto other = rib.peer({.collector = 6, .address = address, .asn = Asn{1}});
  EXPECT_NE(other, unknown);
  EXPECT_EQ(rib.peer_of_session(address, Asn{1}, IpAddress::v4(6)), other);
  EXPECT_EQ(rib.peer_of_session(address, Asn{1}, IpAddress::v4(99)), unknown);
}

// JINX, 2014: one peer of fourteen has a full IPv4 table, and its IPv6 tables are of 84 prefixes.
TEST(Rib, TakesNoPartOfATableForAFullFeed) {
  REQUIRE_DATA(table, "mrt/rv-jinx.rib.20140530.2200.bz2");
  Rib rib;
  load(rib, mrt::archive_bytes(table));
  EXPECT_EQ(rib.largest_table(Family::v4), 497'321u);
  EXPECT_EQ(rib.full_feed_peers(Family::v4), 1u);
  EXPECT_EQ(rib.full_feed_peers(Family::v6), 0u);
}

}  // namespace
}  // namespace lightsout::rib
