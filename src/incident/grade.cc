// SPDX-License-Identifier: Apache-2.0
#include "incident/grade.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace lightsout::incident {

namespace {

constexpr double kPriorLogOdds = -3.9;  // 2 in 100 of what the detector raises by itself is a cut
// What a plane that stood says against a fall of connectivity: ln((1 - sensitivity) /
// (1 - false positives)). Routes are kept in most cuts of our time, so their silence says little;
// answers to probes and traffic hardly ever survive one (methods.md 2.2, 4.1).
constexpr double kControlStood = -0.3;
constexpr double kDataStood = -3.0;
constexpr double kTrafficStood = -2.5;
constexpr double kToolWeight = 0.6;
constexpr double kTooUnlikely = 0.05;
constexpr double kCorroborates = 0.2;  // of full weight: a second plane a tenth down

bool has_numbers(const Curve& curve, const TimeRange& range) {
  return count_samples(*curve.series, range).numbers > 0;
}

// Half lost counts in full, less in proportion. Fewer users of a tool may be a tool that is
// blocked.
double weight_of(Plane plane, double depth) {
  const double full = plane == Plane::circumvention ? kToolWeight : 1;
  return std::clamp(depth / kHalf, 0.0, 1.0) * full;
}

PlaneSummary plane_of(const Planes& planes, Plane plane) {
  const auto found = planes.find(plane);
  return found == planes.end() ? PlaneSummary{} : found->second;
}

bool is_nationwide(const Planes& planes) {
  const PlaneSummary control = plane_of(planes, Plane::control);
  const PlaneSummary data = plane_of(planes, Plane::data);
  const PlaneSummary traffic = plane_of(planes, Plane::traffic);
  std::size_t notable = 0;
  for (const auto& [plane, summary] : planes) notable += summary.depth >= kNotable ? 1 : 0;
  // Routes or answers to probes half gone, and another plane with them.
  if (std::max(control.depth, data.depth) >= kHalf && notable >= 2) return true;
  // Routes or answers fell a little, and two independent kinds of traffic all but vanished.
  return std::max(control.depth, data.depth) >= kSteadyFell && traffic.deep >= 2;
}

Grade grade_of_country(const Planes& planes, bool lasting) {
  const PlaneSummary control = plane_of(planes, Plane::control);
  const PlaneSummary data = plane_of(planes, Plane::data);
  const double steady = std::max(control.depth, data.depth);
  const bool stood = control.stood + data.stood > 0;
  double usage = 0;
  for (const auto& [plane, summary] : planes) {
    if (plane != Plane::control && plane != Plane::data) usage = std::max(usage, summary.depth);
  }
  if (is_nationwide(planes)) return Grade::nationwide;
  if (steady >= kNotable || (steady >= kSteadyFell && usage >= kHalf)) return Grade::disruption;
  if (lasting && usage >= kNotable) return Grade::level_shift;
  // Nobody looked at routes or answers, and no holiday takes four fifths.
  if (usage >= kVeryDeep && !stood) return Grade::disruption;
  if (usage >= kNotable) return steady >= kSteadyFell ? Grade::disruption : Grade::usage_dip;
  return Grade::lesser_anomaly;
}

Grade grade_of_parts(const std::vector<Witness>& witnesses, const Course& course,
                     const Planes& planes) {
  // Parts, too, have holidays: less use of a provider whose networks answer is a dip of usage.
  const PlaneSummary control = plane_of(planes, Plane::control);
  const PlaneSummary data = plane_of(planes, Plane::data);
  const bool steady_stood = control.stood + data.stood > 0 && control.fell + data.fell == 0;
  if (steady_stood && course.depth.value < kVeryDeep) {
    return course.depth.value >= kNotable ? Grade::usage_dip : Grade::lesser_anomaly;
  }
  std::set<std::string> regions;
  std::set<std::string> providers;
  for (const std::size_t i : course.struck) {
    if (course.sights[i].trough.depth.value < kNotable) continue;
    const Entity& part = witnesses[i].curve.series->id.entity();
    (part.type() == EntityType::region ? regions : providers).insert(part.text());
  }
  if (regions.empty() && providers.empty()) return Grade::lesser_anomaly;
  if (!regions.empty() && providers.empty()) return Grade::regional;
  if (regions.empty() && providers.size() == 1) return Grade::network;
  return Grade::disruption;
}

bool any_lasting(const Group& group) {
  return std::any_of(group.members.begin(), group.members.end(),
                     [](const Member& member) { return member.anomaly->lasting; });
}

bool tests_failed(const std::vector<Witness>& witnesses, const Course& course) {
  return std::any_of(course.struck.begin(), course.struck.end(),
                     [&](std::size_t i) { return witnesses[i].curve.bearing == Bearing::service; });
}

Grade choose_grade(const Entity& entity, const std::vector<Witness>& witnesses, const Group& group,
                   const Course& course, const Planes& planes) {
  switch (group.kind) {
    case GroupKind::other:
      return Grade::lesser_anomaly;
    case GroupKind::surge:
      return Grade::surge;
    case GroupKind::service:
      if (course.depth.value < kNotable) return Grade::lesser_anomaly;
      // Slower for good is not blocked: only failing tests say that.
      return any_lasting(group) && !tests_failed(witnesses, course) ? Grade::level_shift
                                                                    : Grade::service;
    case GroupKind::connectivity:
      break;
  }
  if (course.of_parts) return grade_of_parts(witnesses, course, planes);
  const bool notable = course.depth.value >= kNotable;
  if (entity.type() == EntityType::asn && notable) return Grade::network;
  if (entity.type() == EntityType::region && notable) return Grade::regional;
  return grade_of_country(planes, any_lasting(group));
}

double from_log_odds(double log_odds) {
  return std::clamp(1 / (1 + std::exp(-log_odds)), 1 - kMostProbable, kMostProbable);
}

double probability_of_rise(const Group& group) {
  double evidence = 0;
  for (const Member& member : group.members) {
    evidence = std::max(evidence, member.anomaly->evidence);
  }
  return from_log_odds(kPriorLogOdds + std::min(evidence, kEvidenceCap));
}

double probability_of(const Planes& planes) {
  double log_odds = kPriorLogOdds;
  for (const auto& [plane, summary] : planes) {
    if (summary.fell > 0) {
      log_odds += std::min(summary.evidence, kEvidenceCap) * weight_of(plane, summary.depth);
    } else if (summary.stood > 0) {
      log_odds += plane == Plane::control   ? kControlStood
                  : plane == Plane::data    ? kDataStood
                  : plane == Plane::traffic ? kTrafficStood
                                            : 0;
    }
  }
  return from_log_odds(log_odds);
}

}  // namespace

