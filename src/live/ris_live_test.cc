// SPDX-License-Identifier: Apache-2.0
#include "live/ris_live.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "core/test_data.h"
#include "live/test_records.h"

namespace lightsout::live {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// A frame of the kind `type` with more fields after the usual ones.
std::string frame(const std::string& type, const std::string& fields, int id = 1) {
  return R"({"type":"ris_message","data":{"timestamp":1641378600.25,"peer":"192.0.2.1",)"
         R"("peer_asn":"64500","id":"192.0.2.1-)" +
         std::to_string(id) + R"(","host":"rrc00.ripe.net","type":")" + type + "\"" + fields +
         "}}\n";
}

std::vector<std::string> lines_of(const std::string& frames) {
  return dump_lines(converted(frames).records);
}

const std::string kUpdate = frame(
    "UPDATE", R"(,"path":[64500,9198],"community":[[64500,1],[64500,2]],"origin":"IGP","med":7,)"
              R"("announcements":[{"next_hop":"192.0.2.1","prefixes":["198.51.100.0/24"]}])");
const char* const kAnnounced =
    "BGP4MP_ET|1641378600.250000|A|192.0.2.1|64500|198.51.100.0/24|64500 9198|IGP|192.0.2.1|0|7|"
    "64500:1 64500:2|NAG||";

TEST(RisLive, MakesRecordsOfTheFieldsWhereThereIsNoRaw) {
  EXPECT_THAT(lines_of(kUpdate), ElementsAre(kAnnounced));
}

TEST(RisLive, ReadsBothSpellingsOfEverything) {
  const std::string up = "BGP4MP_ET|1641378600.250000|STATE|192.0.2.1|64500|5|6";
  const std::string down = "BGP4MP_ET|1641378600.250000|STATE|192.0.2.1|64500|6|1";
  EXPECT_THAT(lines_of(frame("STATE", R"(,"state":"connected")", 1) +
                       frame("RIS_PEER_STATE", R"(,"state":"down")", 2)),
              ElementsAre(up, down));
  std::string number = kUpdate;
  number.replace(number.find("\"64500\""), 7, "64500");
  number.replace(number.find("rrc00.ripe.net"), 14, "rrc00");
  EXPECT_THAT(lines_of(number), ElementsAre(kAnnounced));
}

TEST(RisLive, ReadsSetsTwoNextHopsAndLongAddresses) {
  const std::string six =
      frame("UPDATE", R"(,"path":[64500,[64501,64502],9198],"origin":"INCOMPLETE","announcements":)"
                      R"([{"next_hop":"2001:db8::1,fe80::1","prefixes":["2001:db8:1::/48"]}],)"
                      R"("withdrawals":["2001:db8:2:0:0:0:0:0/48","203.0.113.0/24"])");
  EXPECT_THAT(lines_of(six),
              ElementsAre("BGP4MP_ET|1641378600.250000|W|192.0.2.1|64500|203.0.113.0/24",
                          "BGP4MP_ET|1641378600.250000|W|192.0.2.1|64500|2001:db8:2::/48",
                          "BGP4MP_ET|1641378600.250000|A|192.0.2.1|64500|2001:db8:1::/48|64500 "
                          "{64501,64502} 9198|INCOMPLETE|2001:db8::1|0|0||NAG||"));
}

TEST(RisLive, ReadsTheAggregator) {
  std::string update = kUpdate;
  update.insert(update.find(",\"med\""), ",\"aggregator\":\"9198:192.0.2.9\"");
  EXPECT_THAT(lines_of(update), ElementsAre(HasSubstr("|NAG|9198 192.0.2.9|")));
}

TEST(RisLive, PrefersRawAndFindsTheWidthOfItsPath) {
  std::string hex;
  const std::string message = announce("203.0.113.0/24", {Asn{64500}, Asn{9198}});
  for (const std::uint8_t byte : bytes_of(message)) {
    hex += "0123456789ABCDEF"[byte >> 4];
    hex += "0123456789abcdef"[byte & 15];
  }
  EXPECT_THAT(lines_of(frame("UPDATE", ",\"path\":[1],\"raw\":\"" + hex + "\"")),
              ElementsAre(HasSubstr("|203.0.113.0/24|64500 9198|")));
  // AS_PATH of two bytes a hop: 0202 FBF4 23EE.
  const std::string old =
      "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF002F020000001440010100400206"
      "0202FBF423EE400304C000020118CB0071";
  EXPECT_THAT(lines_of(frame("UPDATE", ",\"raw\":\"" + old + "\"")),
              ElementsAre(HasSubstr("|203.0.113.0/24|64500 9198|")));
}

TEST(RisLive, LeavesOutWhatCameBeforeUnderTheSameId) {
  const Converted read = converted(kUpdate + kUpdate + frame("KEEPALIVE", "", 2));
  EXPECT_THAT(dump_lines(read.records), ElementsAre(kAnnounced));
  EXPECT_THAT(read.notes.notes,
              ElementsAre(HasSubstr("2 from their JSON fields"), "1 frames that came twice"));
}

