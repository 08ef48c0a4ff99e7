// /api/v1/incidents/{id}: one incident, its versions, and its parts as tables.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "api/all_endpoints.h"
#include "api/incident_report.h"
#include "api/tiers.h"
#include "geo/country.h"
#include "incident/coordination.h"
#include "report/verdict.h"
#include "store/incident_json.h"

namespace lightsout::api {

namespace {

// The version that the call asks for: of the path, of ?version=, as known at ?asof=, or the newest.
Result<Incident> asked_incident(const ApiCall& call) {
  const Result<ReadQuery> query = read_common(call);
  if (!query) return query.error();
  std::int64_t version = 0;
  if (call.parts.size() > 1) {
    const std::string& text = call.parts[1];
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), version);
    if (error != std::errc{} || end != text.data() + text.size() || version < 1 ||
        version > 1'000'000) {
      return Error{ErrorKind::usage,
                   fmt::format("'{}' is no version: write 1, 2, 3 ...", clean_text(text))};
    }
  } else {
    const Result<std::optional<std::int64_t>> given = read_integer(call, "version", 1, 1'000'000);
    if (!given) return given.error();
    version = given->value_or(0);
  }
  if (version > 0 || !query->as_of) {
    return call.observatory.incident(call.parts[0], static_cast<std::uint32_t>(version));
  }
  const auto versions = call.observatory.versions(call.parts[0]);
  if (!versions) return versions.error();
  const Incident* known = nullptr;
  for (const Incident& each : **versions) {
    if (each.known_at <= *query->as_of) known = &each;
  }
  if (known == nullptr) {
    return Error{ErrorKind::not_found,
                 fmt::format("incident {} was not known at {}", clean_text(call.parts[0]),
                             format_time(*query->as_of))};
  }
  return *known;
}

Effective echo_incident(const Incident& incident) {
  return {{"id", incident.id}, {"version", std::to_string(incident.version)}};
}

ApiTable table_of(const Incident& incident, std::string type, std::vector<std::string> columns) {
  return {.type = std::move(type),
          .columns = std::move(columns),
          .rows = {},
          .parameters = echo_incident(incident),
          .lineage = incident.inputs,
          .semi_synthetic = incident.semi_synthetic,
          .key = {}};
}

// A document about one incident whose data is not a table.
template <typename Body>
WebResponse document(const ApiCall& call, std::string_view type, const Incident& incident,
                     Body body) {
  JsonText json;
  json.object([&] {
    put_envelope(json, call.observatory, type, echo_incident(incident));
    json.field("semi_synthetic", incident.semi_synthetic);
    json.object("data", [&] { body(json); });
    put_lineage(json, incident.inputs);
  });
  return json_answer(json.take());
}

constexpr std::size_t kMaxCustodyShown = 200;  // entries of one answer

void put_hypothesis(JsonText& json, const Hypothesis& each) {
  const auto texts = [&](std::string_view key, const std::vector<std::string>& list) {
    json.list(key, list, [&](const std::string& text) { json.put(text); });
  };
  json.object([&] {
    json.field("mechanism", lightsout::name_of(each.mechanism));
    json.field("verdict", each.verdict);
    json.field("posterior", each.posterior);
    texts("speaks_for", each.speaks_for);
    texts("speaks_against", each.speaks_against);
    texts("would_refute", each.would_refute);
  });
}

void put_deliberation(JsonText& json, const Deliberation& found) {
  json.object([&] {
    json.field("summary", found.summary);
    json.field("probability", found.probability);
    json.field("model", found.model);
    json.field("fitted_on_deliberate", found.fitted_on_deliberate);
    json.field("fitted_on_accidents", found.fitted_on_accidents);
    json.list("indicators", found.lines, [&](const IndicatorLine& line) {
      json.object([&] {
        json.field("name", line.name);
        json.field("detail", line.detail);
        json.field("consistent_with", lightsout::name_of(line.leaning));
        json.field("adds_nats", line.adds);
      });
    });
  });
}

