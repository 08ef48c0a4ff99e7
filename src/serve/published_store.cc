// SPDX-License-Identifier: Apache-2.0
#include "serve/published_store.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "serve/incident_event.h"

namespace lightsout {

namespace {

using Json = nlohmann::ordered_json;

std::string detection_json(const Anomaly& anomaly) {
  Json json;
  json["signal"] = anomaly.signal.text();
  json["plane"] = name_of(anomaly.plane);
  json["detector"] = anomaly.detector;
  json["direction"] = anomaly.direction == Direction::fall ? "fall" : "rise";
  json["started_at"] = format_time(anomaly.onset.value);
  json["ended_at"] = anomaly.end ? Json(format_time(anomaly.end->value)) : Json(nullptr);
  json["depth"] = anomaly.depth.value;
  json["data_through"] = format_time(anomaly.data_through);
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// The same fall seen again: of two judgements of a series the onset may differ by a few bins.
bool known(const std::vector<Anomaly>& before, const Anomaly& anomaly) {
  return std::any_of(before.begin(), before.end(), [&](const Anomaly& each) {
    return each.direction == anomaly.direction && each.range().overlaps(anomaly.range()) &&
           each.open() == anomaly.open();
  });
}

}  // namespace

void PublishedStore::changed(const Entity& entity) {
  const std::string country(entity.country());
  observatory_.changed(country.empty() ? std::nullopt : std::optional(country));
}

Result<PutSummary> PublishedStore::put_series(std::span<const Series> series,
                                              std::optional<Time> arrived) {
  Result<PutSummary> put = inner_.put_series(series, arrived);
  if (!put || put->stored == 0) return put;
  std::set<std::string> countries;
  for (const Series& each : series) countries.emplace(each.id.entity().country());
  for (const std::string& country : countries) {
    observatory_.changed(country.empty() ? std::nullopt : std::optional(country));
  }
  return put;
}

Status PublishedStore::put_detection(const Detection& detection, Time made_at) {
  const std::lock_guard lock(writing_);
  std::vector<Anomaly> before;
  if (!detection.anomalies.empty()) {
    const auto kept = inner_.detections({.entity = detection.signal.entity()}, std::nullopt);
    if (!kept) return kept.error();
    for (const DetectionRecord& each : *kept) {
      if (each.detection.signal == detection.signal) before = each.detection.anomalies;
    }
  }
  const Status put = inner_.put_detection(detection, made_at);
  if (!put) return put;
  for (const Anomaly& anomaly : detection.anomalies) {
    if (known(before, anomaly)) continue;
    hub_.publish(kEventDetection, detection.signal.entity().text(), detection_json(anomaly));
  }
  return put;
}

Status PublishedStore::put_incident(const Incident& incident) {
  const std::lock_guard lock(writing_);
  const Result<std::vector<Incident>> before = inner_.incident_versions(incident.id);
  if (!before && before.error().kind != ErrorKind::not_found) return before.error();
  const Status put = inner_.put_incident(incident);
  if (!put) return put;
  const Incident* previous = before ? &before->back() : nullptr;
  if (previous != nullptr && previous->version >= incident.version) return put;  // known already
  changed(incident.entity);
  if (const auto change = change_of(previous, incident)) {
    hub_.publish(stream_name(*change), incident.entity.text(),
                 event_json(*change, incident, base_));
  }
  return put;
}

}  // namespace lightsout
