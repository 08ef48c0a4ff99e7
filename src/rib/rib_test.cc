// SPDX-License-Identifier: Apache-2.0
#include "rib/rib.h"

#include <gtest/gtest.h>

#include <random>
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

const Time kStart = *parse_time("2022-01-05T10:00:00Z");

Prefix p(const std::string& text) {
  return *Prefix::parse(text);
}

Prefix numbered(std::uint32_t number) {
  return *Prefix::make(IpAddress::v4(0x0a000000 + (number << 8)), 24);
}

// A rib with one collector whose peers all hold the first `count` numbered prefixes.
struct Collector {
  explicit Collector(std::size_t peer_count, std::uint32_t count = 100) {
    for (std::size_t i = 0; i < peer_count; ++i) {
      peers.push_back(*rib.peer({.collector = 1,
                                 .address = IpAddress::v4(0xc0000200 + static_cast<unsigned>(i)),
                                 .asn = Asn{64500 + static_cast<unsigned>(i)}}));
    }
    table(kStart, count);
  }

  std::size_t table(Time time, std::uint32_t count) {
    rib.begin_table(1, time, peers);
    for (const PeerId peer : peers) {
      for (std::uint32_t i = 0; i < count; ++i) rib.table_route(peer, numbered(i), Asn{9198});
    }
    return rib.end_table(1);
  }

  bool sees(PeerId peer, std::uint32_t number) const {
    const auto row = rib.prefixes().find(numbered(number));
    return row && rib.routes().seen(*row, peer);
  }

  Rib rib;
  std::vector<PeerId> peers;
};

TEST(Plane, KeepsTheOriginsOfPeersThatDisagree) {
  Plane plane;
  plane.resize(2, 1);
  EXPECT_TRUE(plane.set(0, 3, Asn{1}));
  EXPECT_FALSE(plane.set(0, 3, Asn{1}));
  EXPECT_TRUE(plane.set(0, 5, Asn{2}));
  EXPECT_TRUE(plane.set(0, 5, Asn{7}));
  EXPECT_EQ(plane.origin(0, 3), Asn{1});
  EXPECT_EQ(plane.origin(0, 5), Asn{7});
  plane.resize(2, 3);  // more peers: nothing is lost
  EXPECT_TRUE(plane.seen(0, 5));
  EXPECT_EQ(plane.origin(0, 5), Asn{7});
  EXPECT_TRUE(plane.reset(0, 3));
  EXPECT_TRUE(plane.reset(0, 5));
  EXPECT_FALSE(plane.reset(0, 5));
  EXPECT_TRUE(plane.set(0, 5, Asn{9}));
  EXPECT_FALSE(plane.mixed(0));
  EXPECT_EQ(plane.common_origin(0), Asn{9});
}

TEST(Rib, AnUpdateJustBeforeATableWinsOverTheTable) {
  Collector c(1);
  const PeerId peer = c.peers[0];
  c.rib.withdraw(peer, numbered(1), kStart + 1000s);
  c.rib.withdraw(peer, numbered(2), kStart + 1000s + Rib::kRibBacklog + 1s);
  c.table(kStart + 1000s + Rib::kRibBacklog + 30s, 100);
  EXPECT_TRUE(c.sees(peer, 1));   // withdrawn too long before the table: the table knows better
  EXPECT_FALSE(c.sees(peer, 2));  // the collector's queue: the update knows better
}

TEST(Rib, AnUpdateDuringATableWinsOverTheTable) {
  Collector c(1);
  const PeerId peer = c.peers[0];
  c.rib.begin_table(1, kStart + 7200s, c.peers);
  c.rib.table_route(peer, numbered(1), Asn{9198});
  c.rib.withdraw(peer, numbered(1), kStart + 7201s);
  c.rib.announce(peer, numbered(500), Asn{9198}, kStart + 7201s);
  for (std::uint32_t i = 2; i < 90; ++i) c.rib.table_route(peer, numbered(i), Asn{9198});
  c.rib.end_table(1);
  EXPECT_FALSE(c.sees(peer, 1));
  EXPECT_TRUE(c.sees(peer, 500));
  EXPECT_TRUE(c.sees(peer, 2));
  EXPECT_FALSE(c.sees(peer, 95));  // not in the table any more
}