void put_coordination(JsonText& json, const incident::Coordination& found) {
  json.field("sentence", found.sentence);
  json.field("score", found.score);
  json.field("users", found.users);
  json.field("start_together", found.start_together);
  json.field("end_together", found.end_together);
  json.field("half_hour", found.half_hour);
  json.field("by_chance", found.by_chance);
  json.field("common_upstream", found.common_upstream);
  json.field("upstream", found.upstream);
  json.field("mobile_first", found.mobile_first);
  json.list("waves", found.waves, [&](const incident::Wave& wave) {
    json.object([&] {
      json.moment("begin", wave.range.begin);
      json.moment("end", wave.range.end);
      json.list("providers", wave.providers, [&](const std::string& each) { json.put(each); });
      json.field("owners", wave.owners);
      json.field("users", wave.users);
      json.field("spread_seconds", wave.spread.count());
      json.field("by_chance", wave.by_chance);
      json.field("on_half_hour", wave.on_half_hour);
      json.field("coordinated", wave.coordinated());
    });
  });
  json.list("order", found.order, [&](const incident::Order& each) {
    json.object([&] {
      json.field("first", each.first);
      json.field("second", each.second);
      json.field("probability", each.probability);
    });
  });
  json.list("unknown", found.unknown, [&](const std::string& each) { json.put(each); });
}

WebResponse one_incident(const ApiCall& call) {
  const Result<Incident> incident = asked_incident(call);
  if (!incident) return refusal(incident.error());
  if (call.format == "md" || call.format == "html") {
    const Result<Report> report = full_report(call.observatory, *incident);
    if (!report) return refusal(report.error());
    return call.format == "md"
               ? text_answer("text/markdown; charset=utf-8", render_markdown(*report))
               : text_answer("text/html; charset=utf-8", render_html(*report));
  }
  JsonText json;
  json.object([&] {
    put_envelope(json, call.observatory, "incident", echo_incident(*incident));
    json.field("semi_synthetic", incident->semi_synthetic);
    json.field("name", title_of(incident->entity));
    json.field("summary", one_line(*incident));
    json.field("duration", duration_text(*incident));
    json.field("page", page_of(*incident));
    json.raw_field("data", to_json(*incident));
    put_lineage(json, incident->inputs);
  });
  return json_answer(json.take());
}

WebResponse incident_versions(const ApiCall& call) {
  const auto versions = call.observatory.versions(call.parts[0]);
  if (!versions) return refusal(versions.error());
  const Result<ReadQuery> query = read_common(call);
  if (!query) return refusal(query.error());
  ApiTable table = table_of((*versions)->back(), "incident.versions",
                            {"version", "supersedes", "@known_at", "grade", "confidence", "@onset",
                             "@end", "depth", "summary", "url"});
  table.parameters = {{"id", (*versions)->back().id},
                      {"asof", query->as_of ? format_time(*query->as_of) : ""}};
  for (const Incident& each : **versions) {
    if (query->as_of && each.known_at > *query->as_of) continue;
    table.rows.push_back(
        {std::int64_t{each.version},
         each.supersedes ? Cell(std::int64_t{*each.supersedes}) : Cell(), each.known_at,
         std::string(lightsout::name_of(each.grade)),
         std::string(lightsout::name_of(each.confidence)), each.onset.value,
         each.end ? Cell(each.end->value) : Cell(), cell(std::optional(each.depth.value)),
         one_line(each),
         fmt::format("/api/v1/incidents/{}/versions/{}", percent_encode(each.id), each.version)});
  }
  return table_answer(call, std::move(table));
}

WebResponse incident_windows(const ApiCall& call) {
  const Result<Incident> incident = asked_incident(call);
  if (!incident) return refusal(incident.error());
  if (call.format == "ics") {
    return text_answer("text/calendar; charset=utf-8",
                       windows_ics(brief_report(call.observatory, {*incident})));
  }
  if (call.format == "csv") {
    return text_answer("text/csv; charset=utf-8; header=present",
                       windows_csv(brief_report(call.observatory, {*incident})));
  }
  ApiTable table =
      table_of(*incident, "incident.windows",
               {"@begin", "@end", "length_seconds", "level", "level_low", "level_high", "seen_by"});
  for (const Window& each : incident->windows) {
    std::vector<std::string> seen_by;
    for (const SignalId& signal : each.seen_by) seen_by.push_back(signal.text());
    table.rows.push_back(
        {each.range.begin, each.range.end, std::int64_t{each.range.length().count()},
         cell(std::optional(each.level.value)), cell(std::optional(each.level.low)),
         cell(std::optional(each.level.high)), seen_by});
  }
  return table_answer(call, std::move(table));
}

