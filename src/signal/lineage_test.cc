// SPDX-License-Identifier: Apache-2.0
#include "signal/lineage.h"

#include <gtest/gtest.h>

namespace lightsout {
namespace {

std::vector<Lineage> inputs(int first, int last) {
  std::vector<Lineage> list;
  for (int i = first; i < last; ++i) list.push_back({.sha256 = std::to_string(i), .name = "f"});
  return list;
}

TEST(Lineage, JoinsEachInputOnceInTheOrderItCame) {
  for (const int most : {4, 40}) {
    std::vector<Lineage> into = inputs(2, most);
    std::vector<Lineage> expected = into;
    const std::vector<Lineage> more = inputs(0, most);
    expected.push_back(more[0]);
    expected.push_back(more[1]);
    std::vector<Lineage> twice = more;
    twice.insert(twice.end(), more.begin(), more.end());
    join_lineage(into, twice);
    EXPECT_EQ(into, expected);
    join_lineage(into, into);
    EXPECT_EQ(into, expected);
  }
}

TEST(Lineage, TheSameBytesUnderAnotherNameAreAnotherInput) {
  std::vector<Lineage> into = inputs(0, 1);
  join_lineage(into, {{.sha256 = "0", .name = "other"}});
  EXPECT_EQ(into.size(), 2u);
}

}  // namespace
}  // namespace lightsout
