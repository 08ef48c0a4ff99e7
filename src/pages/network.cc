// Region, network, and network in a country: "is it me, my upstream, or the whole country?"
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "pages/country_parts.h"
#include "pages/figure.h"
#include "pages/pages.h"
#include "pages/say.h"
#include "pages/story.h"
#include "report/escape.h"
#include "web/words_in.h"

namespace lightsout {

namespace {

constexpr std::size_t kMostChanges = 12;
constexpr std::size_t kMostSteps = 12;

// What the incidents of its country know about a network: its name, its owner, its users.
struct Known {
  PartView part;
  const Incident* incident = nullptr;  // of the country, the gravest that overlaps what is shown
};

std::optional<Known> known_of(const Entity& entity, const std::vector<Incident>& incidents,
                              const TimeRange& shown) {
  std::optional<Known> best;
  for (const Incident& incident : incidents) {
    for (const auto* parts : {&incident.providers, &incident.regions}) {
      for (const PartView& part : *parts) {
        if (part.entity != entity) continue;
        const bool overlaps = incident.range().overlaps(shown);
        const bool better =
            !best || (overlaps && (best->incident == nullptr || graver(incident, *best->incident)));
        if (better) best = Known{part, overlaps ? &incident : nullptr};
      }
    }
  }
  return best;
}

std::string own_name(const PageContext& context, const Entity& entity,
                     const std::optional<Known>& known) {
  const std::string usual = place_in(context.say, entity);
  if (!known || known->part.name.empty() || known->part.name == entity.code()) return usual;
  return clipped(clean_text(known->part.name), 100) + ", " + usual;
}

void put_about(Html& html, const PageContext& context, const std::optional<Known>& known) {
  const Language& say = context.say;
  if (!known) return;
  const PartView& part = known->part;
  html.open("p", {{"class", "kicker"}});
  if (!part.access.empty()) html.element("span", {{"class", "chip"}}, part.access);
  if (!part.owner.empty()) {
    html.element("span", say("network.owner", {{"owner", clean_text(part.owner)}}));
  }
  html.element("span", part.user_share
                           ? say("network.users", {{"share", percent_in(say, *part.user_share)},
                                                   {"source", clean_text(part.user_share_source)}})
                           : say("network.users-unknown"));
  html.close();
}

// "Me, my upstream, or the country": what the incident of the country says about its parts.
void put_me_or_all(Html& html, const PageContext& context, const Scene& scene,
                   const std::optional<Known>& known) {
  const Language& say = context.say;
  html.open("section", {{"id", "alone"}}).element("h2", say("network.alone"));
  if (!known || known->incident == nullptr) {
    html.element("p", say(scene.told != nullptr ? "network.alone-yes" : "network.alone-quiet"));
    html.element("p", {{"class", "note"}}, say("network.upstream-unknown")).close();
    return;
  }
  const Incident& incident = *known->incident;
  std::size_t fell = 0;
  std::size_t judged = 0;
  for (const PartView& part : incident.providers) {
    judged += part.judged;
    fell += part.judged && part.fell;
  }
  const std::string place = place_in(say, incident.entity);
  if (!known->part.judged) {
    html.element("p", say("network.part-cannot", {{"place", place}}));
  } else if (!known->part.fell) {
    html.element("p", say("network.part-stood", {{"place", place},
                                                 {"fell", std::to_string(fell)},
                                                 {"all", std::to_string(judged)}}));
  } else {
    html.element("p", say("network.part-fell",
                          {{"place", place},
                           {"time", clock_both_in(say, known->part.fell_at.value, scene.zone)},
                           {"fell", std::to_string(fell)},
                           {"all", std::to_string(judged)}}));
  }
  html.open("p", {{"class", "links"}});
  html.element("a", {{"href", address(context, path_of(incident.entity))}}, place).text(" ");
  html.element("a", {{"href", address(context, "/incident/" + incident.id)}},
               say("country.full-report"));
  html.close().element("p", {{"class", "note"}}, say("network.upstream-unknown")).close();
}

// It has no incident of its own because the country's tells what happened to it.
void put_part_verdict(Html& html, const PageContext& context, const Scene& scene,
                      const Known& known, const std::string& name) {
  const Language& say = context.say;
  const PartView& part = known.part;
  put_incident_kicker(html, context, *known.incident);
  html.element(
      "h1", say("network.headline-fell",
                {{"name", name}, {"share", percent_in(say, std::max(0.0, 1 - part.depth.value))}}));
  html.open("p", {{"class", "dek"}});
  html.text(say("network.change-fell",
                {{"time", clock_both_in(say, part.fell_at.value, scene.zone)},
                 {"share", percent_in(say, part.depth.value)},
                 {"interval", percent_between_in(say, part.depth.low, part.depth.high)}}));
  html.text(" " + (part.returned ? say("network.change-end",
                                       {{"time", day_clock_utc_in(say, part.returned->value)}})
                                 : say("network.change-open")));
  html.close();
}

void put_trace(Html& html, const Language& say, const std::vector<TraceStep>& trace) {
  if (trace.empty()) return;
  html.open("details").element("summary", say("network.trace")).open("ul", {{"lang", "en"}});
  for (std::size_t i = 0; i < trace.size() && i < kMostSteps; ++i) {
    html.element("li", format_time(trace[i].at) + " " + trace[i].what);
  }
  if (trace.size() > kMostSteps) {
    html.element("li",
                 say("number.more.other", {{"count", std::to_string(trace.size() - kMostSteps)}}));
  }
  html.close().close();
}

// Every change that a detector found, with its trace; and where it found none, why not.
void put_changes(Html& html, const PageContext& context, const Scene& scene) {
  const Language& say = context.say;
  html.open("section", {{"id", "changes"}}).element("h2", say("network.changes"));
  html.open("ul", {{"class", "list"}});
  std::size_t shown = 0;
  for (const std::size_t index : scene.rows) {
    const Detection* detection = scene.detection(index);
    if (detection == nullptr || shown == kMostChanges) continue;
    ++shown;
    html.open("li").element("h3", signal_name(say, detection->signal));
    if (!detection->judgement.possible) {
      html.open("p").text(say("figure.cannot-tell") + ": ");
      html.element("span", {{"lang", "en"}}, clean_text(detection->judgement.reason)).close();
    }
    bool any = false;
    for (const Anomaly& anomaly : detection->anomalies) {
      if (!anomaly.range().overlaps(scene.shown)) continue;
      any = true;
      html.open("p").text(
          say(anomaly.direction == Direction::fall ? "network.change-fell" : "network.change-rose",
              {{"time", clock_both_in(say, anomaly.onset.value, scene.zone)},
               {"share", percent_in(say, anomaly.depth.value)},
               {"interval", percent_between_in(say, anomaly.depth.low, anomaly.depth.high)}}));
      html.text(" " + (anomaly.end ? say("network.change-end",
                                         {{"time", day_clock_utc_in(say, anomaly.end->value)}})
                                   : say("network.change-open")));
      html.close();
      put_trace(html, say, anomaly.trace);
    }
    if (!any && detection->judgement.possible) {
      html.element("p", say("network.change-none"));
      put_trace(html, say, detection->trace);
    }
    html.close();
  }
  html.close();
  if (shown == 0) html.element("p", say("country.no-own-series"));
  html.close();
}

WebResponse entity_page(const PageContext& context, const Entity& entity) {
  const Language& say = context.say;
  const Result<Scene> scene = scene_of(context, entity);
  if (!scene) {
    if (scene.error().kind != ErrorKind::not_found) return page_problem(context, scene.error());
    return unmeasured_page(context, entity);
  }
  PageContext local = context;
  local.zone = scene->zone;
  auto incidents = std::make_shared<const std::vector<Incident>>();
  if (!entity.country().empty()) {
    IncidentQuery query;
    query.who.country = std::string(entity.country());
    query.as_of = context.query.as_of;
    if (const auto found = context.observatory.listing(query)) incidents = *found;
  }
  const std::optional<Known> known = known_of(entity, *incidents, scene->shown);
  const std::string name = own_name(local, entity, known);
  Html body;
  body.add(plot_patterns());
  body.open("p", {{"class", "kicker"}}).element("b", name);
  if (!entity.country().empty()) {
    body.element("a", {{"href", address(local, "/country/" + std::string(entity.country()))}},
                 say.country(entity.country()));
  }
  body.close();
  put_about(body, local, known);
  if (scene->told == nullptr && known && known->incident != nullptr && known->part.fell) {
    put_part_verdict(body, local, *scene, *known, name);
  } else {
    put_verdict(body, local, *scene);
  }
  put_me_or_all(body, local, *scene, known);
  put_range_form(body, local, *scene);
  put_planes_now(body, local, *scene);
  body.add(plots_figure(
      local, *scene,
      {.id = "measurements",
       .title = say("country.measurements-title", {{"count", std::to_string(scene->rows.size())},
                                                   {"place", name},
                                                   {"days", days_in(say, scene->shown)}})},
      scene->rows));
  if (!scene->providers.empty()) {
    body.add(strips_figure(local, *scene, {.id = "providers", .title = say("network.parts")},
                           scene->providers));
  }
  put_changes(body, local, *scene);
  if (entity.type() == EntityType::asn) {
    body.open("section", {{"id", "prefixes"}}).element("h2", say("network.prefixes"));
    body.element("p", say("network.prefixes-none")).close();
  }
  put_past(body, local, *scene);
  put_coverage(body, local, *scene);
  return framed(local,
                {.title = name,
                 .area = "/country",
                 .semi_synthetic = scene->semi_synthetic,
                 .description = verdict_of_scene(say, *scene).headline},
                body);
}

}  // namespace

WebResponse show_region(const PageContext& context) {
  const std::vector<std::string> parts = context.request.parts();
  const Result<Entity> country = country_named(context, parts[1]);
  if (!country) return page_problem(context, 404, country.error().message);
  const Result<Entity> entity = Entity::parse("region:" + parts[3]);
  if (!entity || entity->country() != country->country()) {
    return page_problem(context, 404,
                        context.say("network.no-region", {{"text", clipped(parts[3], 40)}}));
  }
  return entity_page(context, *entity);
}

WebResponse show_network(const PageContext& context) {
  const std::vector<std::string> parts = context.request.parts();
  const Result<std::string> number = network_named(parts[1]);
  if (!number) {
    return page_problem(context, 404,
                        context.say("network.no-network", {{"text", clipped(parts[1], 40)}}));
  }
  return entity_page(context, *Entity::parse("asn:" + *number));
}

WebResponse show_network_in(const PageContext& context) {
  const std::vector<std::string> parts = context.request.parts();
  const Result<std::string> number = network_named(parts[1]);
  if (!number) {
    return page_problem(context, 404,
                        context.say("network.no-network", {{"text", clipped(parts[1], 40)}}));
  }
  const Result<Entity> country = country_named(context, parts[3]);
  if (!country) return page_problem(context, 404, country.error().message);
  return entity_page(context, *Entity::parse("asn:" + *number + "@" + country->text()));
}

}  // namespace lightsout
