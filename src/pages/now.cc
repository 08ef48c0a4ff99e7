// Now: what is happening, the gravest first, in sentences; and what we cannot see.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "pages/figure.h"
#include "pages/pages.h"
#include "pages/say.h"
#include "pages/story.h"
#include "web/verdict_words.h"
#include "web/words_in.h"

namespace lightsout {

namespace {

constexpr std::size_t kMostStories = 12;
constexpr std::size_t kMostStrips = 4;  // each needs the picture of an entity
constexpr std::size_t kMostLeadRows = 3;
constexpr Seconds kRecent = std::chrono::hours(24 * 30);

struct Story {
  const Incident* incident = nullptr;
  std::size_t parts = 0;  // incidents of networks, regions and services inside it
};

// Incidents of parts stand under that of their country, where it has one at that time.
std::vector<Story> stories_of(const std::vector<Incident>& incidents, Time through) {
  std::vector<const Incident*> recent;
  for (const Incident& incident : incidents) {
    if (incident.open() || incident.range().end >= through - kRecent) recent.push_back(&incident);
  }
  if (recent.empty()) {  // an old store still has its newest ones to show
    for (const Incident& incident : incidents) recent.push_back(&incident);
  }
  std::vector<Story> stories;
  for (const Incident* incident : recent) {
    if (incident->grade == Grade::lesser_anomaly) continue;
    const auto whole = std::find_if(recent.begin(), recent.end(), [&](const Incident* other) {
      return other != incident && other->entity.type() == EntityType::country &&
             incident->entity.type() != EntityType::country &&
             other->entity.country() == incident->entity.country() &&
             other->grade != Grade::lesser_anomaly && other->range().overlaps(incident->range());
    });
    if (whole == recent.end()) stories.push_back({incident, 0});
  }
  for (Story& story : stories) {
    if (story.incident->entity.type() != EntityType::country) continue;
    for (const Incident* other : recent) {
      story.parts += other->entity != story.incident->entity &&
                     other->entity.country() == story.incident->entity.country() &&
                     other->range().overlaps(story.incident->range());
    }
  }
  std::stable_sort(stories.begin(), stories.end(),
                   [](const Story& a, const Story& b) { return graver(*a.incident, *b.incident); });
  return stories;
}

void put_strip(Html& html, const PageContext& context, const Scene& scene, std::size_t row,
               const TimeRange& range, const std::string& label) {
  html.element("p", {{"class", "note"}},
               label + ": " + signal_name(context.say, scene.series(row).id));
  html.add(level_strip(scene.series(row), scene.detection(row), range,
                       label + ". " + plot_words(context.say, scene, row)));
}

// What the lead story shows: its first curves, against what was usual.
void put_lead_figure(Html& html, const PageContext& context, const Incident& incident) {
  const Result<Scene> scene = scene_of(context, incident.entity);
  if (!scene) return;
  std::vector<std::size_t> rows = scene->rows;
  if (rows.size() > kMostLeadRows) rows.resize(kMostLeadRows);
  if (rows.empty()) rows = scene->services;
  PageContext local = context;
  local.zone = scene->zone;
  html.add(plots_figure(local, *scene,
                        {.id = "lead",
                         .title = context.say("country.measurements-title",
                                              {{"count", std::to_string(rows.size())},
                                               {"place", place_in(context.say, incident.entity)},
                                               {"days", days_in(context.say, scene->shown)}})},
                        rows));
}

void put_strips(Html& html, const PageContext& context, const Incident& incident) {
  const Result<Scene> scene = scene_of(context, incident.entity);
  if (!scene) return;
  const std::optional<std::size_t> row = telling_row(*scene, incident);
  if (!row) return;
  const Time end = scene->shown.end;
  html.open("div", {{"class", "strips"}});
  put_strip(html, context, *scene, *row, scene->shown, days_in(context.say, scene->shown));
  const Time last = incident.open() ? end : std::min(end, incident.range().end + Seconds{6 * 3600});
  put_strip(html, context, *scene, *row, {last - Seconds{86400}, last},
            context.say("now.last-day", {{"time", day_clock_utc_in(context.say, last)}}));
  html.close();
}

void put_story(Html& html, const PageContext& context, const Story& story, bool leads,
               bool strips) {
  const Language& say = context.say;
  const Incident& incident = *story.incident;
  const Result<Zone> zone = zone_for(context, incident.entity);
  const Verdict verdict = verdict_in(say, incident, zone ? *zone : Zone{});
  html.open("li").open("article", {{"class", leads ? "story lead" : "story"}}).open("div");
  put_incident_kicker(html, context, incident);
  html.open("h2").element("a", {{"href", address(context, path_of(incident.entity))}},
                          verdict.headline);
  html.close().open("p");
  for (const std::string& sentence : verdict.sentences) html.text(sentence + " ");
  html.close();
  if (leads) html.element("p", {{"class", "note"}}, verdict.caution);
  html.open("p", {{"class", "links"}});
  html.element("a", {{"href", address(context, "/incident/" + incident.id)}}, say("now.report"))
      .text(" ");
  html.element("a", {{"href", address(context, "/incident/" + incident.id) + "#mechanism"}},
               say("now.why"))
      .text(" ");
  html.element("a", {{"href", chart_address(incident.entity, incident.range(), ".png")}},
               say("now.chart"));
  if (story.parts > 0) {
    html.text(" ").element("span", {{"class", "soft"}}, say.counted("now.parts", story.parts));
  }
  html.close().close();
  if (leads) put_lead_figure(html, context, incident);
  if (strips && !leads) put_strips(html, context, incident);
  html.close().close();
}

void put_summary(Html& html, const PageContext& context, const std::vector<Story>& stories,
                 Time through) {
  const Language& say = context.say;
  std::size_t ongoing = 0;
  std::size_t ended = 0;
  for (const Story& story : stories) {
    ongoing += story.incident->open();
    ended +=
        !story.incident->open() && story.incident->range().end >= through - std::chrono::hours(48);
  }
  html.open("p", {{"class", "kicker"}});
  html.element("b", say.counted("now.ongoing", ongoing));
  html.element("span", say.counted("now.ended", ended));
  html.element("span", say("frame.data-through", {{"time", date_clock(say, through)}}));
  html.close();
}

void put_blind_spots(Html& html, const PageContext& context) {
  const Language& say = context.say;
  html.open("section", {{"id", "blind"}}).element("h2", say("now.blind"));
  std::set<std::string> countries;
  if (const auto signals = context.observatory.signals()) {
    for (const SignalSummary& signal : **signals) {
      if (!signal.id.entity().country().empty()) {
        countries.insert(std::string(signal.id.entity().country()));
      }
    }
  }
  html.open("ul").element("li", say.counted("now.blind-countries", countries.size()));
  if (const auto sources = context.observatory.sources()) {
    for (const SourceHealth& source : *sources) {
      if (source.lag <= std::max<Seconds>(source.step * 3, std::chrono::hours(3))) continue;
      html.element("li", say("now.blind-source", {{"source", source.source},
                                                  {"time", date_clock(say, source.data_through)},
                                                  {"age", age_words(say, source.lag)}}));
    }
  }
  html.element("li", say("now.blind-always")).close();
  html.open("p", {{"class", "links"}});
  html.element("a", {{"href", address(context, "/sources")}}, say("now.all-sources")).close();
  html.close();
}

// Every country that is measured, a link each: the way in for those who look for one.
void put_countries(Html& html, const PageContext& context) {
  std::map<std::string, std::string> by_name;
  if (const auto signals = context.observatory.signals()) {
    for (const SignalSummary& signal : **signals) {
      const std::string code(signal.id.entity().country());
      if (!code.empty()) by_name.emplace(context.say.country(code), code);
    }
  }
  if (by_name.empty()) return;
  html.open("section", {{"id", "countries"}}).element("h2", context.say("now.countries"));
  html.open("p", {{"class", "links"}});
  for (const auto& [name, code] : by_name) {
    html.element("a", {{"href", address(context, "/country/" + code)}}, name).text(" ");
  }
  html.close().close();
}

}  // namespace

WebResponse show_now(const PageContext& context) {
  const Language& say = context.say;
  IncidentQuery query;
  query.as_of = context.query.as_of;
  const auto listed = context.observatory.listing(query);
  if (!listed) return page_problem(context, listed.error());
  const std::vector<Incident>& incidents = **listed;
  const Time through = context.observatory.data_through().value_or(context.now);
  std::vector<Story> stories = stories_of(incidents, through);
  const std::size_t all = stories.size();
  if (stories.size() > kMostStories) stories.resize(kMostStories);
  const bool scripted = std::any_of(stories.begin(), stories.end(), [](const Story& story) {
    return story.incident->semi_synthetic;
  });

  Html body;
  body.add(plot_patterns());
  put_summary(body, context, stories, through);
  const bool ongoing = !stories.empty() && stories.front().incident->open();
  body.element("h1", {{"class", "over"}},
               say(stories.empty() ? "now.title-none"
                   : ongoing       ? "now.title-ongoing"
                                   : "now.title-past"));
  if (stories.empty()) {
    body.element("p", {{"class", "dek"}},
                 say(context.observatory.data_through() ? "now.none" : "now.no-data"));
  }
  body.open("ol", {{"class", "list"}});
  for (std::size_t i = 0; i < stories.size(); ++i) {
    put_story(body, context, stories[i], i == 0, i < kMostStrips);
  }
  body.close();
  body.open("p", {{"class", "links"}});
  body.element("a", {{"href", address(context, "/incidents")}},
               say.counted("now.all-incidents", std::max(all, incidents.size())))
      .text(" ");
  body.element("a", {{"href", address(context, "/map")}}, say("frame.nav.map")).close();
  put_blind_spots(body, context);
  put_countries(body, context);
  return framed(context,
                {.title = say("page.now"),
                 .area = "/",
                 .semi_synthetic = scripted,
                 .description = say("now.description"),
                 .feed = "/api/v1/feeds/global.atom",
                 .live = !context.query.as_of},
                body);
}

}  // namespace lightsout
