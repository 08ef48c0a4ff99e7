// SPDX-License-Identifier: Apache-2.0
#include "live/bmp_station.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>

#include "live/record_archive.h"
#include "live/test_records.h"

namespace lightsout::live {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using Kind = ListenerEvent::Kind;

class MovingClock final : public Clock {
 public:
  Time now() override { return at; }
  void sleep(std::chrono::milliseconds) override {}
  Time at = *parse_time("2022-01-05T10:30:00Z");
};

// What happens, in order; bytes are kept until the next event.
class ScriptedListener final : public Listener {
 public:
  struct Line {
    Kind kind;
    std::uint64_t session = 0;
    std::string text;
    Seconds later{0};  // the clock moves on before it
  };
  ScriptedListener(MovingClock& clock, std::vector<Line> lines)
      : clock_(clock), lines_(lines.begin(), lines.end()) {}

  std::string address() const override { return "script"; }
  ListenerEvent next(std::chrono::milliseconds) override {
    if (lines_.empty()) return {.kind = Kind::stop};
    line_ = std::move(lines_.front());
    lines_.pop_front();
    clock_.at += line_.later;
    ListenerEvent event{.kind = line_.kind,
                        .session = line_.session,
                        .remote = "192.0.2." + std::to_string(line_.session)};
    if (line_.kind == Kind::bytes) event.bytes = bytes_of(line_.text);
    if (line_.kind != Kind::bytes) event.reason = line_.text;
    return event;
  }
  void close(std::uint64_t session) override { closed.push_back(session); }

  std::vector<std::uint64_t> closed;

