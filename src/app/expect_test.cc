// Runs every scenarios/*.expect in this process: the whole program but its standard streams.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <sstream>

#include "app/command_testing.h"
#include "app/expect_testing.h"
#include "app/options.h"
#include "core/test_data.h"

namespace lightsout {
namespace {

std::string read_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<std::string> expect_files() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(LIGHTSOUT_SOURCE_DIR "/scenarios")) {
    if (entry.path().extension() == ".expect") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

class Expect : public testing::TestWithParam<std::string> {};

TEST_P(Expect, ComesOutAsWritten) {
  const Result<ExpectFile> file =
      parse_expect_file(read_text(LIGHTSOUT_SOURCE_DIR "/scenarios/" + GetParam() + ".expect"));
  ASSERT_TRUE(file) << file.error().message;
#if defined(__SANITIZE_ADDRESS__)
  if (file->slow) GTEST_SKIP() << "slow under sanitizers";
#endif
  for (const std::string& name : file->needs) {
    if (!test_data(name)) GTEST_SKIP() << "needs " << name << " (set LIGHTSOUT_DATA)";
  }

  const CommandFolder folder;
  Ran ran;
  bool code_checked = true;
  nlohmann::json document;
  for (const ExpectLine& line : file->lines) {
    SCOPED_TRACE("line " + std::to_string(line.number) + ": " + line.keyword + " " + line.rest);
    if (line.keyword == "run") {
      ASSERT_TRUE(code_checked || ran.code == kOk) << "exit code " << ran.code << "\n" << ran.err;
      ran = folder.run(line.rest);
      code_checked = false;
      document = nlohmann::json::parse(ran.out, nullptr, false);
    } else if (line.keyword == "exit") {
      EXPECT_EQ(std::to_string(ran.code), line.rest) << ran.err;
      code_checked = true;
    } else if (line.keyword == "stdout") {
      EXPECT_NE(ran.out.find(line.rest), std::string::npos) << ran.out.substr(0, 2000);
    } else if (line.keyword == "absent") {
      EXPECT_EQ(ran.out.find(line.rest), std::string::npos);
    } else {
      const std::string fault = document.is_discarded()
                                    ? "the output is not JSON: " + ran.out.substr(0, 200)
                                    : check_expectation(document, line.rest);
      EXPECT_EQ(fault, "");
    }
  }
  EXPECT_TRUE(code_checked || ran.code == kOk) << "exit code " << ran.code << "\n" << ran.err;
}

std::string test_name(const testing::TestParamInfo<std::string>& file) {
  std::string name = file.param;
  std::replace_if(
      name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Scenarios, Expect, testing::ValuesIn(expect_files()), test_name);

TEST(ExpectQuery, SelectsAndCompares) {
  const auto document = nlohmann::json::parse(
      R"({"incidents":[{"grade":"nationwide","onset":"2026-01-08T13:30:00Z","planes":[{"signal":"a/probing","depth":0.97},
          {"signal":"a/bgp","depth":0.1}]},{"grade":"usage_dip","planes":[]}]})");
  EXPECT_EQ(check_expectation(document, "incidents count 2"), "");
  EXPECT_EQ(check_expectation(document, "incidents[grade=nationwide] count 1"), "");
  EXPECT_EQ(check_expectation(document,
                              "incidents[grade=nationwide].planes[signal~probing].depth >= 0.95"),
            "");
  EXPECT_EQ(
      check_expectation(document, "incidents[0].onset in 2026-01-08T13:00Z .. 2026-01-08T14:00Z"),
      "");
  EXPECT_NE(
      check_expectation(document, "incidents[0].onset in 2026-01-08T14:00Z .. 2026-01-08T15:00Z"),
      "");
  EXPECT_NE(check_expectation(document, "incidents[0].planes.depth >= 0.95"), "")
      << "all must pass";
  EXPECT_NE(check_expectation(document, "incidents[0].nothing >= 0"), "")
      << "nothing is not everything";
  EXPECT_NE(check_expectation(document, "incidents[grade=nationwide] count 2"), "");
  EXPECT_NE(check_expectation(document, "incidents"), "");
  EXPECT_NE(check_expectation(document, "incidents[0 count 1"), "");
}

}  // namespace
}  // namespace lightsout
