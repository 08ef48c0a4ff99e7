// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "app/command_testing.h"
#include "app/options.h"
#include "core/test_data.h"
#include "mrt/test_archive.h"
#include "mrt/writer.h"

namespace lightsout {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::StartsWith;

const Time kStart = *parse_time("2022-01-05T10:00:00Z");

mrt::Session session_of(unsigned number) {
  return {.peer_asn = Asn{64500 + number},
          .local_asn = Asn{64499},
          .peer = IpAddress::v4(0xc0000200 + number),
          .local = IpAddress::v4(0xc00002fe)};
}

bgp::Route route_of(unsigned peer) {
  return {.path = {Asn{64500 + peer}, Asn{9198}}, .next_hop = IpAddress::v4(0xc0000200 + peer)};
}

// A collector of two peers: a table of two prefixes at 10:00, a withdrawal of one by both at 10:06,
// silence from 10:12 to 10:31.
class MrtCommands : public testing::Test {
 protected:
  void SetUp() override {
    std::string table, updates;
    mrt::Writer rib([&](Bytes part) { table.append(part.begin(), part.end()); });
    mrt::PeerIndexTable peers{.collector_id = 0xc00002fe};
    for (const unsigned peer : {1u, 2u}) {
      peers.peers.push_back({.address = session_of(peer).peer, .asn = session_of(peer).peer_asn});
    }
    rib.peer_index_table(kStart, peers);
    for (const char* prefix : {"2.72.0.0/16", "2.73.1.0/24"}) {
      std::vector<mrt::RibRoute> routes;
      for (const std::uint16_t peer : {0, 1}) {
        routes.push_back({.peer_index = peer, .originated = kStart, .route = route_of(peer + 1u)});
      }
      rib.rib(kStart, *Prefix::parse(prefix), routes);
    }
    mrt::Writer writer([&](Bytes part) { updates.append(part.begin(), part.end()); });
    for (const int minute : {1, 6, 11, 31}) {
      for (const unsigned peer : {1u, 2u}) {
        const Time time = kStart + Seconds(60 * minute);
        writer.keepalive(time, session_of(peer));
        if (minute != 6) continue;
        writer.update(time, session_of(peer), {.withdrawn = {*Prefix::parse("2.73.1.0/24")}});
      }
    }
    folder_.put("rib.mrt", table);
    folder_.put("updates.mrt", updates);
    folder_.put("geo.csv", "prefix,entity\n2.72.0.0/13,country:KZ\n");
  }