TEST(Rib, RefusesATableOfLessThanHalfUntilASecondOneSaysTheSame) {
  Collector c(3);
  EXPECT_EQ(c.table(kStart + 7200s, 50), 0u);  // half is believed
  EXPECT_EQ(c.rib.peers()[0].prefixes[0], 50u);
  EXPECT_EQ(c.table(kStart + 14400s, 24), 3u);  // one less than half of that is not
  EXPECT_EQ(c.rib.peers()[0].prefixes[0], 50u);
  EXPECT_EQ(c.rib.counting_peers(Family::v4), 0u);
  EXPECT_TRUE(c.rib.doubtful(Family::v4));
  EXPECT_EQ(c.table(kStart + 21600s, 24), 0u);
  EXPECT_EQ(c.rib.peers()[0].prefixes[0], 24u);
  EXPECT_EQ(c.rib.counting_peers(Family::v4), 3u);
  // An empty table is never believed, however often it comes.
  for (int i = 0; i < 3; ++i) EXPECT_EQ(c.table(kStart + 30000s + i * 7200s, 0), 3u);
  EXPECT_EQ(c.rib.peers()[0].prefixes[0], 24u);
}

TEST(Rib, AnOutageDoesNotTakeThePeersOutOfTheCount) {
  Collector c(3);
  for (const PeerId peer : c.peers) {
    for (std::uint32_t i = 0; i < 95; ++i) c.rib.withdraw(peer, numbered(i), kStart + 60s);
  }
  EXPECT_EQ(c.rib.counting_peers(Family::v4), 3u);
  // Nor does a table taken during it, which says what the updates said.
  c.rib.begin_table(1, kStart + 7200s, c.peers);
  for (const PeerId peer : c.peers) {
    for (std::uint32_t i = 95; i < 100; ++i) c.rib.table_route(peer, numbered(i), Asn{9198});
  }
  EXPECT_EQ(c.rib.end_table(1), 0u);
  EXPECT_EQ(c.rib.counting_peers(Family::v4), 3u);
}

TEST(Rib, ASilentPeerIsBlindOnlyWhenOthersAreHeard) {
  Collector c(2);
  const Time later = kStart + Rib::kMaxSilence + 600s;
  c.rib.expire(later);
  EXPECT_EQ(c.rib.counting_peers(Family::v4), 2u);  // all are silent: the files are missing
  c.rib.heard(c.peers[0], later);
  c.rib.expire(later);
  EXPECT_EQ(c.rib.counting_peers(Family::v4), 1u);
  EXPECT_FALSE(c.sees(c.peers[1], 1));
}

TEST(Rib, APeerThatComesBackCountsWhenItHasSentItsTable) {
  Collector c(2);
  const PeerId peer = c.peers[0];
  c.rib.session(peer, false, kStart + 10s);
  EXPECT_FALSE(c.sees(peer, 1));
  c.rib.session(peer, true, kStart + 20s);
  for (std::uint32_t i = 0; i < 89; ++i) c.rib.announce(peer, numbered(i), Asn{9198}, kStart + 30s);
  EXPECT_FALSE(c.rib.counts(peer, Family::v4));
  c.rib.announce(peer, numbered(89), Asn{9198}, kStart + 30s);  // nine tenths
  EXPECT_TRUE(c.rib.counts(peer, Family::v4));

  c.rib.session(peer, false, kStart + 40s);
  c.rib.session(peer, true, kStart + 50s);
  c.rib.announce(peer, numbered(0), Asn{9198}, kStart + 60s);
  c.rib.end_of_rib(peer);  // it says that this is all
  EXPECT_TRUE(c.rib.counts(peer, Family::v4));
}

