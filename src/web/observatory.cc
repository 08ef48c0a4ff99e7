// SPDX-License-Identifier: Apache-2.0
#include "web/observatory.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "cases/appraisal.h"
#include "core/parallel.h"
#include "detect/detector.h"
#include "geo/country.h"
#include "signal/lineage.h"

namespace lightsout {

namespace {

bool belongs(const Entity& part, const Entity& whole, bool with_parts) {
  if (part == whole) return true;
  if (!with_parts) return false;
  switch (whole.type()) {
    case EntityType::country:
      return part.country() == whole.country();
    case EntityType::asn:
      return part.asn() == whole.asn() &&
             (whole.country().empty() || part.country() == whole.country());
    default:
      return false;
  }
}

}  // namespace

Observatory::Observatory(Store& store, Clock& clock, Zones zones, std::string software_version)
    : store_(store),
      clock_(clock),
      zones_(std::move(zones)),
      software_version_(std::move(software_version)) {}

void Observatory::changed() {
  generation_.fetch_add(1);
}

Result<Zone> Observatory::zone(const std::string& iana_name, const std::optional<Entity>& entity) {
  std::string name = iana_name;
  if (name.empty() && entity) {
    const Country* country = find_country(entity->country());
    if (country != nullptr) name = country->zone;
  }
  if (name.empty() || name == "UTC") return Zone{};
  {
    const std::lock_guard lock(mutex_);
    const auto known = known_zones_.find(name);
    if (known != known_zones_.end()) return known->second;
  }
  Result<Zone> zone = zones_(name);
  if (!zone) {
    return Error{ErrorKind::usage,
                 fmt::format("'{}' is no time zone: write a name like Asia/Almaty", name)};
  }
  const std::lock_guard lock(mutex_);
  known_zones_.emplace(name, *zone);  // as many as the tz database has
  return zone;
}

Result<std::vector<Incident>> Observatory::incidents(const IncidentQuery& query) {
  return store_.incidents(query);
}

Result<Incident> Observatory::incident(const std::string& id, std::uint32_t version) {
  Result<std::vector<Incident>> versions = store_.incident_versions(id);
  if (!versions) return versions.error();
  if (version == 0) return std::move(versions->back());
  for (Incident& each : *versions) {
    if (each.version == version) return std::move(each);
  }
  return Error{ErrorKind::not_found, fmt::format("incident {} has versions 1 to {}, not {}", id,
                                                 versions->back().version, version)};
}

Result<std::shared_ptr<const std::vector<SignalSummary>>> Observatory::signals() {
  const std::uint64_t generation = generation_.load();
  {
    const std::lock_guard lock(mutex_);
    if (signals_ && signals_generation_ == generation) return signals_;
  }
  Result<std::vector<SignalSummary>> listed = store_.list_signals({});
  if (!listed) return listed.error();
  auto kept = std::make_shared<const std::vector<SignalSummary>>(std::move(*listed));
  const std::lock_guard lock(mutex_);
  signals_ = kept;
  signals_generation_ = generation;
  return kept;
}

std::vector<SignalSummary> Observatory::signals_of(const Entity& entity, bool with_parts) {
  std::vector<SignalSummary> mine;
  const auto all = signals();
  if (!all) return mine;
  for (const SignalSummary& each : **all) {
    if (belongs(each.id.entity(), entity, with_parts)) mine.push_back(each);
  }
  return mine;
}

Result<std::shared_ptr<const Report>> Observatory::picture(const Entity& entity,
                                                           const TimeRange& range,
                                                           std::optional<Time> as_of) {
  const std::string key = fmt::format(
      "{} {} {} {}", entity.text(), range.begin.time_since_epoch().count(),
      range.end.time_since_epoch().count(), as_of ? as_of->time_since_epoch().count() : -1);
  const std::uint64_t generation = generation_.load();
  std::unique_lock lock(mutex_);
  while (true) {
    const auto found = std::find_if(pictures_.begin(), pictures_.end(), [&](const Picture& each) {
      return each.key == key && each.generation == generation;
    });
    if (found == pictures_.end()) break;
    if (found->report) {
      pictures_.splice(pictures_.begin(), pictures_, found);
      return pictures_.front().report;
    }
    drawn_.wait(lock);
  }
  pictures_.push_front({.key = key, .generation = generation, .report = nullptr});
  lock.unlock();
  Result<std::shared_ptr<const Report>> report = draw(entity, range, as_of);
  lock.lock();
  const auto mine = std::find_if(pictures_.begin(), pictures_.end(), [&](const Picture& each) {
    return each.key == key && each.generation == generation && !each.report;
  });
  if (report) {
    mine->report = *report;
  } else {
    pictures_.erase(mine);
  }
  // Those being drawn stay: somebody waits for them.
  for (auto each = pictures_.end(); pictures_.size() > kMaxPictures && each != pictures_.begin();) {
    --each;
    if (each->report) each = pictures_.erase(each);
  }
  lock.unlock();
  drawn_.notify_all();
  return report;
}

Result<std::shared_ptr<const Report>> Observatory::draw(const Entity& entity,
                                                        const TimeRange& range,
                                                        std::optional<Time> as_of) {
  const std::vector<SignalSummary> signals = signals_of(entity, true);
  auto report = std::make_shared<Report>(Report{.investigation = {.entity = entity,
                                                                  .range = range,
                                                                  .incidents = {},
                                                                  .could_judge = false,
                                                                  .reason = {},
                                                                  .not_measured = {},
                                                                  .notes = {}}});
  std::size_t left_out = 0;
  for (const SignalSummary& signal : signals) {
    if (!signal.range.overlaps(range)) continue;
    if (report->series.size() == kMaxSeriesOfPicture) {
      ++left_out;
      continue;
    }
    Result<Series> series =
        store_.read_series(signal.id, {.range = TimeRange{range.begin - kHistory, range.end},
                                       .as_of = as_of,
                                       .step = signal.step});
    if (series) {
      report->series.push_back(std::move(*series));
    } else if (series.error().kind != ErrorKind::not_found) {
      return series.error();
    }
  }
  IncidentQuery query{.who = {}, .range = range, .as_of = as_of};
  if (entity.type() == EntityType::country) {
    query.who.country = std::string(entity.country());
  } else {
    query.who.entity = entity;
  }
  Result<std::vector<Incident>> incidents = store_.incidents(query);
  if (!incidents) return incidents.error();
  if (report->series.empty() && incidents->empty()) {
    return Error{ErrorKind::not_found,
                 fmt::format("nothing was measured of {} between {} and {}", entity.text(),
                             format_time(range.begin), format_time(range.end))};
  }
  Result<Zone> zone = this->zone("", entity);
  if (!zone) return zone.error();

  report->detections =
      parallel_map(report->series, [](const Series& series) { return detect(series); });
  for (Incident& incident : *incidents) {
    // Of a country: its own and those of its parts.
    if (incident.entity == entity) {
      report->investigation.incidents.insert(report->investigation.incidents.begin(),
                                             std::move(incident));
    } else if (belongs(incident.entity, entity, true)) {
      report->investigation.incidents.push_back(std::move(incident));
    }
  }
  std::stable_sort(report->investigation.incidents.begin(), report->investigation.incidents.end(),
                   [&](const Incident& a, const Incident& b) {
                     if ((a.entity == entity) != (b.entity == entity)) return a.entity == entity;
                     return a.grade < b.grade;
                   });
  for (const Detection& detection : report->detections) {
    if (detection.judgement.possible) report->investigation.could_judge = true;
  }
  if (!report->investigation.could_judge && report->investigation.incidents.empty()) {
    report->investigation.reason = "no series is long enough to be judged";
  }
  if (left_out > 0) {
    report->investigation.notes.push_back(
        fmt::format("{} more series of {} are not shown", left_out, entity.text()));
  }
  report->zone = std::move(*zone);
  report->software_version = software_version_;
  report->generated_at = clock_.now();
  report->appraisals = appraise_all(report->investigation, report->zone, nullptr);
  return std::shared_ptr<const Report>(std::move(report));
}

Result<std::vector<SourceHealth>> Observatory::sources() {
  const auto all = signals();
  if (!all) return all.error();
  struct Tally {
    SourceHealth health;
    std::set<std::string> entities;
    std::map<Seconds, std::size_t> steps;
  };
  std::map<std::string, Tally> by_source;
  for (const SignalSummary& each : **all) {
    Tally& tally = by_source[each.id.source()];
    ++tally.health.signals;
    tally.health.data_through = std::max(tally.health.data_through, each.range.end);
    tally.health.last_arrival = std::max(tally.health.last_arrival, each.last_arrival);
    tally.entities.insert(each.id.entity().text());
    ++tally.steps[each.step];
  }
  std::vector<SourceHealth> health;
  for (auto& [source, tally] : by_source) {
    tally.health.source = source;
    tally.health.entities = tally.entities.size();
    std::size_t most = 0;
    for (const auto& [step, count] : tally.steps) {
      if (count > most) {
        most = count;
        tally.health.step = step;
      }
    }
    tally.health.lag = now() - tally.health.data_through;
    health.push_back(std::move(tally.health));
  }
  return health;
}

std::optional<Time> Observatory::data_through() {
  const auto all = signals();
  if (!all || (*all)->empty()) return std::nullopt;
  Time newest = (*all)->front().range.end;
  for (const SignalSummary& each : **all) newest = std::max(newest, each.range.end);
  return newest;
}

}  // namespace lightsout
