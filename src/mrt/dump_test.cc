// SPDX-License-Identifier: Apache-2.0
#include "mrt/dump.h"

#include <gtest/gtest.h>

#include <functional>

#include "core/test_data.h"
#include "mrt/test_archive.h"

namespace lightsout::mrt {
namespace {

struct Dumped {
  std::string text;
  DumpTotals totals;
  Damage damage;
};

Dumped dumped(const std::string& bytes, const DumpOptions& options) {
  Dumped out;
  MemorySource source{std::string_view(bytes)};
  const auto sink = [&](std::string_view piece) {
    out.text += piece;
    return true;
  };
  const auto totals = dump(source, options, sink, out.damage, "file");
  if (totals) out.totals = *totals;
  return out;
}

Dumped dumped(const std::string& bytes, DumpFormat format) {
  return dumped(bytes, DumpOptions{.format = format});
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
    {"samples/bird_bgp.985f1e.mrt", 38,
     "add-path prefixes in a record that does not say so: bgpdump reads nonsense, we the prefixes"},
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
  const auto totals = dump(source, {}, [](std::string_view) { return true; }, damage, "bird.conf");
  ASSERT_FALSE(totals.ok());
  EXPECT_EQ(totals.error().message, "bird.conf: no MRT record in it, 46 bytes passed over");
}

// A table with a flipped bit now and then, and updates: fast lines, slow lines, damage.
TEST(Dump, MakesTheSameTextAndDamageOnAnyNumberOfThreads) {
  for (const char* name : {"mrt/ris.updates.20100722.2015.gz", "mrt/rib6.20150922.1200.bz2"}) {
    REQUIRE_DATA(path, name);
    std::string bytes = archive_bytes(path).substr(0, 4'000'000);
    for (std::size_t at = 5000; at < bytes.size(); at += 50'021) bytes[at] ^= 4;
    for (const DumpFormat format : {DumpFormat::bgpdump, DumpFormat::jsonl, DumpFormat::text}) {
      const Dumped one = dumped(bytes, {.format = format, .threads = 1});
      for (const unsigned threads : {2u, 8u}) {
        const Dumped many = dumped(bytes, {.format = format, .threads = threads});
        EXPECT_TRUE(one.text == many.text) << name;
        EXPECT_EQ(one.totals.lines, many.totals.lines);
        EXPECT_EQ(one.totals.unsupported, many.totals.unsupported);
        EXPECT_EQ(one.damage.count(), many.damage.count());
        ASSERT_EQ(one.damage.parts().size(), many.damage.parts().size());
        for (std::size_t i = 0; i < one.damage.parts().size(); ++i) {
          EXPECT_EQ(one.damage.parts()[i].offset, many.damage.parts()[i].offset);
          EXPECT_EQ(one.damage.parts()[i].reason, many.damage.parts()[i].reason);
        }
      }
    }
  }
}

TEST(Dump, EndsWhenTheSinkWantsNoMore) {
  REQUIRE_DATA(path, "mrt/oracle/rib2010.mrt.gz");
  const std::string bytes = archive_bytes(path);
  for (const unsigned threads : {1u, 3u}) {
    MemorySource source{std::string_view(bytes)};
    Damage damage;
    int pieces = 0;
    const auto sink = [&](std::string_view) { return ++pieces < 3; };
    const auto totals = dump(source, {.threads = threads}, sink, damage, "file");
    ASSERT_TRUE(totals.ok());
    EXPECT_TRUE(totals->stopped);
    EXPECT_EQ(pieces, 3);
    EXPECT_LT(totals->records, 100'000u);
  }
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

struct Filtered {
  FilterWords words;
  std::function<bool(const std::vector<std::string>&)> keeps;  // of the fields of a line
};

// What a filter leaves is what a plain look at the fields of each line leaves.
TEST(Dump, FiltersAsALookAtTheLinesWould) {
  REQUIRE_DATA(path, "mrt/ris.updates.20100722.2015.gz");
  const std::string bytes = archive_bytes(path);
  const auto fields_of = [](const std::string& line) {
    std::vector<std::string> fields(1);
    for (const char c : line) {
      if (c == '|') {
        fields.emplace_back();
      } else {
        fields.back() += c;
      }
    }
    return fields;
  };
  const auto announced = [](const std::vector<std::string>& f) { return f[2] == "A"; };
  const std::vector<std::string> all = lines_of(dumped(bytes, DumpFormat::bgpdump).text);
  const Filtered cases[] = {
      {{.types = {"withdraw"}}, [](const auto& f) { return f[2] == "W"; }},
      {{.types = {"!announce"}}, [](const auto& f) { return f[2] != "A"; }},
      {{.types = {"state"}}, [](const auto& f) { return f[2] == "STATE"; }},
      {{.peers = {"AS13237"}}, [](const auto& f) { return f[4] == "13237"; }},
      {{.peers = {"!AS13237"}}, [](const auto& f) { return f[4] != "13237"; }},
      {{.origins = {"22047"}},
       [&](const auto& f) { return announced(f) && (" " + f[6]).ends_with(" 22047"); }},
      {{.origins = {"!22047"}},
       [&](const auto& f) { return !announced(f) || !(" " + f[6]).ends_with(" 22047"); }},
      {{.paths = {"_3356_"}},
       [&](const auto& f) {
         return announced(f) && (" " + f[6] + " ").find(" 3356 ") != std::string::npos;
       }},
      {{.communities = {"3356:*"}},
       [&](const auto& f) {
         return announced(f) && (" " + f[11]).find(" 3356:") != std::string::npos;
       }},
  };
  for (const Filtered& c : cases) {
    std::vector<std::string> expected;
    for (const std::string& line : all) {
      if (c.keeps(fields_of(line))) expected.push_back(line);
    }
    Result<Filter> filter = Filter::make(c.words);
    ASSERT_TRUE(filter.ok());
    EXPECT_FALSE(expected.empty()) << &c - cases;
    EXPECT_EQ(lines_of(dumped(bytes, {.filter = *filter}).text), expected) << &c - cases;
  }
}

TEST(Dump, TextForPeopleFitsEightyColumns) {
  REQUIRE_DATA(path, "mrt/ris.updates.20100722.2015.gz");
  const Dumped ours = dumped(archive_bytes(path), DumpFormat::text);
  std::size_t routes = 0;
  for (const std::string& line : lines_of(ours.text)) {
    EXPECT_LE(line.size(), 80u) << line;
    routes += line[0] != ' ';
  }
  EXPECT_EQ(routes, ours.totals.lines);
}

}  // namespace
}  // namespace lightsout::mrt
