// Pieces that both figures are made of. Only chart.cc and strip.cc use them.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report/chart.h"
#include "report/svg.h"

namespace lightsout {

// A plot and a lane have ten vertical units to a pixel, so that whole units are fine enough.
inline constexpr int kPlotHeight = 640;
inline constexpr int kLaneHeight = 100;

std::string place_style(Time at, const TimeRange& range);               // "left:12.50%"
std::string span_style(const TimeRange& part, const TimeRange& range);  // and "width:..."
std::string label_html(const std::string& label, const std::string& detail);
std::string row_html(std::string_view kind, const std::string& label, const std::string& plot,
                     const std::string& loss);
void add_path(std::string& svg, std::string_view style, const SvgPath& path);

// The stretches without a number, hatched by their state.
std::string gap_paths(const Series& series, const TimeRange& range, int columns, int height);
std::string axis_rows(const Subject& subject);
std::string table_html(const Table& table);
// "Drawn from input 5f0c22aa and 91e7b3c0."
std::string inputs_words(const Subject& subject, const std::vector<std::size_t>& indices);

}  // namespace lightsout
