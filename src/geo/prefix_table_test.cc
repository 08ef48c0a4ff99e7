// SPDX-License-Identifier: Apache-2.0
#include "geo/prefix_table.h"

#include <gtest/gtest.h>

#include <random>

#include "core/test_data.h"
#include "geo/prefix_table_file.h"
#include "geo/prefix_table_tar.h"

namespace lightsout {
namespace {

std::string names(const std::vector<Entity>& entities) {
  std::string text;
  for (const Entity& entity : entities) text += (text.empty() ? "" : " ") + entity.text();
  return text;
}

struct Read {
  PrefixTable table;
  PrefixTableOrigin origin;
  Damage damage;
  std::string error;
};

Read read(std::string_view bytes) {
  Read out;
  MemorySource source(bytes);
  PrefixTable::Builder builder;
  const auto origin = read_prefix_table(source, "file", builder, out.damage);
  if (origin) {
    out.origin = *origin;
  } else {
    out.error = origin.error().message;
  }
  out.table = builder.build();
  return out;
}

TEST(PrefixTable, TheLongestPrefixDecidesAlone) {
  const Read r = read(
      "# as of 2022-01-04\n"
      "prefix,entity\n"
      "10.0.0.0/8,country:US\n"
      "10.1.0.0/16,asn:9198@country:KZ\n"
      "10.1.0.0/16,region:KZ-75\n"
      "2001:db8::/32,country:KZ\n");
  EXPECT_TRUE(r.damage.empty());
  EXPECT_EQ(r.origin.rows, 4u);
  EXPECT_EQ(r.origin.as_of, *parse_time("2022-01-04"));
  const auto find = [&](const char* text) { return names(r.table.find(*Prefix::parse(text))); };
  EXPECT_EQ(find("10.0.5.0/24"), "country:US");
  EXPECT_EQ(find("10.1.5.0/24"), "asn:9198@country:KZ country:KZ region:KZ-75");
  EXPECT_EQ(find("10.2.0.0/16"), "country:US");
  EXPECT_EQ(find("11.0.0.0/24"), "");
  EXPECT_EQ(find("2001:db8:5::/48"), "country:KZ");
  EXPECT_EQ(find("2001:db9::/48"), "");
}

TEST(PrefixTable, GivesThePiecesInsideAPrefix) {
  const Read r = read(
      "prefix,entity\n10.0.0.0/8,country:US\n10.1.0.0/16,country:KZ\n10.255.255.0/24,country:KZ\n");
  std::string pieces;
  r.table.for_each_piece(*Prefix::parse("10.0.0.0/7"),
                         [&](std::uint64_t first, std::uint64_t last, std::uint32_t set) {
                           pieces += IpAddress::v4(static_cast<std::uint32_t>(first)).text() + "-" +
                                     IpAddress::v4(static_cast<std::uint32_t>(last)).text() + " " +
                                     r.table.entities()[r.table.entities_of(set)[0]].text() + "; ";
                         });
  EXPECT_EQ(pieces,
            "10.0.0.0-10.0.255.255 country:US; 10.1.0.0-10.1.255.255 country:KZ; "
            "10.2.0.0-10.255.254.255 country:US; 10.255.255.0-10.255.255.255 country:KZ; ");
}

// Against the plainest possible answer: look at every row.
TEST(PrefixTable, AgreesWithASearchThroughAllRows) {
  std::mt19937_64 random(3);
  for (int round = 0; round < 30; ++round) {
    PrefixTable::Builder builder;
    std::vector<std::pair<Prefix, Entity>> rows;
    for (int i = 0; i < 200; ++i) {
      const bool six = i % 2 == 0;
      IpAddress address = six ? *IpAddress::parse("::") : IpAddress::v4(0);
      // Few distinct bytes, so that prefixes nest; the ends of the line are among them.
      for (std::size_t b = 0; b < (six ? 8u : 4u); ++b) {
        address.bytes[b] = static_cast<std::uint8_t>(random() % 3 == 0 ? 255 : random() % 4);
      }
      const Prefix prefix = *Prefix::make(address, 1 + random() % (six ? 64 : 32));
      const char letter = static_cast<char>('A' + random() % 5);
      const Entity entity = *Entity::parse(std::string("country:K") + letter);
      rows.emplace_back(prefix, entity);
      ASSERT_TRUE(builder.add(prefix, entity).ok());
    }
    const PrefixTable table = builder.build();
    for (int i = 0; i < 400; ++i) {
      Prefix probe = rows[random() % rows.size()].first;
      IpAddress address = probe.address();
      if (i % 2 == 1) address.bytes[random() % 4] ^= static_cast<std::uint8_t>(1 << random() % 8);
      probe = *Prefix::make(address, probe.family() == Family::v4 ? 32 : 64);
      unsigned longest = 0;
      std::vector<Entity> expected;
      for (const auto& [prefix, entity] : rows) {
        if (!prefix.contains(probe) || prefix.length() < longest) continue;
        if (prefix.length() > longest) expected.clear();
        longest = prefix.length();
        expected.push_back(entity);
      }
      std::sort(expected.begin(), expected.end());
      expected.erase(std::unique(expected.begin(), expected.end()), expected.end());
      ASSERT_EQ(names(table.find(probe)), names(expected)) << probe.text();
    }
  }
}

TEST(PrefixTable, CountsRowsThatCannotBeRead) {
  const Read r = read(
      "prefix,entity\n10.0.0.0/8,country:KZ\n10.0.0.0/33,country:KZ\nnonsense\n0.0.0.0/"
      "0,country:KZ\n"
      "11.0.0.0/8,planet:earth\n2001:db8::/65,country:KZ\n");
  EXPECT_EQ(r.origin.rows, 1u);
  EXPECT_EQ(r.damage.count(), 5u);
  EXPECT_EQ(read("").error, "file: no prefix in it");
}

TEST(PrefixTable, StopsAtItsLimit) {
  PrefixTable::Builder builder;
  const Entity entity = *Entity::parse("country:KZ");
  for (std::uint32_t i = 0; i < PrefixTable::kMaxRows; ++i) {
    ASSERT_TRUE(builder.add(*Prefix::make(IpAddress::v4(i << 8), 24), entity).ok());
  }
  const Status beyond = builder.add(*Prefix::parse("192.0.2.0/24"), entity);
  ASSERT_FALSE(beyond.ok());
  EXPECT_EQ(beyond.error().kind, ErrorKind::limit);
}

TEST(PrefixTable, IsRecognisedByItsContent) {
  EXPECT_TRUE(looks_like_prefix_table("prefix,entity\n10.0.0.0/8,country:KZ\n"));
  EXPECT_TRUE(looks_like_prefix_table("# made today\n\nprefix,entity,note\r\n"));
  EXPECT_FALSE(looks_like_prefix_table("time,entity,signal,value\n"));
  EXPECT_FALSE(looks_like_prefix_table("prefix,entity_kind\n"));
  EXPECT_FALSE(looks_like_prefix_table(""));
  EXPECT_EQ(country_of_list("country/kz/ipv4-aggregated.txt"), "kz");
  EXPECT_EQ(country_of_list("ipv6/kz.cidr"), "kz");
  EXPECT_EQ(country_of_list("country/kz/aggregated.json"), "");
  EXPECT_EQ(country_of_list("README.md"), "");
  EXPECT_EQ(country_of_list("ipv4/kaz.cidr"), "");
}

std::string gunzipped(const std::filesystem::path& path) {
  FILE* pipe = popen(("gzip -dc '" + path.string() + "'").c_str(), "r");
  std::string bytes;
  char chunk[65536];
  while (const std::size_t count = fread(chunk, 1, sizeof chunk, pipe)) bytes.append(chunk, count);
  pclose(pipe);
  return bytes;
}

TEST(PrefixTable, ReadsThePublishedListsOfAllCountries) {
  REQUIRE_DATA(rir, "enrich/rir-ip-20220104.tar.gz");
  REQUIRE_DATA(blocks, "enrich/country-ip-blocks-20200808.tar.gz");
  for (const auto& [path, day] : {std::pair(rir, "2022-01-04"), std::pair(blocks, "2020-08-07")}) {
    const std::string bytes = gunzipped(path);
    EXPECT_TRUE(looks_like_prefix_table(std::string_view(bytes).substr(0, 65536)));
    const Read r = read(bytes);
    EXPECT_TRUE(r.damage.empty());
    EXPECT_GT(r.origin.rows, 100'000u);
    EXPECT_EQ(format_time(*r.origin.as_of).substr(0, 10), day);
    EXPECT_EQ(names(r.table.find(*Prefix::parse("2.72.0.0/24"))), "country:KZ");
  }
}

TEST(Tar, SurvivesBeingCutAnywhereAndSaysSo) {
  REQUIRE_DATA(path, "enrich/country-ip-blocks-20200808.tar.gz");
  const std::string bytes = gunzipped(path).substr(0, 200'000);
  for (std::size_t size = 512; size < bytes.size(); size += 1999) {
    const Read r = read(std::string_view(bytes).substr(0, size));
    EXPECT_FALSE(r.damage.empty()) << size;
  }
  std::mt19937 random(5);
  for (int round = 0; round < 300; ++round) {
    std::string broken = bytes;
    for (int i = 0; i < 20; ++i) {
      broken[random() % broken.size()] ^= static_cast<char>(1 << random() % 8);
    }
    const Read r = read(broken);
    EXPECT_LE(r.origin.rows, 20'000u);
  }
}

}  // namespace
}  // namespace lightsout
