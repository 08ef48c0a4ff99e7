// Country: the main page. The verdict first, then what each plane shows, who, where, and since
// when.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "incident/coordination.h"
#include "pages/country_parts.h"
#include "pages/figure.h"
#include "pages/pages.h"
#include "pages/say.h"
#include "pages/story.h"
#include "report/subject.h"
#include "web/verdict_words.h"
#include "web/words_in.h"

namespace lightsout {

namespace {

void put_country_links(Html& html, const PageContext& context, const Scene& scene) {
  const Language& say = context.say;
  html.open("p", {{"class", "links"}});
  if (scene.told != nullptr) {
    html.element("a", {{"href", address(context, "/incident/" + scene.told->id)}},
                 say("country.full-report"))
        .text(" ");
  }
  const std::string code(scene.entity.code());
  html.element("a", {{"href", address(context, "/lite/country/" + code)}}, say("frame.lite"))
      .text(" ");
  html.element("a", {{"href", address(context, "/t/" + code)}}, say("country.text")).text(" ");
  html.element("a", {{"href", address(context, "/sms/" + code)}}, say("country.sms"));
  html.close();
}

void put_measurements(Html& html, const PageContext& context, const Scene& scene) {
  const Language& say = context.say;
  if (scene.rows.empty()) {
    html.open("section", {{"id", "measurements"}}).element("h2", say("country.measurements"));
    html.element("p", say("country.no-own-series")).close();
    return;
  }
  html.add(plots_figure(
      context, scene,
      {.id = "measurements",
       .title = say("country.measurements-title", {{"count", std::to_string(scene.rows.size())},
                                                   {"place", place_in(say, scene.entity)},
                                                   {"days", days_in(say, scene.shown)}})},
      scene.rows));
}

std::string together_words(const Language& say, const Scene& scene) {
  std::vector<Time> fell;
  std::size_t judged = 0;
  for (const PartView& part : scene.told->providers) {
    judged += part.judged;
    if (part.judged && part.fell) fell.push_back(part.fell_at.value);
  }
  if (judged == 0) return say("country.providers-cannot");
  std::sort(fell.begin(), fell.end());
  const std::string count = std::to_string(fell.size());
  const std::string all = std::to_string(judged);
  if (fell.size() < 2) return say("country.providers-fell", {{"count", count}, {"all", all}});
  const Seconds spread = fell.back() - fell.front();
  if (spread.count() == 0) {
    return say("country.providers-one-bin",
               {{"count", count}, {"all", all}, {"time", day_clock_utc_in(say, fell.front())}});
  }
  return say("country.providers-together", {{"count", count},
                                            {"all", all},
                                            {"spread", duration_in(say, spread)},
                                            {"time", day_clock_utc_in(say, fell.front())}});
}

void put_providers(Html& html, const PageContext& context, const Scene& scene) {
  const Language& say = context.say;
  if (scene.providers.empty()) {
    html.open("section", {{"id", "providers"}}).element("h2", say("country.providers"));
    html.element("p", say("country.no-providers")).close();
    return;
  }
  std::string note = say("figure.strips-about");
  if (scene.told != nullptr && !scene.told->providers.empty() && context.say.code() == "en") {
    const auto found =
        incident::coordination_of(*scene.told, scene.zone.offset_at(scene.told->onset.value));
    if (!found.sentence.empty()) note += " " + found.sentence;
  }
  const std::string title =
      scene.told != nullptr && !scene.told->providers.empty()
          ? together_words(say, scene)
          : say("country.providers-quiet", {{"count", std::to_string(scene.providers.size())}});
  html.add(strips_figure(context, scene, {.id = "providers", .title = title, .note = note},
                         scene.providers));
  if (scene.told != nullptr) put_part_table(html, context, scene, scene.told->providers);
}

void put_regions(Html& html, const PageContext& context, const Scene& scene) {
  const Language& say = context.say;
  if (scene.regions.empty()) {
    html.open("section", {{"id", "regions"}}).element("h2", say("country.regions"));
    html.element("p", say("country.no-regions")).close();
    return;
  }
  html.add(strips_figure(context, scene, {.id = "regions", .title = say("country.regions")},
                         scene.regions));
  if (scene.told != nullptr) put_part_table(html, context, scene, scene.told->regions);
}

void put_services(Html& html, const PageContext& context, const Scene& scene) {
  const Language& say = context.say;
  const std::string code(scene.entity.code());
  if (scene.services.empty()) {
    html.open("section", {{"id", "services"}}).element("h2", say("country.services"));
    html.element("p", say("country.no-services")).close();
  } else {
    html.add(strips_figure(context, scene, {.id = "services", .title = say("country.services")},
                           scene.services));
    html.open("p", {{"class", "links"}});
    html.element("a", {{"href", address(context, "/services/" + code)}},
                 say("country.more-services"));
    html.close();
  }
  if (scene.circumvention.empty()) {
    html.open("section", {{"id", "circumvention"}}).element("h2", say("country.circumvention"));
    html.element("p", say("country.no-circumvention")).close();
    return;
  }
  html.add(
      plots_figure(context, scene,
                   {.id = "circumvention", .title = say("country.circumvention"), .lanes = false},
                   scene.circumvention));
  html.open("p", {{"class", "links"}});
  html.element("a", {{"href", address(context, "/circumvention/" + code)}},
               say("country.more-circumvention"));
  html.close();
}

}  // namespace

WebResponse show_country(const PageContext& context) {
  const Language& say = context.say;
  const std::vector<std::string> parts = context.request.parts();
  const Result<Entity> entity = country_named(context, parts.empty() ? "" : parts.back());
  if (!entity) return page_problem(context, 404, entity.error().message);
  const Result<Scene> scene = scene_of(context, *entity);
  if (!scene) {
    if (scene.error().kind != ErrorKind::not_found) return page_problem(context, scene.error());
    return unmeasured_page(context, *entity);
  }
  PageContext local = context;
  local.zone = scene->zone;
  Html body;
  body.add(plot_patterns());
  put_verdict(body, local, *scene);
  put_country_links(body, local, *scene);
  put_range_form(body, local, *scene);
  put_planes_now(body, local, *scene);
  put_measurements(body, local, *scene);
  put_providers(body, local, *scene);
  put_regions(body, local, *scene);
  put_services(body, local, *scene);
  put_past(body, local, *scene);
  put_coverage(body, local, *scene);
  const std::string code(entity->code());
  return framed(local,
                {.title = say("country.title", {{"place", place_in(say, *entity)}}),
                 .area = "/country",
                 .semi_synthetic = scene->semi_synthetic,
                 .description = verdict_of_scene(say, *scene).headline,
                 .feed = "/api/v1/feeds/country/" + code + ".atom",
                 .lite = "/lite/country/" + code},
                body);
}

}  // namespace lightsout
