// BMP and RIS Live as inputs: the same updates give the same series in whatever form they come.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "live/test_bmp.h"
#include "mrt/writer.h"
#include "source/test_input.h"

namespace lightsout {
namespace {

using namespace std::chrono_literals;

const Time kStart = *parse_time("2022-01-05T10:00:00Z");
const char kPrefixTable[] =
    "prefix,entity\n10.0.0.0/19,asn:9198@country:KZ\n20.0.0.0/8,country:US\n";
constexpr unsigned kPeers = 4;

IpAddress address_of(unsigned peer) {
  return IpAddress::v4(0xc0000202 + peer);
}

std::vector<Prefix> prefixes(std::uint32_t base, std::uint32_t count) {
  std::vector<Prefix> all;
  for (std::uint32_t i = 0; i < count; ++i) {
    all.push_back(*Prefix::make(IpAddress::v4(base + (i << 8)), 24));
  }
  return all;
}

bgp::Route route_of(unsigned peer) {
  return {.path = {Asn{64500 + peer}, Asn{9198}}, .next_hop = address_of(peer)};
}

// A table in which four peers see everything.
std::string table() {
  std::string bytes;
  mrt::Writer writer([&](Bytes part) { bytes.append(part.begin(), part.end()); });
  mrt::PeerIndexTable peers{.collector_id = 0x0a000001, .view_name = "", .peers = {}};
  for (unsigned peer = 0; peer < kPeers; ++peer) {
    peers.peers.push_back({.address = address_of(peer), .asn = Asn{64500 + peer}});
  }
  writer.peer_index_table(kStart, peers);
  for (const auto& part : {prefixes(0x0a000000, 32), prefixes(0x14000000, 200)}) {
    for (const Prefix& prefix : part) {
      std::vector<mrt::RibRoute> routes;
      for (unsigned peer = 0; peer < kPeers; ++peer) {
        routes.push_back({static_cast<std::uint16_t>(peer), kStart, route_of(peer)});
      }
      writer.rib(kStart, prefix, routes);
    }
  }
  return bytes;
}

struct Said {
  unsigned peer;
  Time time;
  bgp::ByteVector message;
};

// KZ leaves after five minutes and comes back after twenty, at every peer.
std::vector<Said> what_happened() {
  std::vector<Said> all;
  const auto say = [&](Time time, const bgp::Update& update, unsigned peer) {
    for (const auto& message : bgp::encode_update(update)) all.push_back({peer, time, message});
  };
  const std::vector<Prefix> kazakh = prefixes(0x0a000000, 32);
  const std::vector<Prefix> one = prefixes(0x14000000, 1);
  for (unsigned peer = 0; peer < kPeers; ++peer) {
    say(kStart + 10s, {.withdrawn = {}, .announced = one, .route = route_of(peer)}, peer);
  }
  for (unsigned peer = 0; peer < kPeers; ++peer) {
    say(kStart + 5min, {.withdrawn = kazakh, .announced = {}, .route = {}}, peer);
  }
  for (unsigned peer = 0; peer < kPeers; ++peer) {
    say(kStart + 20min, {.withdrawn = {}, .announced = kazakh, .route = route_of(peer)}, peer);
  }
  return all;
}

std::string as_bmp() {
  std::string stream;
  for (const Said& said : what_happened()) {
    const auto seconds = static_cast<std::uint32_t>(said.time.time_since_epoch().count());
    stream += live::bmp_route({.address = address_of(said.peer).text(),
                               .asn = 64500 + said.peer,
                               .seconds = seconds,
                               .microseconds = 0},
                              live::text_of(said.message));
  }
  return stream;
}

std::string as_ris_live() {
  std::string frames;
  for (const Said& said : what_happened()) {
    std::string hex;
    for (const std::uint8_t byte : said.message) hex += fmt::format("{:02X}", byte);
    frames += fmt::format(
        "{{\"type\":\"ris_message\",\"data\":{{\"timestamp\":{}.0,\"peer\":\"{}\","
        "\"peer_asn\":\"{}\",\"id\":\"{}\",\"host\":\"rrc00.ripe.net\",\"type\":\"UPDATE\","
        "\"raw\":\"{}\"}}}}\n",
        said.time.time_since_epoch().count(), address_of(said.peer).text(), 64500 + said.peer,
        frames.size(), hex);
  }
  return frames;
}

std::string values_of(const Reading& reading) {
  const Series* const series = find_series(reading, "country:KZ/bgp/visible_slash24");
  if (series == nullptr) return "none";
  std::string text;
  for (const Sample& sample : series->samples) {
    text += sample.is_number() ? fmt::format("{} ", sample.value()) : ". ";
  }
  return text;
}

Reading read_with_table(const std::string& feed) {
  const std::vector<Input> inputs{text_input("prefixes.csv", kPrefixTable),
                                  text_input("rib", table()), text_input("feed", feed)};
  return read_inputs(inputs, {.entity = *Entity::parse("country:KZ")});
}

TEST(LiveFeeds, ChangeWhatATableShowedAsMrtUpdatesDo) {
  for (const std::string& feed : {as_bmp(), as_ris_live()}) {
    const Reading reading = read_with_table(feed);
    EXPECT_TRUE(reading.damage.empty());
    EXPECT_EQ(reading.inputs[2].format, "mrt");
    EXPECT_EQ(values_of(reading), "32 0 0 0 32 ");
  }
}

TEST(LiveFeeds, TellTheirDamageOnce) {
  const std::string stream = as_bmp();
  // A byte that is not there: the message that it was in is lost.
  const Reading reading = read_with_table(stream.substr(0, 60) + stream.substr(61));
  ASSERT_EQ(reading.damage.count(), 1u);
  EXPECT_EQ(reading.damage.parts()[0].file, "feed");
  EXPECT_EQ(reading.damage.parts()[0].offset, 0u);
  EXPECT_EQ(values_of(reading), "32 0 0 0 32 ");
}

}  // namespace
}  // namespace lightsout
