// SPDX-License-Identifier: Apache-2.0
#include "api/figure.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "core/sha256.h"
#include "geo/country.h"
#include "report/chart.h"
#include "report/palette.h"
#include "report/svg.h"
#include "report/thin.h"
#include "report/verdict.h"
#include "report/words.h"
#include "signal/catalogue.h"
#include "signal/lineage.h"

namespace lightsout::api {

namespace {

constexpr int kUnits = 4;         // drawing units to a pixel: curves are kept to a quarter of one
constexpr int kMargin = 16;       // pixels
constexpr int kPanelHeight = 96;  // of a plot
constexpr int kPanelHead = 22;    // its label
constexpr int kPanelGap = 14;
constexpr int kLane = 12;
constexpr int kTitleSize = 17;
constexpr int kTextSize = 12;
constexpr int kSmallSize = 10;
constexpr const char* kFonts = "DejaVu Sans, Noto Sans, Liberation Sans, sans-serif";

struct Pen {
  bool dark = false;
  std::string color(std::string_view name) const {
    for (const PaletteColor& each : palette()) {
      if (each.name == name) return std::string(dark ? each.dark : each.light);
    }
    return "#808080";
  }
};

struct Sheet {
  const FigureQuestion& question;
  Pen pen;
  TimeRange range;
  std::vector<SignalAnswer> answers;
  std::size_t left_out = 0;
  std::vector<Incident> incidents;  // of the entity itself that overlap, the gravest first
  bool scripted = false;
  int y = kMargin;
  std::string svg;

