// SPDX-License-Identifier: Apache-2.0
#include "incident/investigate.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/sha256.h"
#include "incident/coincidence.h"
#include "incident/findings.h"
#include "incident/grade.h"
#include "incident/mechanism.h"
#include "incident/mechanism_features.h"
#include "incident/views.h"
#include "incident/windows.h"
#include "signal/lineage.h"

namespace lightsout {

namespace {

using namespace incident;

// In the order of their names, so that the order of the input never matters; series of others are
// left out.
std::vector<Witness> call_witnesses(const Entity& entity, const std::vector<Series>& series,
                                    const std::vector<Detection>& detections,
                                    std::vector<std::string>& notes) {
  std::vector<std::size_t> order;
  std::set<std::string> strangers;
  for (std::size_t i = 0; i < series.size(); ++i) {
    if (role_of(entity, series[i].id.entity()) == Role::unrelated) {
      strangers.insert(series[i].id.entity().text());
    } else {
      order.push_back(i);
    }
  }
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::tuple(series[a].id, series[a].begin, series[a].size()) <
           std::tuple(series[b].id, series[b].begin, series[b].size());
  });
  if (order.size() > kMaxInvestigatedSeries) {
    notes.push_back(
        fmt::format("{} series are more than the {} that are looked at together; the "
                    "last {} by name were left out",
                    order.size(), kMaxInvestigatedSeries, order.size() - kMaxInvestigatedSeries));
    order.resize(kMaxInvestigatedSeries, 0);
  }
  if (!strangers.empty()) {
    notes.push_back(fmt::format("series of {} other entities were not used, the first of {}",
                                strangers.size(), *strangers.begin()));
  }
  std::vector<Witness> witnesses;
  for (const std::size_t i : order) {
    witnesses.push_back(
        {role_of(entity, series[i].id.entity()), make_curve(series[i], detections[i]), {}});
  }
  add_coincidences(witnesses);
  return witnesses;
}

// A service, a single network or region that fell alone is what the incident is about.
Entity subject_of(const Entity& entity, const std::vector<Witness>& witnesses, const Group& group,
                  const Course& course, Grade grade) {
  if (grade != Grade::service && grade != Grade::network && group.kind != GroupKind::service) {
    return entity;
  }
  const std::size_t at =
      course.struck.empty() ? group.members.front().witness : course.struck.front();
  return witnesses[at].curve.series->id.entity();
}

// "ir-2026-01-08-7c1e"
std::string make_id(const Incident& incident, const Group& group) {
  std::string name;
  for (const char c : std::string(incident.entity.country().empty() ? incident.entity.code()
                                                                    : incident.entity.country())) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    name += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : plain ? c : '-';
  }
  const std::string identity =
      fmt::format("{} {} {} {}", incident.entity.text(), static_cast<int>(group.kind),
                  format_time(incident.onset.value), group.members.front().anomaly->signal.text());
  return fmt::format("{}-{}-{}", name, format_time(incident.onset.value).substr(0, 10),
                     sha256_hex(identity).substr(0, 4));
}

void add_inputs(const std::vector<Witness>& witnesses, Incident& incident) {
  for (const Witness& witness : witnesses) {
    join_lineage(incident.inputs, witness.curve.series->lineage);
  }
  for (const Lineage& input : incident.inputs) incident.semi_synthetic |= input.semi_synthetic;
  std::sort(incident.inputs.begin(), incident.inputs.end(), [](const auto& a, const auto& b) {
    return std::tie(a.name, a.sha256, a.format, a.arrived) <
           std::tie(b.name, b.sha256, b.format, b.arrived);
  });
}

Recurrence recurrence_of(const Course& course, const Group& group) {
  std::vector<Time> windows;
  for (const Window& window : course.windows) windows.push_back(window.range.begin);
  const Recurrence of_windows = find_recurrence(windows, "windows");
  // The cuts themselves: the first, and after each window the next.
  std::vector<Time> cuts;
  if (!course.struck.empty() && group.kind == GroupKind::connectivity) {
    cuts.push_back(course.onset.value);
    for (const Window& window : course.windows) cuts.push_back(window.range.end);
  }
  const Recurrence of_cuts = find_recurrence(cuts, "cuts");
  if (of_cuts.curfew_like != of_windows.curfew_like) {
    return of_cuts.curfew_like ? of_cuts : of_windows;
  }
  return of_cuts.matching > of_windows.matching + 1 ? of_cuts : of_windows;
}

// Whom the numbers belong to, where somebody has said so.
void name_providers(std::span<const KnownNetwork> networks, std::vector<PartView>& providers) {
  for (PartView& provider : providers) {
    const Asn asn = provider.entity.asn();
    const auto known = std::lower_bound(
        networks.begin(), networks.end(), asn,
        [](const KnownNetwork& network, Asn wanted) { return network.asn < wanted; });
    if (known == networks.end() || known->asn != asn) continue;
    if (!known->name.empty()) provider.name = known->name;
    provider.user_share = known->user_share;
    provider.user_share_source = known->user_share_source;
    provider.access = known->access;
    provider.owner = known->owner;
    for (const Asn upstream : known->upstreams) {
      provider.upstreams.push_back(fmt::format("AS{}", upstream.number));
    }
  }
}

