// SPDX-License-Identifier: Apache-2.0
#include "mrt/stat.h"

#include <gtest/gtest.h>

#include "core/test_data.h"
#include "mrt/test_archive.h"
#include "mrt/writer.h"

namespace lightsout::mrt {
namespace {

const Time kStart = *parse_time("2022-01-05T10:00:00Z");

Session session_of(std::uint32_t local) {
  return {.peer_asn = Asn{64501},
          .local_asn = Asn{64499},
          .peer = IpAddress::v4(0xc0000201),
          .local = IpAddress::v4(local)};
}

// Keepalives each minute in [from, until), in minutes after kStart.
std::string minutes(int from, int until, std::uint32_t local) {
  std::string bytes;
  Writer writer([&](Bytes part) { bytes.append(part.begin(), part.end()); });
  for (int i = from; i < until; ++i) {
    writer.keepalive(kStart + Seconds(60 * i), session_of(local));
  }
  return bytes;
}

Stat stat_of_bytes(const std::vector<std::string>& files, StatOptions options = {}) {
  std::vector<Archive> archives;
  for (const std::string& bytes : files) {
    archives.push_back({.name = std::to_string(archives.size()),
                        .open = [&bytes]() -> Result<std::unique_ptr<ByteSource>> {
                          return std::unique_ptr<ByteSource>(
                              std::make_unique<MemorySource>(std::string_view(bytes)));
                        }});
  }
  return stat_of(archives, options);
}

std::string text_of(const std::vector<StatGap>& gaps) {
  std::string text;
  for (const StatGap& gap : gaps) {
    text += std::to_string((gap.from - kStart).count() / 60) + "-" +
            std::to_string((gap.until - kStart).count() / 60) + " ";
  }
  return text;
}

TEST(Stat, FindsGapsInAFileAndBetweenTheFilesOfACollector) {
  const std::uint32_t one = 0xc00002fe, two = 0xc00002fd;
  const Stat stat = stat_of_bytes({minutes(0, 10, one) + minutes(30, 40, one), minutes(5, 20, one),
                                   minutes(60, 70, one), minutes(0, 100, two)});
  EXPECT_EQ(text_of(stat.files[0].gaps), "9-30 ");
  EXPECT_EQ(text_of(stat.files[1].gaps), "");
  ASSERT_EQ(stat.collector_gaps.size(), 1u);
  EXPECT_EQ(text_of(stat.collector_gaps.at("192.0.2.254")), "19-30 39-60 ");
}

TEST(Stat, AGapIsLongerThanItsLimit) {
  const std::string bytes = minutes(0, 1, 1) + minutes(5, 6, 1) + minutes(11, 12, 1);
  EXPECT_EQ(text_of(stat_of_bytes({bytes}).files[0].gaps), "5-11 ");
  EXPECT_EQ(text_of(stat_of_bytes({bytes}, {.gap = Seconds(360)}).files[0].gaps), "");
}

TEST(Stat, KeepsSoManyGapsAndCountsTheRest) {
  std::string bytes;
  for (int i = 0; i < static_cast<int>(FileStat::kMaxGaps) + 3; ++i) {
    bytes += minutes(10 * i, 10 * i + 1, 1);
  }
  const FileStat file = stat_of_bytes({bytes}).files[0];
  EXPECT_EQ(file.gaps.size(), FileStat::kMaxGaps);
  EXPECT_EQ(file.gaps_not_kept, 2u);
}

// The numbers are those of the catalogue of the data folder, which other programs counted.
TEST(Stat, CountsWhatTheCatalogueCounts) {
  REQUIRE_DATA(path, "mrt/ris.updates.20190101.0000.gz");
  const FileStat file = stat_of_bytes({archive_bytes(path)}).files[0];
  EXPECT_EQ(file.counts.records, 54'514u);
  EXPECT_EQ(file.counts.announced[0], 150'389u);
  EXPECT_EQ(file.counts.announced[1], 9'559u);
  EXPECT_EQ(file.counts.withdrawn[0], 2'173u);
  EXPECT_EQ(file.counts.withdrawn[1], 453u);
  EXPECT_EQ(file.counts.state_changes, 43u);
  EXPECT_EQ(file.by_type.at("BGP4MP/4"), 54'471u);
  EXPECT_EQ(file.peers.size(), 82u);
  EXPECT_EQ(file.bytes, 7'117'954u);
}

TEST(Stat, CountsTablesAndWhatIsInThem) {
  REQUIRE_DATA(path, "mrt/edge.bview.ipv6_unicast_add_path.gz");
  const std::string bytes = archive_bytes(path);
  const Stat stat = stat_of_bytes({bytes, bytes, bytes}, {.threads = 3});
  ASSERT_EQ(stat.files.size(), 3u);
  EXPECT_EQ(stat.files[2].counts.in_table[1], 62u);
  EXPECT_EQ(stat.files[2].facts.add_path, 31u);
  StatCounts all;
  for (const auto& [peer, counts] : stat.peers) all.merge(counts);
  EXPECT_EQ(all.in_table[1], 3 * 62u);
}

TEST(Stat, NamesDamageWithItsPlace) {
  std::string bytes = minutes(0, 5, 1);
  bytes += "nonsense";
  const Stat stat = stat_of_bytes({bytes, "no MRT at all, only some text of a person"});
  ASSERT_EQ(stat.files[0].damage.parts().size(), 1u);
  EXPECT_EQ(stat.files[0].damage.parts()[0].offset, bytes.size() - 8);
  EXPECT_EQ(stat.files[1].counts.records, 0u);
  EXPECT_FALSE(stat.files[1].damage.empty());
}

}  // namespace
}  // namespace lightsout::mrt
