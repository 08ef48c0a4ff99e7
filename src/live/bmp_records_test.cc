// SPDX-License-Identifier: Apache-2.0
#include "live/bmp_records.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "live/bmp_json.h"
#include "live/bmp_stream.h"
#include "live/test_records.h"

namespace lightsout::live {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string kRoute = announce("198.51.100.0/24", {Asn{64500}, Asn{9198}});
const char* const kAnnounced =
    "BGP4MP_ET|1641378600.250000|A|192.0.2.1|64500|198.51.100.0/24|64500 "
    "9198|IGP|192.0.2.1|0|0||NAG||";
const char* const kEstablished = "BGP4MP_ET|1641378600.250000|STATE|192.0.2.1|64500|5|6";

std::vector<std::string> lines_of(const std::string& stream) {
  return dump_lines(converted(stream).records);
}

TEST(BmpRecords, MakesWhatACollectorOfThePeerWouldHaveWritten) {
  const TestPeer peer;
  EXPECT_THAT(lines_of(bmp_initiation("r1") + bmp_peer_up(peer) + bmp_route(peer, kRoute) +
                       bmp_route(peer, withdraw("198.51.100.0/24")) + bmp_peer_down(peer, 4)),
              ElementsAre(kEstablished, kAnnounced,
                          "BGP4MP_ET|1641378600.250000|W|192.0.2.1|64500|198.51.100.0/24",
                          "BGP4MP_ET|1641378600.250000|STATE|192.0.2.1|64500|6|1"));
}

TEST(BmpRecords, KeepsBothOpensAndTheNotification) {
  const TestPeer peer;
  const std::string notification = bgp_message(3, number(6, 1) + number(2, 1));
  const Converted read = converted(bmp_peer_up(peer) + bmp_peer_down(peer, 1, notification));
  MemorySource source(read.records);
  mrt::RecordReader reader(source);
  std::vector<std::string> seen;
  while (reader.next() == mrt::RecordReader::Step::record) {
    mrt::Bgp4mp entry;
    ASSERT_EQ(mrt::decode_bgp4mp(reader.record(), entry), mrt::Decoded::yes);
    EXPECT_EQ(entry.session.local_asn, Asn{64999});
    EXPECT_EQ(entry.session.local.text(), "192.0.2.254");
    const bool message = entry.kind == mrt::Bgp4mp::Kind::message;
    seen.push_back(std::to_string(reader.record().subtype) + "/" +
                   (message ? std::to_string(entry.message.type) : "state"));
  }
  // 7: sent by the router; 4: received; the NOTIFICATION (3) was sent, since reason 1 says so.
  EXPECT_THAT(seen, ElementsAre("7/1", "4/1", "5/state", "7/3", "5/state"));
}

TEST(BmpRecords, SpeaksOfIpv6Peers) {
  TestPeer peer{.address = "2001:db8::1"};
  peer.local = "2001:db8::2";
  EXPECT_THAT(lines_of(bmp_route(peer, announce("2001:db8:1::/48", {Asn{64500}}, "2001:db8::1"))),
              ElementsAre("BGP4MP_ET|1641378600.250000|A|2001:db8::1|64500|2001:db8:1::/48|64500|"
                          "IGP|2001:db8::1|0|0||NAG||"));
}

TEST(BmpRecords, ReadsThePathOfAnOldSpeakerWithTwoByteNumbers) {
  constexpr std::uint8_t kOldFlag = 0x20;
  const std::string attributes = number(0x400101, 3) + number(0, 1) + number(0x4002, 2) +
                                 number(6, 1) + number(0x0202, 2) + number(64500, 2) +
                                 number(9198, 2) + number(0x400304, 3) + number(0xc0000201, 4);
  const std::string update = bgp_message(
      2, number(0, 2) + number(attributes.size(), 2) + attributes + number(24, 1) + "\xc6\x33\x64");
  EXPECT_THAT(lines_of(bmp_route({.flags = kOldFlag}, update)), ElementsAre(kAnnounced));
}

// FRR 8 shows IPv4 routes like this: ORIGIN and AS_PATH, and no NEXT_HOP.
TEST(BmpRecords, DoesNotTakeARouteWithoutANextHopForAWithdrawal) {
  const std::string attributes = number(0x400101, 3) + number(0, 1) + number(0x4002, 2) +
                                 number(6, 1) + number(0x0201, 2) + number(64500, 4);
  const auto update = [&](const std::string& nlri) {
    return bgp_message(2, number(0, 2) + number(attributes.size(), 2) + attributes + nlri);
  };
  const Converted read = converted(bmp_route({}, update(number(24, 1) + "\xc6\x33\x64")));
  EXPECT_THAT(dump_lines(read.records),
              ElementsAre("BGP4MP_ET|1641378600.250000|A|192.0.2.1|64500|198.51.100.0/24|64500|"
                          "IGP|0.0.0.0|0|0||NAG||"));
  EXPECT_THAT(read.notes.notes, ElementsAre(HasSubstr("1 updates without a next hop")));
  // Nothing is added where nothing is announced, or where one is there.
  EXPECT_FALSE(with_next_hop(bytes_of(update(""))).has_value());
  EXPECT_FALSE(with_next_hop(bytes_of(kRoute)).has_value());
}

TEST(BmpRecords, LearnsFromTheOpensWhetherPrefixesHavePathIds) {
  TestPeer peer;
  peer.path_ids = add_path_capability(1, 1, 3);
  const std::string attributes = number(0x400101, 3) + number(0, 1) + number(0x4002, 2) +
                                 number(6, 1) + number(0x0201, 2) + number(64500, 4) +
                                 number(0x400304, 3) + number(0xc0000201, 4);
  const std::string update =
      bgp_message(2, number(0, 2) + number(attributes.size(), 2) + attributes + number(77, 4) +
                         number(24, 1) + "\xc6\x33\x64");
  const auto subtypes = [&](const std::string& stream) {
    const Converted read = converted(stream);
    MemorySource source(read.records);
    mrt::RecordReader reader(source);
    std::vector<int> seen;
    while (reader.next() == mrt::RecordReader::Step::record) {
      seen.push_back(reader.record().subtype);
    }
    return seen;
  };
  EXPECT_THAT(subtypes(bmp_peer_up(peer) + bmp_route(peer, update)), ElementsAre(7, 4, 5, 9));
  // One side alone does not negotiate it.
  peer.path_ids = add_path_capability(1, 1, 2);
  EXPECT_THAT(subtypes(bmp_peer_up(peer) + bmp_route(peer, kRoute)), ElementsAre(7, 4, 5, 4));
  // A session that comes again without it has none.
  TestPeer again;
  peer.path_ids = add_path_capability(1, 1, 3);
  EXPECT_THAT(subtypes(bmp_peer_up(peer) + bmp_peer_down(peer, 4) + bmp_peer_up(again) +
                       bmp_route(again, kRoute)),
              ElementsAre(7, 4, 5, 5, 7, 4, 5, 4));
}

TEST(BmpRecords, CountsAnUpdateInWhichOnlyOneFamilyHasPathIds) {
  TestPeer peer;
  peer.path_ids = add_path_capability(2, 1, 3);
  const bgp::Update update{
      .withdrawn = {*Prefix::parse("198.51.100.0/24")}, .announced = {}, .route = {}};
  const std::string unreach =
      number(0x800f, 2) + number(8, 1) + number(2, 2) + number(1, 1) + number(7, 4) + number(0, 1);
  const std::string mixed = bgp_message(
      2, number(4, 2) + number(24, 1) + "\xc6\x33\x64" + number(unreach.size(), 2) + unreach);
  const Converted read = converted(bmp_peer_up(peer) + bmp_route(peer, mixed));
  EXPECT_EQ(read.notes.damage.count(), 1u);
  EXPECT_THAT(read.notes.damage.parts()[0].reason, HasSubstr("with and without path ids"));
}

TEST(BmpRecords, TellsASessionOnceThoughTheRouterTellsItForEachView) {
  const TestPeer before, after{.flags = 0x40};
  EXPECT_THAT(lines_of(bmp_peer_up(before) + bmp_peer_up(after) + bmp_peer_up(before)),
              ElementsAre(kEstablished));
}

TEST(BmpRecords, ResetsAPeerWhoseSessionBeganAnew) {
  TestPeer peer, again;
  again.local_asn = 64998;
  EXPECT_THAT(lines_of(bmp_peer_up(peer) + bmp_peer_up(again)),
              ElementsAre(kEstablished, "BGP4MP_ET|1641378600.250000|STATE|192.0.2.1|64500|6|1",
                          kEstablished));
}

TEST(BmpRecords, PrefersTheViewBeforePolicy) {
  const TestPeer before, after{.flags = 0x40};
  EXPECT_THAT(lines_of(bmp_route(before, kRoute) + bmp_route(after, withdraw("198.51.100.0/24"))),
              ElementsAre(kAnnounced));
  EXPECT_THAT(lines_of(bmp_route(after, kRoute)), ElementsAre(kAnnounced));
  // Its routes begin anew when the view before policy follows.
  EXPECT_THAT(lines_of(bmp_route(after, kRoute) + bmp_route(before, kRoute)),
              ElementsAre(kAnnounced, "BGP4MP_ET|1641378600.250000|STATE|192.0.2.1|64500|6|1",
                          kEstablished, kAnnounced));
}

TEST(BmpRecords, LeavesOutWhatTheRouterSendsAndSaysSo) {
  const Converted read =
      converted(bmp_route({.flags = 0x10}, kRoute) + bmp_route({.flags = 0x50}, kRoute));
  EXPECT_TRUE(read.records.empty());
  EXPECT_THAT(read.notes.notes,
              ElementsAre("2 routes left out that the router sent to its peers (Adj-RIB-Out)"));
}

TEST(BmpRecords, GivesTheLocRibTheIdentifierOfTheRouter) {
  // Flag 0x80 means "filtered" there, not IPv6.
  const TestPeer loc{.type = 3, .flags = 0x80, .address = "0.0.0.0", .asn = 64999};
  EXPECT_THAT(lines_of(bmp_route(loc, kRoute)),
              ElementsAre("BGP4MP_ET|1641378600.250000|A|192.0.2.1|64999|198.51.100.0/24|64500 "
                          "9198|IGP|192.0.2.1|0|0||NAG||"));
}

TEST(BmpRecords, LeavesOutTheSecondOfTwoPeersWithOneAddress) {
  const TestPeer first, other{.type = 1, .distinguisher = 42};
  const Converted read =
      converted(bmp_route(first, kRoute) + bmp_route(other, kRoute) + bmp_peer_down(other, 4));
  EXPECT_THAT(dump_lines(read.records), ElementsAre(kAnnounced));
  EXPECT_THAT(read.notes.notes, ElementsAre(HasSubstr("2 messages left out of peers")));
}

TEST(BmpRecords, SetsAllPeersToIdleWhenTheSessionToTheRouterEnds) {
  const TestPeer one, two{.address = "192.0.2.2", .asn = 64501};
  const std::string stream = bmp_peer_up(one) + bmp_peer_up(two) + bmp_peer_down(two, 5);
  const std::vector<std::string> ended = lines_of(stream + bmp(BmpType::termination, ""));
  ASSERT_EQ(ended.size(), 4u);
  EXPECT_EQ(ended.back(), "BGP4MP_ET|1641378600.250000|STATE|192.0.2.1|64500|6|1");
  // A new Initiation means the same; that only the file ends does not.
  EXPECT_EQ(lines_of(stream + bmp_initiation("r1")), ended);
  EXPECT_EQ(lines_of(stream).size(), 3u);
}

std::vector<std::string> stream_lines(const std::string& bytes, const Stamp& arrival,
                                      BmpTotals* totals) {
  std::string records;
  BmpStream stream({.name = "r",
                    .record = [&](Bytes record) { records += text_of(record); },
                    .damage = {},
                    .message = {}});
  stream.push(bytes_of(bytes), arrival);
  *totals = stream.totals();
  return dump_lines(records);
}

TEST(BmpRecords, TakesTheArrivalWhereTheRoutersTimeIsZeroOrFarAway) {
  const Stamp arrival{*parse_time("2022-01-05T10:31:00Z"), 5};
  const auto seconds = static_cast<std::uint32_t>(arrival.time.time_since_epoch().count());
  const auto limit = static_cast<std::uint32_t>(BmpRecords::kTrustedSkew.count());
  const struct {
    std::uint32_t said;
    const char* used;
    std::uint64_t replaced;
  } kCases[] = {{0, "1641378660.000005", 1},
                {seconds - limit, "1641378360.250000", 0},
                {seconds - limit - 1, "1641378660.000005", 1},
                {seconds + limit, "1641378960.250000", 0},
                {seconds + limit + 1, "1641378660.000005", 1}};
  for (const auto& each : kCases) {
    BmpTotals totals;
    const auto lines = stream_lines(bmp_route({.seconds = each.said}, kRoute), arrival, &totals);
    ASSERT_EQ(lines.size(), 1u);
    EXPECT_THAT(lines[0], HasSubstr(each.used));
    EXPECT_EQ(totals.times_replaced, each.replaced);
  }
}

TEST(BmpRecords, WithoutArrivalARecordIsNotOlderThanTheFirstTableIsNew) {
  // A table of old routes, then End-of-RIB, then what happens now; a time of zero is the last one.
  const std::string stream =
      bmp_peer_up({.seconds = 1'600'000'000}) + bmp_route({.seconds = 1'641'000'000}, kRoute) +
      bmp_route({.seconds = 1'641'378'000}, kRoute) + bmp_route({.seconds = 0}, end_of_rib()) +
      bmp_route({.seconds = 1'641'378'600}, kRoute) +
      bmp_route({.seconds = 0}, withdraw("198.51.100.0/24"));
  std::vector<std::string> times;
  for (const std::string& line : lines_of(stream)) times.push_back(line.substr(10, 10));
  EXPECT_THAT(times,
              ElementsAre("1641378000", "1641378000", "1641378000", "1641378600", "1641378600"));
}

TEST(BmpRecords, TakesAsManyPeersAsTheLimitAndSaysWhenThereAreMore) {
  std::string stream;
  for (std::size_t i = 0; i <= BmpRecords::kMaxPeers; ++i) {
    TestPeer peer;
    peer.address = IpAddress::v4(static_cast<std::uint32_t>(0x0a000000 + i)).text();
    stream += bmp_route(peer, withdraw("198.51.100.0/24"));
  }
  const Converted read = converted(stream);
  EXPECT_EQ(dump_lines(read.records).size(), BmpRecords::kMaxPeers);
  ASSERT_EQ(read.notes.damage.count(), 1u);
  EXPECT_THAT(read.notes.damage.parts()[0].reason, HasSubstr("more than 16384 peers"));
}

TEST(BmpJson, SaysWhatRecordsCannot) {
  BmpJson json;
  BmpStream stream({.name = {}, .record = {}, .damage = {}, .message = {}});
  const auto text = [&](const std::string& bytes) {
    BmpMessage message;
    EXPECT_TRUE(decode_bmp(bytes_of(bytes), message));
    std::string out;
    json.write("r1", message, {}, out);
    return out;
  };
  EXPECT_EQ(
      text(bmp(BmpType::initiation, tlv(kSysName, "a \"b\"\n\xff"))),
      "{\"event\":\"initiation\",\"router\":\"r1\",\"name\":\"a \\\"b\\\"\\u000a\\u00ff\"}\n");
  EXPECT_THAT(text(bmp_statistics({}, 7, 12)), HasSubstr("\"counter\":7,\"value\":12}"));
  EXPECT_THAT(
      text(bmp(BmpType::statistics,
               per_peer({}) + number(1, 4) + tlv(9, number(1, 2) + number(1, 1) + number(5, 8)))),
      HasSubstr("\"counter\":9,\"value\":5,\"afi\":1,\"safi\":1}"));
  EXPECT_THAT(text(bmp_peer_down({}, 2, number(24, 2))), HasSubstr("\"fsm_event\":24}"));
  EXPECT_THAT(text(bmp_peer_down({.type = 3, .address = "0.0.0.0"}, 6, tlv(kVrfTableName, "blue"))),
              HasSubstr("\"table\":\"blue\"}"));
  EXPECT_THAT(text(bmp_peer_up({}, tlv(kAdminLabel, "edge"))),
              HasSubstr("\"admin_label\":\"edge\"}"));
  EXPECT_THAT(text(bmp(BmpType::termination, tlv(kTerminationReason, number(2, 2)))),
              HasSubstr("\"reason\":2}"));
  EXPECT_THAT(
      text(bmp(BmpType::route_mirroring, per_peer({}) + tlv(kMirroringInformation, number(1, 2)))),
      HasSubstr("\"information\":1}"));
  EXPECT_THAT(text(bmp_route({}, end_of_rib())), HasSubstr("\"event\":\"end_of_rib\""));
  EXPECT_THAT(text(bmp_route({.flags = 0x10}, kRoute)), HasSubstr("\"rib\":\"adj_out\""));
}

TEST(OpenMessage, SurvivesEveryCutAndFlippedBit) {
  const std::string open = open_message(4'200'000'000, add_path_capability(2, 1, 3));
  const auto whole = decode_open(bytes_of(open));
  ASSERT_TRUE(whole.has_value());
  EXPECT_EQ(whole->asn, Asn{4'200'000'000});
  EXPECT_THAT(whole->adds_paths, ElementsAre(AddressFamily{2, 1}));
  for (std::size_t at = 0; at < open.size(); ++at) {
    EXPECT_FALSE(decode_open(bytes_of(open.substr(0, at))).has_value()) << at;
  }
  for (std::size_t bit = 0; bit < open.size() * 8; ++bit) {
    std::string flipped = open;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    (void)decode_open(bytes_of(flipped));
  }
}

}  // namespace
}  // namespace lightsout::live
