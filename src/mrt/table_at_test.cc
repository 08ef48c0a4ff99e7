// SPDX-License-Identifier: Apache-2.0
#include "mrt/table_at.h"

#include <gtest/gtest.h>

#include "core/test_data.h"
#include "mrt/test_archive.h"
#include "mrt/writer.h"

namespace lightsout::mrt {
namespace {

const Time kStart = *parse_time("2022-01-05T10:00:00Z");
constexpr std::uint32_t kCollector = 0xc00002fe;  // 192.0.2.254

Session session_of(unsigned number) {
  return {.peer_asn = Asn{64500 + number},
          .local_asn = Asn{64499},
          .peer = IpAddress::v4(0xc0000200 + number),
          .local = IpAddress::v4(kCollector)};
}

bgp::Route route_of(unsigned peer, unsigned origin) {
  return {.path = {Asn{64500 + peer}, Asn{origin}}, .next_hop = IpAddress::v4(0xc0000200 + peer)};
}

// A table of two peers with one prefix each and one in common, and what comes after it.
class Story {
 public:
  void table(int second, const std::vector<std::vector<const char*>>& prefixes_of_peers) {
    const Time time = kStart + Seconds(second);
    PeerIndexTable peers{.collector_id = kCollector};
    for (unsigned i = 1; i <= prefixes_of_peers.size(); ++i) {
      peers.peers.push_back({.address = session_of(i).peer, .asn = session_of(i).peer_asn});
    }
    Writer writer = writer_for(0);
    writer.peer_index_table(time, peers);
    std::map<Prefix, std::vector<RibRoute>> rows;
    for (unsigned i = 0; i < prefixes_of_peers.size(); ++i) {
      for (const char* text : prefixes_of_peers[i]) {
        rows[*Prefix::parse(text)].push_back({.peer_index = static_cast<std::uint16_t>(i),
                                              .originated = time,
                                              .route = route_of(i + 1, 1)});
      }
    }
    for (const auto& [prefix, routes] : rows) writer.rib(time, prefix, routes);
  }
  void announce(int second, unsigned peer, const char* prefix, unsigned origin) {
    writer_for(1).update(kStart + Seconds(second), session_of(peer),
                         {.announced = {*Prefix::parse(prefix)}, .route = route_of(peer, origin)});
  }
  void withdraw(int second, unsigned peer, const char* prefix) {
    writer_for(1).update(kStart + Seconds(second), session_of(peer),
                         {.withdrawn = {*Prefix::parse(prefix)}});
  }
  void down(int second, unsigned peer) {
    writer_for(1).state_change(kStart + Seconds(second), session_of(peer),
                               SessionState::established, SessionState::idle);
  }

  // "PEER PREFIX ORIGIN" of each line, with blanks between; or the error.
  std::string at(int second, const FilterWords& words = {}) {
    std::vector<Archive> archives;
    for (const std::string& bytes : files_) {
      if (bytes.empty()) continue;
      archives.push_back({.name = "file", .open = [&]() -> Result<std::unique_ptr<ByteSource>> {
                            return std::unique_ptr<ByteSource>(
                                std::make_unique<MemorySource>(std::string_view(bytes)));
                          }});
    }
    Damage damage;
    MergedReader reader(std::move(archives), damage);
    TableAt table(DumpFormat::bgpdump, *Filter::make(words), kStart + Seconds(second));
    while (true) {
      const MergedReader::Step step = reader.next();
      if (step == MergedReader::Step::end) break;
      if (step == MergedReader::Step::file_end) {
        table.file_end(reader.file());
      } else if (!table.add(reader.file(), reader.record(), "file", damage)) {
        break;
      }
    }
    EXPECT_TRUE(damage.empty());
    std::string text;
    const Result<TableTotals> totals = table.write([&](std::string_view piece) {
      text += piece;
      return true;
    });
    if (!totals) return totals.error().message;
    std::string out;
    for (std::size_t begin = 0; begin < text.size(); begin = text.find('\n', begin) + 1) {
      std::vector<std::string> fields(1);
      for (std::size_t i = begin; text[i] != '\n'; ++i) {
        if (text[i] == '|') {
          fields.emplace_back();
        } else {
          fields.back() += text[i];
        }
      }
      EXPECT_EQ(fields[0] + fields[1] + fields[2],
                "TABLE_DUMP2" +
                    std::to_string((kStart + Seconds(second)).time_since_epoch().count()) + "B");
      out += fields[4].substr(4) + " " + fields[5] + fields[6].substr(fields[6].find(' ')) + ", ";
    }
    return out;
  }

 private:
  Writer writer_for(int file) {
    return Writer([this, file](Bytes part) { files_[file].append(part.begin(), part.end()); });
  }