Incident make_incident(const Entity& entity, const std::vector<Witness>& witnesses,
                       const Group& group, const std::vector<std::string>& not_measured,
                       std::span<const KnownNetwork> networks) {
  Course course = follow(witnesses, group);
  const Grading grading = grade(entity, witnesses, group, course);
  Incident incident{.entity = subject_of(entity, witnesses, group, course, grading.grade)};
  incident.grade = grading.grade;
  incident.confidence = grading.confidence;
  incident.probability = grading.probability;
  incident.lasting = grading.lasting;
  incident.direction = group.members.front().anomaly->direction;
  incident.known_at = course.data_through;
  incident.onset = course.onset;
  incident.end = course.end;
  incident.ending = course.ending;
  incident.depth = course.depth;
  incident.phases = std::move(course.phases);
  incident.windows = course.windows;
  incident.recurrence = recurrence_of(course, group);
  const TimeRange range = incident.range();
  incident.planes =
      view_planes(witnesses, course, range, incident.entity, incident.grade == Grade::level_shift);
  incident.providers = view_parts(witnesses, course, range, Role::provider);
  name_providers(networks, incident.providers);
  incident.regions = view_parts(witnesses, course, range, Role::region);
  incident.services = view_parts(witnesses, course, range, Role::service);
  const bool alone = ipv6_fell_alone(witnesses, course);
  if (incident.grade != Grade::lesser_anomaly || alone) {
    incident.hypotheses = weigh_mechanisms(witnesses, group, course, incident.recurrence);
  }
  for (const Member& member : group.members) incident.evidence.push_back(*member.anomaly);
  add_inputs(witnesses, incident);
  conclude(witnesses, group, course, not_measured, incident);
  incident.id = make_id(incident, group);
  return incident;
}

// Those before the range only teach: the nearest to it, as many as there may be in it.
void keep_latest(std::vector<Incident>& earlier) {
  std::sort(earlier.begin(), earlier.end(), [](const Incident& a, const Incident& b) {
    return std::tie(a.onset.value, a.id) < std::tie(b.onset.value, b.id);
  });
  if (earlier.size() <= kMaxIncidents) return;
  earlier.erase(earlier.begin(), earlier.end() - static_cast<std::ptrdiff_t>(kMaxIncidents));
}

TimeRange judged_range(const std::vector<Witness>& witnesses) {
  std::optional<TimeRange> all;
  for (const Witness& witness : witnesses) {
    if (witness.role != Role::own || witness.curve.bearing != Bearing::connectivity) continue;
    const Judgement& judgement = witness.curve.detection->judgement;
    if (!judgement.possible) continue;
    const TimeRange& judged = judgement.judged;
    all = all ? TimeRange{std::min(all->begin, judged.begin), std::max(all->end, judged.end)}
              : judged;
  }
  return all.value_or(TimeRange{});
}

void judge(const std::vector<Witness>& witnesses, Investigation& investigation) {
  std::string reasons;
  for (const Witness& witness : witnesses) {
    const Judgement& judgement = witness.curve.detection->judgement;
    if (judgement.possible) {
      investigation.could_judge = true;
      return;
    }
    if (reasons.size() > 600) continue;  // a page of reasons helps nobody
    reasons += (reasons.empty() ? "" : "; ") + witness.curve.series->id.text() + ": " +
               (judgement.reason.empty() ? "could not be judged" : judgement.reason);
  }
  investigation.reason =
      witnesses.empty() ? "no series of " + investigation.entity.text() + " or its parts was given"
                        : reasons;
}

}  // namespace

Investigation investigate(const Entity& entity, const TimeRange& range,
                          const std::vector<Series>& series,
                          const std::vector<Detection>& detections,
                          std::span<const KnownNetwork> networks) {
  CHECK(series.size() == detections.size());
  Investigation investigation{.entity = entity, .range = range};
  const std::vector<Witness> witnesses =
      call_witnesses(entity, series, detections, investigation.notes);
  investigation.not_measured = missing_planes(entity, witnesses);
  investigation.judged = judged_range(witnesses);
  judge(witnesses, investigation);

  std::size_t left_out = 0;
  for (const Group& group : fuse(witnesses, left_out)) {
    Incident incident =
        make_incident(entity, witnesses, group, investigation.not_measured, networks);
    const TimeRange lasted = incident.range();
    const bool touches = lasted.overlaps(range) || range.contains(lasted.begin);
    if (touches) {
      investigation.incidents.push_back(std::move(incident));
    } else if (lasted.end <= range.begin) {
      investigation.earlier.push_back(std::move(incident));
    }
  }
  keep_latest(investigation.earlier);
  if (left_out > 0) {
    investigation.notes.push_back(
        fmt::format("{} anomalies are more than the {} that are put together; the {} shallowest "
                    "were left out",
                    left_out + kMaxFusedAnomalies, kMaxFusedAnomalies, left_out));
  }
  auto& incidents = investigation.incidents;
  std::sort(incidents.begin(), incidents.end(), [](const Incident& a, const Incident& b) {
    return std::tuple(a.grade, a.onset.value, a.id) < std::tuple(b.grade, b.onset.value, b.id);
  });
  if (incidents.size() > kMaxIncidents) {
    investigation.notes.push_back(
        fmt::format("{} incidents were found; the {} least grave were left out", incidents.size(),
                    incidents.size() - kMaxIncidents));
    incidents.erase(incidents.begin() + kMaxIncidents, incidents.end());
  }
  return investigation;
}

}  // namespace lightsout
