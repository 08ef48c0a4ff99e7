// Chart: the two figures of the page, drawn on the server as HTML with small SVG plots in it.
//
// Words stay HTML, so that they keep their size at every width, stand above their plot on a phone,
// and are read out by a screen reader; only curves, gaps and lanes are SVG, stretched to the room
// there is. Each plot has a text alternative and each figure a table made from the same data.
//
// How a state is drawn: a number as a line; zero as a bar on the axis; no data hatched; suppressed
// dotted; source down cross-hatched. No line ever crosses a gap.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "report/document.h"

namespace lightsout {

struct ChartDetail {
  int columns = 720;              // horizontal units of a plot
  double tolerance = 5;           // of 640 vertical units
  int strip_columns = 144;        // cells of one heat strip
  std::size_t table_rows = 42;    // rows of the table under a figure
  std::size_t marks = kMaxMarks;  // annotations drawn
  std::size_t parts = kMaxParts;  // rows of the heat strip
  std::size_t most_text = 2000;   // bytes of one text
};

// Small plots of each series of the incident's entity, with lanes for phases, windows, reported
// events and source health. Empty when there is no such series.
std::string planes_figure(const Subject& subject, const ChartDetail& detail);

// One strip per provider, region or service, the first to fall on top. Empty without parts.
std::string parts_figure(const Subject& subject, const ChartDetail& detail);

// The patterns that both figures fill gaps with; once per page, before the figures.
std::string chart_patterns();

// What a plot shows, in words: for those who cannot see it.
std::string alt_text(const Subject& subject, std::size_t index);

// The data of a figure: one row per stretch of time, one column per series, each cell the share of
// what was expected (or the level where nothing is), "no data", "suppressed" or "source down".
Table figure_table(const Subject& subject, const std::vector<std::size_t>& indices,
                   std::size_t most_rows);

// The lowest share of expected (or, where more is worse, one less the excess) among the bins of one
// stretch; nullopt where no bin has both a number and an expectation.
std::optional<double> lowest_share(const Series& series, const Detection* detection,
                                   const TimeRange& stretch);

struct Tick {
  Time at;
  std::string label;
  bool major = true;  // shown on a phone as well
};

// At most ten round times of a zone inside a range.
std::vector<Tick> ticks(const TimeRange& range, const Zone& zone);

}  // namespace lightsout
