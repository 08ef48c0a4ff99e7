// SPDX-License-Identifier: Apache-2.0
#include "report/chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "report/ceiling.h"
#include "report/chart_parts.h"
#include "report/escape.h"
#include "report/svg.h"
#include "report/thin.h"
#include "report/words.h"
#include "signal/catalogue.h"

namespace lightsout {

namespace {

constexpr std::size_t kRowsOnAPage = 5;  // a longer figure may break between its plots on paper
constexpr int kPad = 30;                 // room for strokes above and below

std::string verticals(const Subject& subject, const ChartDetail& detail, int height) {
  SvgPath grid;
  for (const Tick& tick : ticks(subject.shown, {})) {
    const int x = x_of(tick.at, subject.shown, detail.columns);
    grid.move(x, 0);
    grid.line(x, height);
  }
  std::string svg;
  add_path(svg, "gr", grid);
  SvgPath marks;
  std::size_t drawn = 0;
  for (const Annotation& annotation : subject.report.annotations) {
    if (!subject.shown.contains(annotation.time) || drawn++ == detail.marks) continue;
    const int x = x_of(annotation.time, subject.shown, detail.columns);
    marks.move(x, 0);
    marks.line(x, height);
  }
  add_path(svg, "mk", marks);
  if (subject.incident != nullptr && subject.shown.contains(subject.incident->onset.value)) {
    SvgPath onset;
    const int x = x_of(subject.incident->onset.value, subject.shown, detail.columns);
    onset.move(x, 0);
    onset.line(x, height);
    add_path(svg, "on", onset);
  }
  return svg;
}

std::string plot_svg(const Subject& subject, std::size_t index, const ChartDetail& detail,
                     const Ceiling& ceiling) {
  const Series& series = subject.series(index);
  const Detection* detection = subject.detection(index);
  const TimeRange& range = subject.shown;
  std::string svg = open_tag(
      "svg", {{"viewBox", fmt::format("0 {} {} {}", -kPad, detail.columns, kPlotHeight + 2 * kPad)},
              {"preserveAspectRatio", "none"},
              {"role", "img"},
              {"aria-label", alt_text(subject, index)}});
  SvgPath band;
  if (detection != nullptr) {
    for (const Run& run : thin_band(series, detection->expected, range, ceiling.scale)) {
      draw_run(band, run);
      band.close();
    }
  }
  add_path(svg, "bd", band);
  svg += gap_paths(series, range, detail.columns, kPlotHeight);
  svg += verticals(subject, detail, kPlotHeight);
  SvgPath axis;
  axis.move(0, kPlotHeight);
  axis.line(detail.columns, kPlotHeight);
  add_path(svg, "ax", axis);
  SvgPath line;
  for (const Run& run : thin_runs(series, range, ceiling.scale)) draw_run(line, run);
  add_path(svg, "ln", line);
  SvgPath zero;
  for (const ColumnRun& stretch : zeros(series, range, detail.columns)) {
    zero.move(stretch.begin, kPlotHeight);
    zero.line(stretch.end, kPlotHeight);
  }
  if (ceiling.scale.bottom == 0) add_path(svg, "zr", zero);
  return svg + "</svg>";
}

std::string loss_html(const Subject& subject, const Series& series) {
  const PlaneView* view = subject.view(series.id);
  if (view == nullptr) return {};
  if (!view->judged) return "<span>cannot tell</span>";
  if (!view->fell) {
    return fmt::format("<b class=\"ok\">{}</b><span>{}</span>", word_for_standing(*view),
                       escape_html(std::abs(view->depth.value) < 0.01
                                       ? "as usual"
                                       : change(view->depth.value) + " on average"));
  }
  const bool rise = subject.incident->direction == Direction::rise;
  const std::string main = change(rise ? -view->depth.value : view->depth.value);
  const std::string interval = percent_between(view->depth.low, view->depth.high);
  // An interval that says no more than the figure is left away.
  const bool more = main.find(interval) == std::string::npos;
  return fmt::format("<b>{}</b>{}", escape_html(main),
                     more ? "<span>" + escape_html(interval) + "</span>" : "");
}

// Room for a tick is small: "150 k" for 150 000.
std::string axis_number(double value, Unit unit) {
  if (unit != Unit::count || value < 100'000) return value_with_unit(value, unit);
  if (value < 1'000'000) return number(value / 1000) + std::string(kNarrow) + "k";
  if (value < 1'000'000'000) return number(value / 1'000'000, 1) + std::string(kNarrow) + "M";
  return number(value / 1'000'000'000, 1) + std::string(kNarrow) + "G";
}

std::string plot_row(const Subject& subject, std::size_t index, const ChartDetail& detail) {
  const Series& series = subject.series(index);
  const Ceiling ceiling =
      ceiling_of(series, subject.detection(index), subject.shown,
                 {.columns = detail.columns, .height = kPlotHeight, .tolerance = detail.tolerance});
  const SignalKind& kind = kind_of(series.id);
  std::string about(kind.detail.empty() ? std::string_view(series.id.source()) : kind.detail);
  about = clean_text(about);
  if (series.unit == Unit::percent_of_max) about += "; 100\u202f% is its own highest";
  if (ceiling.clipped) {
    about +=
        fmt::format("; cut off above, up to {}", value_with_unit(ceiling.highest, series.unit));
  }
  const std::string scale = fmt::format(
      "<i class=\"y1\">{}</i><i class=\"y0\">{}</i>",
      escape_html(axis_number(ceiling.scale.top, series.unit)),
      ceiling.scale.bottom == 0 ? "0"
                                : escape_html(value_with_unit(ceiling.scale.bottom, series.unit)));
  return row_html("pl", label_html(clean_text(label_of(series.id)), about),
                  plot_svg(subject, index, detail, ceiling) + scale, loss_html(subject, series));
}

std::string phase_lane(const Subject& subject) {
  if (subject.incident == nullptr || subject.incident->phases.empty()) return {};
  static constexpr std::array<std::string_view, 4> kClass{"p1", "p3", "p2", "p0"};
  std::string plot;
  for (const Phase& phase : subject.incident->phases) {
    if (!phase.range.overlaps(subject.shown)) continue;
    const double share = static_cast<double>(phase.range.length().count()) /
                         static_cast<double>(subject.shown.length().count());
    // A word that does not fit is left to the table; the bar keeps its title.
    const std::string name(words_for(phase.kind));
    plot += fmt::format(
        "<i class=\"ph {}\" style=\"{}\" title=\"{}\">{}</i>",
        kClass[static_cast<std::size_t>(phase.kind)], span_style(phase.range, subject.shown),
        escape_html(name + ", " + span_utc(phase.range)), share > 0.12 ? escape_html(name) : "");
  }
  return row_html("lane", label_html("Phase", ""), plot, "");
}

std::string window_lane(const Subject& subject) {
  if (subject.incident == nullptr || subject.incident->windows.empty()) return {};
  std::string plot;
  for (const Window& window : subject.incident->windows) {
    if (!window.range.overlaps(subject.shown)) continue;
    plot +=
        fmt::format("<i class=\"wi\" style=\"{}\" title=\"{}\"></i>",
                    span_style(window.range, subject.shown), escape_html(span_utc(window.range)));
  }
  return row_html("lane thinlane", label_html("Windows", "back for a while"), plot, "");
}

std::string mark_lane(const Subject& subject, const ChartDetail& detail, std::string& legend) {
  std::string plot;
  std::size_t drawn = 0;
  std::size_t outside = 0;
  for (const Annotation& annotation : subject.report.annotations) {
    if (!subject.shown.contains(annotation.time) || drawn == detail.marks) {
      ++outside;
      continue;
    }
    ++drawn;
    plot += fmt::format("<i class=\"nr\" style=\"{}\">{}</i>",
                        place_style(annotation.time, subject.shown), drawn);
    const std::string source = clipped(annotation.source, detail.most_text);
    legend += fmt::format("<li>{}: {}{}</li>", escape_html(day_clock_utc(annotation.time)),
                          escape_html(clipped(annotation.text, detail.most_text)),
                          source.empty() ? "" : " (" + escape_html(source) + ")");
  }
  if (plot.empty()) return {};
  legend = "<ol class=\"marks\">" + legend + "</ol>";
  if (outside > 0) legend += "<p class=\"note\">More events are listed in the timeline.</p>";
  return row_html("lane", label_html("Reported events", ""), plot, "");
}

// How much of the source was alive: a bar as high as the coverage, gaps as in the plots.
std::string health_lane(const Subject& subject, std::size_t index, const ChartDetail& detail) {
  const Series& series = subject.series(index);
  const TimeRange& range = subject.shown;
  std::string svg =
      open_tag("svg", {{"viewBox", fmt::format("0 0 {} {}", detail.columns, kLaneHeight)},
                       {"preserveAspectRatio", "none"},
                       {"aria-hidden", "true"}});
  SvgPath alive;
  int until = -1;
  int level = -1;
  int from = 0;
  const auto finish = [&] {
    if (level > 0) alive.rectangle(from, kLaneHeight - level, until - from, level);
    level = -1;
  };
  for (std::size_t i = 0; i < series.size(); ++i) {
    if (!range.contains(series.time_of(i))) continue;
    const int begin = std::clamp(x_of(series.time_of(i), range, detail.columns), 0, detail.columns);
    const int end = std::clamp(x_of(series.time_of(i) + series.step, range, detail.columns), begin,
                               detail.columns);
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
  add_path(svg, "al", alive);
  svg += gap_paths(series, range, detail.columns, kLaneHeight) + "</svg>";
  return row_html("health", label_html(clean_text(series.id.source()), ""), svg, "");
}

std::string key_html() {
  return "<span class=\"key\"><i class=\"k bd\"></i>expected, 5\u201395\u202f%</span>"
         "<span class=\"key\"><i class=\"k ln\"></i>measured</span>"
         "<span class=\"key\"><i class=\"k zr\"></i>measured zero</span>"
         "<span class=\"key\"><svg class=\"k\" viewBox=\"0 0 24 100\" preserveAspectRatio=\"none\">"
         "<path class=\"g\" d=\"M0 0h24v100h-24z\"/></svg>no data (not zero)</span>"
         "<span class=\"key\"><svg class=\"k\" viewBox=\"0 0 24 100\" preserveAspectRatio=\"none\">"
         "<path class=\"gs\" d=\"M0 0h24v100h-24z\"/></svg>suppressed</span>"
         "<span class=\"key\"><svg class=\"k\" viewBox=\"0 0 24 100\" preserveAspectRatio=\"none\">"
         "<path class=\"gd\" d=\"M0 0h24v100h-24z\"/></svg>source down</span>";
}

}  // namespace

std::string chart_patterns() {
  // A plot has ten vertical units to a pixel, so the patterns are ten times as high as wide.
  return "<svg width=\"0\" height=\"0\" style=\"position:absolute\" aria-hidden=\"true\"><defs>"
         "<pattern id=\"hm\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" "
         "patternTransform=\"scale(1 10) rotate(45)\"><path class=\"pt\" d=\"M0 0v6\"/></pattern>"
         "<pattern id=\"hs\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" "
         "patternTransform=\"scale(1 10)\"><circle class=\"pd\" cx=\"2.5\" cy=\"2.5\" r=\"1.1\"/>"
         "</pattern>"
         "<pattern id=\"hd\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" "
         "patternTransform=\"scale(1 10) rotate(45)\"><path class=\"pt\" d=\"M0 0v6M0 0h6\"/>"
         "</pattern></defs></svg>\n";
}

std::string planes_figure(const Subject& subject, const ChartDetail& detail) {
  if (subject.rows.empty() || subject.shown.empty()) return {};
  std::string html = fmt::format(
      "<figure class=\"fig{}\" id=\"figure-1\" role=\"group\" aria-label=\"{}\">\n",
      subject.rows.size() > kRowsOnAPage ? " long" : "",
      escape_html(fmt::format("Figure 1: {} of {}, {}",
                              counted(subject.rows.size(), "measurement", "measurements"),
                              subject.place, days_between(subject.shown))));
  std::string legend;
  html += phase_lane(subject) + window_lane(subject) + mark_lane(subject, detail, legend);
  for (const std::size_t index : subject.rows) html += plot_row(subject, index, detail);
  html += axis_rows(subject);
  html += "<p class=\"lanehead\">Source health</p>\n";
  for (const std::size_t index : subject.rows) html += health_lane(subject, index, detail);
  html += fmt::format("<figcaption><p class=\"keys\">{}</p><p>{}{} {}</p>{}", key_html(),
                      subject.incident != nullptr
                          ? escape_html("Dashed: first loss, " +
                                        day_clock_utc(subject.incident->onset.value) + ". ")
                          : std::string(),
                      "Percentages at right: change against what was expected, with the 90\u202f% "
                      "interval.",
                      escape_html(inputs_words(subject, subject.rows)), legend);
  html += "<details><summary>Figure 1 as text and table</summary><ul>";
  for (const std::size_t index : subject.rows) {
    html += "<li>" + escape_html(alt_text(subject, index)) + "</li>";
  }
  html += "</ul><p>Share of what was expected in each stretch, or the level where nothing was.</p>";
  html += table_html(figure_table(subject, subject.rows, detail.table_rows));
  return html + "</details></figcaption></figure>\n";
}

}  // namespace lightsout
