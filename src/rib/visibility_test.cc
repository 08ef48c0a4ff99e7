// SPDX-License-Identifier: Apache-2.0
#include "rib/visibility.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

#include "core/test_data.h"
#include "geo/prefix_table_file.h"
#include "mrt/test_archive.h"
#include "rib/made_collector.h"

namespace lightsout::rib {
namespace {

using namespace std::chrono_literals;

constexpr Threshold kAll[] = {Threshold::min_1, Threshold::min_25, Threshold::min_50,
                              Threshold::min_75, Threshold::min_100};

PrefixTable table_of(std::initializer_list<std::pair<const char*, const char*>> rows) {
  PrefixTable::Builder builder;
  for (const auto& [prefix, entity] : rows) {
    EXPECT_TRUE(builder.add(p(prefix), *Entity::parse(entity)).ok());
  }
  return builder.build();
}

// The plainest way to count: for each threshold ranges of units, prefixes and origins, in sets.
struct Plain {
  std::set<std::pair<std::uint64_t, std::uint64_t>> ranges;
  std::set<Row> prefixes;
  std::set<Asn> asns;

  std::uint64_t units() const {
    std::uint64_t count = 0, next = 0;  // the first unit that is not counted yet
    for (const auto& [first, last] : ranges) {
      if (last < next) continue;
      count += last - std::max(first, next) + 1;
      next = last + 1;
    }
    return count;
  }
};
using PlainCounts = std::map<std::string, std::map<int, std::map<Threshold, Plain>>>;

PlainCounts count_plainly(const Rib& rib, const PrefixTable& table, unsigned unit6) {
  PlainCounts all;
  for (Row row = 0; row < rib.prefixes().size(); ++row) {
    const Prefix& prefix = rib.prefixes().at(row);
    if (prefix.length() < 6) continue;
    const int f = index_of(prefix.family());
    std::set<Asn> voices, seen_by, origins;
    for (PeerId peer = 0; peer < rib.peers().size(); ++peer) {
      if (!rib.counts(peer, prefix.family())) continue;
      voices.insert(rib.peers()[peer].key.asn);
      if (!rib.routes().seen(row, peer)) continue;
      seen_by.insert(rib.peers()[peer].key.asn);
      const Asn origin = rib.routes().origin(row, peer);
      if (origin.number != 0) origins.insert(origin);
    }
    if (seen_by.empty() || origins.empty()) continue;
    const double ratio = static_cast<double>(seen_by.size()) / static_cast<double>(voices.size());
    const unsigned shift = f == 0 ? 8 : 64 - unit6;
    for (const Threshold threshold : kAll) {
      if (ratio < 0.25 * static_cast<double>(threshold)) continue;
      const auto give = [&](const std::string& entity, std::uint64_t first, std::uint64_t last) {
        Plain& plain = all[entity][f][threshold];
        plain.ranges.emplace(first >> shift, last >> shift);
        plain.prefixes.insert(row);
        if (!entity.starts_with("asn") || entity.find('@') != std::string::npos) {
          plain.asns.insert(origins.begin(), origins.end());
        }
      };
      const auto [first, last] = PrefixTable::range_of(prefix);
      for (const Asn origin : origins) give("asn:" + std::to_string(origin.number), first, last);
      table.for_each_piece(prefix, [&](std::uint64_t from, std::uint64_t to, std::uint32_t set) {
        for (const std::uint32_t number : table.entities_of(set)) {
          const Entity& entity = table.entities()[number];
          give(entity.text(), from, to);
          if (entity.type() != EntityType::country) continue;
          for (const Asn origin : origins) {
            give("asn:" + std::to_string(origin.number) + "@" + entity.text(), from, to);
          }
        }
      });
    }
  }
  return all;
}

void expect_same(const Visibility& visibility, PlainCounts plain, const std::string& when) {
  std::size_t found = 0;
  for (std::size_t e = 0; e < visibility.entities(); ++e) {
    const std::string name = visibility.entity(e).text();
    for (const Family family : {Family::v4, Family::v6}) {
      for (const Threshold threshold : kAll) {
        const Count& count = visibility.of(e, family, threshold);
        const Plain& expected = plain[name][index_of(family)][threshold];
        ASSERT_EQ(count.units, expected.units()) << name << ' ' << when;
        ASSERT_EQ(count.prefixes, expected.prefixes.size()) << name << ' ' << when;
        if (count.asns > 0 || !name.starts_with("asn")) {
          ASSERT_EQ(count.asns, expected.asns.size()) << name << ' ' << when;
        }
      }
    }
    found += plain.contains(name);
  }
  EXPECT_EQ(found, plain.size()) << when;
}

const PrefixTable& small_table() {
  static const PrefixTable table = table_of({{"10.0.0.0/18", "country:KZ"},
                                             {"10.0.0.128/25", "country:UZ"},
                                             {"10.0.1.64/26", "region:UZ-TK"},
                                             {"10.0.64.0/18", "country:UZ"},
                                             {"10.0.32.0/20", "region:KZ-75"},
                                             {"10.0.128.0/17", "country:KG"},
                                             {"2001:db8::/36", "country:KZ"},
                                             {"2001:db8:1000::/36", "country:UZ"},
                                             {"2001:db8:1000:80::/57", "country:KG"}});
  return table;
}

// Prefixes that lie in one another, from /5 to /28 and from /30 to /64.
Prefix any_prefix(std::mt19937& random) {
  if (random() % 4 == 0) {
    IpAddress address = *IpAddress::parse("2001:db8::");
    address.bytes[4] = static_cast<std::uint8_t>(random() % 3 * 16);
    address.bytes[5] = static_cast<std::uint8_t>(random() % 2);
    address.bytes[7] = static_cast<std::uint8_t>(random());
    return *Prefix::make(address, 38 + static_cast<unsigned>(random() % 27));
  }
  const unsigned lengths[] = {5, 6, 14, 16, 17, 18, 19, 20, 22, 23, 24, 24, 24, 25, 26, 28};
  return *Prefix::make(IpAddress::v4(0x0a000000 + random() % 65536), lengths[random() % 16]);
}

// What is counted step by step is what would be counted from nothing, and from nothing it is what
// the plainest counting says.
void walk(std::uint32_t seed, const VisibilityOptions& options) {
  std::mt19937 random(seed);
  Collector c(7, 40);
  Visibility stepwise(c.rib, small_table(), options);
  for (int step = 0; step < 60; ++step) {
    const Time time = kStart + Seconds(step * 10);
    for (int i = 0; i < 60; ++i) {
      const PeerId peer = c.peers[random() % c.peers.size()];
      const Prefix prefix = random() % 3 == 0 ? numbered(random() % 60) : any_prefix(random);
      if (random() % 3 == 0) {
        c.rib.withdraw(peer, prefix, time);
      } else {
        // Mostly one origin for a prefix, now and then another, and an AS_SET.
        const auto usual = static_cast<std::uint32_t>(random() % 4 ? prefix.length() : random());
        const Asn origin{random() % 8 == 0 ? 0 : 9198 + usual % 3};
        c.rib.announce(peer, prefix, {.origin = origin}, time);
      }
    }
    if (step % 17 == 0) c.rib.session(c.peers[step % 7], step % 2 == 0, time);
    if (step % 23 == 22) {
      c.rib.begin_table(1, time, c.peers);
      for (const PeerId peer : c.peers) {
        for (std::uint32_t i = 0; i < 60; i += 2) c.table_route(peer, numbered(i));
        for (int i = 0; i < 30; ++i) c.table_route(peer, any_prefix(random), Asn{9199});
      }
      c.rib.end_table(1);
    }
    stepwise.refresh();
    const std::string when = "seed " + std::to_string(seed) + " step " + std::to_string(step);
    const PlainCounts plain = count_plainly(c.rib, small_table(), options.ipv6_unit);
    expect_same(stepwise, plain, when);
    if (testing::Test::HasFatalFailure()) return;
  }
}

TEST(Visibility, IsTheSameStepByStepAsCountedPlainly) {
  for (std::uint32_t seed = 1; seed <= 8; ++seed) {
    walk(seed, {.networks = true, .networks_by_origin = true, .ipv6_unit = seed % 2 ? 48u : 64u});
    if (HasFatalFailure()) return;
  }
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
    for (std::uint32_t i = 0; i < 10; ++i)
      rib.table_route(peer, *rib.table_row(numbered(i)), {.origin = Asn{9198}});
  }
  rib.end_table(1);
  const PrefixTable table = table_of({{"10.0.0.0/8", "country:KZ"}});
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
  const PrefixTable table = table_of({{"10.1.0.0/16", "country:KZ"},
                                      {"10.2.0.0/16", "country:KZ"},
                                      {"2001:db8::/32", "country:KZ"}});
  for (const CountCase& c : kCountCases) {
    Rib rib;
    const std::vector<PeerId> peers = {
        *rib.peer({.collector = 1, .address = IpAddress::v4(1), .asn = Asn{1}})};
    const auto route = [&](const char* prefix) {
      rib.table_route(peers[0], *rib.table_row(p(prefix)), {.origin = Asn{9198}});
    };
    rib.begin_table(1, kStart, peers);
    for (const char* prefix : c.announced) route(prefix);
    route("2001:db8::/46");
    route("2001:db8:8000::/56");
    rib.end_table(1);
    Visibility visibility(rib, table, {});
    visibility.refresh();
    EXPECT_EQ(visibility.of(0, Family::v4).units, c.slash24s) << c.what;
    EXPECT_EQ(visibility.of(0, Family::v6).units, 5u) << c.what;
    Visibility as_ioda(rib, table, {.ipv6_unit = 64});
    as_ioda.refresh();
    EXPECT_EQ(as_ioda.of(0, Family::v6).units, (4u << 16) + 256) << c.what;
  }
}

TEST(Visibility, GivesShareAndThresholdAsBgpviewDoes) {
  // Of four voices one is 25 %, two are 50 %: the website says "more than", the code "at least".
  Collector c(4, 10);
  const PrefixTable table = table_of({{"10.0.0.0/8", "country:KZ"}});
  Visibility visibility(c.rib, table, {});
  for (std::size_t gone = 0; gone <= 4; ++gone) {
    for (std::size_t i = 0; i < gone; ++i) c.rib.withdraw(c.peers[i], numbered(3), kStart + 1s);
    visibility.refresh();
    for (std::size_t t = 0; t < kThresholds; ++t) {
      const std::size_t needed = std::max<std::size_t>(t, 1);
      EXPECT_EQ(visibility.of(0, Family::v4, kAll[t]).units, 4 - gone >= needed ? 10u : 9u);
    }
  }
}

TEST(Visibility, HoldsItsLimitsAndCountsWhatIsPastThem) {
  Collector c(1, 10);
  const PrefixTable table = table_of({{"10.0.0.0/8", "country:KZ"}});
  for (const std::size_t limit : {std::size_t{10}, std::size_t{9}}) {
    Visibility visibility(c.rib, table, {.max_parts = limit});
    visibility.refresh();
    EXPECT_EQ(visibility.of(0, Family::v4).units, limit);
    EXPECT_EQ(visibility.parts_refused_by_limit(), 10 - limit);
  }
  for (const std::size_t limit : {std::size_t{2}, std::size_t{1}}) {
    Collector d(1, 10);
    d.announce(d.peers[0], 3, kStart + 1s, Asn{7});
    Visibility visibility(d.rib, table, {.networks = true, .max_networks = limit});
    visibility.refresh();
    EXPECT_EQ(visibility.entities(), 1 + limit);
    EXPECT_EQ(visibility.of(0, Family::v4).units, 10u);  // the country does not need the network
    EXPECT_EQ(visibility.parts_refused_by_limit() > 0, limit == 1);
  }
  EXPECT_EQ(Visibility::kMaxParts, 8'000'000u);
  EXPECT_EQ(Visibility::kMaxNetworks, 500'000u);
}

// Every row of the answer of CAIDA's bgpview to the same table: `metric value time` a line.
TEST(Visibility, ReproducesEveryRowOfBgpview) {
  REQUIRE_DATA(table, "mrt/oracle/rib2010.mrt.gz");
  REQUIRE_DATA(answers, "mrt/oracle/rib2010.visibility.txt.gz");
  Rib rib;
  const FeedTotals totals = load(rib, mrt::archive_bytes(table));
  EXPECT_EQ(totals.table_routes + totals.not_the_peers, 641'957u);
  EXPECT_EQ(rib.full_feed_peers(Family::v4), 2u);
  const PrefixTable no_places;
  Visibility visibility(rib, no_places, {.networks = true});
  visibility.refresh();
  std::map<std::string, std::uint64_t> ours;
  for (std::size_t e = 0; e < visibility.entities(); ++e) {
    for (const Threshold threshold : kAll) {
      const Count& count = visibility.of(e, Family::v4, threshold);
      if (count.prefixes == 0) continue;
      const std::string head = "bgp.prefix-visibility.asn." +
                               visibility.entity(e).text().substr(4) + ".v4.visibility_threshold." +
                               std::string(name_of(threshold));
      ours[head + ".visible_slash24_cnt"] = count.units;
      ours[head + ".visible_prefixes_cnt"] = count.prefixes;
    }
  }
  std::stringstream lines(mrt::archive_bytes(answers));
  std::string metric;
  std::uint64_t value = 0, time = 0;
  std::size_t rows = 0, different = 0;
  while (lines >> metric >> value >> time) {
    if (metric.find(".overall.") != std::string::npos) continue;
    ++rows;
    if (ours[metric] != value && ++different <= 5) {
      ADD_FAILURE() << metric << ": ours " << ours[metric] << ", theirs " << value;
    }
  }
  EXPECT_EQ(different, 0u);
  EXPECT_EQ(rows, 345'034u);
  EXPECT_EQ(ours.size(), rows);
}

}  // namespace
}  // namespace lightsout::rib