  int plot_width() const { return question.width - 2 * kMargin; }
  int x_at(Time time) const { return kMargin + x_of(time, range, plot_width()); }
};

void write(Sheet& sheet, int x, int y, int size, std::string_view color, std::string_view text,
           std::string_view anchor = "start", bool bold = false) {
  sheet.svg += open_tag("text", {{"x", std::to_string(x)},
                                 {"y", std::to_string(y)},
                                 {"font-size", std::to_string(size)},
                                 {"fill", sheet.pen.color(color)},
                                 {"text-anchor", std::string(anchor)},
                                 {"font-weight", bold ? "bold" : "normal"}}) +
               escape_html(clean_text(text)) + "</text>\n";
}

// Breaks where a line of that size is full; DejaVu Sans takes 0.6 of its size a letter.
std::vector<std::string> wrapped(const std::string& text, int width, int size) {
  const auto most = static_cast<std::size_t>(std::max(10.0, width / (0.6 * size)));
  std::vector<std::string> lines{""};
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    const std::string word = text.substr(begin, end - begin);
    begin = end + 1;
    if (!lines.back().empty() &&
        lightsout::columns_of(lines.back()) + 1 + lightsout::columns_of(word) > most) {
      lines.emplace_back();
    }
    lines.back() += (lines.back().empty() ? "" : " ") + word;
  }
  return lines;
}

void write_lines(Sheet& sheet, const std::string& text, int size, std::string_view color,
                 bool bold = false) {
  for (const std::string& line : wrapped(text, sheet.plot_width(), size)) {
    sheet.y += size + 4;
    write(sheet, kMargin, sheet.y, size, color, line, "start", bold);
  }
}

std::string title_sentence(const Sheet& sheet) {
  std::string title =
      fmt::format("{}, {}", title_of(sheet.question.signals.entity), days_between(sheet.range));
  if (sheet.incidents.empty()) return title + ": nothing was found";
  return title + ": " + one_line(sheet.incidents.front());
}

std::string pattern(const char* id, const std::string& path, const std::string& color) {
  return open_tag(
             "pattern",
             {{"id", id}, {"width", "24"}, {"height", "24"}, {"patternUnits", "userSpaceOnUse"}}) +
         element("path",
                 {{"d", path}, {"stroke", color}, {"stroke-width", "3"}, {"fill", "none"}}) +
         "</pattern>\n";
}

std::string patterns(const Pen& pen) {
  const std::string gap = pen.color("gap");
  return "<defs>\n" + pattern("missing", "M0 24L24 0", gap) +
         pattern("suppressed", "M10 12h4", gap) +
         pattern("source_down", "M0 24L24 0M0 0L24 24", gap) + "</defs>\n";
}

double highest_of(const SignalAnswer& answer) {
  double highest = 0;
  for (const Sample& sample : answer.series.samples) {
    if (sample.is_number()) highest = std::max(highest, sample.value());
  }
  double usual = 0;
  for (const Expectation& each : answer.expected) {
    if (std::isfinite(each.high)) usual = std::max(usual, static_cast<double>(each.high));
  }
  // A lone spike may not flatten the rest: twice the usual is enough room.
  const double most = usual > 0 ? std::min(std::max(highest, usual), 2.2 * usual) : highest;
  return most > 0 ? most * 1.05 : 1;
}

void draw_run(SvgPath& path, const Run& run) {
  for (std::size_t i = 0; i < run.points.size(); ++i) {
    if (i == 0)
      path.move(run.points[i].x, run.points[i].y);
    else
      path.line(run.points[i].x, run.points[i].y);
  }
}

void add(Sheet& sheet, const SvgPath& path, std::string_view fill, std::string_view stroke,
         int width) {
  if (path.empty()) return;
  sheet.svg += element("path", {{"d", path.text()},
                                {"fill", std::string(fill)},
                                {"stroke", std::string(stroke)},
                                {"stroke-width", std::to_string(width)},
                                {"stroke-linejoin", "round"}}) +
               "\n";
}

void draw_gaps(Sheet& sheet, const Series& series, int columns, int height) {
  for (const ColumnRun& stretch : gaps(series, sheet.range, columns)) {
    SvgPath path;
    path.rectangle(stretch.begin, 0, stretch.end - stretch.begin, height);
    add(sheet, path, fmt::format("url(#{})", name_of(stretch.state)), "none", 0);
  }
}

void draw_plot(Sheet& sheet, const SignalAnswer& answer) {
  const int columns = sheet.plot_width() * kUnits;
  const int height = kPanelHeight * kUnits;
  const PlotScale scale{
      .columns = columns, .bottom = 0, .top = highest_of(answer), .height = height, .tolerance = 2};
  sheet.svg += open_tag("g", {{"transform", fmt::format("translate({} {}) scale({})", kMargin,
                                                        sheet.y, 1.0 / kUnits)}}) +
               "\n";
  SvgPath band;
  for (const Run& run : thin_band(answer.series, answer.expected, sheet.range, scale)) {
    draw_run(band, run);
    band.close();
  }
  add(sheet, band, sheet.pen.color("band"), "none", 0);
  draw_gaps(sheet, answer.series, columns, height);
  SvgPath axis;
  axis.move(0, height);
  axis.line(columns, height);
  add(sheet, axis, "none", sheet.pen.color("soft"), 3);
  SvgPath line;
  for (const Run& run : thin_runs(answer.series, sheet.range, scale)) draw_run(line, run);
  add(sheet, line, "none", sheet.pen.color("line"), 6);
  SvgPath zero;
  for (const ColumnRun& stretch : zeros(answer.series, sheet.range, columns)) {
    zero.move(stretch.begin, height);
    zero.line(stretch.end, height);
  }
  add(sheet, zero, "none", sheet.pen.color("hot"), 16);
  sheet.svg += "</g>\n";
}

void draw_panel(Sheet& sheet, const SignalAnswer& answer) {
  sheet.y += kPanelGap;
  const SignalKind& kind = kind_of(answer.series.id);
  const std::string label = fmt::format(
      "{} ({}) in {}", label_of(answer.series.id),
      kind.detail.empty() ? std::string(answer.series.id.source()) : std::string(kind.detail),
      sheet.question.signals.baseline ? "shares of expected"
                                      : std::string(name_of(answer.series.unit)));
  write(sheet, kMargin, sheet.y + kTextSize, kTextSize, "ink",
        clipped(label, static_cast<std::size_t>(sheet.plot_width() / 8)));
  write(sheet, sheet.question.width - kMargin, sheet.y + kTextSize, kSmallSize, "soft",
        "top " + number(highest_of(answer), answer.series.unit == Unit::fraction ? 2 : 0), "end");
  sheet.y += kPanelHead;
  draw_plot(sheet, answer);
  sheet.y += kPanelHeight;
}

void lane_block(Sheet& sheet, const TimeRange& part, std::string_view color) {
  const TimeRange shown{std::max(part.begin, sheet.range.begin),
                        std::min(part.end, sheet.range.end)};
  if (shown.empty()) return;
  const int begin = sheet.x_at(shown.begin);
  const int end = std::max(begin + 1, sheet.x_at(shown.end));
  sheet.svg += element("rect", {{"x", std::to_string(begin)},
                                {"y", std::to_string(sheet.y)},
                                {"width", std::to_string(end - begin)},
                                {"height", std::to_string(kLane)},
                                {"fill", sheet.pen.color(color)}}) +
               "\n";
}

std::string_view color_of(PhaseKind kind) {
  switch (kind) {
    case PhaseKind::near_total:
      return "hot";
    case PhaseKind::reduced:
      return "part";
    case PhaseKind::partial_recovery:
      return "mild";
    case PhaseKind::total_recovery:
      break;
  }
  return "back";
}

// Which phases, and when people could get online, under one name each.
void draw_lanes(Sheet& sheet) {
  if (sheet.incidents.empty()) return;
  const Incident& incident = sheet.incidents.front();
  const auto lane = [&](const char* name) {
    sheet.y += kPanelGap;
    write(sheet, kMargin, sheet.y + kSmallSize, kSmallSize, "soft", name);
    sheet.y += kSmallSize + 4;
  };
  lane("Phases: dark orange near-total, light orange reduced, blue recovered");
  for (const Phase& phase : incident.phases) lane_block(sheet, phase.range, color_of(phase.kind));
  sheet.y += kLane;
  if (incident.windows.empty()) return;
  lane("Windows in which connectivity was back");
  for (const Window& window : incident.windows) lane_block(sheet, window.range, "cold");
  sheet.y += kLane;
}

void draw_axis(Sheet& sheet) {
  sheet.y += 6;
  int last = -1'000;
  for (const Tick& tick : ticks(sheet.range, sheet.question.zone)) {
    const int x = sheet.x_at(tick.at);
    if (x - last < 70 || x > sheet.question.width - kMargin - 30) continue;
    last = x;
    sheet.svg += element("path", {{"d", fmt::format("M{} {}v5", x, sheet.y)},
                                  {"stroke", sheet.pen.color("soft")}}) +
                 "\n";
    write(sheet, x + 3, sheet.y + kSmallSize + 4, kSmallSize, "soft", tick.label);
  }
  sheet.y += kSmallSize + 8;
}

Time data_through(const Sheet& sheet) {
  Time through;
  for (const SignalAnswer& each : sheet.answers) {
    if (!each.series.samples.empty()) through = std::max(through, each.series.data_through());
  }
  return through;
}

std::string names_of_sources(const Sheet& sheet) {
  std::set<std::string> names;
  for (const SignalAnswer& each : sheet.answers) names.insert(each.series.id.source());
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

std::string alt_of(const Sheet& sheet) {
  std::string text = title_sentence(sheet) + ".";
  for (const SignalAnswer& each : sheet.answers) {
    double low = NAN;
    for (const double value : each.columns.low) {
      if (std::isfinite(value)) low = std::isnan(low) ? value : std::min(low, value);
    }
    text += fmt::format(" {}: ", label_of(each.series.id));
    text += std::isnan(low) ? std::string("nothing was measured.")
                            : fmt::format("lowest {}.", number(low, low < 10 ? 2 : 0));
  }
  return clean_text(text);
}

std::string query_of(const FigureQuestion& question) {
  std::string query = fmt::format("?from={}&until={}", format_time(question.signals.range.begin),
                                  format_time(question.signals.range.end));
  for (const std::string& each : question.signals.signals) {
    query += "&signal=" + percent_encode(each);
  }
  if (question.signals.baseline) query += "&norm=baseline";
  if (question.signals.as_of) query += "&asof=" + format_time(*question.signals.as_of);
  return query;
}

void fill_metadata(Sheet& sheet, Figure& figure, Observatory& observatory,
                   const std::string& digest) {
  const std::string twin =
      "/api/v1/series/" + path_of(sheet.question.signals.entity) + "{}" + query_of(sheet.question);
  JsonText json;
  json.object([&] {
    json.field("chart", figure.id);
    json.field("title", figure.title);
    json.object("parameters", [&] {
      for (const auto& [name, value] : echo(sheet.question.signals)) json.field(name, value);
    });
    json.moment("data_through", data_through(sheet));
    json.field("inputs_digest", digest);
    json.field("semi_synthetic", sheet.scripted);
    json.field("version", observatory.software_version());
    json.field("licence", kLicence);
    json.field("csv", fmt::format(fmt::runtime(twin), ".csv"));
    json.field("json", fmt::format(fmt::runtime(twin), ".json"));
  });
  figure.metadata = json.take();
  figure.metadata.pop_back();
}

void draw_footer(Sheet& sheet, const Figure& figure, Observatory& observatory,
                 const std::string& digest) {
  sheet.y += 6;
  write_lines(sheet,
              fmt::format("Sources: {}. Data through {} UTC. Times in {}. Band: 90 % of ordinary "
                          "bins. Hatched: no data; crossed: source down.",
                          names_of_sources(sheet), format_time(data_through(sheet)),
                          sheet.question.zone.name),
              kSmallSize, "soft");
  if (sheet.left_out > 0) {
    write_lines(
        sheet,
        fmt::format("{} more signals are not drawn; name them with signal=.", sheet.left_out),
        kSmallSize, "soft");
  }
  write_lines(sheet, std::string(kLicence), kSmallSize, "soft");
  write_lines(sheet,
              fmt::format("{} · chart {} · inputs SHA-256 {}", observatory.software_version(),
                          figure.id, digest),
              kSmallSize, "soft");
}

Status load(Observatory& observatory, Sheet& sheet, SignalQuestion signals) {
  signals.expected = true;
  signals.baseline = sheet.question.signals.baseline;
  Result<std::vector<SignalAnswer>> answers = read_signals(observatory, signals);
  if (!answers) return answers.error();
  sheet.answers = std::move(*answers);
  if (sheet.answers.size() > kMaxPanels) {
    sheet.left_out = sheet.answers.size() - kMaxPanels;
    sheet.answers.erase(sheet.answers.begin() + kMaxPanels, sheet.answers.end());
  }
  for (SignalAnswer& each : sheet.answers) {
    sheet.scripted = sheet.scripted || each.series.semi_synthetic();
    if (!signals.baseline) continue;
    // Shares stand in the band of shares: 1 is what was expected.
    for (Expectation& usual : each.expected) {
      if (std::isfinite(usual.value) && usual.value > 0) {
        usual = {1, usual.low / usual.value, usual.high / usual.value};
      }
    }
  }
  Result<std::vector<Incident>> incidents =
      observatory.incidents({.who = {.entity = signals.entity, .country = {}},
                             .range = signals.range,
                             .as_of = signals.as_of});
  if (!incidents) return incidents.error();
  sheet.incidents = std::move(*incidents);
  std::stable_sort(sheet.incidents.begin(), sheet.incidents.end(),
                   [](const Incident& a, const Incident& b) { return a.grade < b.grade; });
  for (const Incident& each : sheet.incidents) {
    sheet.scripted = sheet.scripted || each.semi_synthetic;
  }
  return {};
}

}  // namespace

Result<Figure> draw_figure(Observatory& observatory, FigureQuestion question) {
  Sheet sheet{.question = question,
              .pen = {question.dark},
              .range = question.signals.range,
              .answers = {},
              .incidents = {},
              .svg = {}};
  if (const Status loaded = load(observatory, sheet, question.signals); !loaded) {
    return loaded.error();
  }
  std::vector<Lineage> lineage;
  for (const SignalAnswer& each : sheet.answers) join_lineage(lineage, each.series.lineage);
  const std::string digest = inputs_digest(lineage);

  Figure figure;
  figure.width = question.width;
  figure.title =
      (sheet.scripted ? std::string(kSemiSynthetic) + ": " : std::string()) + title_sentence(sheet);
  std::string asked = fmt::format("{} {} {} {}", question.width, question.dark, question.zone.name,
                                  observatory.software_version());
  for (const auto& [name, value] : echo(question.signals)) asked += " " + value;
  figure.id = sha256_hex(asked + " " + digest + " " + figure.title).substr(0, 16);
  figure.alt = alt_of(sheet);
  fill_metadata(sheet, figure, observatory, digest);

  write_lines(sheet, figure.title, kTitleSize, "ink", true);
  if (sheet.scripted) write_lines(sheet, std::string(kSemiSyntheticText), kTextSize, "hot");
  for (const SignalAnswer& each : sheet.answers) draw_panel(sheet, each);
  draw_lanes(sheet);
  draw_axis(sheet);
  draw_footer(sheet, figure, observatory, digest);

  figure.height = sheet.y + kMargin;
  figure.svg = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" +
               open_tag("svg", {{"xmlns", "http://www.w3.org/2000/svg"},
                                {"width", std::to_string(figure.width)},
                                {"height", std::to_string(figure.height)},
                                {"viewBox", fmt::format("0 0 {} {}", figure.width, figure.height)},
                                {"role", "img"},
                                {"aria-labelledby", "t d"},
                                {"font-family", kFonts}}) +
               "\n<title id=\"t\">" + escape_html(clean_text(figure.title)) +
               "</title>\n<desc id=\"d\">" + escape_html(figure.alt) + "</desc>\n<metadata>" +
               escape_html(figure.metadata) + "</metadata>\n" + patterns(sheet.pen) +
               element("rect", {{"width", std::to_string(figure.width)},
                                {"height", std::to_string(figure.height)},
                                {"fill", sheet.pen.color("paper")}}) +
               "\n" + sheet.svg + "</svg>\n";
  return figure;
}

}  // namespace lightsout::api
