// SPDX-License-Identifier: Apache-2.0
#include "source/mrt_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "core/test_data.h"
#include "geo/prefix_table_file.h"
#include "mrt/record_reader.h"
#include "mrt/test_archive.h"
#include "mrt/writer.h"
#include "source/test_input.h"

namespace lightsout {
namespace {

using namespace std::chrono_literals;

const Time kStart = *parse_time("2022-01-05T10:00:00Z");

Prefix p(const char* text) {
  return *Prefix::parse(text);
}

// A collector that we make up: `peers` peers, and the same routes at each.
class MadeCollector {
 public:
  explicit MadeCollector(unsigned peers, std::uint32_t id = 0x0a000001) : id_(id) {
    for (unsigned i = 0; i < peers; ++i) {
      peers_.push_back({.address = IpAddress::v4(0xc0000202 + i), .asn = Asn{64500 + i}});
    }
  }

  mrt::Session session(std::size_t peer) const {
    return {.peer_asn = peers_[peer].asn,
            .local_asn = Asn{64499},
            .peer = peers_[peer].address,
            .local = IpAddress::v4(id_)};
  }
  bgp::Route route(std::size_t peer, Asn origin = Asn{9198}) const {
    return {.path = {peers_[peer].asn, Asn{3356}, origin}, .next_hop = peers_[peer].address};
  }

  // A table file in which the peers named see all of the prefixes.
  std::string table(Time time, const std::vector<Prefix>& prefixes,
                    const std::vector<std::size_t>& seen_by) const {
    std::string bytes;
    mrt::Writer writer([&](Bytes part) { bytes.append(part.begin(), part.end()); });
    writer.peer_index_table(time, {.collector_id = id_, .view_name = "", .peers = peers_});
    for (const Prefix& prefix : prefixes) {
      std::vector<mrt::RibRoute> routes;
      for (const std::size_t peer : seen_by) {
        routes.push_back({static_cast<std::uint16_t>(peer), time, route(peer)});
      }
      writer.rib(time, prefix, routes);
    }
    return bytes;
  }

  std::size_t size() const { return peers_.size(); }

