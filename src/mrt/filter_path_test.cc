// SPDX-License-Identifier: Apache-2.0
#include "mrt/filter_path.h"

#include <gtest/gtest.h>

#include <random>
#include <regex>

namespace lightsout::mrt {
namespace {

struct MatchCase {
  const char* pattern;
  const char* path;
  bool matches;
};

const MatchCase kMatchCases[] = {
    {"_9198_", "64500 9198 174", true},
    {"_9198_", "64500 91980 174", false},
    {"_9198_", "9198", true},
    {"_9198_", "64500 {9198,3}", true},
    {"_9198_", "(9198 5) 3", true},
    {"9198", "64500 91980", true},
    {"_9198$", "64500 9198", true},
    {"_9198$", "9198 64500", false},
    {"^9198_", "9198 64500", true},
    {"^9198$", "9198", true},
    {"^$", "", true},
    {"^$", "1", false},
    {"", "", true},
    {"", "1 2", true},
    {"_", "", true},
    {"^_1_$", "1", true},  // a border may be the begin itself
    {"_1__2_", "1 2", false},
    {"^[0-9]+$", "64500", true},
    {"^[0-9]+$", "64500 1", false},
    {"^[0-9]+ [0-9]+$", "64500 1", true},
    {"_(174|3356)_", "1 3356 2", true},
    {"_(174|3356)_", "1 3357 2", false},
    {"^(1 )*2$", "1 1 1 2", true},
    {"^(1 )+2$", "2", false},
    {"^(1 )?2$", "2", true},
    {"^1.*3$", "1 2 3", true},
    {"[^0-9]", "12", false},
    {"[^0-9]", "1 2", true},
    {"\\{3", "1 {3,4}", true},
    {"{3", "1 {3,4}", true},
    {"\\(5", "(5 6)", true},
    {"a|1", nullptr, false},
    {"()", "1", true},
    {"(|5)_", "1", true},
    {"((1*)*)*$", "1111", true},
};

TEST(PathPattern, MatchesAsOnARouter) {
  for (const MatchCase& c : kMatchCases) {
    Result<PathPattern> pattern = PathPattern::compile(c.pattern);
    ASSERT_EQ(pattern.ok(), c.path != nullptr) << c.pattern;
    if (c.path == nullptr) continue;
    EXPECT_EQ(pattern->matches(c.path), c.matches) << c.pattern << " on " << c.path;
    EXPECT_EQ(pattern->matches(c.path), c.matches) << "asked again: " << c.pattern;
  }
}

struct BadCase {
  const char* pattern;
  const char* says;
};

const BadCase kBadCases[] = {
    {"(1", "a '(' without its ')', at character 3"},
    {"1)", "a ')' without its '(', at character 2"},
    {"[1", "a '[' without its ']', at character 3"},
    {"*1", "nothing stands before '*' that could be repeated, at character 1"},
    {"1|+", "nothing stands before '+' that could be repeated, at character 3"},
    {"AS1", "no AS path has the character 'A', at character 1"},
    {"1\\", "a '\\' at the end, at character 3"},
    {"[9-1]", "'[...]' takes digits, ranges of digits, and \" ,{}()[\", at character 2"},
};

TEST(PathPattern, SaysWhatIsWrongWithAPattern) {
  for (const BadCase& c : kBadCases) {
    const Result<PathPattern> pattern = PathPattern::compile(c.pattern);
    ASSERT_FALSE(pattern.ok()) << c.pattern;
    EXPECT_EQ(pattern.error().message,
              std::string("AS path pattern '") + c.pattern + "': " + c.says);
    EXPECT_EQ(pattern.error().kind, ErrorKind::usage);
  }
}

TEST(PathPattern, HasALengthAndADepth) {
  EXPECT_TRUE(PathPattern::compile(std::string(PathPattern::kMaxPattern, '1')).ok());
  EXPECT_FALSE(PathPattern::compile(std::string(PathPattern::kMaxPattern + 1, '1')).ok());
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '(') + "1" + std::string(depth, ')');
  };
  EXPECT_TRUE(PathPattern::compile(nested(PathPattern::kMaxNesting)).ok());
  EXPECT_FALSE(PathPattern::compile(nested(PathPattern::kMaxNesting + 1)).ok());
}

// What makes others explode: nested repetition, and states that double with each character.
TEST(PathPattern, HostilePatternsStayCheap) {
  std::string doubling = "1";
  for (int i = 0; i < 200; ++i) doubling += "[01]";
  std::mt19937 random(1);
  std::string path;
  for (int i = 0; i < 2000; ++i) path += random() % 2 == 0 ? '0' : '1';
  for (const std::string& text :
       {doubling, std::string("((((0|1)*)*)*)*2"), std::string("(0*1*)*(0*1*)*(0*1*)*3")}) {
    Result<PathPattern> pattern = PathPattern::compile(text);
    ASSERT_TRUE(pattern.ok());
    pattern->matches(path);
    EXPECT_LE(pattern->states(), PathPattern::kMaxStates);
  }
}

// Against another engine, on patterns and paths drawn at random. `_` is spelled out for it.
TEST(PathPattern, AgreesWithAnotherEngine) {
  std::mt19937 random(2);
  const char* const kPieces[] = {"1",  "2",     "12", "_", ".", "[1-2]", "(1|2)",
                                 "1*", "(12)+", "2?", " ", "|", "^",     "$"};
  const char* const kWords[] = {"1", "2", "12", "21", "{1,2}", "121"};
  int matched = 0;
  for (int round = 0; round < 3000; ++round) {
    std::string ours, theirs;
    for (unsigned i = 0; i < 1 + random() % 6; ++i) {
      const std::string piece = kPieces[random() % std::size(kPieces)];
      ours += piece;
      theirs += piece == "_" ? "(?:^|$|[ ,{}])" : piece;
    }
    const bool possible = ours.find("*+") == std::string::npos;
    if (!possible) continue;
    std::string path;
    for (unsigned i = 0; i < random() % 4; ++i) {
      path += (path.empty() ? "" : " ") + std::string(kWords[random() % std::size(kWords)]);
    }
    Result<PathPattern> pattern = PathPattern::compile(ours);
    ASSERT_TRUE(pattern.ok()) << ours;
    const bool expected = std::regex_search(path, std::regex(theirs));
    EXPECT_EQ(pattern->matches(path), expected) << ours << " on '" << path << "'";
    matched += expected;
  }
  EXPECT_GT(matched, 500);
}

}  // namespace
}  // namespace lightsout::mrt
