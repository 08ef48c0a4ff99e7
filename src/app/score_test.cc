// score and cost, as people run them.
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "app/command_testing.h"
#include "app/options.h"
#include "app/score_data.h"
#include "core/test_data.h"
#include "score/tor_flags.h"

namespace lightsout {
namespace {

using testing::HasSubstr;

std::string whole(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(Score, TheCommittedWeightsAreThoseThatTheCommandFits) {
  REQUIRE_DATA(list, "groundtruth/ioda-curated-outages-sigcomm23.csv");
  (void)list;
  const CommandFolder folder;
  const Ran ran = folder.run("score fit --data $DATA");
  EXPECT_EQ(ran.code, kOk) << ran.err;
  EXPECT_EQ(ran.out, whole(LIGHTSOUT_SOURCE_DIR "/cases/deliberate.fit"));
}

TEST(Score, TheCommittedWeightsOfLikenessAreThoseThatTheCommandFits) {
  const CommandFolder folder;
  const Ran ran = folder.run("score fit similarity");
  EXPECT_EQ(ran.code, kOk) << ran.err;
  EXPECT_EQ(ran.out, whole(LIGHTSOUT_SOURCE_DIR "/cases/likeness.fit"));
}

// What is quick enough to be made again in a test stands in the published scorecard word for word.
TEST(Score, ThePublishedScorecardIsWhatTheCommandPrints) {
  const std::string published = whole(LIGHTSOUT_SOURCE_DIR "/docs/scorecard.md");
  const CommandFolder folder;
  REQUIRE_DATA(data, "tor/tor-users-by-country-2011-2016.csv.gz");
  (void)data;
  for (const char* section : {"coordination", "similarity", "services", "tor", "detection"}) {
    const Ran ran = folder.run(std::string("score --data $DATA --markdown --section ") + section);
    EXPECT_EQ(ran.code, kOk) << ran.err;
    const std::size_t begin = ran.out.find("## ");
    ASSERT_NE(begin, std::string::npos) << section;
    EXPECT_NE(published.find(ran.out.substr(begin)), std::string::npos)
        << section << ": make docs/scorecard.md again with lightsout score --data DIR --markdown";
  }
}

// The dear sections on few simulations: the same headings and columns as published.
TEST(Score, TheDearSectionsHaveThePublishedTables) {
  const std::string published = whole(LIGHTSOUT_SOURCE_DIR "/docs/scorecard.md");
  const CommandFolder folder;
  REQUIRE_DATA(data, "series");
  (void)data;
  const Ran ran =
      folder.run("score --data $DATA --markdown --quick --section simulation --section severity");
  EXPECT_EQ(ran.code, kOk) << ran.err;
  std::istringstream lines(ran.out.substr(ran.out.find("## ")));
  std::string line;
  std::string before;
  std::size_t compared = 0;
  while (std::getline(lines, line)) {
    const bool columns = line.starts_with("|---");
    if (line.starts_with("## ")) before = line;
    if (columns || line.starts_with("## ")) {
      EXPECT_NE(published.find(before + "\n"), std::string::npos) << before;
      ++compared;
    }
    before = line;
  }
  EXPECT_EQ(compared, 5u);
}

TEST(TorRange, TheRangesOfTheRealFileFollowFromOneRowADay) {
  REQUIRE_DATA(folder, "tor");
  const std::unique_ptr<World> world = real_world();
  Options options;
  options.data = folder.parent_path().string();
  const Result<TorFile> tor = read_tor_file(score_data(options, *world));
  ASSERT_TRUE(tor) << tor.error().message;
  const RangeRows rows = compare_ranges(*tor);
  EXPECT_GT(rows.rows, 250'000u);
  EXPECT_GE(static_cast<double>(rows.alike), 0.999 * static_cast<double>(rows.rows));
  EXPECT_GE(static_cast<double>(rows.whole), 0.999 * static_cast<double>(rows.rows));
}

TEST(UseChange, AThirdOfTorsFalseAlarmsAtEqualRecall) {
  REQUIRE_DATA(folder, "tor");
  const std::unique_ptr<World> world = real_world();
  Options options;
  options.data = folder.parent_path().string();
  const Result<TorFile> tor = read_tor_file(score_data(options, *world));
  ASSERT_TRUE(tor) << tor.error().message;
  const CommonMode common = common_mode_of(*tor);
  const KnownCuts known = find_known_cuts(*tor, common);
  EXPECT_EQ(known.ours, known.all);
  DetectorCount all;
  const std::vector<DetectorCount> counts = compare_detectors(*tor, common);
  for (const DetectorCount& one : counts) {
    all.theirs += one.theirs;
    all.ours += one.ours;
    all.theirs_found += one.theirs_found;
    all.ours_found += one.ours_found;
  }
  EXPECT_GE(counts.size(), 110u);
  EXPECT_LE(3 * all.ours, all.theirs);
  EXPECT_GE(all.ours_found, all.theirs_found);
}

TEST(Score, SaysWhatIsMissingAndWhatThereIs) {
  const CommandFolder folder;
  const Ran none = folder.run("score --section deliberate");
  EXPECT_EQ(none.code, kNothing);
  EXPECT_THAT(none.out, HasSubstr("say --data DIR"));
  const Ran unknown = folder.run("score --section nonsense");
  EXPECT_EQ(unknown.code, kUsage);
  EXPECT_THAT(unknown.err, HasSubstr("similarity"));
}

TEST(Score, SimilarityNeedsNoDataAndBeatsChance) {
  const CommandFolder folder;
  const Ran ran = folder.run("score --section similarity --markdown");
  EXPECT_EQ(ran.code, kOk) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("| nearest in duration |"));
  EXPECT_THAT(ran.out, HasSubstr("| at random (expected) |"));
}

TEST(Cost, GivesARangeOrSaysWhatIsMissing) {
  const CommandFolder folder;
  const Ran bare = folder.run("cost --country KZ --hours 108");
  EXPECT_EQ(bare.code, kCannotTell);
  EXPECT_THAT(bare.out, HasSubstr("no figure: no GDP is known"));
  EXPECT_EQ(folder.run("cost --country KZ").code, kUsage);
  EXPECT_EQ(folder.run("cost --country QQ --hours 3").code, kUsage);
  EXPECT_EQ(folder.run("cost --country KZ --hours 3 --share 400%").code, kUsage);
  EXPECT_EQ(folder.run("cost --implied").code, kUsage);

  const Ran ran =
      folder.run("cost --country KZ --hours 24 --gdp 365e9 --tier high --share 4% --format json");
  EXPECT_EQ(ran.code, kOk) << ran.err;
  const nlohmann::json rows = nlohmann::json::parse(ran.out, nullptr, false);
  ASSERT_TRUE(rows.is_array()) << ran.out;
  EXPECT_EQ(rows[0]["method"], "Deloitte 2016");
  EXPECT_EQ(rows[0]["usd"], 19e6);
  EXPECT_EQ(rows[1]["usd"], 40e6);
}

}  // namespace
}  // namespace lightsout