  CommandFolder folder_;
};

TEST_F(MrtCommands, DumpMergesFilesInTheOrderOfTimeOnAnyNumberOfThreads) {
  const std::string line = "mrt dump $TMP/updates.mrt $TMP/rib.mrt --threads ";
  const Ran one = folder_.run(line + "1");
  EXPECT_EQ(one.code, kOk) << one.err;
  EXPECT_EQ(std::count(one.out.begin(), one.out.end(), '\n'), 6);
  EXPECT_THAT(one.out, StartsWith("TABLE_DUMP2|1641376800|B|192.0.2.1|64501|2.72.0.0/16|64501 9198|"
                                  "IGP|192.0.2.1|0|0||NAG||\n"));
  EXPECT_THAT(one.out, HasSubstr("\nBGP4MP|1641377160|W|192.0.2.2|64502|2.73.1.0/24\n"));
  EXPECT_EQ(one.out, folder_.run(line + "8").out);
}

TEST_F(MrtCommands, DumpFilters) {
  const struct {
    const char* options;
    int lines;
  } cases[] = {
      {"", 6},
      {"--peer 64502", 3},
      {"--peer 64502 --type withdraw", 1},
      {"--peer '!192.0.2.1'", 3},
      {"--type rib,withdraw", 6},
      {"--prefix 2.72.0.0/13 --more", 6},
      {"--prefix 2.73.1.0/24", 4},
      {"--origin 9198", 4},
      {"--path '^64501_'", 2},
      {"--until 2022-01-05T10:01Z", 4},
      {"--from 2022-01-05T10:01Z", 2},
  };
  for (const auto& c : cases) {
    for (const char* format : {"bgpdump-m", "jsonl", "text"}) {
      const Ran ran = folder_.run(std::string("mrt dump $TMP/rib.mrt $TMP/updates.mrt --format ") +
                                  format + " " + c.options);
      EXPECT_EQ(ran.code, kOk) << c.options << ran.err;
      int routes = 0;
      for (std::size_t at = 0; at < ran.out.size(); at = ran.out.find('\n', at) + 1) {
        routes += ran.out[at] != ' ';
      }
      EXPECT_EQ(routes, c.lines) << c.options << " as " << format;
    }
  }
  EXPECT_EQ(folder_.run("mrt dump $TMP/rib.mrt --origin 1").code, kNothing);
}

TEST_F(MrtCommands, SayInOneSentenceWhatIsWrong) {
  const struct {
    const char* line;
    int code;
    const char* says;
  } cases[] = {
      {"mrt dump $TMP/rib.mrt --path '(1'", kUsage, "AS path pattern '(1': a '(' without its ')'"},
      {"mrt dump $TMP/rib.mrt --type update", kUsage, "'update' is not one of"},
      {"mrt dump $TMP/rib.mrt --more", kUsage, "give a --prefix"},
      {"mrt dump $TMP/rib.mrt --pear 1", kUsage, "--pear"},
      {"mrt dump $TMP/none.mrt", kNothing, "none.mrt"},
      {"mrt dump $TMP/geo.csv", kRuntimeError, "geo.csv: no MRT record in it"},
      {"mrt stat $TMP/geo.csv", kRuntimeError, "geo.csv: no MRT record in it"},
      {"mrt stat $TMP/rib.mrt --gap soon", kUsage, "'soon' is not a duration"},
      {"mrt rib $TMP/rib.mrt", kUsage, "--at"},
      {"mrt rib $TMP/rib.mrt --at 2021-01-05", kNothing, "no routing table began by"},
      {"mrt visibility $TMP/rib.mrt", kUsage, "--geo"},
      {"mrt visibility $TMP/rib.mrt --by city", kUsage, "city"},
      {"mrt visibility $TMP/rib.mrt --by asn --threshold 60", kUsage, "--threshold 60"},
      {"mrt visibility $TMP/rib.mrt --by asn --bin 2d", kUsage, "--bin is from"},
  };
  for (const auto& c : cases) {
    const Ran ran = folder_.run(c.line);
    EXPECT_EQ(ran.code, c.code) << c.line << "\n" << ran.err;
    EXPECT_THAT(ran.err, HasSubstr(c.says)) << c.line;
    EXPECT_EQ(std::count(ran.err.begin(), ran.err.end(), '\n'), 1) << ran.err;
  }
}

TEST_F(MrtCommands, DamageIsUsedCountedAndWithStrictAFailure) {
  folder_.put("cut.mrt", folder_.get("rib.mrt").substr(0, folder_.get("rib.mrt").size() - 5));
  const Ran ran = folder_.run("mrt dump $TMP/cut.mrt");
  EXPECT_EQ(ran.code, kDamaged);
  EXPECT_EQ(std::count(ran.out.begin(), ran.out.end(), '\n'), 2);
  EXPECT_THAT(ran.err, StartsWith("damaged: cut.mrt, offset "));
  EXPECT_EQ(folder_.run("mrt dump $TMP/cut.mrt --strict").code, kRuntimeError);
  const Ran stat = folder_.run("mrt stat $TMP/cut.mrt --format csv");
  EXPECT_EQ(stat.code, kDamaged);
  EXPECT_THAT(stat.out, HasSubstr("\ndamage,cut.mrt,"));
}

TEST_F(MrtCommands, StatSaysWhatIsInTheFiles) {
  const Ran ran = folder_.run("mrt stat $TMP/rib.mrt $TMP/updates.mrt --format jsonl");
  EXPECT_EQ(ran.code, kOk) << ran.err;
  std::map<std::string, json> rows;
  for (std::size_t at = 0; at < ran.out.size(); at = ran.out.find('\n', at) + 1) {
    json row = json::parse(ran.out.substr(at, ran.out.find('\n', at) - at));
    const std::string about = row["about"];
    const std::string name = row["name"].is_null() ? "" : row["name"];
    rows[about + " " + name] = std::move(row);
  }
  EXPECT_EQ(rows.at("file rib.mrt")["in_table"], 4);
  EXPECT_EQ(rows.at("file updates.mrt")["collector"], "192.0.2.254");
  EXPECT_EQ(rows.at("family ipv4")["withdrawn"], 2);
  EXPECT_EQ(rows.at("type TABLE_DUMP_V2/2")["count"], 2);
  EXPECT_EQ(rows.at("peer 192.0.2.1 AS64501")["in_table"], 2);
  EXPECT_EQ(rows.at("gap updates.mrt")["count"], 1200);
  EXPECT_EQ(rows.at("gap ")["first"], "2022-01-05T10:11:00Z");
}

TEST_F(MrtCommands, VisibilityIsEmptyAndNotZeroWhereNobodyLooks) {
  const Ran ran =
      folder_.run("mrt visibility $TMP/rib.mrt $TMP/updates.mrt --geo $TMP/geo.csv --format csv");
  EXPECT_EQ(ran.code, kOk) << ran.err;
  EXPECT_EQ(ran.out,
            "time,entity,family,visible_slash24,visible_slash48,prefixes,origin_asns,"
            "full_feed_asns\n"
            "2022-01-05T10:00:00Z,country:KZ,ipv4,257,,2,1,2\n"
            "2022-01-05T10:05:00Z,country:KZ,ipv4,256,,1,1,2\n"
            "2022-01-05T10:10:00Z,country:KZ,ipv4,256,,1,1,2\n"
            "2022-01-05T10:15:00Z,country:KZ,ipv4,,,,,2\n"
            "2022-01-05T10:20:00Z,country:KZ,ipv4,,,,,2\n"
            "2022-01-05T10:25:00Z,country:KZ,ipv4,,,,,2\n"
            "2022-01-05T10:30:00Z,country:KZ,ipv4,256,,1,1,2\n");
  EXPECT_THAT(ran.err, HasSubstr("geo: geo.csv, prefix-csv, 1 rows"));
  const Ran asn = folder_.run("mrt visibility $TMP/rib.mrt --by asn --bin 1h --format csv");
  EXPECT_THAT(asn.out, HasSubstr("2022-01-05T10:00:00Z,asn:9198,ipv4,257,,2,1,2\n"));
  const Ran both = folder_.run(
      "mrt visibility $TMP/rib.mrt --by asn-in-country --geo $TMP/geo.csv --format csv");
  EXPECT_THAT(both.out, HasSubstr("asn:9198@country:KZ,ipv4,257,,2,1,2\n"));
  // Updates alone show no full feed.
  EXPECT_EQ(folder_.run("mrt visibility $TMP/updates.mrt --by asn").code, kCannotTell);
}

TEST_F(MrtCommands, RibIsTheTableAtAMoment) {
  const std::string line = "mrt rib $TMP/rib.mrt $TMP/updates.mrt --at ";
  const Ran before = folder_.run(line + "2022-01-05T10:05Z");
  EXPECT_EQ(before.code, kOk) << before.err;
  EXPECT_EQ(std::count(before.out.begin(), before.out.end(), '\n'), 4);
  EXPECT_THAT(before.err, HasSubstr("4 routes of 2 peers at 2022-01-05T10:05:00Z"));
  const Ran after = folder_.run(line + "2022-01-05T10:07Z --peer 64501");
  EXPECT_EQ(after.out,
            "TABLE_DUMP2|1641377220|B|192.0.2.1|64501|2.72.0.0/16|64501 9198|IGP|192.0.2.1|0|0||"
            "NAG||\n");
}

// Every row of bgpview's own answer for the same table: 34,553 networks, prefixes and /24s.
TEST_F(MrtCommands, VisibilityOfNetworksIsThatOfBgpview) {
  REQUIRE_DATA(oracle, "mrt/oracle/rib2010.visibility.txt.gz");
  std::map<std::string, std::string> theirs;
  const std::string text = mrt::archive_bytes(oracle);
  for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) {
    const std::string row = text.substr(at, text.find('\n', at) - at);
    if (row.find("v4.visibility_threshold.min_25%") == std::string::npos) continue;
    const std::size_t asn = row.find("asn.") + 4;
    const std::size_t blank = row.find(' ');
    const std::string metric =
        row.substr(row.rfind('.', blank) + 1, blank - row.rfind('.', blank) - 1);
    theirs[row.substr(asn, row.find('.', asn) - asn) + " " + metric] =
        row.substr(blank + 1, row.find(' ', blank + 1) - blank - 1);
  }
  const Ran ran = folder_.run(
      "mrt visibility $DATA/mrt/oracle/rib2010.mrt.gz --by asn --threshold 25 --format jsonl");
  EXPECT_EQ(ran.code, kOk) << ran.err;
  std::map<std::string, std::string> ours;
  for (std::size_t at = 0; at < ran.out.size(); at = ran.out.find('\n', at) + 1) {
    const json row = json::parse(ran.out.substr(at, ran.out.find('\n', at) - at));
    if (row["family"] != "ipv4") continue;
    const std::string asn = row["entity"].get<std::string>().substr(4);
    ours[asn + " visible_prefixes_cnt"] = std::to_string(row["prefixes"].get<int>());
    ours[asn + " visible_slash24_cnt"] = std::to_string(row["visible_slash24"].get<int>());
  }
  EXPECT_GT(ours.size(), 60'000u);
  EXPECT_TRUE(ours == theirs);
}

}  // namespace
}  // namespace lightsout