 private:
  MovingClock& clock_;
  std::deque<Line> lines_;
  Line line_;
};

struct Seen {
  std::vector<std::string> lines;  // "192.0.2.1: BGP4MP_ET|..."
  std::vector<std::string> said;
  std::vector<std::uint64_t> closed;
  std::size_t damaged = 0;
};

Seen play(std::vector<ScriptedListener::Line> script) {
  Seen seen;
  MovingClock clock;
  ScriptedListener listener(clock, std::move(script));
  BmpStation station(listener, clock,
                     {.record =
                          [&](const std::string& router, Bytes record) {
                            for (const std::string& line : dump_lines(text_of(record))) {
                              seen.lines.push_back(router + ": " + line);
                            }
                          },
                      .damage = [&](DamagedPart) { ++seen.damaged; },
                      .say = [&](const std::string& sentence) { seen.said.push_back(sentence); }});
  while (station.step(1s)) {
  }
  EXPECT_EQ(station.sessions(), 0u);
  seen.closed = listener.closed;
  return seen;
}

const TestPeer kPeer{.seconds = 1'641'378'600};
const std::string kHello = bmp_initiation("r") + bmp_peer_up(kPeer);
const std::string kRoute = bmp_route(kPeer, withdraw("198.51.100.0/24"));

TEST(BmpStation, TakesTheRoutesOfSeveralRouters) {
  const Seen seen = play({{Kind::opened, 1},
                          {Kind::opened, 2},
                          {Kind::bytes, 1, kHello},
                          {Kind::bytes, 2, kHello + kRoute},
                          {Kind::bytes, 1, kRoute.substr(0, 30)},
                          {Kind::bytes, 1, kRoute.substr(30)}});
  EXPECT_THAT(
      seen.lines,
      ElementsAre(HasSubstr("192.0.2.1: BGP4MP_ET|1641378600.250000|STATE"),
                  HasSubstr("192.0.2.2: BGP4MP_ET|1641378600.250000|STATE"),
                  HasSubstr("192.0.2.2: BGP4MP_ET|1641378600.250000|W|"),
                  HasSubstr("192.0.2.1: BGP4MP_ET|1641378600.250000|W|"),
                  HasSubstr("192.0.2.1: BGP4MP_ET|1641378600.000000|STATE|192.0.2.1|64500|6|1"),
                  HasSubstr("192.0.2.2: BGP4MP_ET|1641378600.000000|STATE|192.0.2.1|64500|6|1")));
  EXPECT_EQ(seen.damaged, 0u);
}

TEST(BmpStation, SetsThePeersOfARouterToIdleWhenItBreaksOffInTheMiddle) {
  const Seen seen = play({{Kind::opened, 1},
                          {Kind::bytes, 1, kHello + kRoute.substr(0, 50)},
                          {Kind::closed, 1, "Connection reset by peer", 60s}});
  EXPECT_THAT(seen.lines, ElementsAre(HasSubstr("|5|6"), HasSubstr("1641378660.000000|STATE|")));
  EXPECT_THAT(seen.said, ElementsAre("192.0.2.1: connected",
                                     "192.0.2.1: Connection reset by peer, after 2 messages and "
                                     "4 records"));
  EXPECT_EQ(seen.damaged, 1u);  // the message that was cut
}

TEST(BmpStation, ClosesWhoDoesNotSpeakBmp) {
  const Seen seen = play({{Kind::opened, 1},
                          {Kind::opened, 2},
                          {Kind::bytes, 1, "GET / HTTP/1.1\r\n"},
                          {Kind::bytes, 2, kHello}});
  EXPECT_THAT(seen.closed, ElementsAre(1u));
  EXPECT_THAT(seen.said, testing::Contains(HasSubstr("does not speak BMP")));
  EXPECT_EQ(seen.damaged, 0u);
}

TEST(BmpStation, ClosesWhoClaimsAMessageOfHostileSize) {
  const std::string huge = number(3, 1) + number(0xffffffff, 4) + number(0, 1);
  EXPECT_THAT(play({{Kind::opened, 1}, {Kind::bytes, 1, huge}}).closed, ElementsAre(1u));
}

TEST(BmpStation, ClosesWhoSaysNothingOrNeverEndsAMessage) {
  const Seconds limit = BmpStation::kFirstMessage;
  EXPECT_THAT(play({{Kind::opened, 1}, {Kind::idle, 0, "", limit}}).closed, testing::IsEmpty());
  const Seen mute = play({{Kind::opened, 1}, {Kind::idle, 0, "", limit + 1s}});
  EXPECT_THAT(mute.closed, ElementsAre(1u));
  EXPECT_THAT(mute.said, testing::Contains(HasSubstr("did not say a word of BMP in 1 min")));
  const Seconds longest = BmpStation::kLongestMessage;
  const auto slow = [&](Seconds later) {
    return play({{Kind::opened, 1},
                 {Kind::bytes, 1, kHello + kRoute.substr(0, 10)},
                 {Kind::bytes, 1, kRoute.substr(10, 10), later}})
        .closed;
  };
  EXPECT_THAT(slow(longest), testing::IsEmpty());
  EXPECT_THAT(slow(longest + 1s), ElementsAre(1u));
  // A router that has nothing to say is no fault.
  EXPECT_THAT(
      play({{Kind::opened, 1}, {Kind::bytes, 1, kHello}, {Kind::idle, 0, "", 86'400s}}).closed,
      testing::IsEmpty());
}

TEST(BmpStation, ClosesASessionWithMoreDamageThanTheLimit) {
  std::string stream = kHello;
  const auto damaged_times = [&](std::uint64_t times) {
    std::string bytes = kHello;
    for (std::uint64_t i = 0; i < times; ++i) bytes += "noise" + kRoute + kRoute + kRoute;
    return play({{Kind::opened, 1}, {Kind::bytes, 1, bytes}});
  };
  EXPECT_THAT(damaged_times(BmpStation::kMostDamage).closed, testing::IsEmpty());
  EXPECT_THAT(damaged_times(BmpStation::kMostDamage + 1).closed, ElementsAre(1u));
}

struct Kept {
  std::map<std::string, std::size_t> files;
  Status status;
};

std::string record_at(std::uint32_t seconds) {
  std::string record;
  RecordEncoder encoder([&](Bytes bytes) { record = text_of(bytes); });
  encoder.state_change({Time{Seconds{seconds}}, 0}, {}, mrt::SessionState::established,
                       mrt::SessionState::idle);
  return record;
}

TEST(RecordArchive, KeepsOneFileForEachCollectorAndFiveMinutes) {
  std::map<std::string, std::size_t> files;
  RecordArchive archive("feeds", [&](const std::string& path, std::string_view bytes) {
    files[path] = bytes.size() / record_at(0).size();
    return Status{};
  });
  const std::uint32_t start = 1'641'378'600;  // 2022-01-05 10:30:00
  for (const std::uint32_t later : {0u, 299u, 300u, 301u}) {
    EXPECT_TRUE(archive.add("192.0.2.1", bytes_of(record_at(start + later))).ok());
  }
  // One that comes late stays where it came.
  EXPECT_TRUE(archive.add("192.0.2.1", bytes_of(record_at(start + 10))).ok());
  EXPECT_TRUE(archive.add("../x y", bytes_of(record_at(start))).ok());
  EXPECT_THAT(files, ElementsAre(testing::Pair("feeds/192.0.2.1/updates.20220105.103000.mrt", 2)));
  const Time end{Seconds{start + 300}};
  EXPECT_TRUE(archive.tick(end + RecordArchive::kGrace - 1s).ok());
  EXPECT_EQ(files.size(), 1u);
  EXPECT_TRUE(archive.tick(end + RecordArchive::kGrace).ok());
  EXPECT_EQ(files.at("feeds/-..-x-y/updates.20220105.103000.mrt"), 1u);
  EXPECT_TRUE(archive.finish().ok());
  EXPECT_EQ(files.at("feeds/192.0.2.1/updates.20220105.103500.mrt"), 3u);
  EXPECT_EQ(archive.files(), 3u);
}

TEST(RecordArchive, HoldsSoMuchAndThenWritesTheFullestBeforeItsTime) {
  std::map<std::string, std::size_t> files;
  RecordArchive archive("f", [&](const std::string& path, std::string_view bytes) {
    EXPECT_FALSE(files.contains(path)) << path << " would be replaced";
    files[path] = bytes.size();
    return Status{};
  });
  const std::string record = record_at(1'641'378'600);
  const std::size_t count = RecordArchive::kMaxBytes / record.size();
  const auto add = [&](std::size_t times) {
    for (std::size_t i = 0; i < times; ++i) (void)archive.add("a", bytes_of(record));
  };
  add(count);
  EXPECT_TRUE(files.empty());
  add(1);
  EXPECT_EQ(files.size(), 1u);
  add(count + 1);
  EXPECT_EQ(files.size(), 2u);
  EXPECT_TRUE(files.contains("f/a/updates.20220105.103000-2.mrt"));
}

TEST(RecordArchive, SharesOneFolderBeyondTheLimitOfCollectors) {
  std::map<std::string, std::size_t> files;
  RecordArchive archive("f", [&](const std::string& path, std::string_view) {
    ++files[path];
    return Status{};
  });
  for (std::size_t i = 0; i < RecordArchive::kMaxCollectors + 5; ++i) {
    (void)archive.add("c" + std::to_string(i), bytes_of(record_at(1'641'378'600)));
  }
  EXPECT_TRUE(archive.finish().ok());
  EXPECT_EQ(files.size(), RecordArchive::kMaxCollectors + 1);
  EXPECT_TRUE(files.contains("f/others/updates.20220105.103000.mrt"));
}

}  // namespace
}  // namespace lightsout::live
