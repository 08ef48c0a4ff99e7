// SPDX-License-Identifier: Apache-2.0
#include "pages/scene.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

#include "geo/country.h"
#include "pages/say.h"
#include "report/escape.h"
#include "web/words_in.h"

namespace lightsout {

namespace {

constexpr Seconds kHour{3600};
constexpr Seconds kMostMargin{3 * 86400};
constexpr Seconds kLongestTold{60 * 86400};

const PartView* find_part(const Incident* incident, const Entity& entity) {
  if (incident == nullptr) return nullptr;
  for (const auto* parts : {&incident->providers, &incident->regions, &incident->services}) {
    for (const PartView& part : *parts) {
      if (part.entity == entity) return &part;
    }
  }
  return nullptr;
}

Time ceiling(Time time) {
  return bin_begin(time + kHour - Seconds{1}, kHour);
}

// The newest incident of the entity that is worth the page, so that a page of an old store opens
// with its story.
std::optional<TimeRange> range_of_story(const PageContext& context, const Entity& entity) {
  IncidentQuery query{.who = {.entity = entity, .country = {}}, .as_of = context.query.as_of};
  const auto incidents = context.observatory.listing(query);
  if (!incidents) return std::nullopt;
  for (const Incident& incident : **incidents) {  // the latest onset first
    if (incident.grade == Grade::lesser_anomaly || incident.grade == Grade::usage_dip) continue;
    const TimeRange during = incident.range();
    if (during.length() > kLongestTold) continue;
    const Seconds margin = std::clamp(during.length() * 3 / 10, Seconds{kHour * 12}, kMostMargin);
    return TimeRange{during.begin - margin, during.end + margin};
  }
  return std::nullopt;
}

TimeRange stretch_of(const PageContext& context, const Entity& entity, Time through) {
  const ReadQuery& query = context.query;
  Time until = query.until.value_or(query.as_of ? std::min(*query.as_of, through) : through);
  if (query.until || query.from) {
    const Time from = query.from.value_or(until - kUsualStretch);
    if (from >= until) until = from + kUsualStretch;
    return {bin_begin(from, Seconds{300}), bin_begin(until + Seconds{299}, Seconds{300})};
  }
  TimeRange shown{until - kUsualStretch, until};
  if (const auto story = range_of_story(context, entity)) {
    // An older story than the last fortnight is told only where nothing newer is known.
    if (story->end > shown.begin) {
      shown.begin = std::min(shown.begin, story->begin);
      // What came long after the incident is not squeezed in beside it.
      if (shown.length() > kUsualStretch * 2) shown.begin = until - kUsualStretch * 2;
    }
  }
  return {bin_begin(shown.begin, kHour), ceiling(shown.end)};
}

// One strip per part: of the plane that says most about people's connectivity.
void keep_one_each(const Scene& scene, std::vector<std::size_t>& parts) {
  const auto rank = [&](std::size_t index) {
    static constexpr std::array<int, 5> kPreference{3, 0, 1, 2, 4};  // probing before traffic
    const Detection* detection = scene.detection(index);
    const bool judged = detection != nullptr && detection->judgement.possible;
    const Series& series = scene.series(index);
    return std::tuple(!judged, kPreference[static_cast<std::size_t>(series.plane)], series.id);
  };
  std::map<Entity, std::size_t> best;
  for (const std::size_t index : parts) {
    const auto [place, added] = best.try_emplace(scene.series(index).id.entity(), index);
    if (!added && rank(index) < rank(place->second)) place->second = index;
  }
  parts.clear();
  for (const auto& [entity, index] : best) parts.push_back(index);
  const auto fell_at = [&](std::size_t index) {
    const PartView* part = scene.part(scene.series(index).id.entity());
    return part != nullptr && part->fell ? part->fell_at.value : Time::max();
  };
  std::stable_sort(parts.begin(), parts.end(),
                   [&](std::size_t a, std::size_t b) { return fell_at(a) < fell_at(b); });
  if (parts.size() > kMostParts) parts.resize(kMostParts);
}

void choose_series(Scene& scene) {
  for (std::size_t i = 0; i < scene.report->series.size(); ++i) {
    const Series& series = scene.series(i);
    const Entity& whom = series.id.entity();
    if (whom == scene.entity) {
      (series.plane == Plane::circumvention ? scene.circumvention : scene.rows).push_back(i);
      continue;
    }
    switch (whom.type()) {
      case EntityType::asn:
        scene.providers.push_back(i);
        break;
      case EntityType::region:
        scene.regions.push_back(i);
        break;
      case EntityType::service:
        scene.services.push_back(i);
        break;
      case EntityType::country:
        break;
    }
  }
  const auto by_plane = [&](std::size_t a, std::size_t b) {
    const Series& x = scene.series(a);
    const Series& y = scene.series(b);
    return std::tie(x.plane, x.worse, x.id) < std::tie(y.plane, y.worse, y.id);
  };
  std::stable_sort(scene.rows.begin(), scene.rows.end(), by_plane);
  std::stable_sort(scene.circumvention.begin(), scene.circumvention.end(), by_plane);
  if (scene.rows.size() > kMostRows) scene.rows.resize(kMostRows);
  keep_one_each(scene, scene.providers);
  keep_one_each(scene, scene.regions);
  keep_one_each(scene, scene.services);
}

// What began hours ago would be a few pixels of a fortnight: the figures then begin nearer to it.
void draw_closer(Scene& scene) {
  const TimeRange during = scene.told->range();
  if (scene.shown.end - during.end > std::chrono::hours(24)) return;
  const Seconds before = std::max<Seconds>(during.length() * 3, std::chrono::hours(36));
  scene.shown.begin = std::max(scene.shown.begin, bin_begin(during.begin - before, kHour));
}

const Incident* gravest(const Scene& scene) {
  const Incident* found = nullptr;
  for (const Incident& incident : scene.report->investigation.incidents) {
    if (incident.entity != scene.entity || !incident.range().overlaps(scene.shown)) continue;
    if (found == nullptr || graver(incident, *found)) found = &incident;
  }
  return found;
}

}  // namespace

const Detection* Scene::detection(std::size_t index) const {
  if (index >= report->detections.size()) return nullptr;
  const Detection& found = report->detections[index];
  return found.signal == report->series[index].id ? &found : nullptr;
}

const PlaneView* Scene::view(std::size_t index) const {
  if (told == nullptr) return nullptr;
  for (const PlaneView& view : told->planes) {
    if (view.signal == series(index).id) return &view;
  }
  return nullptr;
}

const PartView* Scene::part(const Entity& part) const {
  return find_part(told, part);
}

std::string Scene::part_name(const Language& say, const Entity& part) const {
  const PartView* found = this->part(part);
  const std::string usual = name_of(part);
  if (found != nullptr && !found->name.empty() && found->name != part.code() &&
      found->name != usual) {
    return clipped(clean_text(found->name), 100);
  }
  const std::string full = place_in(say, part);
  const std::size_t bracket = full.rfind(" (");  // beside its siblings a part needs no country
  return bracket == std::string::npos ? full : full.substr(0, bracket);
}

Result<Zone> zone_for(const PageContext& context, const std::optional<Entity>& entity) {
  return context.observatory.zone(context.query.tz, entity);
}

Result<Scene> scene_of(const PageContext& context, const Entity& entity) {
  const Result<Zone> zone = zone_for(context, entity);
  if (!zone) return zone.error();
  std::optional<Time> through;
  for (const SignalSummary& signal : context.observatory.signals_of(entity, true)) {
    through = through ? std::max(*through, signal.range.end) : signal.range.end;
  }
  const TimeRange shown = stretch_of(context, entity, through.value_or(context.now));
  Result<std::shared_ptr<const Report>> report =
      context.observatory.picture(entity, shown, context.query.as_of);
  if (!report) return report.error();
  Scene scene{.report = *report,
              .entity = entity,
              .shown = shown,
              .zone = *zone,
              .data_through = std::min(through.value_or(shown.end), shown.end)};
  scene.told = gravest(scene);
  if (scene.told != nullptr && !context.query.from && !context.query.until) {
    draw_closer(scene);
  }
  scene.semi_synthetic = is_semi_synthetic(*scene.report);
  choose_series(scene);
  return scene;
}

Result<Entity> country_named(const PageContext& context, std::string_view text) {
  std::string code(text);
  for (char& c : code) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  const Country* country = find_country(code);
  if (country == nullptr) country = find_country_alpha3(code);
  if (country == nullptr) {
    return Error{ErrorKind::not_found,
                 context.say("scene.no-country", {{"text", clipped(clean_text(text), 40)}})};
  }
  return Entity::parse("country:" + std::string(country->alpha2));
}

Result<std::string> network_named(std::string_view text) {
  if (text.starts_with("AS") || text.starts_with("as")) text.remove_prefix(2);
  const Result<Entity> entity = Entity::parse("asn:" + std::string(text));
  if (!entity) return entity.error();
  return std::string(text);
}

}  // namespace lightsout
