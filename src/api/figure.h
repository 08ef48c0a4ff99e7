// Figure: a chart as one SVG that stands by itself, to be put into an article.
//
// It says what it shows in its title, draws each signal with its normal band, hatches what was not
// measured, and carries its source, licence, the end of its data and a hash of its inputs: as words
// below the plots, and as JSON in <metadata>. The same question about the same data gives the same
// bytes and the same id, whenever it is drawn.
//
//   const Figure figure = draw_figure({.observatory = ..., .question = question, ...});
//   png_of(figure.svg, {.width = 800, ...})   // the same picture as pixels
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "api/read_signals.h"

namespace lightsout::api {

struct FigureQuestion {
  SignalQuestion signals;  // `expected` is set by draw_figure(): the band needs it
  int width = 800;         // pixels, kLeastWidth to kMostWidth
  bool dark = false;
  Zone zone;  // of the time axis
};

struct Figure {
  std::string svg;
  std::string id;        // 16 hex digits of the question, the data and the program
  std::string title;     // one sentence
  std::string alt;       // what it shows, in words
  std::string metadata;  // JSON
  int width = 0;
  int height = 0;
};

inline constexpr int kLeastWidth = 320;
inline constexpr int kMostWidth = 2'000;
inline constexpr std::size_t kMaxPanels = 8;  // signals of one figure; the rest are named

Result<Figure> draw_figure(Observatory& observatory, FigureQuestion question);

// The picture as PNG (ISO/IEC 15948), `scale` pixels to a unit, with each text as an iTXt chunk.
using PngTexts = std::vector<std::pair<std::string, std::string>>;
Result<std::string> png_of(const Figure& figure, int scale, const PngTexts& texts);

}  // namespace lightsout::api
