// Figure: the drawings of a page. Words are HTML, curves are SVG without any inline style.
//
//   body.add(plot_patterns());                       // once a page, before the first figure
//   body.add(plots_figure(context, scene, {.id = "measurements", .title = sentence}, scene.rows));
//   body.add(strips_figure(context, scene, {...}, scene.providers));
//
// How a state is drawn: a number as a line; zero as a bar on the axis; no data hatched; suppressed
// dotted; source down cross-hatched. No line ever crosses a gap, and where several bins share a
// pixel their lowest and highest are both drawn.
//
// Each plot carries data-series="/api/v1/series/...": what a script may fetch to add to it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "pages/frame.h"
#include "pages/html_writer.h"
#include "pages/scene.h"

namespace lightsout {

struct FigureText {
  std::string id;         // the anchor of its permalink
  std::string title;      // a sentence
  std::string note = {};  // under it
  bool lanes = true;      // phases, windows, reported events
};

inline constexpr int kPlotColumns = 720;
inline constexpr std::size_t kTableRows = 21;

Html plot_patterns();
Html plots_figure(const PageContext& context, const Scene& scene, const FigureText& text,
                  const std::vector<std::size_t>& rows);
// One heat strip per part, in the order given.
Html strips_figure(const PageContext& context, const Scene& scene, const FigureText& text,
                   const std::vector<std::size_t>& parts);
// One strip of levels alone: what a list shows of an incident.
Html level_strip(const Series& series, const Detection* detection, const TimeRange& range,
                 const std::string& alt);

// The address of the samples of a series: "/api/v1/series/country/KZ?signal=bgp/visible_slash24".
// `suffix` is "", ".csv" or ".json".
std::string series_address(const SignalId& signal, const TimeRange& range, std::string_view suffix);
std::string chart_address(const Entity& entity, const TimeRange& range, std::string_view suffix);
// How the API spells an entity in a path: "country/KZ", "geoasn/9198-KZ".
std::string api_part(const Entity& entity);
// CSV, JSON, SVG and PNG of a figure.
Html figure_links(const PageContext& context, const Scene& scene, std::string_view id,
                  const std::vector<std::size_t>& rows);

// What a plot shows, in words: for those who cannot see it.
std::string plot_words(const Language& say, const Scene& scene, std::size_t index);

}  // namespace lightsout
