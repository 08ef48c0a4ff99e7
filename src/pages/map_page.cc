// /map: the world at one time, and the same as a table. Every country is a link.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "geo/country.h"
#include "pages/figure.h"
#include "pages/frame.h"
#include "pages/pages.h"
#include "pages/table.h"
#include "pages/world.h"
#include "web/verdict_words.h"
#include "web/words_in.h"

namespace lightsout {

namespace {

// How a country is drawn. Also told by a pattern and by words, never by colour alone.
enum class Level : std::uint8_t { not_measured, calm, slight, partial, heavy, near_total };
constexpr std::array<std::string_view, 6> kLevelNames = {"not-measured", "calm",  "slight",
                                                         "partial",      "heavy", "near-total"};
constexpr std::array<const char*, 6> kLevelClasses = {"su", "s0", "s1", "s2", "s3", "s4"};

struct Standing {
  Level level = Level::not_measured;
  const Incident* incident = nullptr;  // the gravest at the time
};

Level level_of(const Incident& incident) {
  const double lost = incident.depth.value;
  return lost >= 0.9   ? Level::near_total
         : lost >= 0.5 ? Level::heavy
         : lost >= 0.2 ? Level::partial
                       : Level::slight;
}

using Standings = std::map<std::string, Standing>;

// Whole countries first; of those alike the deeper one.
bool graver_on_map(const Incident& a, const Incident& b) {
  const bool a_whole = a.entity.type() == EntityType::country;
  const bool b_whole = b.entity.type() == EntityType::country;
  if (a_whole != b_whole) return a_whole;
  return a.depth.value > b.depth.value;
}

Standings standings_at(const std::vector<Incident>& incidents, const std::set<std::string>& seen,
                       Time at) {
  Standings standings;
  for (const std::string& country : seen) standings[country].level = Level::calm;
  for (const Incident& each : incidents) {
    const std::string country(each.entity.country());
    const TimeRange range = each.range();
    const bool during = range.begin <= at && (at < range.end || (each.open() && at <= range.end));
    if (country.empty() || each.direction == Direction::rise || !during ||
        each.confidence == Confidence::retracted) {
      continue;
    }
    Standing& standing = standings[country];
    if (standing.incident != nullptr && !graver_on_map(each, *standing.incident)) continue;
    standing.incident = &each;
    // What struck one part of a country is never drawn as its whole.
    standing.level = each.entity.type() == EntityType::country
                         ? level_of(each)
                         : std::min(level_of(each), Level::partial);
  }
  return standings;
}

std::string words_of(const Language& say, const std::string& country, const Standing& standing) {
  const std::string level =
      say(fmt::format("map.level.{}", kLevelNames[std::size_t(standing.level)]));
  if (standing.incident == nullptr) {
    return fmt::format("{}: {}", say.country(country), level);
  }
  return fmt::format("{}: {}", place_in(say, standing.incident->entity),
                     one_line_in(say, *standing.incident));
}

std::string link_of(const PageContext& context, const std::string& country) {
  return address(context, "/country/" + country);
}

void put_world(const PageContext& context, const WorldMap& world, const Standings& standings,
               Html& body) {
  const Language& say = context.say;
  body.open("svg", {{"class", "world"},
                    {"viewBox", std::string(world.view_box)},
                    {"role", "group"},
                    {"aria-label", say("map.figure")}});
  for (const CountryShape& shape : world.shapes) {
    const std::string code(shape.alpha2);
    if (find_country(code) == nullptr) {
      body.empty("path", {{"class", "su"}, {"d", std::string(shape.path)}});
      continue;
    }
    const auto found = standings.find(code);
    const Standing standing = found == standings.end() ? Standing{} : found->second;
    const auto level = std::size_t(standing.level);
    const std::string words = words_of(say, code, standing);
    // Only what has something to say is a stop for the keyboard; the table links all.
    const bool quiet = standing.level == Level::not_measured;
    if (!quiet) {
      body.open("a", {{"href", link_of(context, code)}, {"aria-label", words}});
    }
    body.open("path", {{"class", kLevelClasses[level]}, {"d", std::string(shape.path)}});
    body.element("title", words).close();
    if (standing.level >= Level::heavy) {
      body.empty("path", {{"class", standing.level == Level::heavy ? "hatch1" : "hatch2"},
                          {"d", std::string(shape.path)}});
    }
    if (!quiet) body.close();
  }
  body.close();
}

constexpr std::string_view kParts[] = {"africa", "america", "asia", "europe", "oceans"};

void put_tiles(const PageContext& context, const Standings& standings, Html& body) {
  const Language& say = context.say;
  for (const std::string_view part : kParts) {
    body.element("h3", say(fmt::format("map.part.{}", part))).open("ul", {{"class", "tilegrid"}});
    for (const Country& country : all_countries()) {
      if (part_of_world(country.zone) != part) continue;
      const std::string code(country.alpha2);
      const auto found = standings.find(code);
      const Standing standing = found == standings.end() ? Standing{} : found->second;
      const std::string words = words_of(say, code, standing);
      body.open("li").element("a",
                              {{"class", fmt::format("t{}", int(standing.level))},
                               {"href", link_of(context, code)},
                               {"title", words},
                               {"aria-label", words}},
                              code);
      body.close();
    }
    body.close();
  }
}

void put_keys(const Language& say, Html& body) {
  body.open("p", {{"class", "keys"}});
  for (std::size_t level = 0; level < kLevelNames.size(); ++level) {
    body.open("span", {{"class", "key"}})
        .open("svg", {{"viewBox", "0 0 24 10"}, {"aria-hidden", "true"}});
    body.empty("rect", {{"class", kLevelClasses[level]}, {"width", "24"}, {"height", "10"}});
    if (level >= std::size_t(Level::heavy)) {
      body.empty("rect", {{"class", level == std::size_t(Level::heavy) ? "hatch1" : "hatch2"},
                          {"width", "24"},
                          {"height", "10"}});
    }
    body.close().text(" " + say(fmt::format("map.level.{}", kLevelNames[level]))).close().text(" ");
  }
  body.close();
}

void put_table(const PageContext& context, const Standings& standings, Html& body) {
  const Language& say = context.say;
  std::vector<std::pair<std::string, Standing>> rows(standings.begin(), standings.end());
  std::stable_sort(rows.begin(), rows.end(),
                   [](const auto& a, const auto& b) { return a.second.level > b.second.level; });
  HtmlTable table(
      body, say.counted("map.table", rows.size()),
      {{say("map.country")}, {say("map.state")}, {say("map.incident")}, {say("map.since")}});
  for (const auto& [country, standing] : rows) {
    table.row().link(link_of(context, country), say.country(country));
    table.cell(say(fmt::format("map.level.{}", kLevelNames[std::size_t(standing.level)])));
    if (standing.incident == nullptr) {
      table.cell("\u2013").cell("\u2013");
      continue;
    }
    const auto zone = context.observatory.zone(context.query.tz, standing.incident->entity);
    table
        .link(address(context, "/incident/" + standing.incident->id),
              headline_in(say, *standing.incident))
        .cell(clock_both_in(say, standing.incident->onset.value, zone ? *zone : Zone{}));
  }
  table.finish();
}

void put_form(const PageContext& context, Time at, Html& body) {
  const Language& say = context.say;
  body.open("form", {{"method", "get"}, {"action", "/map"}});
  for (const std::string_view kept : {"lang", "theme", "tz", "asof"}) {
    if (const auto value = context.request.parameter(kept)) {
      body.empty("input", {{"type", "hidden"}, {"name", std::string(kept)}, {"value", *value}});
    }
  }
  put_input(body, "at", say("map.at"), format_time(at), say("map.at-hint"));
  body.open("div").element("button", {{"type", "submit"}}, say("map.go")).close().close();
  body.open("p", {{"class", "links"}});
  const auto step = [&](Seconds by, const char* key) {
    body.element("a", {{"href", same_page(context, {{"at", format_time(at + by)}})}}, say(key))
        .text(" ");
  };
  step(-std::chrono::hours(24 * 7), "map.week-before");
  step(-std::chrono::hours(24), "map.day-before");
  step(std::chrono::hours(24), "map.day-after");
  step(std::chrono::hours(24 * 7), "map.week-after");
  body.close();
}

}  // namespace

WebResponse show_map(const PageContext& context) {
  const Language& say = context.say;
  Time at = context.query.as_of.value_or(context.observatory.data_through().value_or(context.now));
  if (const std::string text = context.request.parameter("at").value_or(""); !text.empty()) {
    const Result<Time> read = read_time(text, context.now);
    if (!read) return page_problem(context, 400, say("map.bad-time"));
    at = *read;
  }
  const auto incidents = context.observatory.incidents({.as_of = context.query.as_of});
  if (!incidents) return page_problem(context, incidents.error());
  const auto signals = context.observatory.signals();
  if (!signals) return page_problem(context, signals.error());
  std::set<std::string> seen;
  for (const SignalSummary& each : **signals) {
    const std::string country(each.id.entity().country());
    if (!country.empty() && each.range.begin <= at && at <= each.range.end) seen.insert(country);
  }
  const Standings standings = standings_at(*incidents, seen, at);

  Html body;
  body.element("h1", say("map.title"));
  body.element("p", {{"class", "dek"}},
               say("map.dek", {{"time", clock_both_in(say, at, context.zone)}}));
  put_form(context, at, body);
  body.add(plot_patterns()).open("figure", {{"id", "world"}});
  const WorldMap& world = world_shapes();
  if (world.shapes.empty()) {
    put_tiles(context, standings, body);
  } else {
    body.raw(
        "<svg class=\"defs\" aria-hidden=\"true\"><defs>"
        "<pattern id=\"h1\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" "
        "patternTransform=\"rotate(45)\"><path class=\"hl\" d=\"M0 0V5\"/></pattern>"
        "<pattern id=\"h2\" width=\"4\" height=\"4\" patternUnits=\"userSpaceOnUse\" "
        "patternTransform=\"rotate(45)\"><path class=\"hl\" d=\"M0 0V4M0 0H4\"/></pattern>"
        "</defs></svg>");
    put_world(context, world, standings, body);
  }
  put_keys(say, body);
  body.element("figcaption", say("map.borders")).close();
  body.element("h2", say("map.table-title"));
  if (standings.empty()) {
    body.element("p", say("map.nothing-measured"));
  } else {
    put_table(context, standings, body);
  }
  return framed(context, {.title = say("map.title"), .area = "/map"}, body);
}

}  // namespace lightsout
