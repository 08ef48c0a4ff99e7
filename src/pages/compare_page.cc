// /compare?e=country/KZ@2022-01-05&e=country/BY@2020-08-09: up to six, each from its own onset on.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "pages/figure.h"
#include "pages/frame.h"
#include "pages/pages.h"
#include "pages/table.h"
#include "report/chart.h"
#include "signal/catalogue.h"
#include "web/verdict_words.h"
#include "web/words_in.h"

namespace lightsout {

namespace {

constexpr std::size_t kMostSides = 6;
constexpr Seconds kHour{3600};
constexpr int kHoursBefore = 24;
constexpr int kUsualHours = 168;
constexpr int kMostHours = 24 * 60;
constexpr double kTopShare = 1.2;  // the upper edge of a plot
constexpr int kPlotHeight = 100;
constexpr Seconds kNear = std::chrono::hours(24 * 3);  // an incident belongs to a date this near

// One that is compared.
struct Side {
  std::string spelled;  // as it came: "country/KZ@2022-01-05"
  Entity entity;
  Time onset;
  std::optional<Incident> incident;
  std::string sentence;  // why there is no curve; empty when there is one
  std::string signal;
  std::vector<std::optional<double>> shares;  // by hour, from kHoursBefore before the onset on
};

// "country/KZ" or "country:KZ", with "@" and a date after it where one is given.
struct Asked {
  std::optional<Entity> entity;
  std::optional<Time> date;
};

Asked read_side(const std::string& text, Time now) {
  Asked asked;
  std::string name = text;
  const std::size_t at = text.rfind('@');
  if (at != std::string::npos) {
    if (const Result<Time> date = read_time(text.substr(at + 1), now)) {
      asked.date = *date;
      name = text.substr(0, at);
    }
  }
  const std::size_t slash = name.find('/');
  if (slash != std::string::npos) name[slash] = ':';
  if (const Result<Entity> entity = Entity::parse(name)) asked.entity = *entity;
  return asked;
}

// The fall of the entity nearest to the date; the newest one where no date is given.
std::optional<Incident> incident_near(const PageContext& context, const Entity& entity,
                                      std::optional<Time> date) {
  IncidentQuery query{.who = {.entity = entity}, .as_of = context.query.as_of};
  if (date) query.range = TimeRange{*date - kNear, *date + kNear + std::chrono::hours(24)};
  const Result<std::vector<Incident>> found = context.observatory.incidents(query);
  if (!found) return std::nullopt;
  std::optional<Incident> best;
  for (const Incident& each : *found) {
    if (each.direction == Direction::rise || each.confidence == Confidence::retracted) continue;
    if (!best || each.grade < best->grade) best = each;
  }
  return best;
}

// The series that says most about people's connectivity, of those that could be judged.
std::optional<std::size_t> best_series(const Report& report, const Entity& entity) {
  static constexpr int kPreference[] = {1, 0, 2, 3, 4};  // probing before routes before traffic
  std::optional<std::size_t> best;
  const auto rank = [&](std::size_t i) { return kPreference[std::size_t(report.series[i].plane)]; };
  for (std::size_t i = 0; i < report.series.size(); ++i) {
    const bool judged = i < report.detections.size() && report.detections[i].judgement.possible;
    if (report.series[i].id.entity() != entity || !judged) continue;
    if (!best || rank(i) < rank(*best)) best = i;
  }
  return best;
}

void draw_side(const PageContext& context, int hours, Side& side) {
  const Language& say = context.say;
  const TimeRange range{bin_begin(side.onset, kHour) - kHour * kHoursBefore,
                        bin_begin(side.onset, kHour) + kHour * hours};
  const auto report = context.observatory.picture(side.entity, range, context.query.as_of);
  if (!report) {
    side.sentence = say("compare.no-data");
    return;
  }
  const std::optional<std::size_t> index = best_series(**report, side.entity);
  if (!index) {
    side.sentence = say("compare.not-judged");
    return;
  }
  const Series& series = (*report)->series[*index];
  side.signal = signal_in(say, label_of(series.id));
  for (int hour = -kHoursBefore; hour < hours; ++hour) {
    const Time begin = bin_begin(side.onset, kHour) + kHour * hour;
    side.shares.push_back(
        lowest_share(series, &(*report)->detections[*index], {begin, begin + kHour}));
  }
  if (std::none_of(side.shares.begin(), side.shares.end(),
                   [](const auto& share) { return share.has_value(); })) {
    side.sentence = say("compare.no-data");
  }
}

int y_of(double share) {
  return int(std::lround(kPlotHeight * (1 - std::clamp(share, 0.0, kTopShare) / kTopShare)));
}

std::string curve_of(const Side& side) {
  std::string path;
  bool drawing = false;
  for (std::size_t i = 0; i < side.shares.size(); ++i) {
    if (side.shares[i]) {
      path += fmt::format("{}{} {}", drawing ? "L" : "M", i, y_of(*side.shares[i]));
      if (!drawing) path += "h1";  // one hour alone is still seen
    }
    drawing = side.shares[i].has_value();
  }
  return path;
}

std::optional<double> least_after(const Side& side, std::size_t begin, std::size_t end) {
  std::optional<double> least;
  for (std::size_t i = begin; i < std::min(end, side.shares.size()); ++i) {
    if (side.shares[i] && (!least || *side.shares[i] < *least)) least = side.shares[i];
  }
  return least;
}

void put_plot(const PageContext& context, const Side& side, Html& body) {
  const Language& say = context.say;
  const std::string place = place_in(say, side.entity);
  const auto least = least_after(side, kHoursBefore, side.shares.size());
  const std::size_t width = side.shares.size();
  body.open("div", {{"class", "row pl"}}).open("div", {{"class", "lab"}});
  body.element("b", place).element("span", say.date(side.onset)).element("span", side.signal);
  body.close().open("div", {{"class", "plot"}});
  body.open("svg", {{"viewBox", fmt::format("0 0 {} {}", width, kPlotHeight)},
                    {"preserveAspectRatio", "none"},
                    {"role", "img"},
                    {"aria-label", say("compare.alt", {{"place", place},
                                                       {"signal", side.signal},
                                                       {"least", least ? percent_in(say, *least)
                                                                       : say("state.missing")}})}});
  for (std::size_t i = 0; i < width;) {
    std::size_t end = i;
    while (end < width && !side.shares[end]) ++end;
    if (end > i) {
      body.empty("rect", {{"class", "g"},
                          {"x", std::to_string(i)},
                          {"y", "0"},
                          {"width", std::to_string(end - i)},
                          {"height", std::to_string(kPlotHeight)}});
    }
    i = std::max(end, i) + 1;
  }
  body.empty("path", {{"class", "gr"}, {"d", fmt::format("M0 {}H{}", y_of(1), width)}});
  body.empty("path", {{"class", "ax"}, {"d", fmt::format("M0 {}H{}", kPlotHeight, width)}});
  body.empty("path", {{"class", "on"}, {"d", fmt::format("M{} 0V{}", kHoursBefore, kPlotHeight)}});
  body.empty("path", {{"class", "ln"}, {"d", curve_of(side)}});
  body.close().close().open("div", {{"class", "loss"}});
  if (least) body.element("b", percent_in(say, *least)).element("span", say("compare.lowest"));
  body.close().close();
}

void put_axis(const PageContext& context, int hours, Html& body) {
  const Language& say = context.say;
  const int width = hours + kHoursBefore;
  const int step = hours <= 72 ? 12 : hours <= 240 ? 24 : hours <= 480 ? 72 : 168;
  body.open("div", {{"class", "row axis"}}).open("div", {{"class", "lab"}});
  body.element("b", say("compare.since-onset")).close().open("div", {{"class", "plot"}});
  body.open("svg", {{"aria-hidden", "true"}});
  for (int hour = -kHoursBefore; hour < hours; hour += step) {
    const double at = 100.0 * (hour + kHoursBefore) / width;
    body.element("text",
                 {{"x", fmt::format("{:.2f}%", at)},
                  {"y", "13"},
                  {"class", hour % (2 * step) == 0 ? "" : "mi"}},
                 hour < 0    ? fmt::format("\u2212{}", -hour)
                 : hour == 0 ? std::string("0")
                             : fmt::format("+{}", hour));
  }
  body.close().close().element("div", {{"class", "loss"}}, "").close();
}

void put_curve_table(const PageContext& context, const std::vector<Side>& sides, int hours,
                     Html& body) {
  const Language& say = context.say;
  std::vector<HtmlTable::Heading> headings = {{say("compare.hours")}};
  for (const Side& side : sides) {
    headings.push_back({place_in(say, side.entity) + ", " + say.date(side.onset), true});
  }
  body.open("details").element("summary", say("compare.table"));
  HtmlTable table(body, say("compare.table-caption"), headings);
  const int step = std::max(1, hours / 28);
  for (int hour = -kHoursBefore; hour < hours; hour += step) {
    table.row().cell(fmt::format("{}{}", hour < 0 ? "\u2212" : "+", std::abs(hour)));
    for (const Side& side : sides) {
      const auto begin = std::size_t(hour + kHoursBefore);
      const auto least = least_after(side, begin, begin + std::size_t(step));
      table.cell(least ? percent_in(say, *least) : say("state.missing"));
    }
  }
  table.finish();
  body.close();
}

void put_facts(const PageContext& context, const std::vector<Side>& sides, Html& body) {
  const Language& say = context.say;
  HtmlTable table(body, say("compare.facts"),
                  {{say("compare.who")},
                   {say("compare.onset")},
                   {say("compare.length"), true},
                   {say("compare.what")},
                   {say("compare.windows"), true},
                   {say("compare.mechanism")}});
  for (const Side& side : sides) {
    const auto zone = context.observatory.zone(context.query.tz, side.entity);
    table.row();
    const std::string place = place_in(say, side.entity);
    if (!side.incident) {
      table.link(address(context, path_of(side.entity)), place, side.sentence)
          .cell(say.date(side.onset), say("compare.no-incident"))
          .cell("\u2013")
          .cell("\u2013")
          .cell("\u2013")
          .cell("\u2013");
      continue;
    }
    const Incident& incident = *side.incident;
    const Hypothesis* likely = likely_hypothesis(incident);
    table.link(address(context, "/incident/" + incident.id), place, side.sentence)
        .cell(clock_both_in(say, incident.onset.value, zone ? *zone : Zone{}))
        .cell(length_in(say, incident))
        .cell(one_line_in(say, incident))
        .cell(std::to_string(incident.windows.size()))
        .cell(likely == nullptr ? say("mechanism.not-determined")
                                : word_in(say, likely->mechanism));
  }
  table.finish();
}

void put_form(const PageContext& context, int hours, Html& body) {
  const Language& say = context.say;
  const std::vector<std::string> given = context.request.parameters("e");
  body.open("form", {{"method", "get"}, {"action", "/compare"}});
  for (const std::string_view kept : {"lang", "theme", "tz", "asof"}) {
    if (const auto value = context.request.parameter(kept)) {
      body.empty("input", {{"type", "hidden"}, {"name", std::string(kept)}, {"value", *value}});
    }
  }
  const std::size_t fields = std::min(kMostSides, std::max<std::size_t>(2, given.size() + 1));
  for (std::size_t i = 0; i < fields; ++i) {
    const std::string id = fmt::format("e{}", i);
    body.open("div").element("label", {{"for", id}},
                             say("compare.entry", {{"number", std::to_string(i + 1)}}));
    body.empty("input", {{"id", id},
                         {"name", "e"},
                         {"size", "26"},
                         {"value", i < given.size() ? given[i] : std::string()},
                         {"placeholder", "country/KZ@2022-01-05"}});
    body.close();
  }
  put_input(body, "hours", say("compare.hours-after"), std::to_string(hours));
  body.open("div").element("button", {{"type", "submit"}}, say("compare.go")).close().close();
}

}  // namespace

WebResponse show_compare(const PageContext& context) {
  const Language& say = context.say;
  int hours = kUsualHours;
  if (const std::string text = context.request.parameter("hours").value_or(""); !text.empty()) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), hours);
    const bool whole = error == std::errc{} && end == text.data() + text.size();
    if (!whole || hours < 6 || hours > kMostHours) {
      return page_problem(context, 400, say("compare.bad-hours"));
    }
  }
  std::vector<Side> sides;
  for (const std::string& text : context.request.parameters("e")) {
    if (text.empty()) continue;
    if (sides.size() == kMostSides) return page_problem(context, 400, say("compare.too-many"));
    const Asked asked = read_side(text, context.now);
    if (!asked.entity) {
      return page_problem(context, 400, say("compare.bad-entry", {{"text", clipped(text, 80)}}));
    }
    Side side{.spelled = text, .entity = *asked.entity, .onset = asked.date.value_or(context.now)};
    side.incident = incident_near(context, side.entity, asked.date);
    if (side.incident) side.onset = side.incident->onset.value;
    draw_side(context, hours, side);
    sides.push_back(std::move(side));
  }

  Html body;
  body.element("h1", say("compare.title")).element("p", {{"class", "dek"}}, say("compare.dek"));
  put_form(context, hours, body);
  if (sides.empty()) {
    body.element("p", {{"class", "strong"}}, say("compare.empty"));
  } else {
    put_facts(context, sides, body);
    body.add(plot_patterns());
    body.open("figure", {{"id", "curves"}}).element("h2", say("compare.figure"));
    for (const Side& side : sides) {
      if (side.sentence.empty()) put_plot(context, side, body);
    }
    put_axis(context, hours, body);
    body.element("figcaption", say("compare.caption"));
    put_curve_table(context, sides, hours, body);
    body.close();
  }
  const bool scripted = std::any_of(sides.begin(), sides.end(), [](const Side& side) {
    return side.incident && side.incident->semi_synthetic;
  });
  return framed(context,
                {.title = say("compare.title"), .area = "/compare", .semi_synthetic = scripted},
                body);
}

}  // namespace lightsout
