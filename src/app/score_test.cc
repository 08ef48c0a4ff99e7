// score and cost, as people run them.
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "app/command_testing.h"
#include "app/options.h"
#include "core/test_data.h"

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
