// SPDX-License-Identifier: Apache-2.0
#include "geo/enrichment.h"

#include <gtest/gtest.h>

#include <random>

#include "core/test_data.h"
#include "geo/mmdb.h"
#include "geo/table_formats.h"
#include "geo/test_mmdb.h"
#include "net/prefix_range.h"

namespace lightsout {
namespace {

Prefix p(const char* text) {
  return *Prefix::parse(text);
}

std::string names(const std::vector<Entity>& entities) {
  std::string text;
  for (const Entity& entity : entities) text += (text.empty() ? "" : " ") + entity.text();
  return text;
}

struct FormatCase {
  const char* what;
  const char* name;
  std::string bytes;
  const char* format;
  const char* as_of;  // "" when it does not say
  std::uint64_t rows;
  std::uint64_t damage;
  const char* probe;
  const char* answer;
};

const FormatCase kFormatCases[] = {
    {"a registry's extended file", "delegated-ripencc-extended",
     "2|ripencc|20220104|3|19830705|20220103|+0100\n"
     "ripencc|*|ipv4|*|2|summary\n"
     "ripencc|KZ|ipv4|2.72.0.0|524288|20101006|allocated|x\n"
     "ripencc|KZ|ipv4|5.34.0.0|768|20120416|allocated|x\n"  // three /24s: a /23 and a /24
     "ripencc|KZ|asn|9198|1|19980828|allocated|x\n"
     "ripencc|KZ|ipv6|2a00:1358::|32|20080730|allocated|x\n"
     "ripencc||ipv4|5.34.4.0|1024||available|\n"
     "ripencc|EU|ipv4|5.35.0.0|256|20120416|allocated|x\n"
     "ripencc|KZ|ipv4|255.255.255.0|512|20120416|allocated|x\n",
     "delegated", "2022-01-04", 4, 1, "5.34.2.0/24", "country:KZ"},
    {"CAIDA's prefix-to-AS", "routeviews-rv2-20220104-1200.pfx2as",
     "1.0.0.0\t24\t13335\n1.0.4.0\t22\t38803_56203\n1.0.8.0\t24\t1,2\n1.0.9.0\t33\t7\n", "pfx2as",
     "2022-01-04", 3, 1, "1.0.5.0/24", "asn:38803 asn:56203"},
    {"pyasn's", "ipasn.dat",
     "; IP-ASN32-DAT file\n; Original file : data/rib.20140513.0600.bz2.skip\n; \n"
     "1.0.0.0/24\t15169\n2001:200::/32\t2500\n",
     "pfx2as", "2014-05-13", 2, 0, "2001:200::/48", "asn:2500"},
    {"Tor's geoip", "geoip",
     "# This file is made from other files.\n16777216,16777471,AU\n16777472,16778239,CN\n"
     "16778240,16779263,??\n16779264,16777216,AU\n",
     "tor-geoip", "", 3, 1, "1.0.2.0/24", "country:CN"},
    {"Tor's geoip6", "geoip6",
     "2001:200::,2001:200:ffff:ffff:ffff:ffff:ffff:ffff,JP\n2001:208::,2001:208:ffff:ffff:ffff:"
     "ffff:"
     "ffff:ffff,SG\n",
     "tor-geoip", "", 2, 0, "2001:200:8000::/48", "country:JP"},
    {"a country's list by its name", "kz.zone", "2.72.0.0/13\n5.34.0.0/17\n", "cidr-list", "", 2, 0,
     "2.73.0.0/24", "country:KZ"},
    {"a country's list by its header", "list.txt",
     "# Country: Kazakhstan (KZ)\n# as of 2022-01-04\n2.72.0.0/13\n", "cidr-list", "2022-01-04", 1,
     0, "2.73.0.0/24", "country:KZ"},
};

TEST(Enrichment, ReadsEveryFormInWhichTablesArePublished) {
  for (const FormatCase& c : kFormatCases) {
    EXPECT_TRUE(looks_like_prefix_table(c.bytes)) << c.what;
    Enrichment enrichment;
    Damage damage;
    MemorySource source{std::string_view(c.bytes)};
    const auto origin = enrichment.add(source, c.name, damage);
    ASSERT_TRUE(origin.ok()) << c.what;
    EXPECT_EQ(origin->format, c.format) << c.what;
    EXPECT_EQ(origin->rows, c.rows) << c.what;
    EXPECT_EQ(damage.count(), c.damage) << c.what;
    EXPECT_EQ(origin->as_of ? format_time(*origin->as_of).substr(0, 10) : "", c.as_of) << c.what;
    const Time day = *parse_time("2022-01-05");
    const auto answer = origin->networks ? enrichment.networks(p(c.probe), day)
                                         : enrichment.places(p(c.probe), day);
    EXPECT_EQ(names(answer.entities), c.answer) << c.what;
    ASSERT_NE(answer.table, nullptr);
    EXPECT_EQ(answer.table->name, c.name);
  }
}

TEST(Enrichment, OtherTextIsNoTable) {
  for (const char* text : {"time,entity,signal,value\n2022-01-04T00:00:00Z,country:KZ,x,1\n",
                           "1,2,3\n", "date,country,users\n2022-01-04,kz,3\n", "hello\n", "",
                           "# only a comment\n", "1.2.3.4\n", "16777216,16777471,AU\n1,2,3\n"}) {
    EXPECT_FALSE(looks_like_prefix_table(text)) << text;
  }
  Damage damage;
  PrefixTable::Builder builder;
  MemorySource source{std::string_view("2.72.0.0/13\n")};
  EXPECT_FALSE(read_prefix_table(source, "list.txt", builder, damage).ok());
  EXPECT_EQ(damage.count(), 1u);  // it does not say of which country
}

TEST(Enrichment, AnswersFromTheTableNearestInTimeAndNamesIt) {
  Enrichment enrichment;
  Damage damage;
  const auto add = [&](const std::string& day, const std::string& country) {
    const std::string text =
        "# as of " + day + "\nprefix,entity\n10.0.0.0/8,country:" + country + "\n";
    MemorySource source{std::string_view(text)};
    ASSERT_TRUE(enrichment.add(source, "table of " + day, damage).ok());
  };
  const auto ask = [&](const char* day) {
    const auto answer = enrichment.places(p("10.1.0.0/24"), *parse_time(day));
    return answer.table == nullptr ? "none" : names(answer.entities) + ", " + answer.table->name;
  };
  EXPECT_EQ(ask("2022-01-01"), "none");
  add("2022-03-01", "KZ");
  EXPECT_EQ(ask("2022-01-01"), "country:KZ, table of 2022-03-01");
  add("2020-01-01", "UZ");
  add("2021-06-01", "KG");
  EXPECT_EQ(ask("2022-01-01"), "country:KG, table of 2021-06-01");  // from before, though farther
  EXPECT_EQ(ask("2022-03-01"), "country:KZ, table of 2022-03-01");
  EXPECT_EQ(ask("2019-01-01"), "country:UZ, table of 2020-01-01");
  EXPECT_EQ(enrichment.networks(p("10.1.0.0/24"), *parse_time("2022-01-01")).table, nullptr);
}

TEST(Enrichment, HoldsItsLimitOfTables) {
  Enrichment enrichment;
  Damage damage;
  for (std::size_t i = 0; i <= Enrichment::kMaxTables; ++i) {
    MemorySource source{std::string_view("prefix,entity\n10.0.0.0/8,country:KZ\n")};
    EXPECT_EQ(enrichment.add(source, "table", damage).ok(), i < Enrichment::kMaxTables);
  }
}

// Country, subdivision, network; IPv4 inside IPv6, and once more under 2002::/16.
std::string made_mmdb(unsigned record_bits, bool six) {
  using W = MmdbWriter;
  W w(record_bits, six);
  const std::size_t code = w.value(W::text("KZ"));
  const auto country = w.value(W::map(
      {{"continent", W::map({{"code", W::text("AS")}})},
       {"country", W::map({{"iso_code", W::pointer(code)}, {"geoname_id", W::number(1522867)}})},
       {"registered_country", W::map({{"iso_code", W::text("US")}})}}));
  const auto city =
      w.value(W::map({{"country", W::map({{"iso_code", W::text("KZ")}})},
                      {"subdivisions", W::array({W::map({{"iso_code", W::text("75")}}),
                                                 W::map({{"iso_code", W::text("X")}})})}}));
  const auto plain = w.value(W::map({{"country", W::text("UZ")}}));
  w.add(p("2.72.0.0/13"), country);
  w.add(p("5.34.0.0/17"), city);
  w.add(p("255.255.255.0/24"), plain);
  if (six) {
    w.add(p("2a00:1358::/32"), country);
    w.link(1, 1, 2);  // another way to the node that IPv4 lies behind
  }
  return w.bytes(1641254400, "Test-City");  // 2022-01-04
}

TEST(Mmdb, ReadsPlacesFromEveryRecordSize) {
  for (const unsigned bits : {24u, 28u, 32u}) {
    for (const bool six : {false, true}) {
      const std::string bytes = made_mmdb(bits, six);
      Enrichment enrichment;
      Damage damage;
      MemorySource source{std::string_view(bytes)};
      const auto origin = enrichment.add(source, "city.mmdb", damage);
      ASSERT_TRUE(origin.ok()) << origin.error().message;
      EXPECT_TRUE(damage.empty());
      EXPECT_EQ(origin->format, "mmdb Test-City");
      EXPECT_EQ(format_time(*origin->as_of).substr(0, 10), "2022-01-04");
      EXPECT_EQ(origin->rows, six ? 4u : 3u);
      const auto find = [&](const char* text) {
        return names(enrichment.places(p(text), *origin->as_of).entities);
      };
      EXPECT_EQ(find("2.79.255.0/24"), "country:KZ");
      EXPECT_EQ(find("2.80.0.0/24"), "");
      EXPECT_EQ(find("5.34.1.0/24"), "country:KZ region:KZ-75");
      EXPECT_EQ(find("255.255.255.0/24"), "country:UZ");
      EXPECT_EQ(find("2a00:1358:1::/48"), six ? "country:KZ" : "");
    }
  }
}

TEST(Mmdb, ReadsNetworks) {
  MmdbWriter w(24, false);
  w.add(p("2.72.0.0/13"),
        w.value(MmdbWriter::map({{"autonomous_system_number", MmdbWriter::number(9198)},
                                 {"autonomous_system_organization", MmdbWriter::text("KazTel")}})));
  w.add(p("5.34.0.0/17"), w.value(MmdbWriter::map({{"asn", MmdbWriter::text("AS21299")}})));
  const std::string bytes = w.bytes(1641254400, "Test-ASN");
  PrefixTable::Builder builder;
  Damage damage;
  MemorySource source{std::string_view(bytes)};
  const auto origin = read_prefix_table(source, "asn.mmdb", builder, damage);
  ASSERT_TRUE(origin.ok());
  EXPECT_TRUE(origin->networks);
  const PrefixTable table = builder.build();
  EXPECT_EQ(names(table.find(p("2.73.0.0/24"))), "asn:9198");
  EXPECT_EQ(names(table.find(p("5.34.0.0/24"))), "asn:21299");
}

TEST(Mmdb, EndsOnWhateverTheBytesAre) {
  const std::string good = made_mmdb(28, true);
  const auto read = [](const std::string& bytes) {
    PrefixTable::Builder builder;
    Damage damage;
    const auto origin = read_mmdb(
        {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}, builder, damage, "m");
    (void)builder.build();
    return origin.ok();
  };
  EXPECT_TRUE(read(good));
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(read(good.substr(0, size))) << size;
  }
  std::mt19937 random(3);
  for (int round = 0; round < 3000; ++round) {
    std::string broken = good;
    for (int i = 0; i < 3; ++i) {
      broken[random() % broken.size()] ^= static_cast<char>(1 << random() % 8);
    }
    (void)read(broken);
  }
  // A tree that bites its tail, and a value that points at itself.
  MmdbWriter loop(24, true);
  loop.link(0, 0, 0);
  loop.link(0, 1, 0);
  EXPECT_FALSE(read(loop.bytes(0, "loop")));
  MmdbWriter self(24, false);
  self.add(p("10.0.0.0/8"), self.value(MmdbWriter::map({{"country", MmdbWriter::pointer(0)}})));
  EXPECT_FALSE(read(self.bytes(0, "self")));
}

TEST(PrefixRange, IsTheFewestPrefixes) {
  const auto text = [](const char* first, const char* last) {
    std::string all;
    for_each_prefix_of(*IpAddress::parse(first), *IpAddress::parse(last),
                       [&](const Prefix& prefix) { all += prefix.text() + " "; });
    return all;
  };
  EXPECT_EQ(text("10.0.0.0", "10.0.2.255"), "10.0.0.0/23 10.0.2.0/24 ");
  EXPECT_EQ(text("0.0.0.0", "255.255.255.255"), "0.0.0.0/0 ");
  EXPECT_EQ(text("10.0.0.1", "10.0.0.2"), "10.0.0.1/32 10.0.0.2/32 ");
  EXPECT_EQ(text("10.0.0.2", "10.0.0.1"), "");
  EXPECT_EQ(text("255.255.255.255", "255.255.255.255"), "255.255.255.255/32 ");
  EXPECT_EQ(text("::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"), "::/0 ");
  EXPECT_EQ(text("2001:db8:0:ffff:ffff:ffff:ffff:ffff", "2001:db8:1::"),
            "2001:db8:0:ffff:ffff:ffff:ffff:ffff/128 2001:db8:1::/128 ");
  EXPECT_EQ(text("10.0.0.0", "::1"), "");
  std::mt19937 random(5);
  for (int round = 0; round < 2000; ++round) {
    const std::uint32_t a = static_cast<std::uint32_t>(random()) >> random() % 32;
    const std::uint32_t b = static_cast<std::uint32_t>(random()) >> random() % 32;
    std::uint64_t next = std::min(a, b);
    for_each_prefix_of(IpAddress::v4(std::min(a, b)), IpAddress::v4(std::max(a, b)),
                       [&](const Prefix& prefix) {
                         ASSERT_EQ(prefix.high_bits(), next);
                         next += std::uint64_t{1} << (32 - prefix.length());
                       });
    ASSERT_EQ(next, std::uint64_t{std::max(a, b)} + 1);
  }
}

std::string gunzipped(const std::filesystem::path& path) {
  FILE* pipe = popen(("gzip -dc '" + path.string() + "'").c_str(), "r");
  std::string bytes;
  char chunk[65536];
  while (const std::size_t count = fread(chunk, 1, sizeof chunk, pipe)) bytes.append(chunk, count);
  pclose(pipe);
  return bytes;
}

TEST(Enrichment, ReadsTheOriginsOfRealDays) {
  REQUIRE_DATA(v4, "enrich/ipasn_20140513.dat.gz");
  REQUIRE_DATA(v6, "enrich/ipasn6_20151101.dat.gz");
  Enrichment enrichment;
  Damage damage;
  for (const auto& [path, rows] : {std::pair(v4, 512'621u), std::pair(v6, 633'831u)}) {
    const std::string bytes = gunzipped(path);
    EXPECT_TRUE(looks_like_prefix_table(std::string_view(bytes).substr(0, 65536)));
    MemorySource source{std::string_view(bytes)};
    const auto origin = enrichment.add(source, path.filename().string(), damage);
    ASSERT_TRUE(origin.ok());
    EXPECT_EQ(origin->rows + damage.count(), rows);
  }
  const auto google = enrichment.networks(p("8.8.8.0/24"), *parse_time("2014-05-30"));
  EXPECT_EQ(names(google.entities), "asn:15169");
  EXPECT_EQ(format_time(*google.table->as_of).substr(0, 10), "2014-05-13");
}

}  // namespace
}  // namespace lightsout
