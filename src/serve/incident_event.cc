// SPDX-License-Identifier: Apache-2.0
#include "serve/incident_event.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "core/check.h"
#include "language/language.h"
#include "serve/hub.h"
#include "web/exchange.h"
#include "web/verdict_words.h"

namespace lightsout {

namespace {

using Json = nlohmann::ordered_json;

bool moved(const TimeEstimate& a, const TimeEstimate& b) {
  return std::chrono::abs(a.value - b.value) >= kTellingTime;
}

bool moved(const std::optional<TimeEstimate>& a, const std::optional<TimeEstimate>& b) {
  return a.has_value() != b.has_value() || (a && moved(*a, *b));
}

bool moved(const Estimate& a, const Estimate& b) {
  return std::abs(a.value - b.value) >= kTellingDepth;
}

// Which planes and parts fell, by name.
std::set<std::string> fallen(const Incident& incident) {
  std::set<std::string> names;
  for (const PlaneView& view : incident.planes) {
    if (view.fell) names.insert(view.signal.text());
  }
  for (const auto* parts : {&incident.providers, &incident.regions, &incident.services}) {
    for (const PartView& part : *parts) {
      if (part.fell) names.insert(part.entity.text());
    }
  }
  return names;
}

bool says_the_same(const Incident& a, const Incident& b) {
  return a.grade == b.grade && a.confidence == b.confidence && a.direction == b.direction &&
         a.ending == b.ending && a.lasting == b.lasting && !moved(a.onset, b.onset) &&
         !moved(a.end, b.end) && !moved(a.depth, b.depth) && a.windows.size() == b.windows.size() &&
         a.phases.size() == b.phases.size() && fallen(a) == fallen(b);
}

std::vector<std::string> planes_of(const Incident& incident) {
  std::set<std::string> names;
  for (const PlaneView& view : incident.planes) {
    if (view.fell) names.emplace(name_of(view.plane));
  }
  return {names.begin(), names.end()};
}

double rounded(double share) {
  return std::round(share * 1000) / 1000;
}

}  // namespace

std::optional<IncidentChange> change_of(const Incident* previous, const Incident& now) {
  if (previous == nullptr) return IncidentChange::opened;
  if (previous->version >= now.version) return std::nullopt;
  if (now.confidence == Confidence::retracted) {
    return previous->confidence == Confidence::retracted ? std::nullopt
                                                         : std::optional(IncidentChange::retracted);
  }
  if (previous->open() && !now.open()) return IncidentChange::restored;
  if (says_the_same(*previous, now)) return std::nullopt;
  return !previous->open() && !now.open() ? IncidentChange::corrected : IncidentChange::updated;
}

std::string_view name_of(IncidentChange change) {
  switch (change) {
    case IncidentChange::opened:
      return "opened";
    case IncidentChange::updated:
      return "updated";
    case IncidentChange::restored:
      return "restored";
    case IncidentChange::corrected:
      return "corrected";
    case IncidentChange::retracted:
      return "retracted";
  }
  CHECK(false);
}

std::string_view stream_name(IncidentChange change) {
  switch (change) {
    case IncidentChange::opened:
      return kEventOpened;
    case IncidentChange::restored:
      return kEventRestored;
    case IncidentChange::updated:
    case IncidentChange::corrected:
    case IncidentChange::retracted:
      return kEventUpdated;
  }
  CHECK(false);
}

std::string event_json(IncidentChange change, const Incident& incident, std::string_view base) {
  Json json;
  json["event"] = name_of(change);
  json["incident"] = incident.id;
  json["version"] = incident.version;
  json["dedupe_key"] = incident.id;
  json["entity"] = incident.entity.text();
  json["grade"] = name_of(incident.grade);
  json["direction"] = incident.direction == Direction::fall ? "fall" : "rise";
  json["started_at"] = format_time(incident.onset.value);
  json["ended_at"] = incident.end ? Json(format_time(incident.end->value)) : Json(nullptr);
  json["known_at"] = format_time(incident.known_at);
  json["depth"] = {{"value", rounded(incident.depth.value)},
                   {"low", rounded(incident.depth.low)},
                   {"high", rounded(incident.depth.high)}};
  json["planes"] = planes_of(incident);
  json["confidence"] = name_of(incident.confidence);
  json["semi_synthetic"] = incident.semi_synthetic;
  for (const char* code : {"en", "ru"}) {
    const Language& say = *find_language(code);
    std::string text = headline_in(say, incident);
    if (incident.semi_synthetic) text += " [SEMI-SYNTHETIC]";
    json["text"][code] = text;
  }
  if (!base.empty()) {
    const std::string id = percent_encode(incident.id);
    json["links"] = {
        {"page", fmt::format("{}/incident/{}", base, id)},
        {"version", fmt::format("{}/incident/{}?version={}", base, id, incident.version)},
        {"api", fmt::format("{}/api/v1/incidents/{}", base, id)}};
  }
  // What is not UTF-8 becomes U+FFFD; JSON has no line break outside of its strings' escapes.
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace lightsout
