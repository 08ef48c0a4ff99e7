// What other programs take: a row for STOP, GeoJSON, a calendar, annotations for Grafana.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "api/all_endpoints.h"
#include "api/incident_report.h"
#include "api/tiers.h"
#include "geo/country.h"
#include "report/verdict.h"

namespace lightsout::api {

namespace {

// M/D/YYYY, as the table writes it.
std::string stop_date(Time time) {
  const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(time)};
  return fmt::format("{}/{}/{}", static_cast<unsigned>(day.month()),
                     static_cast<unsigned>(day.day()), static_cast<int>(day.year()));
}

// Who ordered it, who decided, and why, are for people to fill in: a curve does not say it.
constexpr std::string_view kStopColumns =
    "ID,start_date,end_date,duration,Info_source,news_link,continent,country,State/India,geo_scope,"
    "area_name,ordered_by,decision_maker,shutdown_type_new,affected_network,full or service-based,"
    "telcos_involved,gov_ack,official_just,actual_cause,election,violence,hr_abuse_reported,"
    "econ_impact,event,an_link,notes";

std::string names_of_fallen(const std::vector<PartView>& parts) {
  std::string names;
  for (const PartView& each : parts) {
    if (each.judged && each.fell) names += (names.empty() ? "" : ", ") + each.name;
  }
  return names;
}

std::string affected_network(const Incident& incident) {
  bool mobile = false;
  bool fixed = false;
  for (const PartView& each : incident.providers) {
    if (!each.judged || !each.fell) continue;
    mobile = mobile || each.access == "mobile";
    fixed = fixed || each.access == "fixed";
  }
  return mobile && fixed ? "Mobile, Fixed" : mobile ? "Mobile" : fixed ? "Fixed" : "Unknown";
}

std::string stop_row(const Incident& each) {
  const bool service = each.grade == Grade::service;
  const bool whole = each.grade == Grade::nationwide;
  const Time end = each.end ? each.end->value : each.known_at;
  const std::int64_t days =
      (end - each.onset.value + std::chrono::hours(24) - Seconds(1)) / std::chrono::hours(24);
  const std::string scope = whole                           ? "Level 3"
                            : each.grade == Grade::regional ? "Level 2"
                                                            : "Level 1";
  const std::string cells[] = {
      each.id,
      stop_date(each.onset.value),
      each.end ? stop_date(each.end->value) : "Ongoing",
      std::to_string(days),
      "Lightsout (measurements)",
      "",
      "",
      each.entity.country().empty()
          ? ""
          : title_of(*Entity::parse("country:" + std::string(each.entity.country()))),
      "",
      scope,
      each.entity.type() == EntityType::country ? names_of_fallen(each.regions)
                                                : title_of(each.entity),
      "",
      "",
      service ? "Service-based" : "Shutdown",
      affected_network(each),
      service ? "Service-based" : "Full network",
      names_of_fallen(each.providers),
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      page_of(each),
      fmt::format("{}{}; onset {} to {} UTC; {}; version {} known at {}",
                  each.semi_synthetic ? "SEMI-SYNTHETIC, not measured; " : "", one_line(each),
                  format_time(each.onset.earliest), format_time(each.onset.latest),
                  duration_text(each), each.version, format_time(each.known_at)),
  };
  std::string row;
  for (const std::string& cell : cells) {
    if (&cell != std::begin(cells)) row += ',';
    row += csv_cell(cell);
  }
  return row + "\r\n";
}

WebResponse stop_csv(const ApiCall& call) {
  std::vector<Incident> incidents;
  if (const std::string id = call.request.parameter("incident").value_or(""); !id.empty()) {
    Result<Incident> one = call.observatory.incident(id);
    if (!one) return refusal(one.error());
    incidents.push_back(std::move(*one));
  } else {
    Result<std::vector<Incident>> chosen = chosen_incidents(call);
    if (!chosen) return refusal(chosen.error());
    incidents = std::move(*chosen);
    std::erase_if(incidents, [](const Incident& each) {
      return each.direction != Direction::fall || each.grade > Grade::disruption;
    });
  }
  std::string text = std::string(kStopColumns) + "\r\n";
  for (const Incident& each : incidents) text += stop_row(each);
  return text_answer("text/csv; charset=utf-8; header=present", std::move(text));
}

void put_feature(JsonText& json, const Incident& each) {
  const Country* country = find_country(each.entity.country());
  json.object([&] {
    json.field("type", "Feature");
    json.field("id", each.id);
    // RFC 7946 section 3.2: an unlocated feature. Borders are the map's business, not ours; the
    // codes below join it to any.
    json.name("geometry");
    json.put_null();
    json.object("properties", [&] {
      json.field("entity", each.entity.text());
      json.field("name", title_of(each.entity));
      json.field("iso_a2", each.entity.country());
      json.field("iso_a3", country ? country->alpha3 : std::string_view());
      json.field("iso_3166_2", each.entity.type() == EntityType::region ? each.entity.code() : "");
      json.field("grade", lightsout::name_of(each.grade));
      json.field("confidence", lightsout::name_of(each.confidence));
      json.moment("onset", each.onset.value);
      json.moment("end", each.end ? std::optional(each.end->value) : std::nullopt);
      json.field("depth", each.depth.value);
      json.field("summary", one_line(each));
      json.field("semi_synthetic", each.semi_synthetic);
      json.field("page", page_of(each));
    });
  });
}

WebResponse geojson(const ApiCall& call) {
  const Result<std::vector<Incident>> incidents = chosen_incidents(call);
  if (!incidents) return refusal(incidents.error());
  JsonText json;
  json.object([&] {
    json.field("type", "FeatureCollection");
    json.moment("generated_at", call.observatory.now());
    json.moment("data_through", call.observatory.data_through());
    json.field("version", call.observatory.software_version());
    json.field("licence", kLicence);
    json.list("features", *incidents, [&](const Incident& each) { put_feature(json, each); });
  });
  return text_answer("application/geo+json; charset=utf-8", json.take());
}

WebResponse calendar(const ApiCall& call) {
  Result<std::vector<Incident>> incidents = chosen_incidents(call);
  if (!incidents) return refusal(incidents.error());
  return text_answer("text/calendar; charset=utf-8",
                     windows_ics(brief_report(call.observatory, std::move(*incidents))));
}

// Grafana's ${__from} is in milliseconds; whatever else read_time reads is fine as well.
Result<std::optional<Time>> grafana_time(const ApiCall& call, std::string_view name) {
  const std::string text = call.request.parameter(name).value_or("");
  if (text.empty()) return std::optional<Time>();
  const bool digits = text.find_first_not_of("0123456789") == std::string::npos;
  const Result<Time> time =
      read_time(digits && text.size() == 13 ? text.substr(0, 10) : text, call.observatory.now());
  if (!time) return Error{ErrorKind::usage, fmt::format("{}: {}", name, time.error().message)};
  return std::optional(*time);
}

WebResponse annotations(const ApiCall& call) {
  const Result<std::optional<Time>> from = grafana_time(call, "from");
  if (!from) return refusal(from.error());
  const Result<std::optional<Time>> to = grafana_time(call, "to");
  if (!to) return refusal(to.error());
  WebRequest request = call.request;
  std::erase_if(request.query,
                [](const auto& pair) { return pair.first == "from" || pair.first == "to"; });
  if (*from) request.query.emplace_back("from", format_time(**from));
  if (*to) request.query.emplace_back("until", format_time(**to));
  const Result<std::vector<Incident>> incidents =
      chosen_incidents({call.observatory, request, call.parts, call.format});
  if (!incidents) return refusal(incidents.error());
  JsonText json;
  json.list(*incidents, [&](const Incident& each) {
    json.object([&] {
      json.field("time", each.onset.value.time_since_epoch().count() * 1000);
      json.field("timeEnd", each.range().end.time_since_epoch().count() * 1000);
      json.field("title", title_of(each.entity) + ": " + one_line(each));
      json.field("text", fmt::format("{}{}; {}", each.semi_synthetic ? "SEMI-SYNTHETIC; " : "",
                                     duration_text(each), page_of(each)));
      const std::string tags[] = {std::string(lightsout::name_of(each.grade)),
                                  std::string(lightsout::name_of(each.confidence)),
                                  each.entity.text()};
      json.list("tags", tags, [&](const std::string& tag) { json.put(tag); });
      json.field("id", each.id);
    });
  });
  return json_answer(json.take());
}

const Parameter kStopQuery[] = {
    {.name = "incident", .summary = "only this one", .example = "{incident}"},
    kEntity,
    kFrom,
    kUntil,
    kAsOf,
};
const Parameter kSetQuery[] = {kEntity, kFrom, kUntil, kAsOf};
const Parameter kGrafanaQuery[] = {
    kEntity,
    {.name = "from",
     .kind = ParameterKind::time,
     .summary = "${__from}, in milliseconds, or any time",
     .example = "1641200000000"},
    {.name = "to",
     .kind = ParameterKind::time,
     .summary = "${__to}, in milliseconds, or any time",
     .example = "1642000000000"},
};

const Endpoint kExportEndpoints[] = {
    {.path = "/api/v1/export/stop",
     .summary = "Rows of the STOP table, filled in as far as measurements reach: never who ordered",
     .path_parameters = {},
     .query_parameters = kStopQuery,
     .formats = "csv",
     .schema = {},
     .answer = stop_csv},
    {.path = "/api/v1/export/geojson",
     .summary = "Incidents as GeoJSON features without geometry, to be joined by ISO code",
     .path_parameters = {},
     .query_parameters = kSetQuery,
     .formats = "geojson|json",
     .schema = "FeatureCollection",
     .answer = geojson},
    {.path = "/api/v1/calendar",
     .summary = "The windows of the chosen incidents for a phone's calendar",
     .path_parameters = {},
     .query_parameters = kSetQuery,
     .formats = "ics",
     .schema = {},
     .answer = calendar},
    {.path = "/api/v1/grafana/annotations",
     .summary = "Incidents as flat rows for Grafana's Infinity data source",
     .path_parameters = {},
     .query_parameters = kGrafanaQuery,
     .formats = "json",
     .schema = "Annotations",
     .answer = annotations},
};

}  // namespace

std::span<const Endpoint> export_endpoints() {
  return kExportEndpoints;
}

}  // namespace lightsout::api
