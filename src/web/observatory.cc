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

constexpr std::size_t kIncidentBytes = 24'000;  // of one with a dozen planes and parts, measured

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

std::size_t size_of_report(const Report& report) {
  std::size_t bytes = sizeof(Report);
  for (const Series& each : report.series) {
    bytes += sizeof(Series) + each.samples.size() * sizeof(Sample) +
             (each.trials.size() + each.coverage.size()) * sizeof(float) +
             each.lineage.size() * (sizeof(Lineage) + 128);
  }
  for (const Detection& each : report.detections) {
    bytes += each.expected.size() * sizeof(Expectation) + each.anomalies.size() * 2048;
  }
  return bytes + report.investigation.incidents.size() * kIncidentBytes;
}

std::size_t size_of_incidents(const std::vector<Incident>& incidents) {
  return sizeof(incidents) + incidents.size() * kIncidentBytes;
}

// Names and shares of users were given when the incidents were investigated, and stand in them.
std::vector<KnownNetwork> networks_in(const std::vector<Incident>& incidents) {
  std::map<Asn, KnownNetwork> known;
  for (const Incident& incident : incidents) {
    for (const PartView& part : incident.providers) {
      if (part.name.empty() && !part.user_share) continue;
      known.emplace(part.entity.asn(),
                    KnownNetwork{part.entity.asn(), part.name, part.access, part.user_share,
                                 part.user_share_source, part.owner});
    }
  }
  std::vector<KnownNetwork> networks;
  for (auto& [asn, network] : known) networks.push_back(std::move(network));
  return networks;
}

Time rounded_up(Time time, Seconds step) {
  const Time begin = bin_begin(time, step);
  return begin == time ? time : begin + step;
}

std::string text_of(const std::optional<Time>& time) {
  return time ? std::to_string(time->time_since_epoch().count()) : std::string("-");
}

std::string text_of(const IncidentQuery& query) {
  return fmt::format("{}|{}|{}|{}|{}", query.who.entity ? query.who.entity->text() : "",
                     query.who.country.value_or(""),
                     text_of(query.range ? std::optional(query.range->begin) : std::nullopt),
                     text_of(query.range ? std::optional(query.range->end) : std::nullopt),
                     text_of(query.as_of));
}

}  // namespace

Observatory::Observatory(Store& store, Clock& clock, Zones zones, std::string software_version)
    : store_(store),
      clock_(clock),
      zones_(std::move(zones)),
      software_version_(std::move(software_version)),
      pictures_(kMaxPictures, kMaxPictureBytes, size_of_report),
      listings_(kMaxListings, kMaxListingBytes, size_of_incidents),
      versions_(kMaxListings, kMaxListingBytes, size_of_incidents),
      signals_(1, 0, [](const auto&) { return std::size_t{0}; }) {}

void Observatory::changed(const std::optional<std::string>& country) {
  const std::lock_guard lock(mutex_);
  const std::uint64_t next = generation_.fetch_add(1) + 1;
  if (country) {
    generations_[*country] = next;
  } else {
    generations_.clear();
    generations_[""] = next;  // the least that every country has
  }
}

