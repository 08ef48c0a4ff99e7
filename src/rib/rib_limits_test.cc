// Every limit of the routing state: at it all is kept, one past it the rest goes on.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "rib/made_collector.h"

namespace lightsout::rib {
namespace {

using namespace std::chrono_literals;

Prefix any(std::uint32_t number) {
  return *Prefix::make(IpAddress::v4(number << 8), 24);
}

PeerId one_peer(Rib& rib, std::uint32_t number = 1) {
  return *rib.peer({.collector = 1, .address = IpAddress::v4(number), .asn = Asn{number}});
}

TEST(RibLimits, OfPrefixes) {
  EXPECT_EQ(Rib::kMaxPrefixes, 2'000'000u);
  EXPECT_LE(Rib::kMaxPrefixes, PrefixIndex::kMaxRows);
  Rib rib;
  const PeerId peer = one_peer(rib);
  rib.begin_table(1, kStart, std::vector{peer});
  for (std::uint32_t i = 0; i < Rib::kMaxPrefixes; ++i) {
    const auto row = rib.table_row(any(i));
    ASSERT_TRUE(row.has_value());
    rib.table_route(peer, *row, {.origin = Asn{1}});
  }
  EXPECT_FALSE(rib.table_row(any(Rib::kMaxPrefixes)).has_value());
  EXPECT_TRUE(rib.table_row(any(7)).has_value());  // what is known is still found
  rib.end_table(1);
  EXPECT_EQ(rib.peers()[peer].prefixes[0], Rib::kMaxPrefixes);
  EXPECT_EQ(rib.routes_refused_by_limit(), 1u);
}

TEST(RibLimits, OfWords) {
  // Ten words: ten prefixes while there are up to 64 peers, five when there are more.
  Rib few({.max_words = 10});
  const PeerId peer = one_peer(few);
  for (std::uint32_t i = 0; i < 11; ++i) few.announce(peer, any(i), {.origin = Asn{1}}, kStart);
  EXPECT_EQ(few.prefixes().size(), 10u);
  EXPECT_EQ(few.routes_refused_by_limit(), 1u);
  for (std::uint32_t i = 2; i <= 64; ++i) one_peer(few, i);
  // One more peer would need twenty words.
  EXPECT_FALSE(
      few.peer({.collector = 1, .address = IpAddress::v4(65), .asn = Asn{65}}).has_value());

  Rib many({.max_words = 10});
  for (std::uint32_t i = 1; i <= 65; ++i) one_peer(many, i);
  for (std::uint32_t i = 0; i < 6; ++i) many.announce(64, any(i), {.origin = Asn{1}}, kStart);
  EXPECT_EQ(many.prefixes().size(), 5u);
  EXPECT_TRUE(many.routes().seen(4, 64));
}

TEST(RibLimits, OfOriginsThatDiffer) {
  Plane plane;
  plane.resize(Plane::kMaxOthers + 1, 1);
  for (std::size_t row = 0; row <= Plane::kMaxOthers; ++row) {
    plane.set(row, 0, Asn{1});
    plane.set(row, 1, Asn{2});
  }
  EXPECT_EQ(plane.origin(Plane::kMaxOthers - 1, 1), Asn{2});
  // One past the limit the common origin stands for all.
  EXPECT_TRUE(plane.seen(Plane::kMaxOthers, 1));
  EXPECT_EQ(plane.origin(Plane::kMaxOthers, 1), Asn{1});
}

TEST(RibLimits, OfUpdatesRememberedForATable) {
  for (const std::uint32_t more : {0u, 1u}) {
    Rib rib;
    const PeerId peer = one_peer(rib);
    rib.begin_table(1, kStart, std::vector{peer});
    for (std::uint32_t i = 0; i < 3; ++i) {
      rib.table_route(peer, *rib.table_row(any(i)), {.origin = Asn{1}});
    }
    rib.end_table(1);
    rib.withdraw(peer, any(0), kStart + 7200s);
    for (std::uint32_t i = 1; i < Rib::kMaxTouched + more; ++i) {
      rib.announce(peer, any(1), {.origin = Asn{1}}, kStart + 7201s);
    }
    // The table still shows what was withdrawn a moment before.
    rib.begin_table(1, kStart + 7202s, std::vector{peer});
    for (std::uint32_t i = 0; i < 3; ++i) {
      rib.table_route(peer, *rib.table_row(any(i)), {.origin = Asn{1}});
    }
    rib.end_table(1);
    EXPECT_EQ(rib.routes().seen(0, peer), more == 1) << more;
  }
}

TEST(RibLimits, OfPathIds) {
  AddPaths paths(3);
  for (std::uint32_t id = 0; id < 4; ++id) paths.announce(1, 7, id, Asn{id});
  EXPECT_EQ(paths.size(), 3u);
  EXPECT_EQ(paths.refused_by_limit(), 1u);
  EXPECT_EQ(paths.withdraw(1, 7, 3), Asn{2});  // was never kept: the others stay
  EXPECT_EQ(paths.withdraw(1, 7, 2), Asn{1});
  paths.announce(2, 7, 9, Asn{9});
  EXPECT_EQ(paths.size(), 3u);
  EXPECT_EQ(paths.refused_by_limit(), 1u);
  paths.forget(1, 7);
  EXPECT_EQ(paths.size(), 1u);
  EXPECT_FALSE(paths.withdraw(2, 7, 9).has_value());
  EXPECT_TRUE(paths.empty());
}

TEST(Rib, AnEarlierSessionsUpdateDoesNotWinOverATable) {
  Collector c(1);
  const PeerId peer = c.peers[0];
  c.rib.withdraw(peer, numbered(1), kStart + 7190s);
  c.rib.session(peer, false, kStart + 7191s);
  c.rib.session(peer, true, kStart + 7192s);
  EXPECT_EQ(c.rib.peers()[peer].epoch, 1u);
  c.table(kStart + 7200s, 100);
  EXPECT_TRUE(c.sees(peer, 1));
}

TEST(Rib, ATableOfASessionThatEndedIsNotUsed) {
  Collector c(2);
  c.rib.begin_table(1, kStart + 7200s, c.peers);
  for (std::uint32_t i = 0; i < 100; ++i) {
    for (const PeerId peer : c.peers) c.table_route(peer, numbered(i));
  }
  c.rib.session(c.peers[0], false, kStart + 7201s);
  c.rib.end_table(1);
  EXPECT_FALSE(c.sees(c.peers[0], 1));
  EXPECT_TRUE(c.sees(c.peers[1], 1));
}

}  // namespace
}  // namespace lightsout::rib
