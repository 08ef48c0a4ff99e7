// What a command line may say, and what is answered to one that says something else.
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "app/command_testing.h"
#include "app/run.h"
#include "app/version.h"

namespace lightsout {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr std::size_t kColumns = 80;

std::size_t longest_line(const std::string& text) {
  std::istringstream lines(text);
  std::size_t longest = 0;
  for (std::string line; std::getline(lines, line);) longest = std::max(longest, line.size());
  return longest;
}

TEST(CommandLine, EveryHelpHasAnExampleOfTheCommandAndFits80Columns) {
  const CommandFolder folder;
  for (const Command& command : all_commands()) {
    const std::string name(command.name);
    const Ran ran = folder.run(name + " --help");
    EXPECT_EQ(ran.code, kOk) << name;
    EXPECT_EQ(ran.err, "") << name;
    const std::size_t examples = ran.out.find("Examples:");
    ASSERT_NE(examples, std::string::npos) << name;
    EXPECT_NE(ran.out.find("lightsout " + name + " ", examples), std::string::npos) << name;
    EXPECT_THAT(ran.out, HasSubstr("Exit codes:")) << name;
    EXPECT_LE(longest_line(ran.out), kColumns) << name << "\n" << ran.out;
  }
}

TEST(CommandLine, TheHelpOfAllNamesEachCommand) {
  const CommandFolder folder;
  const std::string help = folder.run("--help").out;
  EXPECT_LE(longest_line(help), kColumns) << help;
  for (const Command& command : all_commands()) {
    const std::string first(command.name.substr(0, command.name.find(' ')));
    EXPECT_THAT(help, HasSubstr("\n  " + first + " "));
  }
  for (const char* group : {"incident", "mrt"}) {
    const Ran ran = folder.run(std::string(group) + " --help");
    EXPECT_EQ(ran.code, kOk) << group;
    EXPECT_LE(longest_line(ran.out), kColumns) << ran.out;
  }
}

TEST(CommandLine, SaysItsVersion) {
  const Ran ran = CommandFolder().run("--version");
  EXPECT_EQ(ran.code, kOk);
  EXPECT_EQ(ran.out, std::string("lightsout ") + kVersion + "\n");
}

TEST(CommandLine, WrongUsageIsOneSentenceThatNamesItAndExitCode2) {
  const struct {
    const char* line;
    const char* named;  // what the sentence must hold
  } cases[] = {
      {"", "subcommand"},
      {"invstigate country:KZ", "invstigate"},
      {"incident", "subcommand"},
      {"incident delete x", "delete"},
      {"investigate", "ENTITY"},
      {"investigate Kazakhstan --input a.csv", "Kazakhstan"},
      {"investigate country:KZ --input a.csv --frm 2022-01-05", "--frm"},
      {"investigate country:KZ --input a.csv --from yesterday", "yesterday"},
      {"investigate country:KZ --input a.csv --from", "--from"},
      {"investigate country:KZ --input a.csv --format pdf", "pdf"},
      {"investigate country:KZ --input a.csv --from 2022-01-05 --until 2022-01-05", "--until"},
      {"investigate country:KZ --fetch radar", "radar"},
      {"investigate country:KZ --fetch ioda", "--from"},
      {"investigate country:KZ", "--input"},
      {"series", "--input"},
      {"series --input $SOURCE/testdata/damaged-tidy.csv --tz Mars/Olympus", "Mars/Olympus"},
      {"series --input $SOURCE/testdata/damaged-tidy.csv --columns time", "time"},
      {"detect --input a.csv --format html", "html"},
      {"detect --input a.csv --no-heder", "--no-heder"},
      {"ingest --input a.csv", "--store"},
      {"ingest --store $TMP/a.db --input a.csv --tz Asia/Almaty", "--tz"},
      {"incident list", "--store"},
      {"incident show --store $TMP/a.db", "ID"},
      {"windows country:KZ --input a.csv --format html", "html"},
      {"why country:KZ --input a.csv --at noon", "noon"},
      {"report country:KZ --input a.csv --format pdf", "pdf"},
      {"simulate", "SCENARIO"},
      {"simulate $SOURCE/scenarios/quiet.scenario", "--out"},
      {"simulate $SOURCE/LICENSE --out $TMP/out", "line 2"},
      {"mrt dump", "FILE"},
      {"mrt dump a.mrt --no-header", "--no-header"},
  };
  const CommandFolder folder;
  for (const auto& each : cases) {
    const Ran ran = folder.run(each.line);
    EXPECT_EQ(ran.code, kUsage) << each.line;
    EXPECT_EQ(ran.out, "") << each.line;
    EXPECT_THAT(ran.err, StartsWith("lightsout: ")) << each.line;
    EXPECT_EQ(std::count(ran.err.begin(), ran.err.end(), '\n'), 1) << ran.err;
    EXPECT_THAT(ran.err, HasSubstr(each.named)) << each.line;
  }
  EXPECT_FALSE(folder.has("out")) << "a command that was refused has written something";
}

TEST(CommandLine, WhatIsNotThereIsExitCode3) {
  const CommandFolder folder;
  for (const char* line :
       {"series --input $TMP/none.csv", "mrt dump $TMP/none.mrt",
        "simulate $TMP/none.scenario --out $TMP/out", "incident show kz-1 --store $TMP/a.db",
        "incident list --store $TMP/a.db"}) {
    const Ran ran = folder.run(line);
    EXPECT_EQ(ran.code, kNothing) << line << "\n" << ran.err;
  }
}

}  // namespace
}  // namespace lightsout
