// SPDX-License-Identifier: Apache-2.0
#include "live/capture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "live/test_records.h"

namespace lightsout::live {
namespace {

using testing::HasSubstr;

constexpr std::uint8_t kFin = 1, kSyn = 2, kAck = 16;

std::string file_header(std::uint32_t link = 1) {
  return number(0xa1b2c3d4, 4) + number(2, 2) + number(4, 2) + number(0, 8) + number(65535, 4) +
         number(link, 4);
}

struct Packet {
  std::uint32_t sequence = 1000;
  std::string bytes;
  std::uint8_t flags = kAck;
  std::uint16_t port = 40'000;
  std::uint32_t seconds = 1'641'378'600;
  std::size_t cut = 0;  // bytes at its end that the capture does not hold
  bool vlan = false;
};

std::string ip(const Packet& packet) {
  const std::string tcp = number(packet.port, 2) + number(1790, 2) + number(packet.sequence, 4) +
                          number(0, 4) + number(0x50, 1) + number(packet.flags, 1) + number(0, 6) +
                          packet.bytes;
  return number(0x45, 1) + number(0, 1) + number(20 + tcp.size(), 2) + number(0, 4) +
         number(64, 1) + number(6, 1) + number(0, 2) + number(0xc0000263, 4) +
         number(0xc0000264, 4) + tcp;
}

std::string packet_header(std::uint32_t seconds, std::size_t captured, std::size_t length) {
  return number(seconds, 4) + number(250'000, 4) + number(captured, 4) + number(length, 4);
}

std::string packet(const Packet& packet) {
  const std::string frame = std::string(12, '\0') +
                            (packet.vlan ? number(0x81000001, 4) : std::string()) +
                            number(0x0800, 2) + ip(packet);
  const std::string held = frame.substr(0, frame.size() - packet.cut);
  return packet_header(packet.seconds, held.size(), frame.size()) + held;
}

const TestPeer kPeer;

std::string route(int i) {
  return bmp_route(kPeer, withdraw("198.51." + std::to_string(i) + ".0/24"));
}

std::vector<std::string> lines_of(const std::string& capture) {
  return dump_lines(converted(capture).records);
}

TEST(Capture, PutsSegmentsInOrderAndDropsWhatWasSentAgain) {
  const std::string stream = bmp_initiation("r") + route(1) + route(2) + route(3);
  const auto part = [&](std::size_t from, std::size_t to) {
    return packet({.sequence = static_cast<std::uint32_t>(1001 + from),
                   .bytes = stream.substr(from, to - from)});
  };
  const std::string syn = packet({.flags = kSyn});
  const std::size_t end = stream.size();
  const std::vector<std::string> wanted = lines_of(file_header() + syn + part(0, end));
  EXPECT_EQ(wanted.size(), 3u);
  EXPECT_EQ(lines_of(file_header() + syn + part(0, 80) + part(80, 150) + part(150, end)), wanted);
  EXPECT_EQ(lines_of(file_header() + syn + part(0, 80) + part(150, end) + part(80, 150)), wanted);
  EXPECT_EQ(
      lines_of(file_header() + syn + part(0, 80) + part(40, 150) + part(0, 20) + part(100, end)),
      wanted);
  // The sequence numbers pass through zero.
  const std::string wraps = packet({.sequence = 0xffffffc0, .bytes = stream.substr(0, 100)}) +
                            packet({.sequence = 0xffffffc0 + 100, .bytes = stream.substr(100)});
  EXPECT_EQ(lines_of(file_header() + wraps), wanted);
}

TEST(Capture, ReadsPacketsThatWereRewrittenWithoutCountingTheSyn) {
  const std::string first = bmp_initiation("r"), second = route(1);
  for (const std::uint32_t counted : {0u, 1u}) {
    EXPECT_EQ(
        lines_of(file_header() + packet({.bytes = first, .flags = kSyn}) +
                 packet({.sequence = static_cast<std::uint32_t>(1000 + counted + first.size()),
                         .bytes = second}))
            .size(),
        1u);
  }
}

TEST(Capture, ReadsSeveralRoutersAtOnceAndPassesOverOtherConnections) {
  const std::string capture =
      file_header() + packet({.bytes = bmp_initiation("a"), .port = 1}) +
      packet({.bytes = bmp_initiation("b"), .port = 2, .vlan = true}) +
      packet({.bytes = "GET / HTTP/1.1", .port = 3}) +
      packet({.sequence = static_cast<std::uint32_t>(1000 + bmp_initiation("a").size()),
              .bytes = route(1),
              .port = 1}) +
      packet({.sequence = static_cast<std::uint32_t>(1000 + bmp_initiation("b").size()),
              .bytes = route(2),
              .port = 2});
  const Converted read = converted(capture);
  EXPECT_EQ(dump_lines(read.records).size(), 2u);
  EXPECT_TRUE(read.notes.damage.empty());
}

TEST(Capture, ReadsEveryLinkLayerThatItNames) {
  const std::string bytes = ip({.bytes = route(1)});
  const struct {
    std::uint32_t link;
    std::string before;
  } kCases[] = {{101, ""},
                {12, ""},
                {0, std::string(4, '\2')},
                {108, std::string(4, '\2')},
                {113, std::string(16, '\0')},
                {276, std::string(20, '\0')}};
  for (const auto& each : kCases) {
    const std::string frame = each.before + bytes;
    EXPECT_EQ(lines_of(file_header(each.link) +
                       packet_header(1'641'378'600, frame.size(), frame.size()) + frame)
                  .size(),
              1u)
        << each.link;
  }
}

TEST(Capture, SetsThePeersToIdleWhenTheConnectionEnds) {
  const std::string stream = bmp_peer_up(kPeer);
  const std::string open = packet({.bytes = stream});
  const std::string fin =
      packet({.sequence = static_cast<std::uint32_t>(1000 + stream.size()), .flags = kFin | kAck});
  EXPECT_EQ(lines_of(file_header() + open).size(), 1u);
  EXPECT_EQ(lines_of(file_header() + open + fin).size(), 2u);
}

TEST(Capture, TellsWhatIsMissingAndGoesOn) {
  const std::string first = route(1);
  const std::string later = route(2) + route(3) + route(4);
  const auto at = [](std::size_t offset) { return static_cast<std::uint32_t>(1000 + offset); };
  // A segment is not there at all.
  const Converted hole = converted(file_header() + packet({.bytes = first}) +
                                   packet({.sequence = at(first.size() + 333), .bytes = later}));
  EXPECT_EQ(dump_lines(hole.records).size(), 4u);
  ASSERT_EQ(hole.notes.damage.count(), 1u);
  EXPECT_THAT(hole.notes.damage.parts()[0].reason,
              HasSubstr("333 bytes of the stream are missing"));
  EXPECT_THAT(hole.notes.damage.parts()[0].file, HasSubstr("192.0.2.99 port 40000"));
  // The capture holds only the first bytes of a packet.
  const Converted snapped =
      converted(file_header() + packet({.bytes = first + route(9), .cut = 10}) +
                packet({.sequence = at(first.size() + route(9).size()), .bytes = later}));
  EXPECT_EQ(dump_lines(snapped.records).size(), 4u);
  EXPECT_EQ(snapped.notes.damage.count(), 1u);
}

TEST(Capture, GivesUpOnAGapWhenTooMuchIsHeld) {
  const std::string first = route(1);
  std::string capture = file_header() + packet({.bytes = first});
  std::uint32_t sequence = static_cast<std::uint32_t>(1000 + first.size() + 1);  // one byte missing
  std::string big;
  while (big.size() < 60'000) big += route(2);
  std::size_t held = 0;
  while (held <= Capture::kMaxHeldBytes) {
    capture += packet({.sequence = sequence, .bytes = big});
    sequence += static_cast<std::uint32_t>(big.size());
    held += big.size();
  }
  const Converted read = converted(capture);
  EXPECT_GT(dump_lines(read.records).size(), 10'000u);
  EXPECT_EQ(read.notes.damage.count(), 1u);
}

TEST(Capture, ReadsConnectionsUpToTheLimitAndSaysWhenThereAreMore) {
  std::string capture = file_header();
  for (std::size_t i = 0; i <= Capture::kMaxFlows; ++i) {
    capture += packet({.bytes = route(1), .port = static_cast<std::uint16_t>(i + 1)});
  }
  const Converted read = converted(capture);
  EXPECT_EQ(dump_lines(read.records).size(), Capture::kMaxFlows);
  ASSERT_EQ(read.notes.damage.count(), 1u);
  EXPECT_THAT(read.notes.damage.parts()[0].reason, HasSubstr("1 connections past the limit"));
}

TEST(Capture, FindsItsWayBackAfterABrokenPacketHeader) {
  std::string capture = file_header();
  std::uint32_t sequence = 1000;
  std::size_t third = 0;
  for (int i = 0; i < 10; ++i) {
    if (i == 3) third = capture.size();
    capture += packet({.sequence = sequence, .bytes = route(i)});
    sequence += static_cast<std::uint32_t>(route(i).size());
  }
  for (std::size_t byte = third; byte < third + 16; ++byte) {
    std::string broken = capture;
    broken[byte] = static_cast<char>(broken[byte] ^ 0x55);
    EXPECT_GE(lines_of(broken).size(), 8u) << byte - third;
  }
}

TEST(Capture, SurvivesEveryCutAndFlippedBit) {
  const std::string stream = bmp_initiation("r") + bmp_peer_up(kPeer) + route(1);
  const std::string capture =
      file_header() + packet({.bytes = stream.substr(0, 100)}) +
      packet({.sequence = 1100, .bytes = stream.substr(100), .flags = kFin | kAck});
  for (std::size_t at = 0; at < capture.size(); ++at) (void)converted(capture.substr(0, at));
  for (std::size_t bit = 0; bit < capture.size() * 8; ++bit) {
    std::string flipped = capture;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    (void)lines_of(flipped);
  }
}

}  // namespace
}  // namespace lightsout::live