void add_parts(ApiTable& table, const std::vector<PartView>& parts, const char* kind) {
  for (const PartView& each : parts) {
    const bool timed = each.judged && each.fell;
    const auto share = [&](double value) { return timed ? cell(std::optional(value)) : Cell(); };
    table.rows.push_back(
        {std::string(kind), each.entity.text(), each.name, cell(each.user_share),
         each.user_share_source, each.access, each.owner, each.judged, each.fell,
         timed ? Cell(each.fell_at.value) : Cell(), timed ? Cell(each.fell_at.earliest) : Cell(),
         timed ? Cell(each.fell_at.latest) : Cell(), share(each.depth.value), share(each.depth.low),
         share(each.depth.high), each.returned ? Cell(each.returned->value) : Cell(), each.note});
  }
}

WebResponse incident_providers(const ApiCall& call) {
  const Result<Incident> incident = asked_incident(call);
  if (!incident) return refusal(incident.error());
  ApiTable table =
      table_of(*incident, "incident.providers",
               {"part", "entity", "name", "user_share", "user_share_source", "access", "owner",
                "judged", "fell", "@fell_at", "@fell_at_earliest", "@fell_at_latest", "depth",
                "depth_low", "depth_high", "@returned", "note"});
  add_parts(table, incident->providers, "provider");
  add_parts(table, incident->regions, "region");
  add_parts(table, incident->services, "service");
  return table_answer(call, std::move(table));
}

WebResponse incident_coordination(const ApiCall& call) {
  const Result<Incident> incident = asked_incident(call);
  if (!incident) return refusal(incident.error());
  const Result<Zone> zone = call.observatory.zone("", incident->entity);
  if (!zone) return refusal(zone.error());
  const incident::Coordination found =
      incident::coordination_of(*incident, zone->offset_at(incident->onset.value));
  return document(call, "incident.coordination", *incident,
                  [&](JsonText& json) { put_coordination(json, found); });
}

WebResponse incident_hypotheses(const ApiCall& call) {
  const Result<Incident> incident = asked_incident(call);
  if (!incident) return refusal(incident.error());
  const Result<Appraisal> appraisal = appraised(call.observatory, *incident);
  if (!appraisal) return refusal(appraisal.error());
  return document(call, "incident.hypotheses", *incident, [&](JsonText& json) {
    json.list("mechanisms", incident->hypotheses,
              [&](const Hypothesis& each) { put_hypothesis(json, each); });
    json.name("course");
    if (!appraisal->deliberation) return json.put_null();
    put_deliberation(json, *appraisal->deliberation);
  });
}

// What would change the verdict: what speaks against each reading, where planes disagree, and what
// is not known.
WebResponse incident_alternatives(const ApiCall& call) {
  const Result<Incident> incident = asked_incident(call);
  if (!incident) return refusal(incident.error());
  return document(call, "incident.alternatives", *incident, [&](JsonText& json) {
    std::vector<Hypothesis> others = incident->hypotheses;
    std::erase_if(others, [](const Hypothesis& each) { return each.verdict == "likely"; });
    json.list("other_readings", others,
              [&](const Hypothesis& each) { put_hypothesis(json, each); });
    json.list("disagreements", incident->disagreements, [&](const Disagreement& each) {
      json.object([&] {
        json.moment("begin", each.range.begin);
        json.moment("end", each.range.end);
        json.field("text", each.text);
        json.list("signals", each.signals,
                  [&](const SignalId& signal) { json.put(signal.text()); });
      });
    });
    json.list("unknowns", incident->unknowns, [&](const std::string& each) { json.put(each); });
  });
}

WebResponse incident_similar(const ApiCall& call) {
  const Result<Incident> incident = asked_incident(call);
  if (!incident) return refusal(incident.error());
  const Result<Appraisal> appraisal = appraised(call.observatory, *incident);
  if (!appraisal) return refusal(appraisal.error());
  ApiTable table = table_of(*incident, "incident.similar",
                            {"case", "title", "family", "likeness", "distance", "known_weight",
                             "percentile", "terms", "sources"});
  for (const PastParallel& each : appraisal->parallels) {
    table.rows.push_back({each.name, each.title, std::string(lightsout::name_of(each.family)),
                          std::string(word_for_parallel(each.percentile)), each.distance,
                          each.known_weight, each.percentile, each.terms, each.sources});
  }
  return table_answer(call, std::move(table));
}

