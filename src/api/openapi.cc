// /api/v1/openapi.json: the table of endpoints as an OpenAPI 3.1 document.
//
// Its examples are filled in with an incident, an entity and a range that this very store has, so
// that each of them can be asked as it stands.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "api/all_endpoints.h"
#include "api/schemas.h"
#include "api/tiers.h"

namespace lightsout::api {

namespace {

using Examples = std::vector<std::pair<std::string, std::string>>;

constexpr Seconds kExampleAround = std::chrono::hours(24);
constexpr Seconds kExampleLongest = std::chrono::hours(24 * 10);

struct Subject {
  std::string incident = "none";
  Entity entity = *Entity::parse("country:KZ");
  TimeRange range;
};

// The gravest fall of a country with series of its own; else whoever is measured.
Result<Subject> subject_of(Observatory& observatory) {
  Subject subject;
  const Time through = observatory.data_through().value_or(observatory.now());
  subject.range = {through - kExampleAround, through};
  const Result<std::vector<Incident>> incidents = observatory.incidents({});
  if (!incidents) return incidents.error();
  const Incident* gravest = nullptr;
  for (const Incident& each : *incidents) {
    if (each.direction != Direction::fall || each.entity.type() != EntityType::country) continue;
    if (observatory.signals_of(each.entity, false).empty()) continue;
    if (gravest == nullptr || each.grade < gravest->grade) gravest = &each;
  }
  if (gravest != nullptr) {
    subject.incident = gravest->id;
    subject.entity = gravest->entity;
    const Time begin = gravest->range().begin - kExampleAround;
    subject.range = {begin,
                     std::min(gravest->range().end + kExampleAround, begin + kExampleLongest)};
    return subject;
  }
  if (!incidents->empty()) subject.incident = incidents->front().id;
  const auto signals = observatory.signals();
  if (!signals) return signals.error();
  if (!(*signals)->empty()) subject.entity = (*signals)->front().id.entity();
  return subject;
}

Result<Examples> examples_of(Observatory& observatory) {
  const Result<Subject> subject = subject_of(observatory);
  if (!subject) return subject.error();
  const std::string path = path_of(subject->entity);
  const Result<std::vector<SourceHealth>> sources = observatory.sources();
  if (!sources) return sources.error();
  const auto epoch = [](Time time) { return std::to_string(time.time_since_epoch().count()); };
  return Examples{{"{incident}", subject->incident},
                  {"{entity}", path},
                  {"{type}", path.substr(0, path.find('/'))},
                  {"{code}", path.substr(path.find('/') + 1)},
                  {"{from}", format_time(subject->range.begin)},
                  {"{until}", format_time(subject->range.end)},
                  {"{from_epoch}", epoch(subject->range.begin)},
                  {"{until_epoch}", epoch(subject->range.end)},
                  {"{source}", sources->empty() ? "none" : sources->front().source}};
}

std::string filled(std::string_view example, const Examples& examples) {
  for (const auto& [name, value] : examples) {
    if (example == name) return value;
  }
  return std::string(example);
}

std::vector<std::string> cut(std::string_view list) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t end = list.find('|');
    parts.emplace_back(list.substr(0, end));
    if (end == std::string_view::npos) return parts;
    list.remove_prefix(end + 1);
  }
}

std::string_view media_type(std::string_view format) {
  constexpr std::pair<std::string_view, std::string_view> kTypes[] = {
      {"json", "application/json"},
      {"jsonl", "application/jsonl"},
      {"csv", "text/csv"},
      {"tsv", "text/tab-separated-values"},
      {"geojson", "application/geo+json"},
      {"atom", "application/atom+xml"},
      {"ics", "text/calendar"},
      {"svg", "image/svg+xml"},
      {"png", "image/png"},
      {"html", "text/html"},
      {"md", "text/markdown"},
      {"txt", "text/plain"},
  };
  for (const auto& [name, type] : kTypes) {
    if (name == format) return type;
  }
  return "application/octet-stream";
}

