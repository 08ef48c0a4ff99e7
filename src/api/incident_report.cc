// SPDX-License-Identifier: Apache-2.0
#include "api/incident_report.h"

#include <algorithm>
#include <utility>

namespace lightsout::api {

namespace {

constexpr Seconds kAround = std::chrono::hours(24);  // shown before the onset and after the end

TimeRange around(const Incident& incident) {
  return {incident.range().begin - kAround, incident.range().end + kAround};
}

}  // namespace

Report brief_report(Observatory& observatory, std::vector<Incident> incidents) {
  TimeRange range{};
  for (const Incident& each : incidents) {
    if (range.empty()) range = each.range();
    range = {std::min(range.begin, each.range().begin), std::max(range.end, each.range().end)};
  }
  // Of an empty report nothing is shown, so any entity will do.
  const Entity entity = incidents.empty() ? *Entity::parse("country:KZ") : incidents.front().entity;
  Report report{.investigation = {.entity = entity,
                                  .range = range,
                                  .incidents = std::move(incidents),
                                  .could_judge = true,
                                  .reason = {},
                                  .not_measured = {},
                                  .notes = {}}};
  for (const Incident& each : report.investigation.incidents) {
    report.semi_synthetic = report.semi_synthetic || each.semi_synthetic;
  }
  Result<Zone> zone = observatory.zone("", entity);
  if (zone) report.zone = std::move(*zone);
  report.software_version = observatory.software_version();
  report.generated_at = observatory.now();
  return report;
}

Result<Report> full_report(Observatory& observatory, const Incident& incident) {
  const Result<Incident> newest = observatory.incident(incident.id);
  if (!newest) return newest.error();
  const std::optional<Time> as_of =
      newest->version == incident.version ? std::nullopt : std::optional(incident.known_at);
  const auto picture = observatory.picture(incident.entity, around(incident), as_of);
  if (!picture && picture.error().kind != ErrorKind::not_found) return picture.error();
  Report report = picture ? **picture : brief_report(observatory, {incident});
  report.investigation.incidents = {incident};
  report.appraisals = appraise_all(report.investigation, report.zone, nullptr);
  report.semi_synthetic = report.semi_synthetic || incident.semi_synthetic;
  return report;
}

Result<Appraisal> appraised(Observatory& observatory, const Incident& incident) {
  const Report report = brief_report(observatory, {incident});
  std::vector<Appraisal> all = appraise_all(report.investigation, report.zone, nullptr);
  if (all.empty()) return Appraisal{.incident = incident.id};
  return std::move(all.front());
}

}  // namespace lightsout::api