WebResponse incident_evidence(const ApiCall& call) {
  const Result<Incident> incident = asked_incident(call);
  if (!incident) return refusal(incident.error());
  const Result<std::vector<CustodyEntry>> custody = call.observatory.store().custody_log();
  if (!custody) return refusal(custody.error());
  std::set<std::string> hashes{incident->id};
  for (const Lineage& input : incident->inputs) hashes.insert(input.sha256);
  return document(call, "incident.evidence", *incident, [&](JsonText& json) {
    json.list("anomalies", incident->evidence,
              [&](const Anomaly& each) { json.raw(to_json(each)); });
    json.list("findings", incident->findings, [&](const Finding& each) {
      json.object([&] {
        json.field("text", each.text);
        json.field("confidence", lightsout::name_of(each.confidence));
        json.list("signals", each.signals,
                  [&](const SignalId& signal) { json.put(signal.text()); });
      });
    });
    std::size_t shown = 0;
    json.list("custody", *custody, [&](const CustodyEntry& each) {
      if (!hashes.contains(each.subject) || ++shown > kMaxCustodyShown) return;
      json.object([&] {
        json.field("number", each.number);
        json.moment("at", each.at);
        json.field("actor", each.actor);
        json.field("action", each.action);
        json.field("subject", each.subject);
        json.field("note", each.note);
        json.field("hash", each.hash);
      });
    });
    json.field("custody_entries", shown);
  });
}

const Parameter kIdPath[] = {{.name = "id",
                              .summary = "an incident, as /api/v1/incidents names it",
                              .example = "{incident}",
                              .required = true}};
const Parameter kVersionPath[] = {kIdPath[0],
                                  {.name = "n",
                                   .kind = ParameterKind::integer,
                                   .summary = "which version, from 1",
                                   .example = "1",
                                   .required = true}};
const Parameter kIncidentQuery[] = {
    {.name = "version",
     .kind = ParameterKind::integer,
     .summary = "which version, from 1",
     .example = "1",
     .otherwise = "the newest"},
    kAsOf,
};
const Parameter kVersionsQuery[] = {kAsOf};

Endpoint part(std::string_view path, std::string_view summary, std::string_view formats,
              std::string_view schema, WebResponse (*answer)(const ApiCall&)) {
  return {.path = path,
          .summary = summary,
          .path_parameters = kIdPath,
          .query_parameters = kIncidentQuery,
          .formats = formats,
          .schema = schema,
          .answer = answer};
}

}  // namespace

std::span<const Endpoint> incident_endpoints() {
  static const Endpoint endpoints[] = {
      part("/api/v1/incidents/{id}", "One incident in full, as a document or a report",
           "json|md|html", "Incident", one_incident),
      {.path = "/api/v1/incidents/{id}/versions",
       .summary = "Every version that was ever concluded, the first one first",
       .path_parameters = kIdPath,
       .query_parameters = kVersionsQuery,
       .formats = "json|jsonl|csv|tsv",
       .schema = "IncidentVersions",
       .answer = incident_versions},
      {.path = "/api/v1/incidents/{id}/versions/{n}",
       .summary = "One version, word for word as it was concluded",
       .path_parameters = kVersionPath,
       .query_parameters = {},
       .formats = "json|md|html",
       .schema = "Incident",
       .answer = one_incident},
      part("/api/v1/incidents/{id}/windows", "When people could get online inside it",
           "json|jsonl|csv|tsv|ics", "IncidentWindows", incident_windows),
      part("/api/v1/incidents/{id}/providers", "What each provider, region and service saw",
           "json|jsonl|csv|tsv", "IncidentProviders", incident_providers),
      part("/api/v1/incidents/{id}/coordination",
           "Were providers cut together, in what order, and could it be chance", "json",
           "IncidentDocument", incident_coordination),
      part("/api/v1/incidents/{id}/hypotheses", "What the pattern is consistent with, and why",
           "json", "IncidentDocument", incident_hypotheses),
      part("/api/v1/incidents/{id}/alternatives", "What would change the verdict", "json",
           "IncidentDocument", incident_alternatives),
      part("/api/v1/incidents/{id}/similar", "The past incidents that it resembles",
           "json|jsonl|csv|tsv", "IncidentSimilar", incident_similar),
      part("/api/v1/incidents/{id}/evidence", "Detections, inputs and their chain of custody",
           "json", "IncidentDocument", incident_evidence),
  };
  return endpoints;
}

}  // namespace lightsout::api
