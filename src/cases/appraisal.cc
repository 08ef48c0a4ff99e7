// SPDX-License-Identifier: Apache-2.0
#include "cases/appraisal.h"

namespace lightsout {

namespace {

bool cut_people_off(const Incident& incident) {
  if (incident.direction != Direction::fall) return false;
  return incident.grade == Grade::nationwide || incident.grade == Grade::regional ||
         incident.grade == Grade::network || incident.grade == Grade::disruption;
}

// A case of the same country in the same days is this incident, or a part of it, not a parallel.
std::vector<std::string> same_episode(const Incident& incident) {
  std::vector<std::string> names;
  for (const PastCase& past : built_in_cases()) {
    if (past.entity.country() != incident.entity.country()) continue;
    TimeRange range = incident.range();
    range.begin -= std::chrono::days{1};
    range.end += std::chrono::days{1};
    bool touches = past.days && past.days->first < range.end &&
                   past.days->last.value_or(past.days->first) > range.begin;
    for (const PastCut& cut : past.cuts) {
      touches = touches || (cut.begin < range.end && cut.end.value_or(cut.begin) > range.begin);
    }
    if (touches) names.push_back(past.name);
  }
  return names;
}

std::vector<PastParallel> parallels_of(const Incident& incident, const Zone& zone) {
  const CaseLibrary& library = built_in_library();
  const Profile now = profile_of(incident, zone.offset_at(incident.onset.value));
  const SearchChoice choice{.least_weight = kSolidWeight, .without_names = same_episode(incident)};
  std::vector<PastParallel> parallels;
  for (const Parallel& found : library.nearest(now, kParallels, choice)) {
    const PastCase& past = library.cases()[found.index];
    parallels.push_back({.name = past.name,
                         .title = past.title,
                         .family = past.family,
                         .distance = found.likeness.distance,
                         .known_weight = found.likeness.known_weight,
                         .percentile = found.percentile,
                         .terms = explain(found.likeness, now, library.profiles()[found.index]),
                         .sources = past.sources});
  }
  return parallels;
}

std::optional<CostEstimate> cost_of(const Incident& incident, const EconomyTables* tables) {
  const std::string country(incident.entity.country());
  const std::chrono::year_month_day day{
      std::chrono::floor<std::chrono::days>(incident.onset.value)};
  const int year = static_cast<int>(day.year());
  const Result<Economy> economy =
      economy_of(tables != nullptr ? *tables : EconomyTables{}, country, year);
  if (!economy) return std::nullopt;
  return estimate_cost({.country = country,
                        .year = year,
                        .clock_hours = clock_hours(incident),
                        .effective_hours = effective_hours(incident),
                        .economy = *economy});
}

// All that is known of the place, the part before the range that was asked about included.
struct Known {
  std::vector<Incident> incidents;
  TimeRange looked_at;
};

Known known_of(const Investigation& investigation) {
  Known known{investigation.incidents, investigation.range};
  known.incidents.insert(known.incidents.end(), investigation.earlier.begin(),
                         investigation.earlier.end());
  // A range that begins before anything could be judged was not looked at from its begin.
  if (!investigation.judged.empty()) known.looked_at.begin = investigation.judged.begin;
  return known;
}

}  // namespace

std::vector<Appraisal> appraise_all(const Investigation& investigation, const Zone& zone,
                                    const EconomyTables* tables, const Elsewhere& elsewhere) {
  const Known known = known_of(investigation);
  std::vector<Appraisal> appraisals;
  for (const Incident& incident : investigation.incidents) {
    Appraisal appraisal{.incident = incident.id};
    const bool wanted = appraisals.size() < kMostAppraised;
    if (wanted && cut_people_off(incident)) {
      appraisal.deliberation =
          deliberate(incident, known.incidents, known.looked_at, zone, elsewhere);
      // A region or a network is a part of its country's economy that nobody has told us.
      if (incident.entity.type() == EntityType::country) {
        appraisal.cost = cost_of(incident, tables);
      }
    }
    if (wanted && (cut_people_off(incident) || incident.grade == Grade::service)) {
      appraisal.parallels = parallels_of(incident, zone);
    }
    appraisals.push_back(std::move(appraisal));
  }
  return appraisals;
}

std::string_view word_for_parallel(double percentile) {
  return percentile <= kGoodParallel ? "good" : percentile <= kNoParallel ? "weak" : "none";
}

}  // namespace lightsout
