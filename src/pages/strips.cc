// strips_figure: one heat strip per provider, region or service.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "pages/figure.h"
#include "pages/figure_parts.h"
#include "pages/say.h"
#include "report/chart.h"
#include "report/svg.h"
#include "report/thin.h"
#include "web/words_in.h"

namespace lightsout {

namespace {

constexpr int kStripHeight = 100;
constexpr int kCells = 144;

// Five levels of what was left, and 5: measured without being judged.
std::size_t level_of(double share) {
  if (share >= 0.9) return 0;
  if (share >= 0.7) return 1;
  if (share >= 0.4) return 2;
  return share >= 0.1 ? 3 : 4;
}

void put_strip_row(Html& html, const PageContext& context, const Scene& scene, std::size_t index) {
  const Language& say = context.say;
  const Series& series = scene.series(index);
  const Entity& entity = series.id.entity();
  const PartView* part = scene.part(entity);
  const std::string name = scene.part_name(say, entity);
  std::string number;
  if (entity.type() == EntityType::asn) {
    const std::string asn = fmt::format("AS{}", entity.asn().number);
    if (name != asn) number = asn;
  }
  std::string about = say("figure.cannot-tell");
  if (part != nullptr && part->judged) {
    about = part->fell ? say("figure.strip-fell",
                             {{"time", day_clock_utc_in(say, part->fell_at.value)},
                              {"share", percent_in(say, std::max(0.0, 1 - part->depth.value))}})
                       : say("figure.stood");
  }
  html.open("div", {{"class", "row strip"}, {"data-entity", entity.text()}});
  html.open("div", {{"class", "lab"}}).open("b");
  html.element("a", {{"href", address(context, path_of(entity))}}, name).close();
  if (!number.empty()) html.element("span", number);
  html.close().open("div", {{"class", "plot"}});
  html.add(level_strip(series, scene.detection(index), scene.shown, name + ": " + about));
  html.close().open("div", {{"class", "loss"}});
  if (part == nullptr || !part->judged) {
    html.element("span", about);
  } else if (part->fell) {
    html.element("b", change_in(say, part->depth.value));
    html.element("span", day_clock_in(say, part->fell_at.value));
  } else {
    html.element("b", {{"class", "ok"}}, about);
  }
  html.close().close();
}

void put_strip_keys(Html& html, const Language& say) {
  const auto key = [&](Literal style, const std::string& words) {
    SvgPath box;
    box.rectangle(0, 0, 24, 100);
    html.open("span", {{"class", "key"}});
    html.open(
        "svg",
        {{"viewBox", "0 0 24 100"}, {"preserveAspectRatio", "none"}, {"aria-hidden", "true"}});
    put_path(html, style, box);
    html.close().text(words).close().text(" ");
  };
  html.open("p", {{"class", "keys"}});
  key("s0", say("figure.key.level-0"));
  key("s1", "70\u201390");
  key("s2", "40\u201370");
  key("s3", "10\u201340");
  key("s4", say("figure.key.level-4"));
  key("su", say("figure.key.unjudged"));
  key("g", say("figure.key.missing"));
  html.close();
}

}  // namespace

Html level_strip(const Series& series, const Detection* detection, const TimeRange& range,
                 const std::string& alt) {
  std::array<SvgPath, 6> paths;
  int from = 0;
  std::optional<std::size_t> level;
  const auto finish = [&](int until) {
    if (!level) return;
    const int left = from * kPlotColumns / kCells;
    paths[*level].rectangle(left, 0, until * kPlotColumns / kCells - left, kStripHeight);
  };
  for (int cell = 0; cell <= kCells; ++cell) {
    std::optional<std::size_t> next;
    if (cell < kCells) {
      const TimeRange stretch{range.begin + range.length() * cell / kCells,
                              range.begin + range.length() * (cell + 1) / kCells};
      const auto [first, last] = bins_within(series, stretch);
      if (const auto share = lowest_share(series, detection, stretch)) {
        next = level_of(*share);
      } else if (std::any_of(series.samples.begin() + static_cast<std::ptrdiff_t>(first),
                             series.samples.begin() + static_cast<std::ptrdiff_t>(last),
                             [](const Sample& sample) { return sample.is_number(); })) {
        next = 5;
      }
    }
    if (next == level) continue;
    finish(cell);
    from = cell;
    level = next;
  }
  Html html;
  html.open("svg", {{"viewBox", fmt::format("0 0 {} {}", kPlotColumns, kStripHeight)},
                    {"preserveAspectRatio", "none"},
                    {"role", "img"},
                    {"class", "mini"},
                    {"data-series", series_address(series.id, range, "")},
                    {"aria-label", alt}});
  put_path(html, "s0", paths[0]);
  put_path(html, "s1", paths[1]);
  put_path(html, "s2", paths[2]);
  put_path(html, "s3", paths[3]);
  put_path(html, "s4", paths[4]);
  put_path(html, "su", paths[5]);
  put_gaps(html, series, range, kPlotColumns, kStripHeight);
  html.close();
  return html;
}

Html strips_figure(const PageContext& context, const Scene& scene, const FigureText& text,
                   const std::vector<std::size_t>& parts) {
  Html html;
  if (parts.empty() || scene.shown.empty()) return html;
  html.open("figure", {{"id", text.id}, {"aria-labelledby", text.id + "-t"}});
  put_figure_title(html, text);
  for (const std::size_t index : parts) put_strip_row(html, context, scene, index);
  put_axes(html, context, scene);
  html.open("figcaption");
  put_strip_keys(html, context.say);
  html.element("p", text.note.empty() ? context.say("figure.strips-about") : text.note);
  html.add(figure_links(context, scene, text.id, parts));
  put_figure_table(html, context, scene, parts, false);
  html.close().close();
  return html;
}

}  // namespace lightsout
