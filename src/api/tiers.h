// The three tiers and what chooses among them: a detection is what a machine saw in one signal, an
// event is a span of one entity in which detections overlap, an incident is what was concluded of
// all of them, with versions.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/answer.h"

namespace lightsout::api {

// Detections of one entity and direction that overlap, as one span.
struct Event {
  Entity entity;
  Direction direction = Direction::fall;
  TimeRange range;
  bool open = false;
  std::vector<const Anomaly*> detections;
  double depth = 0;  // of the deepest
};

// By entity, direction and begin. The anomalies must outlive what is returned.
std::vector<Event> events_of(const std::vector<Anomaly>& anomalies);

// ?entity=, from, until, asof as the store is asked; the entity is checked to be known.
Result<IncidentQuery> read_who_and_when(const ApiCall& call);
// Incidents that ?entity= and the other filters of the call choose, the latest onset first.
Result<std::vector<Incident>> chosen_incidents(const ApiCall& call);
// Every anomaly kept by the store that the call asks for, by onset, the latest first.
Result<std::vector<Anomaly>> chosen_anomalies(const ApiCall& call);

std::string_view name_of(Direction direction);
// "ir-2026-01-08-7c1e": as a link to its page, and to its document.
std::string page_of(const Incident& incident);

}  // namespace lightsout::api