TEST(Rib, HoldsItsLimitsOfPeersAndOneMoreIsRefused) {
  Rib rib;
  for (unsigned i = 0; i < Rib::kMaxPeers; ++i) {
    ASSERT_TRUE(rib.peer({.collector = 1, .address = IpAddress::v4(i), .asn = Asn{i}}).has_value());
  }
  EXPECT_FALSE(rib.peer({.collector = 2, .address = IpAddress::v4(0), .asn = Asn{0}}).has_value());
  // Those that are known are still found.
  EXPECT_TRUE(rib.peer({.collector = 1, .address = IpAddress::v4(7), .asn = Asn{7}}).has_value());
}

TEST(Rib, FindsThePeerOfASessionAtTheRightCollector) {
  Rib rib;
  const IpAddress address = IpAddress::v4(0xc0000201);
  const auto unknown = rib.peer_of_session(address, Asn{1}, IpAddress::v4(5));
  // The table that comes later says whose peer it is.
  EXPECT_EQ(rib.peer({.collector = 5, .address = address, .asn = Asn{1}}), unknown);
  const auto other = rib.peer({.collector = 6, .address = address, .asn = Asn{1}});
  EXPECT_NE(other, unknown);
  EXPECT_EQ(rib.peer_of_session(address, Asn{1}, IpAddress::v4(6)), other);
  EXPECT_EQ(rib.peer_of_session(address, Asn{1}, IpAddress::v4(99)), unknown);
}

// 70 peers, so that the bits of one row need two words.
TEST(Visibility, GivesEachAsnOneVoice) {
  Rib rib;
  std::vector<PeerId> peers;
  for (unsigned i = 0; i < 70; ++i) {
    const Asn asn{i < 68 ? 67u : i};  // 68 peers of AS67, one of AS68, one of AS69
    peers.push_back(*rib.peer({.collector = 1, .address = IpAddress::v4(i + 1), .asn = asn}));
  }
  rib.begin_table(1, kStart, peers);
  for (const PeerId peer : peers) {
    for (std::uint32_t i = 0; i < 10; ++i) rib.table_route(peer, numbered(i), Asn{9198});
  }
  rib.end_table(1);
  PrefixTable::Builder builder;
  ASSERT_TRUE(builder.add(p("10.0.0.0/8"), *Entity::parse("country:KZ")).ok());
  const PrefixTable table = builder.build();
  Visibility visibility(rib, table, {});
  visibility.refresh();
  EXPECT_EQ(visibility.of(0, Family::v4).units, 10u);
  // Three voices; with two of them gone a prefix is not visible.
  rib.withdraw(peers[68], numbered(0), kStart + 1s);
  visibility.refresh();
  EXPECT_EQ(visibility.of(0, Family::v4).units, 10u);
  rib.withdraw(peers[69], numbered(0), kStart + 1s);
  visibility.refresh();
  EXPECT_EQ(visibility.of(0, Family::v4).units, 9u);
  // All peers of AS67 but one leave the next prefix: it still has its voice.
  for (std::size_t i = 0; i < 67; ++i) rib.withdraw(peers[i], numbered(1), kStart + 2s);
  visibility.refresh();
  EXPECT_EQ(visibility.of(0, Family::v4).units, 9u);
}

struct CountCase {
  const char* what;
  std::vector<const char*> announced;
  std::uint64_t slash24s;
};

const CountCase kCountCases[] = {
    {"a /24", {"10.1.0.0/24"}, 1},
    {"half a /24 counts as one", {"10.1.0.0/25"}, 1},
    {"both halves of a /24 are one", {"10.1.0.0/25", "10.1.0.128/25"}, 1},
    {"a more specific adds nothing", {"10.1.0.0/16", "10.1.2.0/24"}, 256},
    {"only the part inside the country", {"10.0.0.0/8"}, 512},
    {"shorter than /6 is ignored", {"8.0.0.0/5"}, 0},
    {"/6 is not", {"8.0.0.0/6"}, 512},
    {"elsewhere", {"11.0.0.0/8"}, 0},
};

