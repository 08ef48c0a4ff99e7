// Services: which apps and sites answer, as seen from a country; and the use of tools that get
// around a block.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "detect/circumvention.h"
#include "pages/country_parts.h"
#include "pages/figure.h"
#include "pages/pages.h"
#include "pages/say.h"
#include "pages/story.h"
#include "report/escape.h"
#include "web/words_in.h"

namespace lightsout {

namespace {

constexpr std::size_t kMostPlots = 8;

// The mean of the numbers of a stretch; nullopt without any.
std::optional<double> mean_in(const Series& series, const TimeRange& range) {
  double sum = 0;
  std::size_t count = 0;
  const Series part = slice(series, range);
  for (const Sample& sample : part.samples) {
    if (!sample.is_number()) continue;
    sum += sample.value();
    ++count;
  }
  if (count == 0) return std::nullopt;
  return sum / static_cast<double>(count);
}

struct BeforeDuringAfter {
  TimeRange during;
  bool found = false;
};

BeforeDuringAfter stretch_of_service(const Scene& scene, std::size_t index) {
  const Detection* detection = scene.detection(index);
  if (detection != nullptr) {
    for (const Anomaly& anomaly : detection->anomalies) {
      if (anomaly.range().overlaps(scene.shown)) return {anomaly.range(), true};
    }
  }
  return {{scene.shown.end - Seconds{86400}, scene.shown.end}, false};
}

void put_service_row(Html& html, const PageContext& context, const Scene& scene,
                     std::size_t index) {
  const Language& say = context.say;
  const Series& series = scene.series(index);
  const BeforeDuringAfter stretch = stretch_of_service(scene, index);
  const auto level = [&](const TimeRange& range) {
    if (range.empty()) return std::string("\u2013");
    const auto mean = mean_in(series, range);
    return mean ? value_in(say, *mean, series.unit) : say("services.no-tests");
  };
  const std::string before = say("services.before");
  const std::string during = say("services.during");
  const std::string after = say("services.after");
  html.open("tr").open("th", {{"scope", "row"}}).text(scene.part_name(say, series.id.entity()));
  html.element("small", signal_name(say, series.id) + ", " + series.id.source()).close();
  const bool judged =
      scene.detection(index) != nullptr && scene.detection(index)->judgement.possible;
  html.element("td", {{"data-h", say("services.state")}, {"class", stretch.found ? "hot" : ""}},
               !judged         ? say("figure.cannot-tell")
               : stretch.found ? say("services.changed")
                               : say("country.within"));
  html.element("td", {{"data-h", before}, {"class", "n"}},
               level({scene.shown.begin, stretch.during.begin}));
  html.element("td", {{"data-h", during}, {"class", "n"}}, level(stretch.during));
  html.element("td", {{"data-h", after}, {"class", "n"}},
               level({stretch.during.end, scene.shown.end}));
  html.element("td", {{"data-h", say("services.since")}},
               stretch.found ? day_clock_utc_in(say, stretch.during.begin) : std::string("\u2013"));
  html.close();
}

void put_service_table(Html& html, const PageContext& context, const Scene& scene) {
  const Language& say = context.say;
  html.open("section", {{"id", "table"}}).element("h2", say("services.table"));
  html.open("table", {{"class", "stack"}}).open("thead").open("tr");
  html.element("th", {{"scope", "col"}}, say("services.service"));
  html.element("th", {{"scope", "col"}}, say("services.state"));
  for (const char* key : {"services.before", "services.during", "services.after"}) {
    html.element("th", {{"scope", "col"}, {"class", "n"}}, say(key));
  }
  html.element("th", {{"scope", "col"}}, say("services.since"));
  html.close().close().open("tbody");
  for (const std::size_t index : scene.services) put_service_row(html, context, scene, index);
  html.close().close().element("p", {{"class", "note"}}, say("services.about")).close();
}

// The scene of /services/KZ and /circumvention/KZ, or the page that says why there is none.
std::optional<WebResponse> open_scene(const PageContext& context, std::optional<Scene>& scene) {
  const std::vector<std::string> parts = context.request.parts();
  const Result<Entity> entity = country_named(context, parts.back());
  if (!entity) return page_problem(context, 404, entity.error().message);
  Result<Scene> found = scene_of(context, *entity);
  if (!found) {
    if (found.error().kind != ErrorKind::not_found) return page_problem(context, found.error());
    return unmeasured_page(context, *entity);
  }
  scene = std::move(*found);
  return std::nullopt;
}

void put_heading(Html& html, const PageContext& context, const Scene& scene,
                 const std::string& title) {
  html.open("p", {{"class", "kicker"}});
  html.element("a", {{"href", address(context, path_of(scene.entity))}},
               place_in(context.say, scene.entity));
  html.element("span", days_in(context.say, scene.shown)).close();
  html.element("h1", title);
}

void put_tools(Html& html, const PageContext& context, const Scene& scene) {
  const Language& say = context.say;
  // Only what speaks about the whole country: its tools, and whether it was connected.
  std::vector<Series> series;
  std::vector<Detection> detections;
  for (const auto* rows : {&scene.rows, &scene.circumvention}) {
    for (const std::size_t index : *rows) {
      if (scene.detection(index) == nullptr) continue;
      series.push_back(scene.series(index));
      detections.push_back(*scene.detection(index));
    }
  }
  html.open("section", {{"id", "tools"}}).element("h2", say("circumvention.table"));
  html.open("table", {{"class", "stack"}}).open("thead").open("tr");
  const std::string change = say("circumvention.change");
  const std::string when = say("circumvention.when");
  const std::string reading = say("circumvention.reading");
  for (const std::string& heading : {say("circumvention.tool"), change, when, reading}) {
    html.element("th", {{"scope", "col"}}, heading);
  }
  html.close().close().open("tbody");
  for (const ToolRow& row : circumvention_table(series, detections)) {
    if (row.change && !row.change->range.overlaps(scene.shown)) continue;
    html.open("tr").open("th", {{"scope", "row"}}).text(signal_name(say, row.signal));
    html.element("small", name_of(row.kind)).close();
    html.element("td", {{"data-h", change}, {"lang", "en"}},
                 row.change ? row.change->label() : say("circumvention.nothing"));
    html.element("td", {{"data-h", when}}, row.change ? days_in(say, row.change->range) : "\u2013");
    html.element("td", {{"data-h", reading}, {"lang", "en"}},
                 row.reading.empty() ? clean_text(row.note) : row.reading);
    html.close();
  }
  html.close().close().element("p", {{"class", "note"}}, say("circumvention.about")).close();
}

}  // namespace

WebResponse show_services(const PageContext& context) {
  const Language& say = context.say;
  std::optional<Scene> scene;
  if (auto problem = open_scene(context, scene)) return std::move(*problem);
  PageContext local = context;
  local.zone = scene->zone;
  Html body;
  body.add(plot_patterns());
  put_heading(body, local, *scene,
              say("services.title", {{"place", place_in(say, scene->entity)}}));
  if (scene->services.empty()) {
    body.element("p", {{"class", "dek"}}, say("country.no-services"));
  } else {
    put_service_table(body, local, *scene);
    put_range_form(body, local, *scene);
    body.add(strips_figure(local, *scene, {.id = "strips", .title = say("services.strips")},
                           scene->services));
    std::vector<std::size_t> plots = scene->services;
    if (plots.size() > kMostPlots) plots.resize(kMostPlots);
    body.add(plots_figure(local, *scene,
                          {.id = "plots", .title = say("services.plots"), .lanes = false}, plots));
  }
  return framed(local,
                {.title = say("services.title", {{"place", place_in(say, scene->entity)}}),
                 .area = "/country",
                 .semi_synthetic = scene->semi_synthetic},
                body);
}

WebResponse show_circumvention(const PageContext& context) {
  const Language& say = context.say;
  std::optional<Scene> scene;
  if (auto problem = open_scene(context, scene)) return std::move(*problem);
  PageContext local = context;
  local.zone = scene->zone;
  const std::string title = say("circumvention.title", {{"place", place_in(say, scene->entity)}});
  Html body;
  body.add(plot_patterns());
  put_heading(body, local, *scene, title);
  if (scene->circumvention.empty()) {
    body.element("p", {{"class", "dek"}}, say("country.no-circumvention"));
  } else {
    put_tools(body, local, *scene);
    put_range_form(body, local, *scene);
    body.add(plots_figure(local, *scene, {.id = "plots", .title = title}, scene->circumvention));
  }
  return framed(
      local, {.title = title, .area = "/country", .semi_synthetic = scene->semi_synthetic}, body);
}

}  // namespace lightsout
