// Beside the program itself: `bgpdump -m` of Debian (1.6.2) on every MRT file of the data folder.
// Each difference belongs to a class of docs/formats/mrt-bgpdump.md, with its file, its numbers of
// lines and a rule that the lines must obey; whatever is not explained there fails.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "app/command_testing.h"
#include "core/test_data.h"
#include "mrt/test_archive.h"
#include "net/prefix.h"

namespace lightsout {
namespace {

using Lines = std::vector<std::string>;
using Fields = std::vector<std::string>;

Fields fields_of(const std::string& line) {
  Fields fields(1);
  for (const char c : line) {
    if (c == '|') {
      fields.emplace_back();
    } else {
      fields.back() += c;
    }
  }
  return fields;
}

std::string joined(const Fields& fields) {
  std::string line;
  for (std::size_t i = 0; i < fields.size(); ++i) line += (i > 0 ? "|" : "") + fields[i];
  return line;
}

template <typename Change>
Lines changed(const Lines& lines, Change change) {
  Lines out;
  for (const std::string& line : lines) {
    Fields fields = fields_of(line);
    change(fields);
    out.push_back(joined(fields));
  }
  std::sort(out.begin(), out.end());
  return out;
}

constexpr std::size_t kKind = 2, kPeer = 3, kPrefix = 5, kCommunities = 11, kAggregator = 13;

// The rules. Each sees only the lines that differ, sorted.

bool theirs_keep_host_bits(const Lines& ours, const Lines& theirs) {
  return ours == changed(theirs, [](Fields& fields) {
           const Result<Prefix> prefix = Prefix::parse(fields[kPrefix]);
           if (prefix) fields[kPrefix] = prefix->text();
         });
}

bool theirs_stop_early(const Lines& ours, const Lines& theirs) {
  return theirs.empty() && !ours.empty();
}

// Type 5: no field for communities, and a withdrawal names the peer in place of the prefix.
bool theirs_mix_up_fields(const Lines& ours, const Lines& theirs) {
  return changed(theirs, [](Fields&) {}) == changed(ours, [](Fields& fields) {
           if (fields[kKind] == "W") {
             const std::size_t slash = fields[kPrefix].find('/');
             fields[kPrefix] = fields[kPeer] + fields[kPrefix].substr(slash);
           } else {
             if (!fields[kCommunities].empty()) fields[kPrefix] = "not as in 1999";
             fields.erase(fields.begin() + kCommunities);
           }
         });
}

// Path ids read as prefixes: the same messages, but the prefixes of ours are real.
bool theirs_read_path_ids(const Lines& ours, const Lines& theirs) {
  const auto messages = [](const Lines& lines) {
    std::set<std::string> set;
    for (const std::string& line : lines) {
      Fields fields = fields_of(line);
      fields[kPrefix] = "";
      set.insert(joined(fields));
    }
    return set;
  };
  const bool real = std::all_of(ours.begin(), ours.end(), [](const std::string& line) {
    return !fields_of(line)[kPrefix].ends_with("/0");
  });
  return real && messages(ours) == messages(theirs);
}

bool theirs_make_up_an_aggregator(const Lines& ours, const Lines& theirs) {
  return ours == changed(theirs, [](Fields& fields) { fields[kAggregator] = ""; });
}

struct Explained {
  const char* file;
  bool (*rule)(const Lines& ours, const Lines& theirs);
  std::size_t ours;    // lines that only we have
  std::size_t theirs;  // and only they
};

const Explained kExplained[] = {
    {"edge.et-header.older-version.gz", theirs_stop_early, 80, 0},
    {"edge.updates.nlri_mask_trailing_bits.gz", theirs_keep_host_bits, 1, 1},
    {"rrc00.bview.20000111.0032.gz", theirs_stop_early, 452'017, 0},
    {"rrc00.updates.19990903.1041.gz", theirs_mix_up_fields, 65'311, 65'311},
    {"samples/bird6_bgp.7204e0.mrt", theirs_read_path_ids, 14, 32},
    {"samples/bird_bgp.44b38c.mrt", theirs_read_path_ids, 14, 24},
    {"samples/bird_bgp.985f1e.mrt", theirs_read_path_ids, 14, 24},
    {"samples/openbgpd_rib_table-mp.a3a843.mrt", theirs_stop_early, 31, 0},
    {"samples/openbgpd_rib_table.14b6f0.mrt", theirs_make_up_an_aggregator, 1, 1},
};

Lines sorted_lines(const std::string& text) {
  Lines lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

struct Difference {
  Lines ours, theirs;
};

Difference difference_of(const std::string& ours, const std::string& theirs) {
  Difference difference;
  if (ours == theirs) return difference;
  const Lines a = sorted_lines(ours), b = sorted_lines(theirs);
  std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(difference.ours));
  std::set_difference(b.begin(), b.end(), a.begin(), a.end(),
                      std::back_inserter(difference.theirs));
  return difference;
}

// As the program prints it, with its own decompression: two of the files end in a torn block.
std::string text_of(const CommandFolder& commands, const std::filesystem::path& path) {
  return commands.run("mrt dump --quiet '" + path.string() + "'").out;
}

// Every archive below mrt/, by name: not the texts and answers that lie beside them.
std::vector<std::string> archives_in(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    const std::string name = std::filesystem::relative(entry.path(), folder).string();
    if (entry.is_regular_file() && name.find(".txt.gz") == std::string::npos) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

TEST(DumpBesideBgpdump, DiffersOnNoFileButWhereItIsExplained) {
  if (mrt::output_of("command -v bgpdump").empty()) GTEST_SKIP() << "needs the program bgpdump";
  REQUIRE_DATA(folder, "mrt");
  const CommandFolder commands;
  std::size_t explained = 0;
  const std::vector<std::string> names = archives_in(folder);
  EXPECT_GT(names.size(), 70u);
  for (const std::string& name : names) {
    const std::filesystem::path path = folder / name;
    const Difference difference = difference_of(
        text_of(commands, path), mrt::output_of("bgpdump -m '" + path.string() + "' 2>/dev/null"));
    const auto* found = std::find_if(std::begin(kExplained), std::end(kExplained),
                                     [&](const Explained& e) { return name == e.file; });
    if (found == std::end(kExplained)) {
      EXPECT_TRUE(difference.ours.empty()) << name << ": " << difference.ours.front();
      EXPECT_TRUE(difference.theirs.empty()) << name << ": " << difference.theirs.front();
      continue;
    }
    ++explained;
    EXPECT_EQ(difference.ours.size(), found->ours) << name;
    EXPECT_EQ(difference.theirs.size(), found->theirs) << name;
    EXPECT_TRUE(found->rule(difference.ours, difference.theirs)) << name;
  }
  EXPECT_EQ(explained, std::size(kExplained));
}

}  // namespace
}  // namespace lightsout
