// SPDX-License-Identifier: Apache-2.0
#include "report/palette.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/check.h"

namespace lightsout {

namespace {

constexpr double kText = 4.5;     // WCAG 2.2, 1.4.3 AA
constexpr double kGraphic = 3.0;  // WCAG 2.2, 1.4.11 AA

double channel(std::string_view color, std::size_t at) {
  unsigned value = 0;
  const char* begin = color.data() + at;
  CHECK(std::from_chars(begin, begin + 2, value, 16).ec == std::errc{});
  const double share = value / 255.0;
  return share <= 0.04045 ? share / 12.92 : std::pow((share + 0.055) / 1.055, 2.4);
}

double luminance(std::string_view color) {
  CHECK(color.size() == 7 && color[0] == '#');
  return 0.2126 * channel(color, 1) + 0.7152 * channel(color, 3) + 0.0722 * channel(color, 5);
}

}  // namespace

std::span<const PaletteColor> palette() {
  static constexpr PaletteColor kPalette[] = {
      {"paper", "#fbfaf6", "#14161a"},  {"ink", "#1c1b19", "#ece9e1"},
      {"soft", "#5f5b53", "#a9a498"},   {"rule", "#dcd8cd", "#2f333a"},
      {"line", "#1a568a", "#7db7e8"},   {"band", "#cfdfeb", "#243c50"},
      {"hot", "#a63c08", "#f3985f"},    {"cold", "#22613f", "#7fc6a3"},
      {"gap", "#7d786d", "#8b877c"},    {"on-hot", "#ffffff", "#14161a"},
      {"part", "#eab586", "#7c4a2a"},   {"mild", "#f5dcc4", "#4b372a"},
      {"back", "#bcd3e4", "#2b4a63"},   {"deepest", "#64230a", "#ffcda8"},
      {"banner", "#ffe08a", "#ffe08a"}, {"on-banner", "#1c1b19", "#1c1b19"},
  };
  return kPalette;
}

std::span<const PaletteContrast> palette_contrasts() {
  static constexpr PaletteContrast kContrasts[] = {
      {"ink", "paper", kText},     {"soft", "paper", kText},       {"hot", "paper", kText},
      {"cold", "paper", kText},    {"on-hot", "hot", kText},       {"ink", "part", kText},
      {"ink", "mild", kText},      {"ink", "back", kText},         {"on-banner", "banner", kText},
      {"line", "paper", kGraphic}, {"line", "band", kGraphic},     {"gap", "paper", kGraphic},
      {"hot", "paper", kGraphic},  {"deepest", "paper", kGraphic},
  };
  return kContrasts;
}

double contrast_ratio(std::string_view a, std::string_view b) {
  const double x = luminance(a);
  const double y = luminance(b);
  return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
}

std::string css_variables(bool dark) {
  std::string text;
  for (const PaletteColor& color : palette()) {
    text +=
        "--" + std::string(color.name) + ":" + std::string(dark ? color.dark : color.light) + ";";
  }
  return text;
}

}  // namespace lightsout
