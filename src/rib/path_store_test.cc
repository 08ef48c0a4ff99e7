// SPDX-License-Identifier: Apache-2.0
#include "rib/path_store.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "rib/flat_map.h"

namespace lightsout::rib {
namespace {

using Wire = std::vector<std::uint8_t>;

// AS_PATH segments: a type, and numbers.
Wire segments(const std::vector<std::pair<int, std::vector<std::uint32_t>>>& all) {
  Wire wire;
  for (const auto& [type, hops] : all) {
    wire.push_back(static_cast<std::uint8_t>(type));
    wire.push_back(static_cast<std::uint8_t>(hops.size()));
    for (const std::uint32_t hop : hops) {
      for (int shift = 24; shift >= 0; shift -= 8) {
        wire.push_back(static_cast<std::uint8_t>(hop >> shift));
      }
    }
  }
  return wire;
}

std::string text_of(const bgp::AsPath& path) {
  std::string text;
  path.for_each_segment([&](const bgp::Segment& segment) {
    text += segment.type == bgp::SegmentType::sequence ? "[" : "{";
    for (std::size_t i = 0; i < segment.size(); ++i) {
      text += (i > 0 ? " " : "") + std::to_string(segment.at(i).number);
    }
    text += segment.type == bgp::SegmentType::sequence ? "]" : "}";
  });
  return text;
}

TEST(PathStore, GivesBackEveryPathAsItCame) {
  std::vector<std::uint32_t> long_path(600);
  for (std::uint32_t i = 0; i < long_path.size(); ++i) long_path[i] = 64500 + i % 3;
  const std::vector<std::uint32_t> first(long_path.begin(), long_path.begin() + 255);
  const std::vector<std::uint32_t> second(long_path.begin() + 255, long_path.begin() + 510);
  const Wire wires[] = {
      segments({{2, {64500}}}),
      segments({{2, {64500, 3356, 9198}}}),
      segments({{2, {64500, 3356, 4200000001}}}),
      segments({{2, {64500, 3356}}, {1, {1, 2, 3}}}),
      segments({{2, {64500}}, {1, {1, 2}}, {2, {9198}}}),
      segments({{2, first}, {2, second}}),
      segments({{2, {64500, 1, 2}}, {3, {65001}}, {4, {65002}}}),
  };
  PathStore store;
  std::vector<std::string> expected;
  std::string scratch, more;
  for (Row row = 0; row < std::size(wires); ++row) {
    bgp::RouteView route{.path = wires[row]};
    expected.push_back(text_of(route.as_path()));
    store.set(PathStore::state, 1, row, PathKey::of(route, scratch), 7 + row);
  }
  EXPECT_EQ(store.paths(), std::size(wires));
  for (int round = 0; round < 2; ++round) {
    for (Row row = 0; row < std::size(wires); ++row) {
      const PathStore::Cell cell = store.at(PathStore::state, 1, row);
      EXPECT_EQ(text_of(store.path(cell.path, Asn{64500}, more)), expected[row]);
      EXPECT_EQ(cell.since, 7 + row);
    }
    store.collect();
  }
  EXPECT_EQ(store.at(PathStore::state, 2, 0).path, 0u);
  EXPECT_EQ(store.at(PathStore::state, 1, 100'000).path, 0u);
}

TEST(PathStore, KeepsAPathOnceForAllPeersBehindOneTransit) {
  PathStore store;
  std::string scratch;
  for (std::uint32_t peer = 0; peer < 20; ++peer) {
    const Wire wire = segments({{2, {64500 + peer, 3356, 9198}}});
    store.set(PathStore::state, static_cast<PeerId>(peer), 5,
              PathKey::of(bgp::RouteView{.path = wire}, scratch), 1);
  }
  EXPECT_EQ(store.paths(), 1u);
  std::string more;
  const auto cell = store.at(PathStore::state, 19, 5);
  EXPECT_EQ(text_of(store.path(cell.path, Asn{64519}, more)), "[64519 3356 9198]");
}

// An old speaker's path and its AS4_PATH are the same path as a new speaker's.
TEST(PathStore, KeepsMergedPathsAsWhatTheyMean) {
  PathStore store;
  std::string scratch;
  const Wire two = {2, 3, 0xfb, 0xf4, 0x0d, 0x1c, 0x5b, 0xa0};  // 64500 3356 23456
  const Wire as4 = segments({{2, {3356, 4200000001}}});
  const Wire four = segments({{2, {64500, 3356, 4200000001}}});
  store.set(PathStore::state, 0, 0,
            PathKey::of({.path = two, .as4_path = as4, .width = bgp::AsnWidth::two}, scratch), 1);
  store.set(PathStore::state, 0, 1, PathKey::of(bgp::RouteView{.path = four}, scratch), 1);
  EXPECT_EQ(store.paths(), 1u);
}

TEST(PathStore, NeedsNoMoreForAMonthThanForATable) {
  PathStore store;
  std::string scratch;
  std::size_t most = 0;
  std::uint32_t hop = 0;
  for (int step = 0; step < 400'000; ++step) {
    const Wire wire = segments({{2, {64500, ++hop, 9198}}});
    store.set(PathStore::state, 3, static_cast<Row>(step % 1000),
              PathKey::of(bgp::RouteView{.path = wire}, scratch), 1);
    most = std::max(most, store.words());
  }
  // 1,000 paths are in use, of three words each.
  EXPECT_LT(most, 3u * 4096);
  std::string more;
  for (Row row = 0; row < 1000; ++row) {
    const auto cell = store.at(PathStore::state, 3, row);
    EXPECT_EQ(text_of(store.path(cell.path, Asn{64500}, more)),
              "[64500 " + std::to_string(hop - 999 + row) + " 9198]");
  }
}

TEST(PathStore, HoldsItsLimitAndKeepsTheTimeBeyondIt) {
  std::string scratch;
  const Wire one = segments({{2, {64500, 1, 2}}}), two = segments({{2, {64500, 1, 3}}});
  for (const std::size_t words :
       {7u, 6u}) {  // one word is never used, a path of two hops has three
    PathStore store(words);
    store.set(PathStore::state, 0, 0, PathKey::of(bgp::RouteView{.path = one}, scratch), 1);
    store.set(PathStore::state, 0, 1, PathKey::of(bgp::RouteView{.path = two}, scratch), 9);
    EXPECT_EQ(store.paths(), words == 7 ? 2u : 1u);
    EXPECT_EQ(store.refused_by_limit(), words == 7 ? 0u : 1u);
    EXPECT_EQ(store.at(PathStore::state, 0, 1).since, 9u);
  }
}

TEST(FlatMap, IsAMap) {
  std::mt19937 random(1);
  FlatMap<std::uint32_t> ours;
  std::map<std::uint64_t, std::uint32_t> theirs;
  for (int step = 0; step < 200'000; ++step) {
    const std::uint64_t key = random() % 500 * 0x10000;
    if (random() % 3 == 0) {
      ASSERT_EQ(ours.erase(key), theirs.erase(key) == 1);
    } else {
      ours[key] = theirs[key] = static_cast<std::uint32_t>(step);
    }
    const std::uint64_t probe = random() % 500 * 0x10000;
    const std::uint32_t* found = ours.find(probe);
    ASSERT_EQ(found != nullptr, theirs.contains(probe));
    if (found != nullptr) {
      ASSERT_EQ(*found, theirs[probe]);
    }
    ASSERT_EQ(ours.size(), theirs.size());
  }
}

}  // namespace
}  // namespace lightsout::rib