std::uint64_t Observatory::generation_of(std::string_view country) const {
  const std::lock_guard lock(mutex_);
  const auto of = [&](std::string_view name) {
    const auto found = generations_.find(name);
    return found == generations_.end() ? std::uint64_t{1} : found->second;
  };
  return country.empty() ? generation_.load() : std::max(of(country), of(""));
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

Result<std::shared_ptr<const std::vector<Incident>>> Observatory::listing(
    const IncidentQuery& asked) {
  IncidentQuery query = asked;
  if (query.range) {  // as for pictures: "until now" of this second and of the next are the same
    query.range = TimeRange{bin_begin(query.range->begin, kPictureGrain),
                            rounded_up(query.range->end, kPictureGrain)};
  }
  return listings_.get(text_of(query), generation(), [&] {
    using Made = Kept<std::vector<Incident>>::Made;
    Result<std::vector<Incident>> found = store_.incidents(query);
    if (!found) return Made(found.error());
    return Made(std::make_shared<const std::vector<Incident>>(std::move(*found)));
  });
}

Result<std::vector<Incident>> Observatory::incidents(const IncidentQuery& asked) {
  const auto kept = listing(asked);
  if (!kept) return kept.error();
  std::vector<Incident> incidents = **kept;
  if (asked.range) {
    std::erase_if(incidents, [&](const Incident& incident) {
      return !incident.range().overlaps(*asked.range);
    });
  }
  return incidents;
}

Result<std::shared_ptr<const std::vector<Incident>>> Observatory::versions(const std::string& id) {
  return versions_.get(id, generation(), [&] {
    using Made = Kept<std::vector<Incident>>::Made;
    Result<std::vector<Incident>> found = store_.incident_versions(id);
    if (!found) return Made(found.error());
    return Made(std::make_shared<const std::vector<Incident>>(std::move(*found)));
  });
}

Result<Incident> Observatory::incident(const std::string& id, std::uint32_t version) {
  const auto all = versions(id);
  if (!all) return all.error();
  if (version == 0) return (*all)->back();
  for (const Incident& each : **all) {
    if (each.version == version) return each;
  }
  return Error{ErrorKind::not_found, fmt::format("incident {} has versions 1 to {}, not {}", id,
                                                 (*all)->back().version, version)};
}

Result<std::shared_ptr<const std::vector<SignalSummary>>> Observatory::signals() {
  return signals_.get("", generation(), [&] {
    using Made = Kept<std::vector<SignalSummary>>::Made;
    Result<std::vector<SignalSummary>> listed = store_.list_signals({});
    if (!listed) return Made(listed.error());
    return Made(std::make_shared<const std::vector<SignalSummary>>(std::move(*listed)));
  });
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
                                                           const TimeRange& asked,
                                                           std::optional<Time> as_of) {
  const TimeRange range{bin_begin(asked.begin, kPictureGrain),
                        rounded_up(asked.end, kPictureGrain)};
  const std::string key = fmt::format("{} {} {} {}", entity.text(), text_of(range.begin),
                                      text_of(range.end), text_of(as_of));
  return pictures_.get(key, generation_of(entity.country()),
                       [&] { return draw(entity, range, as_of); });
}

Status Observatory::read_series_of(const Entity& entity, const TimeRange& range,
                                   std::optional<Time> as_of, Report& report) {
  std::size_t left_out = 0;
  for (const SignalSummary& signal : signals_of(entity, true)) {
    if (!signal.range.overlaps(range)) continue;
    if (report.series.size() == kMaxSeriesOfPicture) {
      ++left_out;
      continue;
    }
    Result<Series> series =
        store_.read_series(signal.id, {.range = TimeRange{range.begin - kHistory, range.end},
                                       .as_of = as_of,
                                       .step = signal.step});
    if (series) {
      report.series.push_back(std::move(*series));
    } else if (series.error().kind != ErrorKind::not_found) {
      return series.error();
    }
  }
  if (left_out > 0) {
    report.investigation.notes.push_back(
        fmt::format("{} more series of {} are not shown", left_out, entity.text()));
  }
  return {};
}

// Of a country: its own and those of its parts, its own first, then the gravest first.
Status Observatory::read_incidents_of(const Entity& entity, const TimeRange& range,
                                      std::optional<Time> as_of, Report& report) {
  IncidentQuery query{.who = {}, .range = range, .as_of = as_of};
  if (entity.type() == EntityType::country) {
    query.who.country = std::string(entity.country());
  } else {
    query.who.entity = entity;
  }
  Result<std::vector<Incident>> found = incidents(query);
  if (!found) return found.error();
  std::erase_if(*found, [&](const Incident& each) { return !belongs(each.entity, entity, true); });
  std::stable_sort(found->begin(), found->end(), [&](const Incident& a, const Incident& b) {
    if ((a.entity == entity) != (b.entity == entity)) return a.entity == entity;
    return a.grade < b.grade;
  });
  report.networks = networks_in(*found);
  report.investigation.incidents = std::move(*found);
  return {};
}

Result<std::shared_ptr<const Report>> Observatory::draw(const Entity& entity,
                                                        const TimeRange& range,
                                                        std::optional<Time> as_of) {
  auto report = std::make_shared<Report>(Report{.investigation = {.entity = entity,
                                                                  .range = range,
                                                                  .incidents = {},
                                                                  .could_judge = false,
                                                                  .reason = {},
                                                                  .not_measured = {},
                                                                  .notes = {}}});
  if (const Status read = read_series_of(entity, range, as_of, *report); !read) return read.error();
  if (const Status read = read_incidents_of(entity, range, as_of, *report); !read) {
    return read.error();
  }
  Investigation& investigation = report->investigation;
  if (report->series.empty() && investigation.incidents.empty()) {
    return Error{ErrorKind::not_found,
                 fmt::format("nothing was measured of {} between {} and {}", entity.text(),
                             format_time(range.begin), format_time(range.end))};
  }
  Result<Zone> zone = this->zone("", entity);
  if (!zone) return zone.error();

  report->detections =
      parallel_map(report->series, [](const Series& series) { return detect(series); });
  for (const Detection& detection : report->detections) {
    if (detection.judgement.possible) investigation.could_judge = true;
  }
  if (!investigation.could_judge && investigation.incidents.empty()) {
    investigation.reason = "no series is long enough to be judged";
  }
  report->zone = std::move(*zone);
  report->software_version = software_version_;
  report->generated_at = clock_.now();
  report->appraisals = appraise_all(investigation, report->zone, nullptr);
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
