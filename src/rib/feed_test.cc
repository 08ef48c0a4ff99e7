// SPDX-License-Identifier: Apache-2.0
#include "rib/feed.h"

#include <gtest/gtest.h>

#include "core/test_data.h"
#include "mrt/test_archive.h"
#include "mrt/writer.h"
#include "rib/made_collector.h"
#include "rib/visibility.h"

namespace lightsout::rib {
namespace {

using namespace std::chrono_literals;

const mrt::Peer kPeer{.address = IpAddress::v4(0xc0000202), .asn = Asn{64500}};
const mrt::Session kSession{.peer_asn = kPeer.asn,
                            .local_asn = Asn{64499},
                            .peer = kPeer.address,
                            .local = IpAddress::v4(0x0a000001)};

bgp::Route route(Asn origin) {
  return {.path = {kPeer.asn, Asn{3356}, origin}, .next_hop = kPeer.address};
}

// Bytes of a file, written piece by piece.
struct File {
  std::string bytes;
  mrt::Writer writer{[this](Bytes part) { bytes.append(part.begin(), part.end()); }};

  void peers() {
    writer.peer_index_table(kStart,
                            {.collector_id = 0x0a000001, .view_name = "", .peers = {kPeer}});
  }
};

std::string seen_in(const Rib& rib) {
  std::string text;
  rib.for_each_route([&](Row row, PeerId peer) {
    text += rib.prefixes().at(row).text() + "=" +
            std::to_string(rib.routes().origin(row, peer).number) + " ";
  });
  return text;
}

// RFC 7911: a prefix is there while any of its paths is.
TEST(Feed, SeesAPrefixWhileAnyOfItsPathsIsAnnounced) {
  File table;
  table.peers();
  table.writer.rib(kStart, numbered(1),
                   {{0, kStart, route(Asn{9198}), 1}, {0, kStart, route(Asn{7}), 2}},
                   {.add_path = true});
  Rib rib;
  load(rib, table.bytes);
  EXPECT_EQ(seen_in(rib), "10.0.1.0/24=7 ");  // the newest speaks for the peer
  const auto step = [&](std::uint32_t path_id, bool announce, Asn origin = Asn{8}) {
    File file;
    bgp::Update update;
    (announce ? update.announced : update.withdrawn) = {numbered(1)};
    if (announce) update.route = route(origin);
    file.writer.update(kStart + 60s, kSession, update, {.path_id = path_id});
    load(rib, file.bytes);
    return seen_in(rib);
  };
  EXPECT_EQ(step(2, false), "10.0.1.0/24=9198 ");
  EXPECT_EQ(step(2, false), "10.0.1.0/24=9198 ");  // withdrawn twice
  EXPECT_EQ(step(3, true), "10.0.1.0/24=8 ");
  EXPECT_EQ(step(1, false), "10.0.1.0/24=8 ");
  EXPECT_EQ(step(3, false), "");
  EXPECT_EQ(step(0, true, Asn{9}), "10.0.1.0/24=9 ");
  EXPECT_EQ(step(0, false), "");
}

TEST(Feed, ATableOfPathIdsReplacesThoseOfBefore) {
  Rib rib;
  for (const std::uint32_t id : {1u, 2u}) {
    File table;
    table.peers();
    table.writer.rib(kStart + 7200s * id, numbered(1), {{0, kStart, route(Asn{9198}), id}},
                     {.add_path = true});
    load(rib, table.bytes);
  }
  File gone;  // the path of the first table is not there any more: this says nothing
  gone.writer.update(kStart + 20'000s, kSession, {.withdrawn = {numbered(1)}}, {.path_id = 1});
  load(rib, gone.bytes);
  EXPECT_EQ(seen_in(rib), "10.0.1.0/24=9198 ");
  File last;
  last.writer.update(kStart + 20'001s, kSession, {.withdrawn = {numbered(1)}}, {.path_id = 2});
  load(rib, last.bytes);
  EXPECT_EQ(seen_in(rib), "");
}

TEST(Feed, TakesOnlyWhatThePeerItselfSaid) {
  File file;
  file.peers();
  file.writer.rib(kStart, numbered(1), {{0, kStart, route(Asn{9198})}});
  bgp::Route server = route(Asn{9198});
  server.path = {Asn{3356}, Asn{9198}};  // a route server does not put itself in front
  file.writer.rib(kStart, numbered(2), {{0, kStart, server}});
  bgp::Route own = route(Asn{9198});
  own.path = {};  // the collector's own
  file.writer.rib(kStart, numbered(3), {{0, kStart, own}});
  file.writer.rib(kStart, numbered(4), {{0, kStart, route(Asn{9198})}}, {.multicast = true});
  file.writer.update(kStart + 1s, kSession, {.announced = {numbered(5)}, .route = route(Asn{1})},
                     {.local = true});
  file.writer.update(kStart + 2s, kSession, {.announced = {numbered(6)}, .route = server});
  Rib rib;
  const FeedTotals totals = load(rib, file.bytes);
  EXPECT_EQ(seen_in(rib), "10.0.1.0/24=9198 ");
  EXPECT_EQ(totals.not_the_peers, 3u);
  EXPECT_EQ(totals.unsupported.size(), 1u);
}

// A damaged record is passed over alone.
TEST(Feed, QuarantinesTheRecordAndNotTheTable) {
  Rib rib;
  File good;
  good.peers();
  for (std::uint32_t i = 0; i < 20; ++i) {
    good.writer.rib(kStart, numbered(i), {{0, kStart, route(Asn{9198})}});
  }
  load(rib, good.bytes);
  // The next table lacks 3, has a new origin for 4, and its record of 5 is broken.
  File next;
  next.peers();
  std::size_t broken = 0;
  for (std::uint32_t i = 0; i < 20; ++i) {
    if (i == 3) continue;
    if (i == 5) broken = next.bytes.size();
    next.writer.rib(kStart + 7200s, numbered(i), {{0, kStart, route(Asn{i == 4 ? 7u : 9198u})}});
  }
  next.bytes[broken + 12 + 4] = 99;  // a prefix of 99 bits
  const FeedTotals totals = load(rib, next.bytes);
  EXPECT_EQ(totals.damaged_tables, 1u);
  EXPECT_EQ(totals.dropped_tables, 0u);
  const std::string seen = seen_in(rib);
  EXPECT_NE(seen.find("10.0.3.0/24=9198"), std::string::npos);  // it may have stood there
  EXPECT_NE(seen.find("10.0.5.0/24=9198"), std::string::npos);
  EXPECT_NE(seen.find("10.0.4.0/24=7"), std::string::npos);
  EXPECT_EQ(rib.counting_peers(Family::v4), 1u);
}

TEST(Feed, QuarantinesThePeerAndNotTheCollector) {
  Collector c(3);
  const auto session_of = [&](std::size_t i) {
    const PeerKey& key = c.rib.peers()[c.peers[i]].key;
    return mrt::Session{
        .peer_asn = key.asn, .local_asn = Asn{1}, .peer = key.address, .local = IpAddress::v4(1)};
  };
  // An UPDATE whose withdrawn routes are longer than it is.
  std::vector<std::uint8_t> garbage(23, 0xff);
  garbage[16] = 0;
  garbage[17] = 23;
  garbage[18] = 2;
  const auto send = [&](std::uint32_t times) {
    File file;
    for (std::uint32_t i = 0; i < times; ++i) {
      file.writer.message(kStart + 60s, session_of(1), garbage);
    }
    return load(c.rib, file.bytes);
  };
  EXPECT_EQ(send(Rib::kMaxDamaged - 1).damaged_messages, Rib::kMaxDamaged - 1);
  EXPECT_EQ(c.rib.counting_peers(Family::v4), 3u);
  send(1);
  EXPECT_EQ(c.rib.counting_peers(Family::v4), 2u);
  EXPECT_TRUE(c.sees(c.peers[1], 7));  // its routes are kept, its word does not count
  c.table(kStart + 7200s, 100);
  EXPECT_EQ(c.rib.counting_peers(Family::v4), 3u);
}

TEST(Feed, HearsEndOfRib) {
  Collector c(1);
  const PeerId peer = c.peers[0];
  c.rib.session(peer, false, kStart + 10s);
  c.rib.session(peer, true, kStart + 20s);
  const PeerKey& key = c.rib.peers()[peer].key;
  const mrt::Session session{
      .peer_asn = key.asn, .local_asn = Asn{1}, .peer = key.address, .local = IpAddress::v4(1)};
  File file;
  bgp::Route from = route(Asn{9198});
  from.path[0] = key.asn;
  file.writer.update(kStart + 30s, session, {.announced = {numbered(1)}, .route = from});
  std::vector<std::uint8_t> nothing(23, 0);
  std::fill_n(nothing.begin(), 16, 0xff);
  nothing[17] = 23;
  nothing[18] = 2;
  load(c.rib, file.bytes);
  EXPECT_FALSE(c.rib.counts(peer, Family::v4));
  file.bytes.clear();
  file.writer.message(kStart + 40s, session, nothing);
  EXPECT_EQ(load(c.rib, file.bytes).end_of_ribs, 1u);
  EXPECT_TRUE(c.rib.counts(peer, Family::v4));
}

// TABLE_DUMP of RIPE RIS, 22 July 2002: one route a record, the peers named on the way.
TEST(Feed, ReadsATableOfBefore2003) {
  REQUIRE_DATA(table, "mrt/ris.bview.20020722.2337.gz");
  Rib rib({.paths = true});
  const FeedTotals totals = load(rib, mrt::archive_bytes(table));
  EXPECT_EQ(totals.tables, 1u);
  EXPECT_EQ(totals.table_routes + totals.not_the_peers, 115'521u);
  EXPECT_EQ(rib.peers().size(), 36u);
  EXPECT_GE(rib.full_feed_peers(Family::v4), 1u);
}

// 29 peers and 609,246 entries of IPv6.
TEST(Feed, ReadsATableOfIpv6) {
  REQUIRE_DATA(table, "mrt/rib6.20150922.1200.bz2");
  Rib rib;
  const FeedTotals totals = load(rib, mrt::archive_bytes(table));
  EXPECT_EQ(totals.table_routes + totals.not_the_peers, 609'246u);
  EXPECT_EQ(rib.prefixes().size(), 25'878u);
  EXPECT_GE(rib.full_feed_peers(Family::v6), 10u);
  const PrefixTable no_places;
  Visibility visibility(rib, no_places, {.networks = true});
  visibility.refresh();
  std::uint64_t slash48s = 0;
  for (std::size_t e = 0; e < visibility.entities(); ++e) {
    slash48s += visibility.of(e, Family::v6).units;
  }
  EXPECT_GT(slash48s, 1'000'000u);
}

}  // namespace
}  // namespace lightsout::rib
