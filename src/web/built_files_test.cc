// SPDX-License-Identifier: Apache-2.0
#include "web/built_files.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace lightsout {
namespace {

TEST(BuiltFiles, StandInTheOrderOfTheirNamesSoThatOneIsFound) {
  const auto files = built_files();
  EXPECT_TRUE(std::is_sorted(files.begin(), files.end(),
                             [](const auto& a, const auto& b) { return a.name < b.name; }));
  for (const BuiltFile& file : files) {
    EXPECT_EQ(built_file(file.name), &file) << file.name;
    EXPECT_FALSE(file.bytes.empty()) << file.name;
  }
  EXPECT_EQ(built_file("assets/../secret"), nullptr);
  EXPECT_EQ(built_file(""), nullptr);
}

TEST(BuiltFiles, AProgramThatHasSomeHasTheScriptAndTheWorld) {
  if (built_files().empty()) GTEST_SKIP() << "needs what tools/build-web makes";
  ASSERT_FALSE(script_path().empty());
  const BuiltFile* script = built_file(script_path().substr(1));
  ASSERT_NE(script, nullptr);
  const BuiltFile* world = built_file("world.tsv");
  ASSERT_NE(world, nullptr);
  EXPECT_TRUE(world->bytes.starts_with("# viewBox 0 0 "));
  EXPECT_NE(world->bytes.find("\nKZ\tM"), std::string_view::npos);
}

}  // namespace
}  // namespace lightsout
