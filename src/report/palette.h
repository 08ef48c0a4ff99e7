// Palette: every colour of the page, light and dark, and the contrast between two of them.
//
// Blue for what was measured and orange for what was lost: the pair that the common kinds of colour
// blindness keep apart and that grey printing keeps apart by lightness. Nothing is told by colour
// alone: gaps are hatched, phases and levels are also written.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace lightsout {

struct PaletteColor {
  std::string_view name;  // the CSS variable without its dashes
  std::string_view light;
  std::string_view dark;
};

std::span<const PaletteColor> palette();

// What stands on what, and how much contrast it needs (WCAG 2.2: 1.4.3 text, 1.4.11 graphics).
struct PaletteContrast {
  std::string_view front;
  std::string_view back;
  double least;
};

std::span<const PaletteContrast> palette_contrasts();

// WCAG contrast ratio of two "#rrggbb" colours, 1 to 21.
double contrast_ratio(std::string_view a, std::string_view b);

// "--paper:#fbfaf6;--ink:..." for one theme.
std::string css_variables(bool dark);

}  // namespace lightsout