  std::string files_[2];  // tables, updates
};

TEST(TableAt, IsTheTableAndThenWhatTheUpdatesMadeOfIt) {
  Story story;
  story.table(0, {{"10.0.0.0/8", "11.0.0.0/8"}, {"10.0.0.0/8"}});
  story.announce(100, 1, "12.0.0.0/8", 7);
  story.announce(200, 2, "10.0.0.0/8", 8);
  story.withdraw(300, 1, "11.0.0.0/8");
  EXPECT_EQ(story.at(-1), "no routing table began by 2022-01-05T09:59:59Z in these files");
  EXPECT_EQ(story.at(99), "1 10.0.0.0/8 1, 2 10.0.0.0/8 1, 1 11.0.0.0/8 1, ");
  EXPECT_EQ(story.at(100), "1 10.0.0.0/8 1, 2 10.0.0.0/8 1, 1 11.0.0.0/8 1, 1 12.0.0.0/8 7, ");
  EXPECT_EQ(story.at(200), "1 10.0.0.0/8 1, 2 10.0.0.0/8 8, 1 11.0.0.0/8 1, 1 12.0.0.0/8 7, ");
  EXPECT_EQ(story.at(300), "1 10.0.0.0/8 1, 2 10.0.0.0/8 8, 1 12.0.0.0/8 7, ");
}

TEST(TableAt, ASessionThatFallsTakesItsRoutesAlong) {
  Story story;
  story.table(0, {{"10.0.0.0/8"}, {"10.0.0.0/8"}});
  story.down(50, 1);
  story.announce(70, 1, "13.0.0.0/8", 5);
  EXPECT_EQ(story.at(60), "2 10.0.0.0/8 1, ");
  EXPECT_EQ(story.at(80), "2 10.0.0.0/8 1, 1 13.0.0.0/8 5, ");
}

TEST(TableAt, ANewTableReplacesTheOldOneButNotFreshUpdates) {
  Story story;
  story.table(0, {{"10.0.0.0/8", "11.0.0.0/8", "14.0.0.0/8"}});
  story.withdraw(900, 1, "14.0.0.0/8");  // long before the second table: the table wins
  story.withdraw(960, 1, "10.0.0.0/8");  // within the backlog: the update wins
  story.announce(970, 1, "15.0.0.0/8", 6);
  story.table(1000, {{"10.0.0.0/8", "14.0.0.0/8"}});
  EXPECT_EQ(story.at(999), "1 11.0.0.0/8 1, 1 15.0.0.0/8 6, ");
  EXPECT_EQ(story.at(1000), "1 14.0.0.0/8 1, 1 15.0.0.0/8 6, ");
}

TEST(TableAt, PeersThatStandInNoTableAreLeftOut) {
  Story story;
  story.table(0, {{"10.0.0.0/8"}});
  story.announce(10, 5, "12.0.0.0/8", 7);
  EXPECT_EQ(story.at(20), "1 10.0.0.0/8 1, ");
}

TEST(TableAt, FiltersWhatItKeeps) {
  Story story;
  story.table(0, {{"10.0.0.0/8", "11.0.0.0/8"}, {"10.0.0.0/8"}});
  story.announce(100, 2, "10.0.0.0/8", 8);
  EXPECT_EQ(story.at(99, {.origins = {"1"}}), "1 10.0.0.0/8 1, 2 10.0.0.0/8 1, 1 11.0.0.0/8 1, ");
  // The route that replaced the second does not pass, and the one before it is gone.
  EXPECT_EQ(story.at(100, {.origins = {"1"}}), "1 10.0.0.0/8 1, 1 11.0.0.0/8 1, ");
  EXPECT_EQ(story.at(100, {.peers = {"64502"}}), "2 10.0.0.0/8 8, ");
  EXPECT_EQ(story.at(100, {.prefixes = {"11.0.0.0/8"}}), "1 11.0.0.0/8 1, ");
  EXPECT_EQ(story.at(100, {.paths = {"_8$"}}), "2 10.0.0.0/8 8, ");
}

// At the moment of a table, the table is what dump prints of it, line for line.
TEST(TableAt, IsTheDumpOfARealTableAtItsOwnTime) {
  REQUIRE_DATA(path, "mrt/edge.bview.ipv4_unicast_add_path.gz");
  const std::string bytes = archive_bytes(path);
  std::string dumped, rebuilt;
  MemorySource source{std::string_view(bytes)};
  Damage damage;
  const auto into = [](std::string& text) {
    return [&text](std::string_view piece) {
      text += piece;
      return true;
    };
  };
  ASSERT_TRUE(dump(source, {}, into(dumped), damage, "file").ok());
  MemorySource again{std::string_view(bytes)};
  RecordReader reader(again);
  TableAt table(DumpFormat::bgpdump, Filter(), *parse_time("2016-01-07T12:01:47Z"));
  while (reader.next() == RecordReader::Step::record) table.add(0, reader.record(), "f", damage);
  table.file_end(0);
  ASSERT_TRUE(table.write(into(rebuilt)).ok());
  const auto sorted = [](const std::string& text) {
    std::multiset<std::string> lines;
    for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) {
      lines.insert(text.substr(at, text.find('\n', at) - at));
    }
    return lines;
  };
  EXPECT_EQ(sorted(dumped), sorted(rebuilt));
}

TEST(TextStore, KeepsEachTextOnce) {
  TextStore store;
  for (int round = 0; round < 2; ++round) {
    for (std::uint32_t i = 0; i < 5000; ++i) {
      EXPECT_EQ(store.number_of("text " + std::to_string(i)), i);
    }
  }
  EXPECT_EQ(store.size(), 5000u);
  EXPECT_EQ(store.at(4711), "text 4711");
  EXPECT_EQ(store.number_of(""), 5000u);
  EXPECT_EQ(store.at(5000), "");
}

}  // namespace
}  // namespace lightsout::mrt
