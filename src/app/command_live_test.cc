// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>

#include "app/command_testing.h"
#include "app/options.h"
#include "core/test_data.h"
#include "live/test_bmp.h"

namespace lightsout {
namespace {

using live::bytes_of;
using testing::HasSubstr;
using testing::StartsWith;

// One session after the other, each with one piece of bytes, and then the end.
class Senders final : public Listener {
 public:
  explicit Senders(std::vector<std::string> pieces) : pieces_(std::move(pieces)) {
    for (std::size_t i = 0; i < pieces_.size(); ++i) {
      const ListenerEvent event{.session = i + 1, .remote = "192.0.2." + std::to_string(i + 1)};
      for (const auto kind :
           {ListenerEvent::Kind::opened, ListenerEvent::Kind::bytes, ListenerEvent::Kind::closed}) {
        events_.push_back(event);
        events_.back().kind = kind;
        if (kind == ListenerEvent::Kind::bytes) events_.back().bytes = bytes_of(pieces_[i]);
        if (kind == ListenerEvent::Kind::closed) events_.back().reason = "gone";
      }
    }
  }
  std::string address() const override { return "script"; }
  ListenerEvent next(std::chrono::milliseconds) override {
    if (events_.empty()) return {.kind = ListenerEvent::Kind::stop};
    const ListenerEvent event = events_.front();
    events_.pop_front();
    return event;
  }
  void close(std::uint64_t) override {}

 private:
  std::vector<std::string> pieces_;
  std::deque<ListenerEvent> events_;
};

std::unique_ptr<Listener> senders(std::vector<std::string> pieces) {
  return std::make_unique<Senders>(std::move(pieces));
}

const live::TestPeer kPeer;
const std::string kStream =
    live::bmp_initiation("r1") + live::bmp_peer_up(kPeer) +
    live::bmp_route(kPeer, live::announce("198.51.100.0/24", {Asn{64500}, Asn{9198}}));
const char kFrame[] =
    R"({"type":"ris_message","data":{"timestamp":1641378600.25,"peer":"192.0.2.1",)"
    R"("peer_asn":"64500","id":"1","host":"rrc00.ripe.net","type":"UPDATE",)"
    R"("withdrawals":["198.51.100.0/24"]}})"
    "\n";

TEST(LiveCommands, MrtDumpReadsFeedsThatWereKept) {
  const CommandFolder folder;
  folder.put("a", kStream);
  folder.put("b", kFrame);
  const Ran ran = folder.run("mrt dump $TMP/a $TMP/b");
  EXPECT_EQ(ran.code, kOk) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("|A|192.0.2.1|64500|198.51.100.0/24|64500 9198|"));
  EXPECT_THAT(ran.out, HasSubstr("|W|192.0.2.1|64500|198.51.100.0/24\n"));
}

TEST(LiveCommands, MrtDumpSaysWhatOfAFeedIsDamaged) {
  const CommandFolder folder;
  folder.put("a", kStream + kStream.substr(0, 20));
  const Ran ran = folder.run("mrt dump $TMP/a");
  EXPECT_EQ(ran.code, kDamaged);
  EXPECT_THAT(ran.err, HasSubstr("BMP: 1 damaged parts, 20 bytes passed over"));
}

TEST(LiveCommands, BmpDumpSaysAll) {
  const CommandFolder folder;
  folder.put("a", kStream);
  const Ran ran = folder.run("bmp dump $TMP/a");
  EXPECT_EQ(ran.code, kOk) << ran.err;
  EXPECT_THAT(ran.out, StartsWith("{\"event\":\"initiation\","));
  EXPECT_EQ(std::count(ran.out.begin(), ran.out.end(), '\n'), 3);
  folder.put("b.csv", "time,entity,signal,value\n");
  const Ran other = folder.run("bmp dump $TMP/b.csv");
  EXPECT_EQ(other.code, kRuntimeError);
  EXPECT_THAT(other.err, HasSubstr("b.csv: no BMP stream"));
}

TEST(LiveCommands, BmpDumpOfARealCapture) {
  REQUIRE_DATA(capture, "bmp/205-BMP-6wind-FRR-peer_down/traffic-00.pcap");
  const CommandFolder folder;
  const Ran ran = folder.run("bmp dump " + capture.string());
  EXPECT_EQ(ran.code, kOk) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("\"event\":\"peer_down\""));
}

TEST(LiveCommands, ListenPrintsRoutesAsTheyCome) {
  const CommandFolder folder;
  const Ran ran = folder.run("listen bmp script", senders({kStream, "GET / HTTP/1.1"}));
  EXPECT_EQ(ran.code, kOk) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("|A|192.0.2.1|64500|198.51.100.0/24|64500 9198|"));
  EXPECT_THAT(ran.out, HasSubstr("|STATE|192.0.2.1|64500|6|1\n"));
  EXPECT_THAT(ran.err, HasSubstr("listening for BMP on script"));
  EXPECT_THAT(ran.err, HasSubstr("192.0.2.1: gone, after 3 messages and 5 records\n"));
  EXPECT_THAT(ran.err, HasSubstr("192.0.2.2: closed, since it does not speak BMP"));
  const Ran few = folder.run("listen bmp script -q --type withdraw", senders({kStream}));
  EXPECT_EQ(few.out, "");
  EXPECT_EQ(few.err, "");
}

TEST(LiveCommands, WhatListenKeepsIsReadAgain) {
  const CommandFolder folder;
  const Ran bmp = folder.run("listen bmp script --out $TMP/feeds", senders({kStream}));
  EXPECT_EQ(bmp.code, kOk) << bmp.err;
  EXPECT_EQ(bmp.out, "");
  EXPECT_THAT(bmp.err, HasSubstr("5 records; 1 MRT files"));
  // The clock of the program stands in 2026: the router's is far from it, so the arrival counts.
  EXPECT_TRUE(folder.has("feeds/192.0.2.1/updates.20261123.000000.mrt"));
  const Ran ris = folder.run("listen ris-live --out $TMP/feeds", senders({kFrame}));
  EXPECT_EQ(ris.code, kOk) << ris.err;
  EXPECT_TRUE(folder.has("feeds/rrc00/updates.20220105.103000.mrt"));
  const Ran read = folder.run("mrt dump $TMP/feeds");
  EXPECT_EQ(read.code, kOk) << read.err;
  EXPECT_EQ(std::count(read.out.begin(), read.out.end(), '\n'), 4);
}

TEST(LiveCommands, ListenTellsOfDamageInAFeed) {
  const CommandFolder folder;
  const Ran ran = folder.run("listen ris-live", senders({std::string("{\n") + kFrame}));
  EXPECT_EQ(ran.code, kDamaged);
  EXPECT_THAT(ran.err, HasSubstr("standard input, offset 0: not JSON"));
  EXPECT_EQ(folder.run("listen bmp nowhere").code, kUsage);
}

}  // namespace
}  // namespace lightsout
