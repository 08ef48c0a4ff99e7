// SPDX-License-Identifier: Apache-2.0
#include "pages/figure_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "pages/say.h"
#include "report/chart.h"
#include "report/escape.h"
#include "report/thin.h"
#include "web/words_in.h"

namespace lightsout {

namespace {

constexpr std::size_t kMostMarks = 12;
constexpr std::array<std::int64_t, 14> kTableSteps{
    900,   1800,      3600,      2 * 3600,   3 * 3600,   6 * 3600,   12 * 3600,
    86400, 2 * 86400, 7 * 86400, 14 * 86400, 30 * 86400, 60 * 86400, 120 * 86400};

std::string place_percent(Time at, const TimeRange& range) {
  return fmt::format("{:.2f}%", std::clamp(x_of(at, range, 10000), 0, 10000) / 100.0);
}

std::string width_percent(const TimeRange& part, const TimeRange& range) {
  const int left = std::clamp(x_of(part.begin, range, 10000), 0, 10000);
  const int right = std::clamp(x_of(part.end, range, 10000), left, 10000);
  return fmt::format("{:.2f}%", std::max(right - left, 20) / 100.0);
}

// "5 Jan": what day_clock_in() says, without its clock and the blank before it.
std::string day_words(const Language& say, Time time) {
  std::string text = day_clock_in(say, time);
  text.resize(text.rfind(say.clock(time)));
  for (const std::string_view blank :
       {std::string_view("\u00a0"), kNarrow, std::string_view(" ")}) {
    if (text.ends_with(blank)) text.resize(text.size() - blank.size());
  }
  return text;
}

void put_axis(Html& html, const Scene& scene, const Zone& zone, const std::string& label,
              const std::string& offset, const Language& say) {
  html.open("div", {{"class", "row axis"}});
  put_label(html, label, offset);
  html.open("div", {{"class", "plot"}}).open("svg", {{"aria-hidden", "true"}});
  for (const Tick& tick : ticks(scene.shown, zone)) {
    // Near an edge the word stands beside its time, so that it stays inside the figure.
    const int left = x_of(tick.at, scene.shown, 100);
    const Time shown = zone.local(tick.at);
    const bool midnight = shown.time_since_epoch().count() % 86400 == 0;
    html.element("text",
                 {{"x", place_percent(tick.at, scene.shown)},
                  {"y", "13"},
                  {"class", tick.major ? "" : "mi"},
                  {"text-anchor", left < 4    ? "start"
                                  : left > 96 ? "end"
                                              : "middle"}},
                 midnight && scene.shown.length() < Seconds{120 * 86400} ? day_words(say, shown)
                                                                         : tick.label);
  }
  html.close().close().close();
}

Seconds table_step(const TimeRange& range) {
  for (const std::int64_t step : kTableSteps) {
    if (range.length().count() / step < static_cast<std::int64_t>(kTableRows)) return Seconds{step};
  }
  return Seconds{range.length().count() / static_cast<std::int64_t>(kTableRows) + 1};
}

SampleState worst_state(const Series& series, std::size_t first, std::size_t last) {
  std::array<std::size_t, 4> counts{};
  for (std::size_t i = first; i < last; ++i) {
    ++counts[static_cast<std::size_t>(series.samples[i].state())];
  }
  std::size_t worst = 1;
  for (std::size_t state = 2; state < counts.size(); ++state) {
    if (counts[state] > counts[worst]) worst = state;
  }
  return static_cast<SampleState>(worst);
}

// The share of what was expected over the stretch, or the level where nothing was expected.
std::string level_words(const Language& say, const Series& series, const Detection* detection,
                        const TimeRange& stretch) {
  const auto [first, last] = bins_within(series, stretch);
  double sum = 0;
  double usual = 0;
  std::size_t numbers = 0;
  bool expected = detection != nullptr && detection->expected.size() == series.size();
  for (std::size_t i = first; i < last; ++i) {
    const auto value = series.samples[i].number();
    if (!value) continue;
    sum += *value;
    ++numbers;
    if (expected && std::isfinite(detection->expected[i].value)) {
      usual += detection->expected[i].value;
    } else {
      expected = false;
    }
  }
  if (first == last) return "\u2013";
  if (numbers == 0) return word_in(say, worst_state(series, first, last));
  if (expected && usual > 0 && series.unit != Unit::fraction) return percent_in(say, sum / usual);
  return value_in(say, sum / static_cast<double>(numbers), series.unit);
}

void put_phases(Html& html, const PageContext& context, const Scene& scene) {
  if (scene.told == nullptr || scene.told->phases.empty()) return;
  static constexpr std::array<std::string_view, 4> kClass{"p1", "p3", "p2", "p0"};
  html.open("div", {{"class", "row lane"}});
  put_label(html, context.say("figure.phase"), "");
  html.open("div", {{"class", "plot"}}).open("svg", {{"aria-hidden", "true"}});
  for (const Phase& phase : scene.told->phases) {
    if (!phase.range.overlaps(scene.shown)) continue;
    const double share = static_cast<double>(phase.range.length().count()) /
                         static_cast<double>(scene.shown.length().count());
    const std::string name = word_in(context.say, phase.kind);
    html.open("rect", {{"x", place_percent(phase.range.begin, scene.shown)},
                       {"width", width_percent(phase.range, scene.shown)},
                       {"height", "100%"},
                       {"rx", "2"},
                       {"class", std::string(kClass[static_cast<std::size_t>(phase.kind)])}});
    html.element("title", name + ", " + day_clock_utc_in(context.say, phase.range.begin)).close();
    // A word that does not fit is left to the table of phases.
    if (share < 0.14) continue;
    const TimeRange drawn{std::max(phase.range.begin, scene.shown.begin),
                          std::min(phase.range.end, scene.shown.end)};
    html.element("text",
                 {{"x", place_percent(drawn.begin + drawn.length() / 2, scene.shown)},
                  {"y", "13"},
                  {"text-anchor", "middle"},
                  {"class", phase.kind == PhaseKind::near_total ? "in3" : "in2"}},
                 name);
  }
  html.close().close().close();
}

void put_windows(Html& html, const PageContext& context, const Scene& scene) {
  if (scene.told == nullptr || scene.told->windows.empty()) return;
  html.open("div", {{"class", "row lane thin"}});
  put_label(html, context.say("figure.windows"), "");
  html.open("div", {{"class", "plot"}}).open("svg", {{"aria-hidden", "true"}});
  for (const Window& window : scene.told->windows) {
    if (!window.range.overlaps(scene.shown)) continue;
    html.empty("rect", {{"x", place_percent(window.range.begin, scene.shown)},
                        {"width", width_percent(window.range, scene.shown)},
                        {"height", "100%"},
                        {"class", "wi"}});
  }
  html.close().close().close();
}

std::vector<const Annotation*> marks_of(const Scene& scene) {
  std::vector<const Annotation*> marks;
  for (const Annotation& annotation : scene.report->annotations) {
    if (scene.shown.contains(annotation.time) && marks.size() < kMostMarks) {
      marks.push_back(&annotation);
    }
  }
  return marks;
}

}  // namespace

void put_path(Html& html, Literal style, const SvgPath& path) {
  if (!path.empty()) html.empty("path", {{"class", std::string(style.text)}, {"d", path.text()}});
}

void put_gaps(Html& html, const Series& series, const TimeRange& range, int columns, int height) {
  std::array<SvgPath, 4> paths;
  for (const ColumnRun& gap : gaps(series, range, columns)) {
    paths[static_cast<std::size_t>(gap.state)].rectangle(gap.begin, 0, gap.end - gap.begin, height);
  }
  put_path(html, "g", paths[1]);
  put_path(html, "gs", paths[2]);
  put_path(html, "gd", paths[3]);
}

void put_label(Html& html, std::string_view label, std::string_view detail) {
  html.open("div", {{"class", "lab"}}).element("b", label);
  if (!detail.empty()) html.element("span", detail);
  html.close();
}

void put_figure_title(Html& html, const FigureText& text) {
  html.open("h2", {{"id", text.id + "-t"}}).text(text.title);
  html.element("a", {{"class", "hash"}, {"href", "#" + text.id}, {"aria-label", "# " + text.title}},
               "#");
  html.close();
}

void put_axes(Html& html, const PageContext& context, const Scene& scene) {
  put_axis(html, scene, {}, "UTC", "", context.say);
  if (scene.zone.name == "UTC") return;
  put_axis(html, scene, scene.zone, city_in(context.say, scene.zone),
           scene.zone.offset_text(scene.shown.begin), context.say);
}

void put_lanes(Html& html, const PageContext& context, const Scene& scene) {
  put_phases(html, context, scene);
  put_windows(html, context, scene);
  const std::vector<const Annotation*> marks = marks_of(scene);
  if (marks.empty()) return;
  html.open("div", {{"class", "row lane"}});
  put_label(html, context.say("figure.events"), "");
  html.open("div", {{"class", "plot"}}).open("svg", {{"aria-hidden", "true"}});
  for (std::size_t i = 0; i < marks.size(); ++i) {
    html.element("text",
                 {{"x", place_percent(marks[i]->time, scene.shown)},
                  {"y", "13"},
                  {"text-anchor", "middle"},
                  {"class", "num"}},
                 std::to_string(i + 1));
  }
  html.close().close().close();
}

void put_mark_legend(Html& html, const PageContext& context, const Scene& scene) {
  const std::vector<const Annotation*> marks = marks_of(scene);
  if (marks.empty()) return;
  html.open("ol", {{"class", "marks"}});
  for (const Annotation* mark : marks) {
    std::string line = day_clock_utc_in(context.say, mark->time) + ": " + clipped(mark->text, 300);
    if (!mark->source.empty()) line += " (" + clipped(mark->source, 100) + ")";
    html.element("li", line);
  }
  html.close();
}

void put_plot_keys(Html& html, const PageContext& context) {
  const Language& say = context.say;
  const auto key = [&](Literal style, const SvgPath& path, std::string_view words) {
    html.open("span", {{"class", "key"}});
    html.open(
        "svg",
        {{"viewBox", "0 0 24 100"}, {"preserveAspectRatio", "none"}, {"aria-hidden", "true"}});
    put_path(html, style, path);
    html.close().text(words).close().text(" ");
  };
  SvgPath box;
  box.rectangle(0, 0, 24, 100);
  SvgPath line;
  line.move(0, 50);
  line.line(24, 50);
  html.open("p", {{"class", "keys"}});
  key("bd", box, say("figure.key.expected"));
  key("ln", line, say("figure.key.measured"));
  key("zr", line, say("figure.key.zero"));
  key("g", box, say("figure.key.missing"));
  key("gs", box, say("figure.key.suppressed"));
  key("gd", box, say("figure.key.down"));
  html.close();
}

void put_figure_table(Html& html, const PageContext& context, const Scene& scene,
                      const std::vector<std::size_t>& rows, bool words) {
  constexpr std::size_t kMostColumns = 10;  // a table of forty helps nobody
  const Language& say = context.say;
  html.open("details").element("summary", say(words ? "figure.as-text" : "figure.as-table"));
  if (words) {
    html.open("ul");
    for (const std::size_t index : rows) html.element("li", plot_words(say, scene, index));
    html.close();
  }
  html.element("p", say("figure.table-about"));
  const std::size_t columns = std::min(rows.size(), kMostColumns);
  html.open("div", {{"class", "wide"},
                    {"tabindex", "0"},
                    {"role", "region"},
                    {"aria-label", say("figure.as-table")}});
  html.open("table", {{"class", "data"}}).open("thead").open("tr");
  html.element("th", {{"scope", "col"}}, say("figure.from-utc"));
  for (std::size_t i = 0; i < columns; ++i) {
    const SignalId& id = scene.series(rows[i]).id;
    html.element(
        "th", {{"scope", "col"}},
        id.entity() == scene.entity ? signal_name(say, id) : scene.part_name(say, id.entity()));
  }
  html.close().close().open("tbody");
  const Seconds step = table_step(scene.shown);
  for (Time begin = bin_begin(scene.shown.begin, step); begin < scene.shown.end; begin += step) {
    const TimeRange stretch{std::max(begin, scene.shown.begin),
                            std::min(begin + step, scene.shown.end)};
    html.open("tr").element("th", {{"scope", "row"}}, day_clock_in(say, stretch.begin));
    for (std::size_t i = 0; i < columns; ++i) {
      html.element("td",
                   level_words(say, scene.series(rows[i]), scene.detection(rows[i]), stretch));
    }
    html.close();
  }
  html.close().close().close().close();
}

Html plot_patterns() {
  // A plot has ten vertical units to a pixel, so the patterns are ten times as high as wide.
  Html html;
  html.raw(
      "<svg class=\"defs\" aria-hidden=\"true\"><defs><pattern id=\"hm\" width=\"6\" height=\"6\" "
      "patternUnits=\"userSpaceOnUse\" patternTransform=\"scale(1 10) rotate(45)\"><path "
      "class=\"pt\" d=\"M0 0v6\"/></pattern><pattern id=\"hs\" width=\"5\" height=\"5\" "
      "patternUnits=\"userSpaceOnUse\" patternTransform=\"scale(1 10)\"><circle class=\"pd\" "
      "cx=\"2.5\" cy=\"2.5\" r=\"1.1\"/></pattern><pattern id=\"hd\" width=\"6\" height=\"6\" "
      "patternUnits=\"userSpaceOnUse\" patternTransform=\"scale(1 10) rotate(45)\"><path "
      "class=\"pt\" d=\"M0 0v6M0 0h6\"/></pattern></defs></svg>\n");
  return html;
}

std::string plot_words(const Language& say, const Scene& scene, std::size_t index) {
  const Series& series = scene.series(index);
  const PlaneView* view = scene.view(index);
  std::string text = say("figure.alt", {{"what", signal_name(say, series.id)},
                                        {"place", place_in(say, series.id.entity())},
                                        {"days", days_in(say, scene.shown)}});
  const auto add = [&](const std::string& sentence) { text += " " + sentence; };
  if (view != nullptr && view->judged && view->fell) {
    add(say("figure.alt-left", {{"time", day_clock_utc_in(say, view->fell_at.value)}}));
    if (scene.told->direction == Direction::fall) {
      add(say("figure.alt-lowest", {{"share", percent_in(say, view->lowest)},
                                    {"time", day_clock_utc_in(say, view->lowest_at)}}));
    }
    add(view->returned
            ? say("figure.alt-back", {{"time", day_clock_utc_in(say, view->returned->value)}})
            : say("figure.alt-not-back"));
  } else if (view != nullptr && view->judged) {
    add(say("figure.alt-stood"));
  } else if (const Detection* detection = scene.detection(index);
             detection == nullptr || !detection->judgement.possible) {
    add(say("figure.alt-cannot"));
  }
  std::size_t missing = 0;
  std::size_t zero = 0;
  const auto [first, last] = bins_within(series, scene.shown);
  for (std::size_t i = first; i < last; ++i) {
    missing += !series.samples[i].is_number();
    zero += series.samples[i].is_number() && series.samples[i].value() == 0;
  }
  if (zero > 0) add(say.counted("figure.alt-zero", zero));
  if (missing > 0) add(say.counted("figure.alt-missing", missing));
  return text;
}

std::string series_address(const SignalId& signal, const TimeRange& range,
                           std::string_view suffix) {
  return fmt::format("/api/v1/series/{}{}?signal={}%2F{}&from={}&until={}",
                     api_part(signal.entity()), suffix, percent_encode(signal.source()),
                     percent_encode(signal.metric()), format_time(range.begin),
                     format_time(range.end));
}

std::string chart_address(const Entity& entity, const TimeRange& range, std::string_view suffix) {
  std::string name = api_part(entity);
  const std::size_t slash = name.find('/');
  name.replace(slash, 1, "%2F");
  return fmt::format("/api/v1/chart{}?entity={}&from={}&until={}", suffix, name,
                     format_time(range.begin), format_time(range.end));
}

Html figure_links(const PageContext& context, const Scene& scene, std::string_view id,
                  const std::vector<std::size_t>& rows) {
  Html html;
  if (rows.empty()) return html;
  const Entity& entity = scene.series(rows.front()).id.entity();
  const Entity& whole = entity == scene.entity ? entity : scene.entity;
  const std::string series = fmt::format("/api/v1/series/{}", api_part(whole));
  const std::string query = fmt::format("?from={}&until={}", format_time(scene.shown.begin),
                                        format_time(scene.shown.end));
  html.open("p", {{"class", "take"}}).element("span", context.say("figure.take"));
  html.element("a", {{"href", series + ".csv" + query}}, "CSV").text(" ");
  html.element("a", {{"href", series + ".json" + query}}, "JSON").text(" ");
  html.element("a", {{"href", chart_address(whole, scene.shown, ".svg")}}, "SVG").text(" ");
  html.element("a", {{"href", chart_address(whole, scene.shown, ".png")}}, "PNG").text(" ");
  html.element("a",
               {{"href", same_page(context, {{"from", format_time(scene.shown.begin)},
                                             {"until", format_time(scene.shown.end)}}) +
                             "#" + std::string(id)}},
               context.say("figure.permalink"));
  html.close();
  return html;
}

std::string api_part(const Entity& entity) {
  const std::string code = percent_encode(entity.code());
  switch (entity.type()) {
    case EntityType::country:
      return "country/" + code;
    case EntityType::region:
      return "region/" + code;
    case EntityType::asn:
      return entity.country().empty() ? "asn/" + code
                                      : "geoasn/" + code + "-" + std::string(entity.country());
    case EntityType::service:
      break;
  }
  return "service/" + percent_encode(entity.text().substr(8));
}

}  // namespace lightsout
