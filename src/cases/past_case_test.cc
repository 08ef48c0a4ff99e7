// SPDX-License-Identifier: Apache-2.0
#include "cases/past_case.h"

#include <gtest/gtest.h>

#include <map>

#include "cases/embedded.h"

namespace lightsout {
namespace {

const std::string kWhole =
    "case kz-2022-01\ntitle Kazakhstan\nentity country:KZ\nfamily crisis\nbecause protests\n"
    "cause deliberate\ntrigger protest\noffset +6\nleft 5%\n"
    "cut 2022-01-05T10:45Z 2022-01-05T17:30Z left 2%\ncut 2022-01-05T22:00Z unknown\n"
    "saw routes stood\nsaw probing fell 90%\nmobile first\nonset together\nreturn waves\n"
    "source NetBlocks\nsource Cloudflare\n";

TEST(PastCase, HoldsWhatTheFileSays) {
  const auto read = parse_cases("# a comment\n\n" + kWhole, "x.case");
  ASSERT_TRUE(read.ok()) << read.error().message;
  ASSERT_EQ(read->size(), 1u);
  const PastCase& one = read->front();
  EXPECT_EQ(one.entity.text(), "country:KZ");
  EXPECT_EQ(one.family, CaseFamily::crisis);
  EXPECT_EQ(one.offset, Seconds{6 * 3600});
  ASSERT_EQ(one.cuts.size(), 2u);
  EXPECT_EQ(one.cuts[0].left, 0.02);
  EXPECT_FALSE(one.cuts[1].end);
  EXPECT_EQ(one.cuts[1].left, 0.05) << "what remained in all cuts that do not say";
  EXPECT_FALSE(one.saw[0]->fell);
  EXPECT_EQ(one.saw[1]->lost, 0.9);
  EXPECT_FALSE(one.saw[2]) << "nobody spoke of the telescope";
  EXPECT_EQ(one.mobile, MobileRole::first);
  EXPECT_EQ(one.back, Together::waves);
  EXPECT_EQ(one.sources.size(), 2u);
}

struct Refused {
  const char* name;
  std::string from;
  std::string to;
  const char* because;
};

TEST(PastCase, SaysWhichLineCannotBeRead) {
  const Refused kCases[] = {
      {"no case", "case kz-2022-01\n", "", "line 1 stands before the first 'case'"},
      {"capitals", "kz-2022-01", "KZ", "line 1 needs a name"},
      {"no reason", "because protests\n", "", "no line 'because'"},
      {"no source", "source NetBlocks\nsource Cloudflare\n", "", "no line 'source'"},
      {"no time",
       "cut 2022-01-05T10:45Z 2022-01-05T17:30Z left 2%\ncut 2022-01-05T22:00Z unknown\n", "",
       "says no time"},
      {"unknown word", "mobile first", "movable first", "line 14 begins with 'movable'"},
      {"unknown family", "family crisis", "family other", "line 4 holds 'other'"},
      {"bad offset", "+6", "6", "line 8 needs an offset"},
      {"far offset", "+6", "+15", "line 8 needs an offset"},
      {"bad share", "left 2%", "left 2", "line 10 needs a share"},
      {"share above all", "left 2%", "left 101%", "line 10 needs a share"},
      {"ends first", "2022-01-05T17:30Z", "2022-01-05T10:45Z", "line 10 ends before it begins"},
      {"out of order", "2022-01-05T22:00Z", "2022-01-05T17:00Z", "line 11 does not come after"},
      {"twice", "mobile first", "offset +5", "line 14 says 'offset' a second time"},
      {"plane twice", "saw probing fell 90%", "saw routes fell", "line 13 says a second time"},
      {"stood with a share", "saw routes stood", "saw routes stood 3%", "line 12 needs a share"},
      {"control character", "NetBlocks",
       "Net\x01"
       "Blocks",
       "line 17 holds control characters"},
  };
  for (const Refused& one : kCases) {
    std::string text = kWhole;
    const std::size_t at = text.find(one.from);
    ASSERT_NE(at, std::string::npos) << one.name;
    text.replace(at, one.from.size(), one.to);
    const auto read = parse_cases(text, "x.case");
    ASSERT_FALSE(read.ok()) << one.name;
    EXPECT_NE(read.error().message.find(one.because), std::string::npos)
        << one.name << ": " << read.error().message;
  }
  EXPECT_FALSE(parse_cases(kWhole + kWhole, "x.case").ok()) << "one name, two cases";
}

TEST(PastCase, LimitsHoldAtTheLimitAndNotOnePastIt) {
  const auto with_cuts = [](std::size_t cuts) {
    std::string text =
        "case a\ntitle a\nentity country:KZ\nfamily exam\nbecause b\ncause unknown\nsource s\n";
    Time begin = *parse_time("2020-01-01");
    for (std::size_t i = 0; i < cuts; ++i, begin += Seconds{3600}) {
      text += "cut " + format_time(begin) + " " + format_time(begin + Seconds{1800}) + "\n";
    }
    return parse_cases(text, "x.case");
  };
  EXPECT_TRUE(with_cuts(kMaxCuts).ok());
  ASSERT_FALSE(with_cuts(kMaxCuts + 1).ok());
  EXPECT_EQ(with_cuts(kMaxCuts + 1).error().kind, ErrorKind::limit);

  const auto with_cases = [](std::size_t cases) {
    std::string text;
    for (std::size_t i = 0; i < cases; ++i) {
      text += "case a" + std::to_string(i) +
              "\ntitle a\nentity country:KZ\nfamily exam\nbecause b\ncause unknown\n"
              "days 2020-01-01 unknown\nsource s\n";
    }
    return parse_cases(text, "x.case");
  };
  EXPECT_EQ(with_cases(kMaxCases)->size(), kMaxCases);
  ASSERT_FALSE(with_cases(kMaxCases + 1).ok());
  EXPECT_EQ(with_cases(kMaxCases + 1).error().kind, ErrorKind::limit);

  const auto with_sources = [](std::size_t more) {
    std::string text = kWhole;
    for (std::size_t i = 0; i < more; ++i) text += "source s\n";
    return parse_cases(text, "x.case");
  };
  EXPECT_TRUE(with_sources(kMaxCaseSources - 2).ok());
  EXPECT_FALSE(with_sources(kMaxCaseSources - 1).ok());

  const auto with_line = [](std::size_t bytes) {
    return parse_cases(kWhole + "event " + std::string(bytes - 6, 'e') + "\n", "x.case");
  };
  EXPECT_TRUE(with_line(kMaxCaseLine).ok());
  EXPECT_FALSE(with_line(kMaxCaseLine + 1).ok());

  EXPECT_TRUE(parse_cases(std::string(kMaxCaseFile, '\n'), "x.case").ok());
  EXPECT_FALSE(parse_cases(std::string(kMaxCaseFile + 1, '\n'), "x.case").ok());
}

TEST(PastCase, CutAnywhereAFileIsReadOrRefusedWithALine) {
  for (std::size_t size = 0; size <= kWhole.size(); ++size) {
    const auto read = parse_cases(kWhole.substr(0, size), "x.case");
    if (!read) EXPECT_EQ(read.error().message.rfind("x.case: ", 0), 0u);
  }
}

TEST(Library, EveryFileReadsAndEveryCaseHasAReasonAndASource) {
  std::size_t files = 0;
  for (const EmbeddedFile& file : embedded_files()) {
    if (!file.name.ends_with(".case")) continue;
    ++files;
    const auto read = parse_cases(file.text, file.name);
    EXPECT_TRUE(read.ok()) << read.error().message;
  }
  EXPECT_EQ(files, kFamilies);
  std::map<CaseFamily, std::size_t> members;
  for (const PastCase& one : built_in_cases()) {
    ++members[one.family];
    EXPECT_GE(one.because.size(), 20u) << one.name;
    EXPECT_TRUE(one.offset) << one.name;
  }
  EXPECT_GE(built_in_cases().size(), 60u);
  for (const auto& [family, count] : members) EXPECT_GE(count, 4u) << name_of(family);
  EXPECT_EQ(members.size(), kFamilies);
}

}  // namespace
}  // namespace lightsout