TEST(Visibility, CountsAddressSpaceOnce) {
  PrefixTable::Builder builder;
  ASSERT_TRUE(builder.add(p("10.1.0.0/16"), *Entity::parse("country:KZ")).ok());
  ASSERT_TRUE(builder.add(p("10.2.0.0/16"), *Entity::parse("country:KZ")).ok());
  ASSERT_TRUE(builder.add(p("2001:db8::/32"), *Entity::parse("country:KZ")).ok());
  const PrefixTable table = builder.build();
  for (const CountCase& c : kCountCases) {
    Rib rib;
    const std::vector<PeerId> peers = {
        *rib.peer({.collector = 1, .address = IpAddress::v4(1), .asn = Asn{1}})};
    rib.begin_table(1, kStart, peers);
    for (const char* prefix : c.announced) rib.table_route(peers[0], p(prefix), Asn{9198});
    rib.table_route(peers[0], p("2001:db8::/46"), Asn{9198});
    rib.table_route(peers[0], p("2001:db8:8000::/56"), Asn{9198});
    rib.end_table(1);
    Visibility visibility(rib, table, {});
    visibility.refresh();
    EXPECT_EQ(visibility.of(0, Family::v4).units, c.slash24s) << c.what;
    EXPECT_EQ(visibility.of(0, Family::v6).units, 5u) << c.what;
  }
}

// What is counted bit by bit is what would be counted from nothing.
TEST(Visibility, IsTheSameStepByStepAsFromTheBeginning) {
  std::mt19937 random(11);
  Collector c(5, 300);
  PrefixTable::Builder builder;
  for (std::uint32_t i = 0; i < 300; i += 7) {
    const char* names[] = {"country:KZ", "country:UZ", "asn:9198@country:KZ"};
    ASSERT_TRUE(builder.add(numbered(i), *Entity::parse(names[i % 3])).ok());
  }
  ASSERT_TRUE(builder.add(p("10.0.0.0/16"), *Entity::parse("country:KG")).ok());
  const PrefixTable table = builder.build();
  Visibility stepwise(c.rib, table, {.networks_by_origin = true});
  for (int step = 0; step < 200; ++step) {
    const Time time = kStart + Seconds(step * 10);
    for (int i = 0; i < 40; ++i) {
      const PeerId peer = c.peers[random() % c.peers.size()];
      const Prefix prefix = numbered(random() % 350);
      if (random() % 2 == 0) {
        c.rib.withdraw(peer, prefix, time);
      } else {
        c.rib.announce(peer, prefix, Asn{9198 + static_cast<unsigned>(random() % 3)}, time);
      }
    }
    if (step % 17 == 0) c.rib.session(c.peers[step % 5], step % 2 == 0, time);
    stepwise.refresh();
    Visibility fresh(c.rib, table, {.networks_by_origin = true});
    fresh.refresh();
    for (std::size_t e = 0; e < fresh.entities().size(); ++e) {
      ASSERT_EQ(stepwise.of(e, Family::v4), fresh.of(e, Family::v4)) << step;
      for (const auto& [asn, count] : fresh.networks_of(e, Family::v4)) {
        const auto& known = stepwise.networks_of(e, Family::v4);
        ASSERT_TRUE(known.contains(asn));
        ASSERT_EQ(known.at(asn), count) << step;
      }
    }
  }
}

FeedTotals load(Rib& rib, const std::string& bytes) {
  Damage damage;
  MemorySource source{std::string_view(bytes)};
  mrt::RecordReader reader(source);
  Feed feed(rib, "file", damage);
  while (reader.next() == mrt::RecordReader::Step::record) feed.apply(reader.record());
  feed.finish(Feed::End::whole);
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

// JINX, 2014: one peer of fourteen has a full IPv4 table, and its IPv6 tables are of 84 prefixes.
TEST(Rib, TakesNoPartOfATableForAFullFeed) {
  REQUIRE_DATA(table, "mrt/rv-jinx.rib.20140530.2200.bz2");
  Rib rib;
  load(rib, mrt::archive_bytes(table));
  EXPECT_EQ(rib.largest_table(Family::v4), 497'321u);
  EXPECT_EQ(rib.full_feed_peers(Family::v4), 1u);
  EXPECT_EQ(rib.full_feed_peers(Family::v6), 0u);
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
