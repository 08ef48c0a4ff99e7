// SPDX-License-Identifier: Apache-2.0
#include "core/parallel.h"

#include <gtest/gtest.h>

#include <numeric>
#include <string>

namespace lightsout {
namespace {

TEST(ParallelMap, KeepsTheOrderWhateverTheNumberOfThreads) {
  std::vector<int> items(1000);
  std::iota(items.begin(), items.end(), 0);
  const auto text = [](int item) { return std::to_string(item * item); };
  const std::vector<std::string> one = parallel_map(items, text, 1);
  EXPECT_EQ(parallel_map(items, text, 8), one);
  EXPECT_EQ(one[999], "998001");
}

TEST(ParallelMap, HasNothingToDoForNothing) {
  EXPECT_TRUE(parallel_map(std::vector<int>{}, [](int item) { return item; }).empty());
}

}  // namespace
}  // namespace lightsout