Planes summarise(const std::vector<Witness>& witnesses, const Course& course, bool of_parts,
                 const Entity* only) {
  Planes planes;
  for (std::size_t i = 0; i < witnesses.size(); ++i) {
    const Witness& witness = witnesses[i];
    if (only == nullptr && (witness.role == Role::own) == of_parts) continue;
    if (only != nullptr && witness.curve.series->id.entity() != *only) continue;
    if (witness.curve.bearing == Bearing::context) continue;
    const Sight& sight = course.sights[i];
    PlaneSummary& plane = planes[witness.curve.series->plane];
    if (sight.fell) {
      ++plane.fell;
      plane.depth = std::max(plane.depth, sight.trough.depth.value);
      if (sight.trough.depth.value >= kVeryDeep) ++plane.deep;
      if (plane.fell == 1 || sight.evidence > plane.evidence) {
        plane.evidence = sight.evidence;
        plane.strongest = i;
      }
    } else if (witness.curve.judged() && witness.curve.bearing == Bearing::connectivity &&
               has_numbers(witness.curve, {course.onset.value,
                                           course.end ? course.end->value : course.data_through})) {
      ++plane.stood;
    }
  }
  std::erase_if(
      planes, [](const auto& entry) { return entry.second.fell == 0 && entry.second.stood == 0; });
  return planes;
}

Grading grade(const Entity& entity, const std::vector<Witness>& witnesses, const Group& group,
              const Course& course) {
  // A service is judged by what was measured of it, not by the networks of the country.
  const Entity* service = group.kind == GroupKind::service
                              ? &witnesses[group.members.front().witness].curve.series->id.entity()
                              : nullptr;
  const Planes planes = summarise(witnesses, course, course.of_parts, service);
  Grading grading;
  grading.lasting = any_lasting(group);
  grading.grade = choose_grade(entity, witnesses, group, course, planes);
  grading.probability = group.kind == GroupKind::other   ? 1 - kMostProbable
                        : group.kind == GroupKind::surge ? probability_of_rise(group)
                                                         : probability_of(planes);
  // Deep and yet hardly more than chance: a bin or two of a network with a handful of addresses.
  const bool serious = grading.grade <= Grade::disruption;
  if (serious && grading.probability < kTooUnlikely) grading.grade = Grade::lesser_anomaly;
  const auto fell = std::count_if(planes.begin(), planes.end(), [](const auto& entry) {
    return entry.second.fell > 0 && weight_of(entry.first, entry.second.depth) >= kCorroborates;
  });
  if (fell >= 2) grading.confidence = Confidence::corroborated;
  return grading;
}

}  // namespace lightsout::incident
