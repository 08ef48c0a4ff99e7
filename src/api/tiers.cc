// /api/v1/detections, /events and /incidents: the lists of the three tiers.
//
// SPDX-License-Identifier: Apache-2.0
#include "api/tiers.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "api/all_endpoints.h"
#include "geo/country.h"
#include "report/verdict.h"
#include "signal/lineage.h"

namespace lightsout::api {

namespace {

constexpr std::string_view kGrades =
    "nationwide|regional|network|service|disruption|level_shift|usage_dip|surge|lesser_anomaly";

bool asked_for(const ApiCall& call, std::string_view name, std::string_view value) {
  const std::vector<std::string> wanted = call.request.parameters(name);
  bool any = false;
  for (const std::string& each : wanted) {
    if (each == value) return true;
    any = any || !each.empty();
  }
  return !any;
}

// Each value of a repeated parameter must be one of the list.
Status check_choices(const ApiCall& call, std::string_view name, std::string_view choices) {
  for (const std::string& each : call.request.parameters(name)) {
    const std::string padded = "|" + std::string(choices) + "|";
    if (each.empty() || padded.find("|" + each + "|") != std::string::npos) continue;
    return Error{ErrorKind::usage, fmt::format("{}: '{}' is not one of {}", name, each, choices)};
  }
  return {};
}

std::string echoed(const ApiCall& call, std::string_view name) {
  std::string text;
  for (const std::string& each : call.request.parameters(name)) {
    text += (text.empty() ? "" : ",") + each;
  }
  return text;
}

Effective echo_query(const ApiCall& call, const IncidentQuery& query) {
  return {{"entity", query.who.entity    ? query.who.entity->text()
                     : query.who.country ? "country:" + *query.who.country
                                         : ""},
          {"from", query.range ? format_time(query.range->begin) : ""},
          {"until", query.range ? format_time(query.range->end) : ""},
          {"asof", query.as_of ? format_time(*query.as_of) : ""},
          {"limit", call.request.parameter("limit").value_or(std::to_string(kPageRows))}};
}

void add_estimate(std::vector<Cell>& row, const Estimate& estimate) {
  row.insert(row.end(), {cell(std::optional(estimate.value)), cell(std::optional(estimate.low)),
                         cell(std::optional(estimate.high))});
}

void add_time_estimate(std::vector<Cell>& row, const std::optional<TimeEstimate>& time) {
  if (!time) {
    row.insert(row.end(), {Cell(), Cell(), Cell()});
    return;
  }
  row.insert(row.end(), {time->value, time->earliest, time->latest});
}

std::vector<Cell> incident_row(const Incident& each) {
  std::vector<Cell> row{
      each.id,
      std::int64_t{each.version},
      each.entity.text(),
      title_of(each.entity),
      each.entity.country().empty() ? Cell() : Cell(std::string(each.entity.country())),
      std::string(lightsout::name_of(each.grade)),
      std::string(lightsout::name_of(each.confidence)),
      each.probability,
      std::string(name_of(each.direction)),
      each.open() ? std::string("open") : std::string("ended")};
  add_time_estimate(row, each.onset);
  add_time_estimate(row, each.end);
  row.push_back(std::int64_t{each.range().length().count()});
  add_estimate(row, each.depth);
  const Hypothesis* likely = likely_hypothesis(each);
  row.insert(row.end(), {likely ? Cell(std::string(lightsout::name_of(likely->mechanism))) : Cell(),
                         static_cast<std::int64_t>(each.windows.size()),
                         static_cast<std::int64_t>(std::count_if(
                             each.providers.begin(), each.providers.end(),
                             [](const PartView& part) { return part.judged && part.fell; })),
                         one_line(each), each.known_at, each.semi_synthetic, page_of(each)});
  return row;
}

const std::vector<std::string> kIncidentColumns = {"id",
                                                   "version",
                                                   "entity",
                                                   "name",
                                                   "country",
                                                   "grade",
                                                   "confidence",
                                                   "probability",
                                                   "direction",
                                                   "status",
                                                   "@onset",
                                                   "@onset_earliest",
                                                   "@onset_latest",
                                                   "@end",
                                                   "@end_earliest",
                                                   "@end_latest",
                                                   "duration_seconds",
                                                   "depth",
                                                   "depth_low",
                                                   "depth_high",
                                                   "consistent_with",
                                                   "windows",
                                                   "providers_fell",
                                                   "summary",
                                                   "@known_at",
                                                   "semi_synthetic",
                                                   "page"};

WebResponse list_incidents(const ApiCall& call) {
  const Result<std::string> order =
      read_choice(call, "order_by", "onset|depth|duration|known_at|grade");
  if (!order) return refusal(order.error());
  const Result<std::string> way = read_choice(call, "order", "desc|asc");
  if (!way) return refusal(way.error());
  Result<std::vector<Incident>> incidents = chosen_incidents(call);
  if (!incidents) return refusal(incidents.error());
  const auto key = [&](const Incident& each) -> double {
    if (*order == "depth") return each.depth.value;
    if (*order == "duration") return static_cast<double>(each.range().length().count());
    if (*order == "known_at") return static_cast<double>(each.known_at.time_since_epoch().count());
    if (*order == "grade") return -static_cast<double>(each.grade);
    return static_cast<double>(each.onset.value.time_since_epoch().count());
  };
  std::stable_sort(incidents->begin(), incidents->end(), [&](const auto& a, const auto& b) {
    return *way == "asc" ? key(a) < key(b) : key(a) > key(b);
  });
  const Result<IncidentQuery> query = read_who_and_when(call);
  if (!query) return refusal(query.error());
  ApiTable table{.type = "incidents",
                 .columns = kIncidentColumns,
                 .rows = {},
                 .parameters = echo_query(call, *query),
                 .lineage = {},
                 .key = "id"};
  for (const char* name :
       {"status", "grade", "mechanism", "confidence", "direction", "min_depth"}) {
    table.parameters.emplace_back(name, echoed(call, name));
  }
  table.parameters.emplace_back("order_by", *order);
  table.parameters.emplace_back("order", *way);
  for (const Incident& each : *incidents) {
    table.rows.push_back(incident_row(each));
    table.semi_synthetic = table.semi_synthetic || each.semi_synthetic;
    join_lineage(table.lineage, each.inputs);
  }
  return table_answer(call, std::move(table));
}

std::string detection_id(const Anomaly& anomaly) {
  return fmt::format("{}@{}", anomaly.signal.text(),
                     anomaly.onset.value.time_since_epoch().count());
}

WebResponse list_detections(const ApiCall& call) {
  const Result<std::vector<Anomaly>> anomalies = chosen_anomalies(call);
  if (!anomalies) return refusal(anomalies.error());
  const Result<IncidentQuery> query = read_who_and_when(call);
  if (!query) return refusal(query.error());
  ApiTable table{
      .type = "detections",
      .columns = {"id",        "entity",         "name",        "signal",          "plane",
                  "detector",  "direction",      "@onset",      "@onset_earliest", "@onset_latest",
                  "@end",      "@end_earliest",  "@end_latest", "@alarmed_at",     "depth",
                  "depth_low", "depth_high",     "deepest",     "@deepest_at",     "evidence_nats",
                  "lasting",   "low_confidence", "baseline",    "@data_through"},
      .rows = {},
      .parameters = echo_query(call, *query),
      .lineage = {},
      .key = "id"};
  for (const Anomaly& each : *anomalies) {
    std::vector<Cell> row{detection_id(each),
                          each.signal.entity().text(),
                          title_of(each.signal.entity()),
                          each.signal.source() + "/" + each.signal.metric(),
                          std::string(lightsout::name_of(each.plane)),
                          each.detector,
                          std::string(name_of(each.direction))};
    add_time_estimate(row, each.onset);
    add_time_estimate(row, each.end);
    row.emplace_back(each.alarmed_at);
    add_estimate(row, each.depth);
    row.insert(row.end(), {each.deepest, each.deepest_at, each.evidence, each.lasting,
                           each.low_confidence, each.baseline, each.data_through});
    table.rows.push_back(std::move(row));
  }
  return table_answer(call, std::move(table));
}

WebResponse list_events(const ApiCall& call) {
  const Result<std::vector<Anomaly>> anomalies = chosen_anomalies(call);
  if (!anomalies) return refusal(anomalies.error());
  const Result<IncidentQuery> query = read_who_and_when(call);
  if (!query) return refusal(query.error());
  ApiTable table{.type = "events",
                 .columns = {"id", "entity", "name", "direction", "status", "@begin", "@end",
                             "duration_seconds", "depth", "planes", "signals", "detections"},
                 .rows = {},
                 .parameters = echo_query(call, *query),
                 .lineage = {},
                 .key = "id"};
  std::vector<Event> events = events_of(*anomalies);
  std::stable_sort(events.begin(), events.end(),
                   [](const Event& a, const Event& b) { return a.range.begin > b.range.begin; });
  for (const Event& each : events) {
    std::set<std::string> planes;
    std::set<std::string> signals;
    for (const Anomaly* one : each.detections) {
      planes.insert(std::string(lightsout::name_of(one->plane)));
      signals.insert(one->signal.source() + "/" + one->signal.metric());
    }
    table.rows.push_back({fmt::format("{}:{}@{}", each.entity.text(), name_of(each.direction),
                                      each.range.begin.time_since_epoch().count()),
                          each.entity.text(), title_of(each.entity),
                          std::string(name_of(each.direction)),
                          each.open ? std::string("open") : std::string("ended"), each.range.begin,
                          each.range.end, std::int64_t{each.range.length().count()}, each.depth,
                          std::vector<std::string>(planes.begin(), planes.end()),
                          std::vector<std::string>(signals.begin(), signals.end()),
                          static_cast<std::int64_t>(each.detections.size())});
  }
  return table_answer(call, std::move(table));
}

bool matches(const ApiCall& call, const Incident& each, double min_depth) {
  const Hypothesis* likely = likely_hypothesis(each);
  return asked_for(call, "status", each.open() ? "open" : "ended") &&
         asked_for(call, "grade", lightsout::name_of(each.grade)) &&
         asked_for(call, "confidence", lightsout::name_of(each.confidence)) &&
         asked_for(call, "direction", name_of(each.direction)) &&
         asked_for(call, "mechanism", likely ? lightsout::name_of(likely->mechanism) : "unknown") &&
         each.depth.value >= min_depth;
}

const Parameter kDirection{.name = "direction",
                           .kind = ParameterKind::choice,
                           .summary = "fall or rise",
                           .example = "fall",
                           .choices = "fall|rise",
                           .otherwise = "both",
                           .repeated = true};

const Parameter kListQuery[] = {
    kEntity,
    kFrom,
    kUntil,
    kAsOf,
    kDirection,
    {.name = "plane",
     .kind = ParameterKind::choice,
     .summary = "kind of measurement",
     .example = "control",
     .choices = "control|data|traffic|application|circumvention",
     .repeated = true},
    {.name = "source", .summary = "as in a signal's name", .example = "ioda-bgp", .repeated = true},
    kLimit,
    kCursor,
};

const Parameter kIncidentsQuery[] = {
    kEntity,
    kFrom,
    kUntil,
    kAsOf,
    {.name = "status",
     .kind = ParameterKind::choice,
     .summary = "open: not ended when the data did",
     .example = "ended",
     .choices = "open|ended",
     .repeated = true},
    {.name = "grade",
     .kind = ParameterKind::choice,
     .summary = "how grave",
     .example = "nationwide",
     .choices = kGrades,
     .repeated = true},
    {.name = "mechanism",
     .kind = ParameterKind::choice,
     .summary = "what the pattern is most consistent with",
     .example = "filtering",
     .choices = "filtering|withdrawal|access_network|cable_or_upstream|power|service_block|"
                "throttling|measurement_fault|ipv6_only|dns|tls|one_way|unknown",
     .repeated = true},
    {.name = "confidence",
     .kind = ParameterKind::choice,
     .summary = "observed: one plane; corroborated: two or more",
     .example = "corroborated",
     .choices = "observed|corroborated|confirmed|disputed|retracted",
     .repeated = true},
    kDirection,
    {.name = "min_depth",
     .kind = ParameterKind::number,
     .summary = "least share lost, 0 to 1",
     .example = "0.1",
     .otherwise = "0"},
    {.name = "order_by",
     .kind = ParameterKind::choice,
     .summary = "what the list is sorted by",
     .example = "onset",
     .choices = "onset|depth|duration|known_at|grade",
     .otherwise = "onset"},
    {.name = "order",
     .kind = ParameterKind::choice,
     .summary = "desc: the latest, deepest, longest or gravest first",
     .example = "desc",
     .choices = "desc|asc",
     .otherwise = "desc"},
    kLimit,
    kCursor,
};

const Endpoint kTierEndpoints[] = {
    {.path = "/api/v1/detections",
     .summary = "What a detector saw in one signal, not yet put together: the lowest tier",
     .path_parameters = {},
     .query_parameters = kListQuery,
     .formats = "json|jsonl|csv|tsv",
     .schema = "Detections",
     .answer = list_detections},
    {.path = "/api/v1/events",
     .summary = "Spans of one entity in which detections overlap: the middle tier",
     .path_parameters = {},
     .query_parameters = kListQuery,
     .formats = "json|jsonl|csv|tsv",
     .schema = "Events",
     .answer = list_events},
    {.path = "/api/v1/incidents",
     .summary = "What was concluded, one version of each: the highest tier",
     .path_parameters = {},
     .query_parameters = kIncidentsQuery,
     .formats = "json|jsonl|csv|tsv",
     .schema = "Incidents",
     .answer = list_incidents},
};

}  // namespace

std::string_view name_of(Direction direction) {
  return direction == Direction::fall ? "fall" : "rise";
}

std::string page_of(const Incident& incident) {
  return "/incident/" + percent_encode(incident.id);
}

std::vector<Event> events_of(const std::vector<Anomaly>& anomalies) {
  std::vector<const Anomaly*> sorted;
  for (const Anomaly& each : anomalies) sorted.push_back(&each);
  std::sort(sorted.begin(), sorted.end(), [](const Anomaly* a, const Anomaly* b) {
    return std::tuple(a->signal.entity().text(), a->direction, a->onset.value, a->signal.text()) <
           std::tuple(b->signal.entity().text(), b->direction, b->onset.value, b->signal.text());
  });
  std::vector<Event> events;
  for (const Anomaly* each : sorted) {
    const TimeRange range = each->range();
    if (!events.empty() && events.back().entity == each->signal.entity() &&
        events.back().direction == each->direction && range.begin < events.back().range.end) {
      Event& last = events.back();
      last.range.end = std::max(last.range.end, range.end);
      last.open = last.open || each->open();
      last.depth = std::max(last.depth, each->depth.value);
      last.detections.push_back(each);
      continue;
    }
    events.push_back(
        {each->signal.entity(), each->direction, range, each->open(), {each}, each->depth.value});
  }
  return events;
}

Result<IncidentQuery> read_who_and_when(const ApiCall& call) {
  const Result<ReadQuery> when = read_common(call);
  if (!when) return when.error();
  IncidentQuery query{.who = {}, .range = {}, .as_of = when->as_of};
  if (when->from || when->until) {
    const Time until = when->until.value_or(call.observatory.now());
    query.range = TimeRange{when->from.value_or(Time{}), until};
    if (query.range->empty()) {
      return Error{ErrorKind::usage, "from must lie before until, or before now without one"};
    }
  }
  const std::string text = call.request.parameter("entity").value_or("");
  if (text.empty()) return query;
  const Result<Entity> entity = entity_of(text);
  if (!entity) return entity.error();
  if (const Status known = known_entity(call.observatory, *entity); !known) return known.error();
  if (entity->type() == EntityType::country) {
    query.who.country = std::string(entity->country());
  } else {
    query.who.entity = *entity;
  }
  return query;
}

Result<std::vector<Incident>> chosen_incidents(const ApiCall& call) {
  const Result<IncidentQuery> query = read_who_and_when(call);
  if (!query) return query.error();
  for (const Parameter& each : kIncidentsQuery) {
    if (!each.repeated || each.kind != ParameterKind::choice) continue;
    if (const Status fine = check_choices(call, each.name, each.choices); !fine) {
      return fine.error();
    }
  }
  const Result<std::optional<double>> min_depth = read_number(call, "min_depth", 0, 1);
  if (!min_depth) return min_depth.error();
  Result<std::vector<Incident>> incidents = call.observatory.incidents(*query);
  if (!incidents) return incidents.error();
  std::erase_if(*incidents, [&](const Incident& each) {
    return !matches(call, each, min_depth->value_or(-1e300));
  });
  return incidents;
}

Result<std::vector<Anomaly>> chosen_anomalies(const ApiCall& call) {
  const Result<IncidentQuery> query = read_who_and_when(call);
  if (!query) return query.error();
  for (const Parameter& each : kListQuery) {
    if (!each.repeated || each.choices.empty()) continue;
    if (const Status fine = check_choices(call, each.name, each.choices); !fine) {
      return fine.error();
    }
  }
  Result<std::vector<DetectionRecord>> records =
      call.observatory.store().detections(query->who, query->as_of);
  if (!records) return records.error();
  std::vector<Anomaly> anomalies;
  for (DetectionRecord& record : *records) {
    for (Anomaly& each : record.detection.anomalies) {
      if (query->range && !each.range().overlaps(*query->range)) continue;
      if (!asked_for(call, "plane", lightsout::name_of(each.plane))) continue;
      if (!asked_for(call, "source", each.signal.source())) continue;
      if (!asked_for(call, "direction", name_of(each.direction))) continue;
      anomalies.push_back(std::move(each));
    }
  }
  std::stable_sort(anomalies.begin(), anomalies.end(), [](const Anomaly& a, const Anomaly& b) {
    return a.onset.value > b.onset.value;
  });
  return anomalies;
}

std::span<const Endpoint> tier_endpoints() {
  return kTierEndpoints;
}

}  // namespace lightsout::api