TEST(RisLive, RemembersSoManyIdsAndNoMore) {
  std::string frames = frame("KEEPALIVE", "", 0);
  for (std::size_t i = 1; i < RisLive::kIdsKept; ++i) {
    frames += frame("KEEPALIVE", "", static_cast<int>(i));
  }
  std::uint64_t records = 0;
  RisLive live({.name = "f", .record = [&](Bytes) { ++records; }, .damage = {}, .collector = {}});
  live.push(bytes_of(frames));
  live.push(bytes_of(frame("KEEPALIVE", "", 0)));  // still known
  EXPECT_EQ(records, RisLive::kIdsKept);
  live.push(bytes_of(frame("KEEPALIVE", "", 300'000)));  // pushes the first one out
  live.push(bytes_of(frame("KEEPALIVE", "", 0)));
  EXPECT_EQ(records, RisLive::kIdsKept + 2);
}

TEST(RisLive, CountsDamageAndReadsOn) {
  const struct {
    std::string line;
    const char* reason;
  } kCases[] = {
      {"{\"type\":\"ris_message\",\n", "not JSON"},
      {"{\"x\":1}\n", "no 'type'"},
      {frame("STATE", R"(,"state":"asleep")", 9), "the state 'asleep' is not known"},
      {frame("UPDATE", R"(,"raw":"FFF")", 9), "'raw' is not hexadecimal"},
      {frame("UPDATE", R"(,"raw":"FFFF")", 9), "'raw' is not a BGP message"},
      {frame("UPDATE", R"(,"path":["x"])", 9), "'path' has something else"},
      {frame("UPDATE", R"(,"path":[[{}]])", 9), "'path' has a set"},
      {frame("UPDATE", R"(,"community":[[1]])", 9), "'community' is not a list of pairs"},
      {frame("UPDATE", R"(,"community":[[65536,1]])", 9), "'community' is not a list of pairs"},
      {frame("UPDATE", R"(,"withdrawals":["x"])", 9), "x"},
      {R"({"type":"ris_error","data":{"message":"too slow"}})"
       "\n",
       "RIS Live says: too slow"},
      {std::string(RisLive::kLongestLine + 1, 'x') + "\n", "a line of more than"},
  };
  for (const auto& each : kCases) {
    const Converted read = converted(kUpdate + each.line + frame("KEEPALIVE", "", 2) + kUpdate);
    ASSERT_EQ(read.notes.damage.count(), 1u) << each.line.substr(0, 200);
    EXPECT_THAT(read.notes.damage.parts()[0].reason, HasSubstr(each.reason));
    EXPECT_EQ(read.notes.damage.parts()[0].offset, kUpdate.size());
    EXPECT_THAT(dump_lines(read.records), ElementsAre(kAnnounced));
  }
}

TEST(RisLive, ReadsServerSentEventsAndLineEndsOfBothKinds) {
  std::string events = "event: ris_message\r\nid: 1\r\ndata: " + kUpdate;
  events.insert(events.size() - 1, "\r");
  EXPECT_THAT(lines_of("retry: 1000\n" + events + "\r\n: alive\n"), ElementsAre(kAnnounced));
}

TEST(RisLive, GivesTheSameRecordsWhateverTheSizeOfThePieces) {
  const std::string frames =
      kUpdate + "\n" + frame("KEEPALIVE", "", 2) + frame("STATE", R"(,"state":"down")", 3);
  const std::string whole = converted(frames).records;
  for (const std::size_t piece : {1, 3, 64, 1000}) {
    EXPECT_EQ(converted(frames, piece).records, whole) << piece;
  }
}

TEST(RisLive, SurvivesEveryCutAndFlippedBit) {
  const std::string frames = kUpdate + frame("STATE", R"(,"state":"down")", 2);
  for (std::size_t at = 0; at < frames.size(); ++at) (void)converted(frames.substr(0, at));
  for (std::size_t bit = 0; bit < frames.size() * 8; ++bit) {
    std::string flipped = frames;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    (void)lines_of(flipped);
  }
}

TEST(RisLive, SplitsWhatDoesNotFitIntoOneMessage) {
  std::string prefixes;
  for (int i = 0; i < 20'000; ++i) {
    prefixes += (i == 0 ? "\"" : ",\"") +
                IpAddress::v4(0x0a000000u + 256u * static_cast<unsigned>(i)).text() + "/24\"";
  }
  EXPECT_EQ(lines_of(frame("UPDATE", ",\"withdrawals\":[" + prefixes + "]")).size(), 20'000u);
}

// The frames of the real stream, with `raw` and with `raw` taken away.
TEST(RisLive, RealFramesSayTheSameByRawAndByTheirFields) {
  REQUIRE_DATA(path, "rislive/ris-live-frames.jsonl");
  std::ifstream file(path);
  std::string text((std::istreambuf_iterator<char>(file)), {});
  std::string without;
  std::size_t frames = 0;
  for (std::size_t at = 0; at < text.size(); ++frames) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    auto line = nlohmann::json::parse(text.substr(at, end - at));
    EXPECT_EQ(line["data"].contains("raw"), line["data"]["type"] != "STATE");
    line["data"].erase("raw");
    without += line.dump() + "\n";
    at = end + 1;
  }
  EXPECT_EQ(frames, 7u);
  const Converted raw = converted(text);
  const Converted fields = converted(without);
  EXPECT_TRUE(raw.notes.damage.empty());
  EXPECT_TRUE(fields.notes.damage.empty());
  const std::vector<std::string> lines = dump_lines(raw.records);
  EXPECT_EQ(lines.size(), 13u);  // 3 announcements, 9 withdrawals, 1 state
  EXPECT_EQ(dump_lines(fields.records), lines);
}

}  // namespace
}  // namespace lightsout::live
