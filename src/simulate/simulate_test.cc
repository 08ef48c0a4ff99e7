// SPDX-License-Identifier: Apache-2.0
#include "simulate/simulate.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "core/byte_source.h"
#include "core/sha256.h"
#include "mrt/record_reader.h"
#include "simulate/routes.h"
#include "simulate/test_scenario.h"

namespace lightsout {
namespace {

using Files = std::map<std::string, std::string>;

Files files_of(std::string_view text) {
  Files files;
  const Status status = simulate(*parse_scenario(text), ResidualPool{},
                                 [&](std::string_view name, std::string_view bytes) -> Status {
                                   EXPECT_TRUE(files.emplace(name, bytes).second) << name;
                                   return {};
                                 });
  EXPECT_TRUE(status.ok());
  return files;
}

const Files& small_files() {
  static const Files files = files_of(kSmallScenario);
  return files;
}

TEST(Simulate, TheSameTextGivesTheSameBytes) {
  EXPECT_EQ(files_of(kSmallScenario), small_files());
}

TEST(Simulate, AnotherSeedGivesOtherNumbersAndTheSameNames) {
  std::string text(kSmallScenario);
  text.replace(text.find("seed      7"), 11, "seed      8");
  const Files other = files_of(text);
  EXPECT_NE(other.at("traffic.csv"), small_files().at("traffic.csv"));
  ASSERT_EQ(other.size(), small_files().size());
  for (const auto& [name, bytes] : small_files()) EXPECT_TRUE(other.contains(name)) << name;
}

TEST(Simulate, EveryFileSaysThatItIsSemiSynthetic) {
  for (const auto& [name, bytes] : small_files()) {
    if (name.ends_with(".csv")) {
      EXPECT_TRUE(bytes.starts_with("# SEMI-SYNTHETIC: ")) << name;
    } else if (name.starts_with("rib.")) {
      EXPECT_NE(bytes.substr(0, 60).find("SEMI-SYNTHETIC"), std::string::npos) << name;
    } else if (name.ends_with(".jsonl")) {
      const auto lines = std::count(bytes.begin(), bytes.end(), '\n');
      std::ptrdiff_t labelled = 0;
      for (std::size_t at = 0; (at = bytes.find("\"semi_synthetic\":\"true\"", at)) != bytes.npos;
           ++at) {
        ++labelled;
      }
      EXPECT_EQ(labelled, lines) << name;
    }
  }
}

TEST(Simulate, TheManifestNamesEveryFileWithItsHash) {
  const std::string& manifest = small_files().at("SEMI-SYNTHETIC.json");
  for (const auto& [name, bytes] : small_files()) {
    if (name == "SEMI-SYNTHETIC.json") continue;
    EXPECT_NE(manifest.find(sha256_hex(bytes)), std::string::npos) << name;
  }
}

TEST(Simulate, ASinkThatFailsEndsIt) {
  int calls = 0;
  const Status status = simulate(*parse_scenario(kSmallScenario), ResidualPool{},
                                 [&](std::string_view, std::string_view) -> Status {
                                   ++calls;
                                   return Error{ErrorKind::world, "disk full"};
                                 });
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().message, "disk full");
  EXPECT_EQ(calls, 1);
}

TEST(Simulate, AGapHasNoRows) {
  const std::string& csv = small_files().at("telescope.csv");
  EXPECT_EQ(csv.find("2022-01-03T03:00:00Z"), std::string::npos);
  EXPECT_NE(csv.find("2022-01-03T06:00:00Z"), std::string::npos);
}

struct RouteState {
  std::set<std::pair<std::uint32_t, Prefix>> seen;  // peer, prefix
  std::map<std::int64_t, std::size_t> updates;      // 5-minute bin -> messages
};

// Walks tables and updates in the order of their times up to `until`, as a collector's reader does.
RouteState walk_until(const Files& files, Time until) {
  RouteState state;
  std::vector<std::pair<std::string, const std::string*>> order;  // stamp + kind
  for (const auto& [name, bytes] : files) {
    if (name.starts_with("rib.")) order.emplace_back(name.substr(4) + "a", &bytes);
    if (name.starts_with("updates.")) order.emplace_back(name.substr(8) + "b", &bytes);
  }
  std::sort(order.begin(), order.end());
  for (const auto& [stamp, bytes] : order) {
    MemorySource source(*bytes);
    mrt::RecordReader reader(source);
    mrt::PeerIndexTable table;
    if (stamp.ends_with('a')) state.seen.clear();
    for (auto step = reader.next(); step != mrt::RecordReader::Step::end; step = reader.next()) {
      EXPECT_EQ(step, mrt::RecordReader::Step::record);
      const mrt::Record* record = &reader.record();
      if (record->time >= until) return state;
      mrt::Bgp4mp message;
      mrt::RibRecord rib;
      if (record->type == mrt::kTableDump2 && record->subtype == mrt::kPeerIndexTable) {
        table = *mrt::decode_peer_index_table(record->body);
      } else if (record->type == mrt::kTableDump2 &&
                 mrt::decode_rib(*record, rib) == mrt::Decoded::yes) {
        mrt::RibEntryReader entries(rib);
        mrt::RibEntry entry;
        while (entries.next(entry)) {
          state.seen.emplace(table.peers[entry.peer_index].asn.number, rib.prefix);
        }
      } else if (mrt::decode_bgp4mp(*record, message) == mrt::Decoded::yes) {
        bgp::UpdateView update;
        EXPECT_EQ(bgp::decode_update(message.message.body, message.width, update),
                  bgp::Verdict::good);
        const std::uint32_t peer = message.session.peer_asn.number;
        bgp::for_each_change(
            update, [&](const Prefix& prefix) { state.seen.erase({peer, prefix}); },
            [&](const Prefix& prefix) { state.seen.emplace(peer, prefix); });
        ++state.updates[record->time.time_since_epoch().count() / 300];
      }
    }
  }
  return state;
}

std::size_t planned_at(Time time) {
  std::size_t count = 0;
  for (const Route& route : routes_of(*parse_scenario(kSmallScenario))) {
    count += route.announced_at(time) ? 1 : 0;
  }
  return count;
}

TEST(Simulate, RoutesStayAnnouncedWhilePacketsDieAndBurstWhenTheCutBegins) {
  const Time dark = *parse_time("2022-01-05T20:00:00Z");
  const RouteState state = walk_until(small_files(), dark);
  EXPECT_EQ(state.seen.size(), 3 * planned_at(dark));
  EXPECT_GT(planned_at(dark), routes_of(*parse_scenario(kSmallScenario)).size() * 95 / 100);
  const auto bin = [](std::string_view time) {
    return parse_time(time)->time_since_epoch().count() / 300;
  };
  EXPECT_GT(state.updates.at(bin("2022-01-05T10:45:00Z")),
            10 * state.updates.at(bin("2022-01-05T10:35:00Z")));
}

TEST(Simulate, ACutOfTheRoutesWithdrawsTheNetworksBehindTheUpstreamAndNoOther) {
  const Time cut = *parse_time("2022-01-08T12:00:00Z");
  const RouteState state = walk_until(small_files(), cut);
  EXPECT_EQ(state.seen.size(), 3 * planned_at(cut));
  for (const Route& route : routes_of(*parse_scenario(kSmallScenario))) {
    if (route.upstream == Asn{64700}) {
      EXPECT_FALSE(route.announced_at(cut)) << route.prefix.text();
    }
  }
  const Time after = *parse_time("2022-01-08T19:00:00Z");
  EXPECT_EQ(walk_until(small_files(), after).seen.size(), 3 * planned_at(after));
}

TEST(Simulate, EveryPeerSpeaksInEveryFiveMinutes) {
  const RouteState state = walk_until(small_files(), *parse_time("2022-01-10T00:00:00Z"));
  EXPECT_EQ(state.updates.size(), 9u * 288u);
  for (const auto& [bin, updates] : state.updates) EXPECT_GE(updates, 3u) << bin;
}

// All updates in the order of their files.
std::string updates_of(const Files& files) {
  std::string bytes;
  for (const auto& [name, content] : files) {
    if (name.starts_with("updates.")) bytes += content;
  }
  return bytes;
}

TEST(Simulate, HowLongAFileIsOnlyPartsTheSameRecords) {
  std::string text(kSmallScenario);
  const std::size_t hour = text.find("files 1h");
  ASSERT_NE(hour, std::string::npos);
  const Files short_files = files_of(text.replace(hour, 8, "files 5min"));
  EXPECT_EQ(updates_of(short_files), updates_of(small_files()));
  EXPECT_GT(short_files.size(), 8 * small_files().size());
  EXPECT_TRUE(short_files.contains("updates.20220105.1035"));
}

TEST(Simulate, MeasurementsThinOutInTheDarkAndTelegramFailsInThem) {
  const auto count = [](const std::string& text, std::string_view what) {
    std::size_t found = 0;
    for (std::size_t at = 0; (at = text.find(what, at)) != text.npos; ++at) ++found;
    return found;
  };
  const std::string& before = small_files().at("ooni-20220103.jsonl");
  const std::string& blocked = small_files().at("ooni-20220104.jsonl");
  EXPECT_LE(count(before, "\"telegram_web_status\":\"blocked\""), 1u);
  EXPECT_GT(count(blocked, "\"telegram_web_status\":\"blocked\""),
            count(blocked, "\"telegram_web_status\":\"ok\""));
  std::size_t dark = 0;
  const auto found = small_files().find("ooni-20220107.jsonl");
  if (found != small_files().end()) dark = count(found->second, "2022-01-07 00:");
  EXPECT_LE(dark, 2u);
}

}  // namespace
}  // namespace lightsout
