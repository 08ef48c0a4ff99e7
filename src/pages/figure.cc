// SPDX-License-Identifier: Apache-2.0
#include "pages/figure.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "pages/figure_parts.h"
#include "pages/say.h"
#include "report/ceiling.h"
#include "report/chart.h"
#include "report/svg.h"
#include "report/thin.h"
#include "signal/catalogue.h"
#include "web/words_in.h"

namespace lightsout {

namespace {

constexpr int kPlotHeight = 640;  // ten units to a pixel, as report/thin.h has it
constexpr int kLaneHeight = 100;
constexpr int kPad = 30;  // room for strokes above and below
constexpr double kTolerance = 9;
constexpr std::size_t kMostMarks = 12;

// No share is more than all.
Ceiling ceiling_on_page(const Series& series, const Detection* detection, const TimeRange& range) {
  Ceiling ceiling =
      ceiling_of(series, detection, range,
                 {.columns = kPlotColumns, .height = kPlotHeight, .tolerance = kTolerance});
  if (series.unit == Unit::fraction && ceiling.scale.top > 1) {
    ceiling.scale.top = 1;
    ceiling.clipped = ceiling.highest > 1;
  }
  return ceiling;
}

void vertical(SvgPath& path, Time at, const TimeRange& range) {
  const int x = x_of(at, range, kPlotColumns);
  path.move(x, 0);
  path.line(x, kPlotHeight);
}

void put_verticals(Html& html, const Scene& scene, bool lanes) {
  SvgPath grid;
  for (const Tick& tick : ticks(scene.shown, {})) vertical(grid, tick.at, scene.shown);
  put_path(html, "gr", grid);
  if (!lanes) return;
  SvgPath marks;
  std::size_t drawn = 0;
  for (const Annotation& annotation : scene.report->annotations) {
    if (!scene.shown.contains(annotation.time) || drawn++ == kMostMarks) continue;
    vertical(marks, annotation.time, scene.shown);
  }
  put_path(html, "mk", marks);
  if (scene.told != nullptr && scene.shown.contains(scene.told->onset.value)) {
    SvgPath onset;
    vertical(onset, scene.told->onset.value, scene.shown);
    put_path(html, "on", onset);
  }
}

void put_plot(Html& html, const PageContext& context, const Scene& scene, std::size_t index,
              const Ceiling& ceiling, bool lanes) {
  const Series& series = scene.series(index);
  const Detection* detection = scene.detection(index);
  html.open("svg",
            {{"viewBox", fmt::format("0 {} {} {}", -kPad, kPlotColumns, kPlotHeight + 2 * kPad)},
             {"preserveAspectRatio", "none"},
             {"role", "img"},
             {"aria-label", plot_words(context.say, scene, index)},
             {"data-series", series_address(series.id, scene.shown, "")},
             {"data-from", format_time(scene.shown.begin)},
             {"data-until", format_time(scene.shown.end)},
             {"data-top", fmt::format("{:.6g}", ceiling.scale.top)},
             {"data-bottom", fmt::format("{:.6g}", ceiling.scale.bottom)}});
  SvgPath band;
  if (detection != nullptr) {
    for (const Run& run : thin_band(series, detection->expected, scene.shown, ceiling.scale)) {
      draw_run(band, run);
      band.close();
    }
  }
  put_path(html, "bd", band);
  put_gaps(html, series, scene.shown, kPlotColumns, kPlotHeight);
  put_verticals(html, scene, lanes);
  SvgPath axis;
  axis.move(0, kPlotHeight);
  axis.line(kPlotColumns, kPlotHeight);
  put_path(html, "ax", axis);
  SvgPath line;
  for (const Run& run : thin_runs(series, scene.shown, ceiling.scale)) draw_run(line, run);
  put_path(html, "ln", line);
  SvgPath zero;
  for (const ColumnRun& stretch : zeros(series, scene.shown, kPlotColumns)) {
    zero.move(stretch.begin, kPlotHeight);
    zero.line(stretch.end, kPlotHeight);
  }
  if (ceiling.scale.bottom == 0) put_path(html, "zr", zero);
  html.close();
}

void put_loss(Html& html, const PageContext& context, const Scene& scene, std::size_t index) {
  const Language& say = context.say;
  const PlaneView* view = scene.view(index);
  html.open("div", {{"class", "loss"}});
  if (view != nullptr && view->judged && view->fell) {
    const bool rise = scene.told->direction == Direction::rise;
    html.element("b", change_in(say, rise ? -view->depth.value : view->depth.value));
    html.element("span", percent_between_in(say, view->depth.low, view->depth.high));
  } else if (view != nullptr && view->judged) {
    html.element("b", {{"class", "ok"}}, say("figure.stood"));
  } else if (const Detection* detection = scene.detection(index);
             view != nullptr || detection == nullptr || !detection->judgement.possible) {
    html.element("span", say("figure.cannot-tell"));
  }
  html.close();
}

// Room for a tick is small: "150 k" for 150 000.
std::string axis_number(const Language& say, double value, Unit unit) {
  if (unit != Unit::count || value < 100'000) return value_in(say, value, unit);
  if (value < 1'000'000) return number_in(say, value / 1000) + std::string(kNarrow) + "k";
  if (value < 1'000'000'000) return number_in(say, value / 1e6, 1) + std::string(kNarrow) + "M";
  return number_in(say, value / 1e9, 1) + std::string(kNarrow) + "G";
}

void put_plot_row(Html& html, const PageContext& context, const Scene& scene, std::size_t index,
                  bool lanes) {
  const Language& say = context.say;
  const Series& series = scene.series(index);
  const Ceiling ceiling = ceiling_on_page(series, scene.detection(index), scene.shown);
  std::string about = signal_about(say, series.id);
  if (about.empty()) about = series.id.source();
  if (series.unit == Unit::percent_of_max) about += "; " + say("figure.of-its-highest");
  if (ceiling.clipped) {
    about += "; " + say("figure.cut-off", {{"value", value_in(say, ceiling.highest, series.unit)}});
  }
  html.open("div", {{"class", "row pl"}});
  put_label(html, signal_name(say, series.id), about);
  html.open("div", {{"class", "plot"}});
  put_plot(html, context, scene, index, ceiling, lanes);
  html.element("i", {{"class", "y1"}}, axis_number(say, ceiling.scale.top, series.unit));
  html.element("i", {{"class", "y0"}},
               ceiling.scale.bottom == 0 ? std::string("0")
                                         : value_in(say, ceiling.scale.bottom, series.unit));
  html.close();
  put_loss(html, context, scene, index);
  html.close();
}

// How much of the source was alive: a bar as high as the coverage, gaps as in the plots.
void put_health(Html& html, const Scene& scene, std::size_t index) {
  const Series& series = scene.series(index);
  SvgPath alive;
  int until = -1;
  int level = -1;
  int from = 0;
  const auto finish = [&] {
    if (level > 0) alive.rectangle(from, kLaneHeight - level, until - from, level);
    level = -1;
  };
  const auto [first, last] = bins_within(series, scene.shown);
  for (std::size_t i = first; i < last; ++i) {
    const int begin =
        std::clamp(x_of(series.time_of(i), scene.shown, kPlotColumns), 0, kPlotColumns);
    const int end = std::clamp(x_of(series.time_of(i) + series.step, scene.shown, kPlotColumns),
                               begin, kPlotColumns);
    const double share = i < series.coverage.size() ? series.coverage[i] : 1.0;
    const int height =
        series.samples[i].is_number()
            ? static_cast<int>(std::lround(std::clamp(share, 0.0, 1.0) * 10)) * (kLaneHeight / 10)
            : -1;
    if (height != level || begin > until) {
      finish();
      from = begin;
      level = height;
    }
    until = end;
  }
  finish();
  html.open("div", {{"class", "row health"}});
  put_label(html, series.id.source(), "");
  html.open("div", {{"class", "plot"}});
  html.open("svg", {{"viewBox", fmt::format("0 0 {} {}", kPlotColumns, kLaneHeight)},
                    {"preserveAspectRatio", "none"},
                    {"aria-hidden", "true"}});
  put_path(html, "al", alive);
  put_gaps(html, series, scene.shown, kPlotColumns, kLaneHeight);
  html.close().close().close();
}

}  // namespace

Html plots_figure(const PageContext& context, const Scene& scene, const FigureText& text,
                  const std::vector<std::size_t>& rows) {
  const Language& say = context.say;
  Html html;
  if (rows.empty() || scene.shown.empty()) return html;
  html.open("figure", {{"id", text.id}, {"aria-labelledby", text.id + "-t"}});
  put_figure_title(html, text);
  if (text.lanes) put_lanes(html, context, scene);
  for (const std::size_t index : rows) put_plot_row(html, context, scene, index, text.lanes);
  put_axes(html, context, scene);
  html.element("p", {{"class", "lanehead"}}, say("figure.health"));
  for (const std::size_t index : rows) put_health(html, scene, index);
  html.open("figcaption");
  put_plot_keys(html, context);
  html.open("p");
  if (!text.note.empty()) html.text(text.note + " ");
  if (text.lanes && scene.told != nullptr) {
    html.text(say("figure.dashed", {{"time", day_clock_utc_in(say, scene.told->onset.value)}}) +
              " ");
    html.text(say("figure.at-right"));
  }
  html.close();
  if (text.lanes) put_mark_legend(html, context, scene);
  html.add(figure_links(context, scene, text.id, rows));
  put_figure_table(html, context, scene, rows, true);
  html.close().close();
  return html;
}

}  // namespace lightsout
