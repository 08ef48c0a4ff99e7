// SPDX-License-Identifier: Apache-2.0
#include "io/progress.h"

#include <gtest/gtest.h>

namespace lightsout {
namespace {

TEST(Progress, IsSilentWhenNobodyWatches) {
  std::FILE* file = std::tmpfile();
  {
    Progress progress(file);
    progress.show("41 %");
  }
  EXPECT_EQ(std::ftell(file), 0);
  std::fclose(file);
}

TEST(Progress, ALineFitsAndCannotMoveTheCursor) {
  EXPECT_EQ(progress_line("rib.bz2: 41 %", 80), "rib.bz2: 41 %");
  EXPECT_EQ(progress_line("12345", 5), "12345");
  EXPECT_EQ(progress_line("123456", 5), "12345");
  EXPECT_EQ(progress_line("Қазақстан", 3), "Қаз");
  EXPECT_EQ(progress_line("a\x1b[2Kb\nc", 80), "a?[2Kb?c");
}

}  // namespace
}  // namespace lightsout
