// /compat/ioda/v2: datasources, entities, signals. The outages are in compat_outages.cc.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "api/all_endpoints.h"
#include "api/compat_ioda.h"
#include "api/read_signals.h"
#include "geo/country.h"
#include "report/escape.h"

namespace lightsout::api {

namespace {

using ioda::Asked;
using ioda::Datasource;

std::string folded(std::string_view text) {
  std::string low(text);
  std::transform(low.begin(), low.end(), low.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return low;
}

std::string raised(std::string_view text) {
  std::string high(text);
  std::transform(high.begin(), high.end(), high.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return high;
}

WebResponse list_datasources(const ApiCall& call) {
  const Asked asked{.type = "datasources", .parameters = {}, .numbers = false};
  JsonText json;
  std::vector<const Datasource*> chosen;
  for (const Datasource& each : ioda::datasources()) {
    if (call.parts.empty() || call.parts[0] == each.name) chosen.push_back(&each);
  }
  if (chosen.empty()) {
    return ioda::failed(call, asked,
                        fmt::format("'{}' is no datasource here", clean_text(call.parts[0])), 404);
  }
  json.list(chosen, [&](const Datasource* each) {
    json.object([&] {
      json.field("datasource", each->name);
      json.field("name", each->title);
      json.field("units", each->units);
    });
  });
  return ioda::enveloped(call, asked, json.take());
}

const Parameter kEntityParameters[] = {
    {.name = "entityType", .summary = "country, region, asn or geoasn", .example = "{type}"},
    {.name = "entityCode", .summary = "one or more codes, with commas between", .example = "KZ"},
    {.name = "relatedTo", .summary = "type/code or type", .example = {}},
    {.name = "search", .summary = "a part of the name", .example = {}},
    {.name = "limit", .kind = ParameterKind::integer, .summary = "most rows", .example = "10"},
    {.name = "page", .kind = ParameterKind::integer, .summary = "from 0", .example = "0"},
};

bool lies_in(Observatory& observatory, const Entity& entity, const std::string& related_to) {
  const std::size_t slash = related_to.find('/');
  if (slash == std::string::npos) return !entity.country().empty();
  const std::string type = related_to.substr(0, slash);
  const std::string code = raised(related_to.substr(slash + 1));
  if (type == "country") return entity.country() == code;
  if (type == "asn") return fmt::format("{}", entity.asn().number) == code;
  const Result<Entity> to = ioda::entity_at(observatory, type, related_to.substr(slash + 1));
  return to.ok() && entity.country() == to->country();
}

WebResponse query_entities(const ApiCall& call) {
  const Asked asked = ioda::asked_of(call, "entities.lookup", kEntityParameters, false);
  const std::string type = call.request.parameter("entityType").value_or("");
  const std::string codes = call.request.parameter("entityCode").value_or("");
  const std::string related_to = call.request.parameter("relatedTo").value_or("");
  const std::string search = folded(call.request.parameter("search").value_or(""));
  if (!codes.empty() && (!related_to.empty() || !search.empty())) {
    return ioda::failed(call, asked, "entityCode excludes relatedTo and search");
  }
  const Result<std::int64_t> limit =
      ioda::read_count(call, "limit", ioda::kMostRows, ioda::kMostRows);
  const Result<std::int64_t> page = ioda::read_count(call, "page", 0, 1'000'000);
  if (!limit) return ioda::failed(call, asked, limit.error().message);
  if (!page) return ioda::failed(call, asked, page.error().message);
  const auto signals = call.observatory.signals();
  if (!signals) return ioda::failed(call, asked, signals.error().message, 500);

  std::set<std::string> wanted;
  for (std::size_t begin = 0; !codes.empty() && begin <= codes.size();) {
    const std::size_t end = std::min(codes.find(',', begin), codes.size());
    wanted.insert(raised(codes.substr(begin, end - begin)));
    begin = end + 1;
  }
  std::set<Entity> found;
  for (const SignalSummary& each : **signals) {
    const Entity& entity = each.id.entity();
    const std::optional<ioda::Place> place = ioda::place_of(entity);
    if (!place || (!type.empty() && place->type != type)) continue;
    if (!wanted.empty() && !wanted.contains(raised(place->code))) continue;
    if (!related_to.empty() && !lies_in(call.observatory, entity, related_to)) continue;
    if (!search.empty() && folded(place->name).find(search) == std::string::npos &&
        folded(place->code).find(search) == std::string::npos) {
      continue;
    }
    found.insert(entity);
  }
  JsonText json;
  std::vector<Entity> rows(found.begin(), found.end());
  const std::size_t begin = std::min(rows.size(), static_cast<std::size_t>(*page * *limit));
  const std::size_t count = std::min(rows.size() - begin, static_cast<std::size_t>(*limit));
  json.list(std::span(rows).subspan(begin, count),
            [&](const Entity& each) { ioda::put_entity(json, each); });
  return ioda::enveloped(call, asked, json.take());
}

// The steps that their API gives when maxPoints is asked for, in seconds.
constexpr std::int64_t kSteps[] = {60,     120,     300,     600,      900,      1800,
                                   3600,   7200,    21600,   43200,    86400,    172800,
                                   604800, 1209600, 2419200, 31536000, 63072000, 315360000};

Seconds step_for(Seconds native, const TimeRange& range, std::int64_t most_points) {
  if (most_points <= 0) return native;
  for (const std::int64_t step : kSteps) {
    if (step >= native.count() && step % native.count() == 0 &&
        range.length().count() / step <= most_points) {
      return Seconds(step);
    }
  }
  return Seconds(std::end(kSteps)[-1]);
}

void put_signal(JsonText& json, const SignalSummary& signal, const Datasource& source,
                const Columns& columns) {
  const ioda::Place place = *ioda::place_of(signal.id.entity());
  json.object([&] {
    json.field("entityType", place.type);
    json.field("entityCode", place.code);
    json.field("entityName", place.name);
    json.field("entityFqid", place.fqid);
    json.field("datasource", source.name);
    json.field("subtype", source.metric.empty() ? raised(signal.id.metric()) : std::string());
    json.field("from", columns.begin.time_since_epoch().count());
    json.field("until", columns.time_of(columns.size()).time_since_epoch().count());
    json.field("step", columns.step.count());
    json.field("nativeStep", columns.native_step.count());
    json.list("values", columns.values, [&](double value) { json.put(value); });
  });
}

// One signal for each datasource and subtype: theirs where the store has it, else our own count.
std::vector<std::pair<const Datasource*, SignalSummary>> signals_for(Observatory& observatory,
                                                                     const Entity& entity,
                                                                     const Datasource* only,
                                                                     const TimeRange& range) {
  std::vector<std::pair<const Datasource*, SignalSummary>> chosen;
  for (const SignalSummary& each : observatory.signals_of(entity, false)) {
    const Datasource* source = ioda::datasource_of(each.id);
    if (source == nullptr || (only != nullptr && source != only)) continue;
    if (!each.range.overlaps(range)) continue;
    const auto same = std::find_if(chosen.begin(), chosen.end(), [&](const auto& other) {
      return other.first == source && other.second.id.metric() == each.id.metric();
    });
    if (same == chosen.end()) {
      chosen.emplace_back(source, each);
    } else if (same->second.id.source() == source->own && each.id.source() == source->source) {
      same->second = each;
    }
  }
  std::stable_sort(chosen.begin(), chosen.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  return chosen;
}

const Parameter kSignalParameters[] = {
    ioda::kFrom,
    ioda::kUntil,
    {.name = "datasource", .summary = "one of /datasources", .example = "bgp"},
    {.name = "sourceParams", .summary = "a subtype", .example = {}},
    {.name = "maxPoints",
     .kind = ParameterKind::integer,
     .summary = "most values of a series",
     .example = "100"},
};

WebResponse raw_signals(const ApiCall& call) {
  const Asked asked = ioda::asked_of(call, "signals", kSignalParameters, true);
  const Result<Entity> entity = ioda::entity_at(call.observatory, call.parts[0], call.parts[1]);
  if (!entity) return ioda::failed(call, asked, entity.error().message);
  const Result<TimeRange> range = ioda::read_range(call);
  if (!range) return ioda::failed(call, asked, range.error().message);
  if (range->length() >= ioda::kMaxSpan) {
    return ioda::failed(call, asked, "the range must be shorter than 100 days");
  }
  const Result<std::int64_t> most = ioda::read_count(call, "maxPoints", 0, 1'000'000);
  if (!most) return ioda::failed(call, asked, most.error().message);
  const std::string name = call.request.parameter("datasource").value_or("");
  const Datasource* only = ioda::datasource(name);
  if (!name.empty() && only == nullptr) {
    return ioda::failed(call, asked, fmt::format("'{}' is no datasource here", clean_text(name)));
  }
  const std::string subtype = raised(call.request.parameter("sourceParams").value_or(""));
  JsonText json;
  bool synthetic = false;
  std::optional<Error> error;
  const auto chosen = signals_for(call.observatory, *entity, only, *range);
  const auto put = [&](const std::pair<const Datasource*, SignalSummary>& each) {
    const auto& [source, signal] = each;
    if (!subtype.empty() && source->metric.empty() && raised(signal.id.metric()) != subtype) return;
    const Seconds step = step_for(signal.step, *range, *most);
    const TimeRange whole = whole_steps(*range, step);
    Result<Series> series = call.observatory.store().read_series(
        signal.id, {.range = whole, .as_of = {}, .step = signal.step});
    if (!series && series.error().kind != ErrorKind::not_found) {
      error = series.error();
      return;
    }
    if (!series) return;
    synthetic = synthetic || series->semi_synthetic();
    put_signal(json, signal, *source, columns_of(*series, whole, step, Aggregate::mean));
  };
  const int one[] = {0};
  json.list(one, [&](int) { json.list(chosen, put); });
  if (error) return ioda::failed(call, asked, error->message, status_of(*error));
  return ioda::enveloped(call, asked, json.take(), synthetic);
}

const Parameter kCompatPath[] = {
    {.name = "entityType",
     .summary = "country, region, asn or geoasn",
     .example = "country",
     .required = true},
    {.name = "entityCode", .summary = "KZ, 9198, 9198-KZ", .example = "{code}", .required = true},
};
const Parameter kDatasourcePath[] = {
    {.name = "datasource", .summary = "its name", .example = "bgp", .required = true}};

Endpoint compat(std::string_view path, std::string_view summary,
                std::span<const Parameter> path_parameters,
                std::span<const Parameter> query_parameters, std::string_view schema,
                WebResponse (*answer)(const ApiCall&)) {
  return {.path = path,
          .summary = summary,
          .path_parameters = path_parameters,
          .query_parameters = query_parameters,
          .formats = "json",
          .schema = schema,
          .answer = answer,
          .passes_over_unknown = true};
}

}  // namespace

std::span<const Endpoint> compat_signal_endpoints() {
  static const Endpoint endpoints[] = {
      compat("/compat/ioda/v2/datasources", "As IODA: the kinds of measurement", {}, {},
             "IodaDatasources", list_datasources),
      compat("/compat/ioda/v2/datasources/{datasource}", "As IODA: one kind of measurement",
             kDatasourcePath, {}, "IodaDatasources", list_datasources),
      compat("/compat/ioda/v2/entities/query", "As IODA: who is measured", {}, kEntityParameters,
             "IodaEntities", query_entities),
      compat("/compat/ioda/v2/signals/raw/{entityType}/{entityCode}",
             "As IODA: numbers over time, null where there is none", kCompatPath, kSignalParameters,
             "IodaSignals", raw_signals),
  };
  return endpoints;
}

}  // namespace lightsout::api
