// SPDX-License-Identifier: Apache-2.0
#include "rib/rib.h"

#include <gtest/gtest.h>

#include <sstream>

#include "core/test_data.h"
#include "geo/prefix_table_file.h"
#include "mrt/record_reader.h"
#include "mrt/test_archive.h"
#include "rib/feed.h"
#include "rib/visibility.h"

namespace lightsout::rib {
namespace {

using namespace std::chrono_literals;

FeedTotals load(Rib& rib, const std::string& bytes) {
  Damage damage;
  MemorySource source{std::string_view(bytes)};
  mrt::RecordReader reader(source);
  Feed feed(rib, "file", damage);
  while (reader.next() == mrt::RecordReader::Step::record) feed.apply(reader.record());
  feed.finish(true);
  return feed.totals();
}

// The answer of CAIDA's bgpview to the same table: `metric value time` a line.
std::map<Asn, std::uint64_t> oracle(const std::string& text, const std::string& threshold) {
  std::map<Asn, std::uint64_t> counts;
  std::stringstream lines(text);
  std::string metric;
  std::uint64_t value = 0, time = 0;
  while (lines >> metric >> value >> time) {
    const std::string head = "bgp.prefix-visibility.asn.";
    const std::string tail = ".v4.visibility_threshold." + threshold + ".visible_slash24_cnt";
    if (!metric.starts_with(head) || !metric.ends_with(tail)) continue;
    const std::string number =
        metric.substr(head.size(), metric.size() - head.size() - tail.size());
    counts[Asn{static_cast<std::uint32_t>(std::stoul(number))}] = value;
  }
  return counts;
}

TEST(Visibility, CountsTheSlash24sOfEveryNetworkAsBgpviewDoes) {
  REQUIRE_DATA(table, "mrt/oracle/rib2010.mrt.gz");
  REQUIRE_DATA(answers, "mrt/oracle/rib2010.visibility.txt.gz");
  Rib rib;
  const FeedTotals totals = load(rib, mrt::archive_bytes(table));
  EXPECT_EQ(totals.table_routes + totals.not_the_peers, 641'957u);
  EXPECT_EQ(rib.full_feed_peers(Family::v4), 2u);
  const std::string text = mrt::archive_bytes(answers);
  const std::pair<const char*, double> thresholds[] = {{"min_1_ff_peer_asn", 0},
                                                       {"min_25%_ff_peer_asns", 0.25},
                                                       {"min_50%_ff_peer_asns", 0.5},
                                                       {"min_75%_ff_peer_asns", 0.75},
                                                       {"min_100%_ff_peer_asns", 1}};
  for (const auto& [name, share] : thresholds) {
    std::map<Asn, std::uint64_t> ours = visible_slash24_by_origin(rib, share);
    std::map<Asn, std::uint64_t> theirs = oracle(text, name);
    EXPECT_GT(theirs.size(), 34'000u);
    std::size_t different = 0;
    for (const auto& [asn, count] : theirs) {
      if (ours[asn] != count && ++different <= 3) {
        ADD_FAILURE() << name << " AS" << asn.number << ": ours " << ours[asn] << ", theirs "
                      << count;
      }
    }
    EXPECT_EQ(different, 0u) << name;
    EXPECT_EQ(ours.size(), theirs.size()) << name;
  }
}

}  // namespace
}  // namespace lightsout::rib
