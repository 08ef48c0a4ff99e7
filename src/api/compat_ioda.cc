// SPDX-License-Identifier: Apache-2.0
#include "api/compat_ioda.h"

#include <fmt/format.h>

#include <algorithm>

#include "geo/country.h"

namespace lightsout::api::ioda {

namespace {

// gmdate('c'): RFC 3339 with an offset instead of Z.
std::string offset_time(Time time) {
  std::string text = format_time(time);
  text.pop_back();
  return text + "+00:00";
}

void put_echo(JsonText& json, const Asked& asked) {
  if (asked.parameters.empty()) {
    return json.list("requestParameters", asked.parameters, [](const auto&) {});
  }
  json.object("requestParameters", [&] {
    for (const auto& [name, value] : asked.parameters) {
      const bool digits = value && !value->empty() && value->size() < 16 &&
                          value->find_first_not_of("0123456789") == std::string::npos;
      json.name(name);
      if (!value) {
        json.put_null();
      } else if (asked.numbers && digits) {
        json.put(std::stoll(*value));
      } else {
        json.put(*value);
      }
    }
  });
}

WebResponse envelope(const ApiCall& call, const Asked& asked, const std::optional<std::string>& why,
                     const std::string& data, bool synthetic, const std::string& perf) {
  JsonText json;
  json.reserve(data.size() + 1'024);
  const std::string now = offset_time(call.observatory.now());
  json.object([&] {
    json.field("type", asked.type);
    json.object("metadata", [&] {
      json.field("requestTime", now);
      json.field("responseTime", now);
      if (synthetic) json.field("synthetic", true);
    });
    put_echo(json, asked);
    json.field("error", why);
    json.name("perf");
    json.raw(perf);
    json.name("data");
    json.raw(data);
    json.field("copyright", std::string(kLicence) + " Answered by " +
                                call.observatory.software_version() + ", not by IODA.");
  });
  return json_answer(json.take());
}

}  // namespace

std::span<const Datasource> datasources() {
  static constexpr Datasource kDatasources[] = {
      {"bgp", "BGP", "Visible /24s", "ioda-bgp", "bgp", "visible_slash24"},
      {"ping-slash24", "Active Probing", "Up /24s", "ioda-probing", "probing", "slash24_up"},
      {"ping-slash24-loss", "Active Probing Loss", "Loss %", "ioda-probing", "probing", "loss"},
      {"ping-slash24-latency", "Active Probing Latency", "ms", "ioda-probing", "probing",
       "latency"},
      {"merit-nt", "Telescope", "Unique Source IPs", "ioda-telescope", "telescope",
       "unique_source_ips"},
      {"gtr", "Google Transparency Report", "Normalized Traffic", "ioda-google", "google", ""},
      {"mozilla", "Mozilla", "Cities", "ioda-mozilla", "mozilla", "city_count"},
  };
  return kDatasources;
}

const Datasource* datasource(std::string_view name) {
  for (const Datasource& each : datasources()) {
    if (each.name == name) return &each;
  }
  return nullptr;
}

const Datasource* datasource_of(const SignalId& id) {
  for (const Datasource& each : datasources()) {
    if (id.source() != each.source && id.source() != each.own) continue;
    if (each.metric.empty() || each.metric == id.metric()) return &each;
  }
  return nullptr;
}

std::optional<Place> place_of(const Entity& entity) {
  const std::string code(entity.code());
  const std::string country(entity.country());
  switch (entity.type()) {
    case EntityType::country:
      return Place{"country", code, title_of(entity), "geo.lightsout." + code};
    case EntityType::region: {
      // The part behind the country is what they call its name: "Zulia" of VE-Zulia.
      const std::string name = code.size() > 3 ? code.substr(3) : code;
      return Place{"region", region_number(entity), name,
                   fmt::format("geo.lightsout.{}.{}", country, name)};
    }
    case EntityType::asn:
      if (country.empty()) return Place{"asn", code, "AS" + code, "asn." + code};
      return Place{"geoasn", code + "-" + country, title_of(entity),
                   fmt::format("asn.{}.geo.{}", code, country)};
    case EntityType::service:
      break;
  }
  return std::nullopt;
}

std::string region_number(const Entity& region) {
  // FNV-1a, 32 bits (draft-eastlake-fnv-21).
  std::uint32_t hash = 2'166'136'261U;
  for (const char c : region.code()) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 16'777'619U;
  }
  return std::to_string(hash);
}

Result<Entity> entity_at(Observatory& observatory, std::string_view type, std::string_view code) {
  const bool number =
      !code.empty() && code.find_first_not_of("0123456789") == std::string_view::npos;
  if (type == "region" && number) {
    const auto signals = observatory.signals();
    if (!signals) return signals.error();
    for (const SignalSummary& each : **signals) {
      const Entity& entity = each.id.entity();
      if (entity.type() == EntityType::region && region_number(entity) == code) return entity;
    }
    return Error{ErrorKind::not_found, fmt::format("no region {} is measured here", code)};
  }
  if (type == "country" || type == "region" || type == "asn" || type == "geoasn") {
    return entity_of(type, code);
  }
  return Error{ErrorKind::usage,
               fmt::format("'{}' is no entityType that is measured here: country, region, asn or "
                           "geoasn",
                           clean_text(type))};
}

WebResponse enveloped(const ApiCall& call, const Asked& asked, const std::string& data,
                      bool synthetic, const std::string& perf) {
  return envelope(call, asked, std::nullopt, data, synthetic, perf);
}

WebResponse failed(const ApiCall& call, const Asked& asked, const std::string& error, int status) {
  WebResponse response = envelope(call, asked, error, "null", false, "null");
  response.status = status;
  response.max_age = 0;
  return response;
}

Asked asked_of(const ApiCall& call, std::string type, std::span<const Parameter> parameters,
               bool numbers) {
  Asked asked{.type = std::move(type), .parameters = {}, .numbers = numbers};
  for (const Parameter& each : parameters) {
    const std::optional<std::string> value = call.request.parameter(each.name);
    asked.parameters.emplace_back(std::string(each.name),
                                  value && !value->empty() ? value : std::nullopt);
  }
  return asked;
}

Result<TimeRange> read_range(const ApiCall& call) {
  const auto read = [&](std::string_view name) -> Result<Time> {
    const std::string text = call.request.parameter(name).value_or("");
    if (text.empty()) return Error{ErrorKind::usage, fmt::format("'{}' must be given", name)};
    const Time now = call.observatory.now();
    Result<Time> time = read_time(text.starts_with('-') ? "now" + text : text, now);
    if (time) return time;
    return Error{ErrorKind::usage, fmt::format("{}: {}", name, time.error().message)};
  };
  const Result<Time> from = read("from");
  if (!from) return from.error();
  const Result<Time> until = read("until");
  if (!until) return until.error();
  if (*from >= *until) return Error{ErrorKind::usage, "'from' must lie before 'until'"};
  if (*until - *from > kMaxQueryRange) {
    return Error{ErrorKind::usage, "the range is longer than 20 years: ask for less"};
  }
  return TimeRange{*from, *until};
}

Result<std::int64_t> read_count(const ApiCall& call, std::string_view name, std::int64_t otherwise,
                                std::int64_t most) {
  const Result<std::optional<std::int64_t>> given = read_integer(call, name, 0, most);
  if (!given) return given.error();
  return given->value_or(otherwise);
}

void put_entity(JsonText& json, const Entity& entity) {
  const std::optional<Place> place = place_of(entity);
  json.object([&] {
    json.field("code", place ? place->code : std::string(entity.code()));
    json.field("name", place ? place->name : title_of(entity));
    json.field("type", place ? place->type : std::string("service"));
    json.list("subnames", std::span<const int>{}, [](int) {});
    json.object("attrs", [&] {
      json.field("fqid", place ? place->fqid : entity.text());
      if (const Country* country = find_country(entity.country()); country != nullptr) {
        json.field("country_code", country->alpha2);
        json.field("country_name", country->title);
      }
      if (entity.type() == EntityType::asn) json.field("name", "AS" + std::string(entity.code()));
    });
  });
}

}  // namespace lightsout::api::ioda