 private:
  std::uint32_t id_;
  std::vector<mrt::Peer> peers_;
};

struct Updates {
  std::string bytes;
  mrt::Writer writer{[this](Bytes part) { bytes.append(part.begin(), part.end()); }};
};

// 40 /24s in KZ, of two networks, and 200 elsewhere.
const char kPrefixTable[] =
    "prefix,entity\n10.0.0.0/20,asn:9198@country:KZ\n10.0.16.0/20,asn:206026@country:KZ\n"
    "20.0.0.0/8,country:US\n";

std::vector<Prefix> kazakh() {
  std::vector<Prefix> all;
  for (std::uint32_t i = 0; i < 32; ++i)
    all.push_back(*Prefix::make(IpAddress::v4(0x0a000000 + (i << 8)), 24));
  return all;
}

std::vector<Prefix> everything() {
  std::vector<Prefix> all = kazakh();
  for (std::uint32_t i = 0; i < 200; ++i)
    all.push_back(*Prefix::make(IpAddress::v4(0x14000000 + (i << 8)), 24));
  return all;
}

std::vector<std::size_t> all_of(const MadeCollector& collector) {
  std::vector<std::size_t> all(collector.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
  return all;
}

// "32 32 16 . S": numbers, '-' missing, '.' source_down, 'S' suppressed.
std::string text_of(const Series* series) {
  if (series == nullptr) return "none";
  std::string text;
  for (const Sample& sample : series->samples) {
    if (!text.empty()) text += ' ';
    switch (sample.state()) {
      case SampleState::number:
        text += std::to_string(static_cast<int>(sample.value()));
        break;
      case SampleState::missing:
        text += '-';
        break;
      case SampleState::suppressed:
        text += 'S';
        break;
      case SampleState::source_down:
        text += '.';
    }
  }
  return text;
}

constexpr const char* kKz24 = "country:KZ/bgp/visible_slash24";

Reading read(std::vector<Input> inputs, const char* entity = "country:KZ") {
  inputs.push_back(text_input("prefixes.csv", kPrefixTable));
  return read_mrt(inputs, {.entity = *Entity::parse(entity)});
}

TEST(MrtSource, ShowsACountryLeaveAndComeBack) {
  const MadeCollector c(4);
  Updates updates;
  // Every peer says something in every bin; KZ is gone from the second bin to the fourth.
  for (int minute = 0; minute < 30; minute += 5) {
    for (std::size_t peer = 0; peer < 4; ++peer) {
      updates.writer.keepalive(kStart + std::chrono::minutes(minute) + 1s, c.session(peer));
    }
    for (std::size_t peer = 0; peer < 4; ++peer) {
      const Time time = kStart + std::chrono::minutes(minute) + 10s;
      if (minute == 5) updates.writer.update(time, c.session(peer), {.withdrawn = kazakh()});
      if (minute == 20) {
        updates.writer.update(time, c.session(peer),
                              {.announced = kazakh(), .route = c.route(peer)});
      }
    }
  }
  // The names are in the wrong order on purpose.
  const Reading reading = read({text_input("a-updates", updates.bytes),
                                text_input("z-rib", c.table(kStart, everything(), all_of(c)))});
  EXPECT_TRUE(reading.damage.empty());
  EXPECT_EQ(text_of(find_series(reading, kKz24)), "32 0 0 0 32 32");
  EXPECT_EQ(text_of(find_series(reading, "asn:9198@country:KZ/bgp/visible_slash24")),
            "16 0 0 0 16 16");
  EXPECT_EQ(text_of(find_series(reading, "country:KZ/bgp/update_rate")), "0 128 0 0 128 0");
  EXPECT_EQ(find_series(reading, "country:US/bgp/visible_slash24"), nullptr);
  for (const float coverage : find_series(reading, kKz24)->coverage) EXPECT_EQ(coverage, 1);
}

TEST(MrtSource, TakesHalfOfThePeersForThePublic) {
  const MadeCollector c(4);
  for (const std::size_t gone_at : {1u, 2u, 3u}) {
    Updates updates;
    for (std::size_t peer = 0; peer < gone_at; ++peer) {
      updates.writer.update(kStart + 10s, c.session(peer), {.withdrawn = kazakh()});
    }
    const Reading reading = read({text_input("rib", c.table(kStart, everything(), all_of(c))),
                                  text_input("updates", updates.bytes)});
    // Half is enough: with two of four gone it still counts as visible.
    EXPECT_EQ(text_of(find_series(reading, kKz24)), gone_at <= 2 ? "32" : "0") << gone_at;
  }
}

TEST(MrtSource, ASessionThatFallsIsOurBlindnessAndNoOutage) {
  const MadeCollector c(3);
  Updates updates;
  const auto alive = [&](int minute, std::initializer_list<std::size_t> peers) {
    for (const std::size_t peer : peers) {
      updates.writer.keepalive(kStart + std::chrono::minutes(minute), c.session(peer));
    }
  };
  const auto state = [&](int minute, std::size_t peer, mrt::SessionState from,
                         mrt::SessionState to) {
    updates.writer.state_change(kStart + std::chrono::minutes(minute), c.session(peer), from, to);
  };
  using enum mrt::SessionState;
  alive(1, {0, 1, 2});
  state(6, 0, established, idle);
  alive(7, {1, 2});
  state(11, 1, established, idle);
  state(12, 2, established, idle);
  // Back, but the table is not sent again yet: still blind.
  state(16, 0, open_confirm, established);
  updates.writer.update(kStart + 17min, c.session(0),
                        {.announced = {p("20.0.1.0/24")}, .route = c.route(0)});
  // All of it is back.
  updates.writer.update(kStart + 21min, c.session(0),
                        {.announced = everything(), .route = c.route(0)});
  const Reading reading = read({text_input("rib", c.table(kStart, everything(), all_of(c))),
                                text_input("updates", updates.bytes)});
  const Series* series = find_series(reading, kKz24);
  EXPECT_EQ(text_of(series), "32 32 . . 32");
  ASSERT_EQ(series->coverage.size(), 5u);
  EXPECT_FLOAT_EQ(series->coverage[1], 2.0f / 3);
  EXPECT_FLOAT_EQ(series->coverage[4], 1.0f / 3);
}

TEST(MrtSource, DoesNotBelieveATableThatIsSuddenlyNearlyEmpty) {
  const MadeCollector c(3);
  Updates updates;
  for (const int minute : {1, 6, 16, 21}) {
    for (std::size_t peer = 0; peer < 3; ++peer) {
      updates.writer.keepalive(kStart + std::chrono::minutes(minute), c.session(peer));
    }
  }
  const std::string good = c.table(kStart, everything(), all_of(c));
  const std::string small = c.table(kStart + 10min, {p("20.0.1.0/24")}, all_of(c));
  const std::string empty = c.table(kStart + 10min, {}, all_of(c));
  for (const std::string& bad : {small, empty}) {
    const Reading reading = read(
        {text_input("rib1", good), text_input("rib2", bad), text_input("updates", updates.bytes)});
    EXPECT_EQ(text_of(find_series(reading, kKz24)), "32 32 S 32 32");
  }
}

TEST(MrtSource, SaysSourceDownWhereNoFileCoversTheBin) {
  const MadeCollector c(2);
  Updates early, late;
  for (std::size_t peer = 0; peer < 2; ++peer) {
    early.writer.keepalive(kStart + 1min, c.session(peer));
    late.writer.keepalive(kStart + 16min, c.session(peer));
  }
  const Reading reading = read({text_input("rib", c.table(kStart, everything(), all_of(c))),
                                text_input("u1", early.bytes), text_input("u2", late.bytes)});
  EXPECT_EQ(text_of(find_series(reading, kKz24)), "32 . . 32");
}

TEST(MrtSource, ATableAloneIsOneSample) {
  const MadeCollector c(2);
  const Reading reading = read({text_input("rib", c.table(kStart, everything(), all_of(c)))});
  EXPECT_EQ(text_of(find_series(reading, kKz24)), "32");
}

TEST(MrtSource, CountsOnlyPeersThatHoldNearlyEverything) {
  const MadeCollector c(3);
  // Peers 1 and 2 send one prefix each, so that a share over all peers would say "gone".
  std::string bytes;
  mrt::Writer writer([&](Bytes part) { bytes.append(part.begin(), part.end()); });
  writer.peer_index_table(kStart, {.collector_id = 0x0a000001,
                                   .peers = {{.address = c.session(0).peer, .asn = Asn{64500}},
                                             {.address = c.session(1).peer, .asn = Asn{64501}},
                                             {.address = c.session(2).peer, .asn = Asn{64502}}}});
  for (const Prefix& prefix : everything()) {
    std::vector<mrt::RibRoute> routes = {{0, kStart, c.route(0)}};
    if (prefix == p("20.0.1.0/24")) {
      routes.push_back({1, kStart, c.route(1)});
      routes.push_back({2, kStart, c.route(2)});
    }
    writer.rib(kStart, prefix, routes);
  }
  const Reading reading = read({text_input("rib", bytes)});
  EXPECT_EQ(text_of(find_series(reading, kKz24)), "32");
  EXPECT_FLOAT_EQ(find_series(reading, kKz24)->coverage[0], 1);
}

TEST(MrtSource, CountsNetworksByOriginWhereTheTableNamesNone) {
  const MadeCollector c(2);
  const std::vector<Input> inputs = {
      text_input("rib", c.table(kStart, everything(), all_of(c))),
      text_input("countries.csv",
                 "prefix,entity\n10.0.0.0/19,country:KZ\n20.0.0.0/8,country:US\n")};
  const Reading reading = read_mrt(inputs, {.entity = *Entity::parse("country:KZ")});
  EXPECT_EQ(text_of(find_series(reading, "asn:9198@country:KZ/bgp/visible_slash24")), "32");
}

TEST(MrtSource, GivesTheSameForAnyOrderOfTheInputs) {
  const MadeCollector c(3);
  Updates updates;
  updates.writer.update(kStart + 6min, c.session(0), {.withdrawn = kazakh()});
  updates.writer.update(kStart + 6min, c.session(1), {.withdrawn = kazakh()});
  const Input a = text_input("a", updates.bytes);
  const Input b = text_input("b", c.table(kStart, everything(), all_of(c)));
  const std::string one = text_of(find_series(read({a, b}), kKz24));
  EXPECT_EQ(one, "32 0");
  EXPECT_EQ(one, text_of(find_series(read({b, a}), kKz24)));
}

TEST(MrtSource, SurvivesDamageAndKeepsTheRest) {
  const MadeCollector c(3);
  std::string table = c.table(kStart, everything(), all_of(c));
  for (std::size_t at = 200; at < table.size(); at += 2000) table[at] ^= 0x55;
  const Reading reading = read({text_input("rib", table)});
  EXPECT_FALSE(reading.damage.empty());
  const Series* series = find_series(reading, kKz24);
  ASSERT_NE(series, nullptr);
  EXPECT_GE(series->samples[0].value(), 20);
}

TEST(MrtSource, ConcludesNothingFromATableThatIsCutShortOrDamaged) {
  const MadeCollector c(3);
  Updates updates;
  for (const int minute : {1, 6, 11, 16}) {
    for (std::size_t peer = 0; peer < 3; ++peer) {
      updates.writer.keepalive(kStart + std::chrono::minutes(minute), c.session(peer));
    }
  }
  const std::string good = c.table(kStart, everything(), all_of(c));
  const std::string second = c.table(kStart + 8min, everything(), all_of(c));
  std::string cut = second.substr(0, second.size() * 3 / 4);
  std::string damaged = second;
  for (std::size_t at = 300; at < 3000; at += 100) damaged[at] ^= 0x55;
  for (const std::string& bad : {cut, damaged}) {
    const Reading reading = read(
        {text_input("rib1", good), text_input("rib2", bad), text_input("updates", updates.bytes)});
    EXPECT_FALSE(reading.damage.empty());
    EXPECT_EQ(text_of(find_series(reading, kKz24)), "32 32 32 32");
    EXPECT_THAT(reading.inputs[1].notes,
                testing::Contains(testing::AnyOf(
                    testing::StartsWith("the routing table is cut short: not used"),
                    testing::StartsWith("the routing table is damaged inside: what it holds"))));
  }
  // Alone, a table that is cut short tells nothing at all.
  const Reading alone = read({text_input("rib2", cut), text_input("updates", updates.bytes)});
  EXPECT_EQ(find_series(alone, kKz24), nullptr);
}

TEST(MrtSource, DoesNotLetOneWrongClockMakeASeriesOfEightyYears) {
  const MadeCollector c(2);
  Updates updates;
  updates.writer.keepalive(kStart + 1min, c.session(0));
  updates.writer.keepalive(*parse_time("2099-01-01T00:00:00Z"), c.session(0));
  updates.writer.keepalive(kStart + 6min, c.session(0));
  const Reading reading = read({text_input("rib", c.table(kStart, everything(), all_of(c))),
                                text_input("updates", updates.bytes)});
  EXPECT_EQ(reading.damage.count(), 1u);
  EXPECT_EQ(text_of(find_series(reading, kKz24)), "32 32");
}

TEST(MrtSource, KeepsTheBinBeforeALongSilence) {
  const MadeCollector c(1);
  Updates late;
  late.writer.keepalive(kStart + 25h + 1min, c.session(0));
  const Reading reading = read({text_input("rib", c.table(kStart, everything(), all_of(c))),
                                text_input("updates", late.bytes)});
  const Series* series = find_series(reading, kKz24);
  ASSERT_NE(series, nullptr);
  EXPECT_EQ(series->samples.front(), Sample::of(32));
  EXPECT_EQ(series->samples.back(), Sample::source_down());
}

TEST(MrtSource, StopsAtItsLimitOfBinsAndSaysSo) {
  const MadeCollector c(1);
  for (const std::size_t last : {kMostMrtBins - 1, kMostMrtBins}) {
    Updates early, late;
    early.writer.keepalive(kStart + 1min, c.session(0));
    late.writer.keepalive(kStart + last * kMrtStep + 1min, c.session(0));
    const Reading reading = read({text_input("rib", c.table(kStart, everything(), all_of(c))),
                                  text_input("u1", early.bytes), text_input("u2", late.bytes)});
    const bool fits = last < kMostMrtBins;
    ASSERT_EQ(reading.damage.count(), fits ? 0u : 1u);
    if (fits) continue;
    EXPECT_THAT(reading.damage.parts()[0].reason,
                testing::HasSubstr("past the limit of 40000 bins"));
  }
}

TEST(MrtSource, StopsAtItsLimitOfSamplesAndSaysSo) {
  const MadeCollector c(1);
  constexpr std::size_t kFit = kMostMrtSamples / kMostMrtBins;  // series over all the bins
  for (const std::size_t series : {kFit, kFit + 1}) {
    // One series is the country's, the others are of networks with a /24 each.
    std::string table = "prefix,entity\n";
    std::vector<Prefix> prefixes;
    for (std::uint32_t i = 0; i + 1 < series; ++i) {
      prefixes.push_back(*Prefix::make(IpAddress::v4(0x0a000000 + (i << 8)), 24));
      table += prefixes.back().text() + ",asn:" + std::to_string(9000 + i) + "@country:KZ\n";
    }
    Updates early, late;
    early.writer.keepalive(kStart + 1min, c.session(0));
    late.writer.keepalive(kStart + (kMostMrtBins - 1) * kMrtStep + 1min, c.session(0));
    const std::vector<Input> inputs = {text_input("rib", c.table(kStart, prefixes, all_of(c))),
                                       text_input("u1", early.bytes), text_input("u2", late.bytes),
                                       text_input("prefixes.csv", table)};
    // What is asked for is one network: the limit is of what is gathered, not of what is given out.
    const Reading reading = read_mrt(inputs, {.entity = *Entity::parse("asn:9000@country:KZ")});
    ASSERT_EQ(reading.damage.count(), series == kFit ? 0u : 1u);
    const Series* network = find_series(reading, "asn:9000@country:KZ/bgp/visible_slash24");
    ASSERT_NE(network, nullptr);
    if (series == kFit) {
      EXPECT_EQ(network->size(), kMostMrtBins);
    } else {
      EXPECT_LE(network->size() * series, kMostMrtSamples);
      EXPECT_THAT(reading.damage.parts()[0].reason,
                  testing::HasSubstr("past the limit of 10000000 samples, with 251 series"));
    }
  }
}

std::vector<Input> quiet_morning() {
  std::vector<Input> inputs;
  const auto folder = test_data("mrt/rrc06-20210102");
  if (!folder) return inputs;
  for (const auto& entry : std::filesystem::directory_iterator(*folder)) {
    inputs.push_back(file_input(entry.path()));
  }
  return inputs;
}

TEST(MrtSource, CannotTellWhatWasVisibleFromUpdatesAlone) {
  REQUIRE_DATA(rir, "enrich/rir-ip-20220104.tar.gz");
  std::vector<Input> inputs = quiet_morning();
  if (inputs.empty()) GTEST_SKIP() << "needs mrt/rrc06-20210102 (set LIGHTSOUT_DATA)";
  inputs.push_back(file_input(rir));
  const Reading reading = read_inputs(inputs, {.entity = *Entity::parse("country:KZ")});
  EXPECT_TRUE(reading.damage.empty());
  for (const Series& series : reading.series) {
    EXPECT_EQ(series.id.metric(), "update_rate") << series.id.text();
  }
  const Series* rate = find_series(reading, "country:KZ/bgp/update_rate");
  ASSERT_NE(rate, nullptr);
  EXPECT_EQ(rate->size(), 35u);
  EXPECT_EQ(format_time(rate->begin), "2021-01-02T05:05:00Z");
  for (const Sample& sample : rate->samples) EXPECT_TRUE(sample.is_number());
  std::size_t told = 0;
  for (const InputNote& input : reading.inputs) {
    EXPECT_EQ(input.format, "mrt");
    for (const std::string& note : input.notes) {
      told += note.starts_with("cannot tell what was visible: updates without a routing table");
    }
  }
  EXPECT_EQ(told, 1u);  // not once for each of the 35 files
}

// The same real morning, with a table from before it and a country that leaves at 06:32.
TEST(MrtSource, FindsACountryThatLeavesARealMorning) {
  std::vector<Input> inputs = quiet_morning();
  if (inputs.empty()) GTEST_SKIP() << "needs mrt/rrc06-20210102 (set LIGHTSOUT_DATA)";
  const Time table_time = *parse_time("2021-01-02T05:05:00Z");
  const Time cut = *parse_time("2021-01-02T06:32:00Z");
  // The peers of rrc06 that speak in these files.
  std::set<mrt::Peer> peers;
  IpAddress local;
  for (const Input& input : inputs) {
    const auto source = input.open();
    mrt::RecordReader reader(**source);
    while (reader.next() == mrt::RecordReader::Step::record) {
      mrt::Bgp4mp entry;
      if (mrt::decode_bgp4mp(reader.record(), entry) != mrt::Decoded::yes) continue;
      if (entry.kind != mrt::Bgp4mp::Kind::message) continue;
      if (entry.session.peer.family == Family::v4) {
        peers.insert({.address = entry.session.peer, .asn = entry.session.peer_asn});
        local = entry.session.local;
      }
    }
  }
  ASSERT_GE(peers.size(), 3u);
  const std::vector<mrt::Peer> list(peers.begin(), peers.end());
  std::string table;
  mrt::Writer rib([&](Bytes part) { table.append(part.begin(), part.end()); });
  rib.peer_index_table(table_time, {.collector_id = 1, .view_name = "test", .peers = list});
  for (const Prefix& prefix : everything()) {
    std::vector<mrt::RibRoute> routes;
    for (std::size_t i = 0; i < list.size(); ++i) {
      routes.push_back({static_cast<std::uint16_t>(i),
                        table_time,
                        {.path = {list[i].asn, Asn{9198}}, .next_hop = local}});
    }
    rib.rib(table_time, prefix, routes);
  }
  Updates updates;
  for (const mrt::Peer& peer : list) {
    updates.writer.update(
        cut, {.peer_asn = peer.asn, .local_asn = Asn{12654}, .peer = peer.address, .local = local},
        {.withdrawn = kazakh()});
  }
  inputs.push_back(text_input("rib", table));
  inputs.push_back(text_input("cut", updates.bytes));
  const Reading reading = read(inputs);
  const Series* series = find_series(reading, kKz24);
  ASSERT_NE(series, nullptr);
  EXPECT_EQ(series->size(), 35u);
  for (std::size_t bin = 0; bin < series->size(); ++bin) {
    const bool gone = series->time_of(bin) + kMrtStep > cut;
    EXPECT_EQ(series->samples[bin], Sample::of(gone ? 0 : 32)) << bin;
  }
}

// A whole country on a real table, against the plainest way to count: a set of /24s.
TEST(MrtSource, CountsACountryOnARealTableAsASetOfSlash24sDoes) {
  REQUIRE_DATA(table, "mrt/oracle/rib2010.mrt.gz");
  REQUIRE_DATA(rir, "enrich/rir-ip-20220104.tar.gz");
  const std::vector<Input> inputs = {file_input(table), file_input(rir)};
  const Reading reading = read_inputs(inputs, {.entity = *Entity::parse("country:KZ")});
  const Series* series = find_series(reading, kKz24);
  ASSERT_NE(series, nullptr);
  ASSERT_EQ(series->size(), 1u);

  std::vector<std::pair<std::uint64_t, std::uint64_t>> blocks;
  for (const char* name : {"country/kz/ipv4-aggregated.txt"}) {
    std::stringstream lines(mrt::output_of("tar xzOf '" + rir.string() + "' " + name));
    for (std::string line; std::getline(lines, line);) {
      if (line.empty() || line[0] == '#') continue;
      blocks.push_back(PrefixTable::range_of(p(line.c_str())));
    }
  }
  // Peers 2497 and 4777 are the full feeds; half of two is one.
  std::set<std::uint64_t> slash24s;
  std::set<std::uint32_t> networks;
  std::stringstream lines(mrt::output_of("bgpdump -m '" + table.string() + "' 2>/dev/null"));
  for (std::string line; std::getline(lines, line);) {
    std::vector<std::string> fields;
    std::stringstream cells(line);
    for (std::string cell; std::getline(cells, cell, '|');) fields.push_back(cell);
    if (fields.size() < 7 || (fields[4] != "2497" && fields[4] != "4777")) continue;
    if (fields[6].ends_with("}") || fields[6].empty()) continue;
    if (!(fields[6] + " ").starts_with(fields[4] + " ")) continue;
    const Prefix prefix = p(fields[5].c_str());
    if (prefix.length() < 6) continue;
    const auto [first, last] = PrefixTable::range_of(prefix);
    for (const auto& [begin, end] : blocks) {
      if (end < first || begin > last) continue;
      const std::uint64_t from = std::max(begin, first) >> 8, to = std::min(end, last) >> 8;
      for (std::uint64_t unit = from; unit <= to; ++unit) slash24s.insert(unit);
    }
  }
  if (slash24s.empty()) GTEST_SKIP() << "needs the program bgpdump";
  EXPECT_EQ(series->samples[0].value(), static_cast<double>(slash24s.size()));
  EXPECT_GT(slash24s.size(), 1000u);
  // By the RIR table no network is named, so networks come from the origins.
  EXPECT_NE(find_series(reading, "asn:9198@country:KZ/bgp/visible_slash24"), nullptr);
}

}  // namespace
}  // namespace lightsout