void put_parameter(JsonText& json, const Parameter& each, bool in_path, const Examples& examples) {
  json.object([&] {
    json.field("name", each.name);
    json.field("in", in_path ? "path" : "query");
    json.field("required", in_path || each.required);
    std::string summary(each.summary);
    if (!each.otherwise.empty()) summary += "; without it: " + std::string(each.otherwise);
    json.field("description", summary);
    json.object("schema", [&] {
      const bool list = each.repeated;
      const auto type = [&] {
        const bool whole = each.kind == ParameterKind::integer;
        const bool number = each.kind == ParameterKind::number;
        json.field("type", whole ? "integer" : number ? "number" : "string");
        if (each.kind == ParameterKind::choice) {
          json.list("enum", cut(each.choices), [&](const std::string& word) { json.put(word); });
        }
      };
      if (!list) return type();
      json.field("type", "array");
      json.object("items", type);
    });
    if (!each.example.empty()) json.field("example", filled(each.example, examples));
  });
}

void put_responses(JsonText& json, const Endpoint& endpoint) {
  json.object("responses", [&] {
    json.object("200", [&] {
      json.field("description", "The answer");
      json.object("content", [&] {
        for (const std::string& format : cut(endpoint.formats)) {
          json.object(media_type(format), [&] {
            if (format != "json" || endpoint.schema.empty()) return;
            json.object("schema", [&] {
              json.field("$ref", "#/components/schemas/" + std::string(endpoint.schema));
            });
          });
        }
      });
    });
    json.object("default", [&] {
      json.field("description", "What is wrong and what to do next (RFC 9457)");
      json.object("content", [&] {
        json.object("application/problem+json", [&] {
          json.object("schema", [&] { json.field("$ref", "#/components/schemas/Problem"); });
        });
      });
    });
  });
}

void put_endpoint(JsonText& json, const Endpoint& endpoint, const Examples& examples) {
  json.object(endpoint.path, [&] {
    json.object("get", [&] {
      json.field("summary", endpoint.summary);
      json.name("parameters");
      const std::vector<std::string> formats = cut(endpoint.formats);
      const int one[] = {0};
      json.list(one, [&](int) {
        for (const Parameter& each : endpoint.path_parameters) {
          put_parameter(json, each, true, examples);
        }
        for (const Parameter& each : endpoint.query_parameters) {
          put_parameter(json, each, false, examples);
        }
        if (endpoint.passes_over_unknown) return;
        put_parameter(json,
                      {.name = "format",
                       .kind = ParameterKind::choice,
                       .summary = "or as a suffix of the path",
                       .example = formats.front(),
                       .choices = endpoint.formats,
                       .otherwise = formats.front()},
                      false, examples);
      });
      put_responses(json, endpoint);
    });
  });
}

WebResponse openapi(const ApiCall& call) {
  const Result<Examples> examples = examples_of(call.observatory);
  if (!examples) return refusal(examples.error());
  JsonText json;
  json.object([&] {
    json.field("openapi", "3.1.0");
    json.object("info", [&] {
      json.field("title", "Lightsout");
      json.field("version", call.observatory.software_version());
      json.field(
          "description",
          "What was measured of the Internet's outages and shutdowns, and what was "
          "concluded from it. Reads need no key. A missing number is null and its state says "
          "why; zero is a number. Every time is UTC, as RFC 3339 and as Unix seconds.");
      json.object("license", [&] {
        json.field("name", "Apache-2.0");
        json.field("identifier", "Apache-2.0");
      });
    });
    json.object("paths", [&] {
      for (const Endpoint& each : all_endpoints()) put_endpoint(json, each, *examples);
    });
    json.object("components", [&] { json.raw_field("schemas", schemas_json()); });
  });
  return json_answer(json.take());
}

const Endpoint kOpenApiEndpoints[] = {
    {.path = "/api/v1/openapi",
     .summary = "This document, with examples that can be asked here",
     .path_parameters = {},
     .query_parameters = {},
     .formats = "json",
     .schema = "OpenApi",
     .answer = openapi},
};

}  // namespace

std::span<const Endpoint> openapi_endpoints() {
  return kOpenApiEndpoints;
}

}  // namespace lightsout::api
