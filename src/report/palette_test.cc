// SPDX-License-Identifier: Apache-2.0
#include "report/palette.h"

#include <gtest/gtest.h>

#include "core/check.h"

namespace lightsout {
namespace {

std::string_view color_of(std::string_view name, bool dark) {
  for (const PaletteColor& color : palette()) {
    if (color.name == name) return dark ? color.dark : color.light;
  }
  CHECK(false);
  return {};
}

TEST(Palette, ContrastRatioAgreesWithTheStandard) {
  EXPECT_NEAR(contrast_ratio("#000000", "#ffffff"), 21, 1e-9);
  EXPECT_NEAR(contrast_ratio("#777777", "#ffffff"), 4.48, 0.005);  // WCAG's own well-known miss
}

TEST(Palette, EveryPairIsReadableInBothThemes) {
  for (const bool dark : {false, true}) {
    for (const PaletteContrast& pair : palette_contrasts()) {
      EXPECT_GE(contrast_ratio(color_of(pair.front, dark), color_of(pair.back, dark)), pair.least)
          << pair.front << " on " << pair.back << (dark ? ", dark" : ", light");
    }
  }
}

// The five levels of a heat strip go one way, so that they survive grey printing.
TEST(Palette, LevelsDarkenStepByStep) {
  for (const bool dark : {false, true}) {
    double before = 0;
    for (const std::string_view level : {"mild", "part", "hot", "deepest"}) {
      const double contrast = contrast_ratio(color_of(level, dark), color_of("paper", dark));
      EXPECT_GT(contrast, before * 1.2) << level << (dark ? ", dark" : ", light");
      before = contrast;
    }
  }
}

}  // namespace
}  // namespace lightsout
