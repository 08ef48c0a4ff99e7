// SPDX-License-Identifier: Apache-2.0
#include "mrt/dump.h"

#include <gtest/gtest.h>

#include "core/test_data.h"
#include "mrt/test_archive.h"

namespace lightsout::mrt {
namespace {

struct Dumped {
  std::string text;
  DumpTotals totals;
  Damage damage;
};

Dumped dumped(const std::string& bytes, DumpFormat format) {
  Dumped out;
  MemorySource source{std::string_view(bytes)};
  const auto totals =
      dump(source, format, [&](std::string_view piece) { out.text += piece; }, out.damage, "file");
  if (totals) out.totals = *totals;
  return out;
}

// The first line that differs, for a message that a person can read.
std::string first_difference(const std::string& ours, const std::string& theirs) {
  std::size_t line = 1, a = 0, b = 0;
  while (a < ours.size() || b < theirs.size()) {
    const std::size_t a_end = std::min(ours.find('\n', a), ours.size());
    const std::size_t b_end = std::min(theirs.find('\n', b), theirs.size());
    const std::string x = a < ours.size() ? ours.substr(a, a_end - a) : "(nothing)";
    const std::string y = b < theirs.size() ? theirs.substr(b, b_end - b) : "(nothing)";
    if (x != y) return "line " + std::to_string(line) + "\n  ours   " + x + "\n  theirs " + y;
    a = a_end + 1;
    b = b_end + 1;
    ++line;
  }
  return "";
}

const char* const kGoldens[] = {
    "edge.bview.64k_stream_overflow.gz",
    "edge.bview.ipv4_unicast_add_path.gz",
    "edge.bview.ipv6_unicast_add_path.gz",
    "edge.updates.long_withdrawal.gz",
    "edge.updates.nlri_mask_trailing_bits.gz",
    "et.updates.20151023.0201.gz",
    "ris.bview.20020722.2337.gz",
    "ris.updates.20020722.2238.gz",
    "ris.updates.20071015.1505.gz",
    "ris.updates.20100722.2015.gz",
};

TEST(Dump, IsTheTextOfBgpdumpLineByLine) {
  for (const char* name : kGoldens) {
    REQUIRE_DATA(input, std::string("mrt/") + name);
    REQUIRE_DATA(golden, std::string("mrt/golden-bgpdump-m/") + name + ".txt.gz");
    const Dumped ours = dumped(archive_bytes(input), DumpFormat::bgpdump);
    EXPECT_EQ(first_difference(ours.text, archive_bytes(golden)), "") << name;
  }
}

struct Compared {
  const char* name;
  std::size_t different_lines;
  const char* why;
};

// Beside the program itself: what differs is written down with its reason, or it is a fault.
const Compared kCompared[] = {
    {"rv-jinx.updates.20150401.0000.bz2", 0, ""},
    {"rrc15.updates.20100227.1600.gz", 0, ""},
    {"rrc06.updates.20140530.2215.gz", 0, ""},
    {"rrc06-20210102/rrc06.updates.20210102.0720.gz", 0, ""},
    {"updates.20240914.2230.bz2", 0, ""},
    {"updates.20260222.1530.bz2", 0, ""},
    {"samples/quagga_rib.1b5acf.mrt", 0, ""},
    {"samples/quagga_bgp.85ca98.mrt", 0, ""},
    {"samples/openbgpd_bgp.dcb481.mrt", 0, ""},
    {"samples/bird-mrtdump_rib.a82b37.mrt", 0, ""},
    {"edge.updates.nlri_mask_trailing_bits.gz", 2, "bgpdump 1.6.2 keeps host bits: 11.13.0.0/13"},
    {"samples/bird_bgp.985f1e.mrt", 12,
     "add-path prefixes in a record that does not say so: both read nonsense, we count it"},
};

std::size_t different_lines(const std::string& ours, const std::string& theirs) {
  std::map<std::string, int> count;
  const auto add = [&](const std::string& text, int sign) {
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      count[text.substr(at, end - at)] += sign;
      at = end + 1;
    }
  };
  add(ours, 1);
  add(theirs, -1);
  std::size_t different = 0;
  for (const auto& [line, times] : count) different += static_cast<std::size_t>(std::abs(times));
  return different;
}

TEST(Dump, DiffersFromTheInstalledBgpdumpOnlyWhereItIsExplained) {
  if (output_of("command -v bgpdump").empty()) GTEST_SKIP() << "needs the program bgpdump";
  for (const Compared& c : kCompared) {
    REQUIRE_DATA(path, std::string("mrt/") + c.name);
    const std::string theirs = output_of("bgpdump -m '" + path.string() + "' 2>/dev/null");
    const Dumped ours = dumped(archive_bytes(path), DumpFormat::bgpdump);
    EXPECT_EQ(different_lines(ours.text, theirs), c.different_lines) << c.name << ": " << c.why;
  }
}

// A file whose lengths do not count the microseconds: bgpdump loses its way after the first record.
TEST(Dump, ReadsTheOldFormOfExtendedTimestampsToTheEnd) {
  REQUIRE_DATA(path, "mrt/edge.et-header.older-version.gz");
  const Dumped ours = dumped(archive_bytes(path), DumpFormat::bgpdump);
  EXPECT_EQ(ours.totals.records, 14u);
  EXPECT_EQ(ours.totals.lines, 159u);
  EXPECT_TRUE(ours.damage.empty());
  const std::string theirs = output_of("bgpdump -m '" + path.string() + "' 2>/dev/null");
  EXPECT_TRUE(ours.text.starts_with(theirs));
}

TEST(Dump, SaysInJsonWhatTheLinesLeaveOut) {
  REQUIRE_DATA(path, "mrt/samples/quagga_bgp_large_communities.6718ed.mrt");
  const Dumped ours = dumped(archive_bytes(path), DumpFormat::jsonl);
  EXPECT_EQ(ours.totals.lines, 5u);
  EXPECT_EQ(ours.text.substr(0, ours.text.find('\n')),
            "{\"kind\":\"announce\",\"time\":1478453687,\"peer\":\"192.0.2.2\",\"peer_asn\":65536,"
            "\"prefix\":\"203.0.113.16/32\",\"path\":[65536],\"origin\":\"igp\","
            "\"next_hop\":\"192.0.2.2\","
            "\"large_communities\":[[65535,1,1],[4294967295,4294967295,4294967295]]}");
}

TEST(Dump, SurvivesEveryByteOfRealFilesBroken) {
  for (const char* name : {"mrt/samples/bird_bgp.985f1e.mrt", "mrt/samples/quagga_rib.1b5acf.mrt",
                           "mrt/samples/openbgpd_rib_table.14b6f0.mrt",
                           "mrt/samples/quagga_bgp_large_communities.6718ed.mrt"}) {
    REQUIRE_DATA(path, name);
    const std::string whole = archive_bytes(path);
    const std::uint64_t lines = dumped(whole, DumpFormat::bgpdump).totals.lines;
    for (std::size_t at = 0; at < whole.size(); ++at) {
      std::string broken = whole;
      broken[at] = static_cast<char>(broken[at] ^ 1 << at % 8);
      const Dumped ours = dumped(broken, at % 2 == 0 ? DumpFormat::bgpdump : DumpFormat::jsonl);
      // A flipped bit can make a few prefixes out of one attribute, never a flood.
      ASSERT_LE(ours.totals.lines, lines + 64) << name << " byte " << at;
    }
  }
}

TEST(Dump, RefusesWhatIsNotMrt) {
  Damage damage;
  MemorySource source(std::string_view("log { all }; protocol bgp { local as 65000; };"));
  const auto totals =
      dump(source, DumpFormat::bgpdump, [](std::string_view) {}, damage, "bird.conf");
  ASSERT_FALSE(totals.ok());
  EXPECT_EQ(totals.error().message, "bird.conf: no MRT record in it, 46 bytes passed over");
}

}  // namespace
}  // namespace lightsout::mrt
