// /api/v1/entities: who is measured here.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <set>

#include "api/all_endpoints.h"
#include "api/answer.h"
#include "geo/country.h"
#include "language/language.h"

namespace lightsout::api {

namespace {

struct Measured {
  std::set<std::string> sources;
  std::set<std::string> planes;
  std::int64_t signals = 0;
  Time first;
  Time data_through;
};

std::string type_of(const Entity& entity) {
  const std::string path = path_of(entity);
  return path.substr(0, path.find('/'));
}

std::string code_of(const Entity& entity) {
  const std::string path = path_of(entity);
  return path.substr(path.find('/') + 1);
}

std::string name_in(const Entity& entity, const Language& say) {
  if (entity.type() != EntityType::country) return title_of(entity);
  return say.code() == "en" ? title_of(entity) : say.country(entity.country());
}

std::string folded(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

bool related(const Entity& entity, const Entity& to) {
  if (entity == to) return true;
  switch (to.type()) {
    case EntityType::country:
      return entity.country() == to.country();
    case EntityType::asn:
      return entity.asn() == to.asn() && (to.country().empty() || entity.country() == to.country());
    default:
      return !to.country().empty() &&
             entity == *Entity::parse("country:" + std::string(to.country()));
  }
}

WebResponse list_entities(const ApiCall& call) {
  const auto signals = call.observatory.signals();
  if (!signals) return refusal(signals.error());
  const std::string type = call.request.parameter("type").value_or("");
  const std::string q = folded(call.request.parameter("q").value_or(""));
  const std::string related_to = call.request.parameter("related_to").value_or("");
  std::optional<Entity> to;
  if (!related_to.empty()) {
    const Result<Entity> entity = entity_of(related_to);
    if (!entity) return refusal(entity.error());
    to = *entity;
  }
  if (!type.empty()) {
    const Result<std::string> known = read_choice(call, "type", kType.choices);
    if (!known) return refusal(known.error());
  }
  const Result<std::string> lang = read_choice(call, "lang", "en|ru|kk");
  if (!lang) return refusal(lang.error());
  const Language& say = *find_language(*lang);

  std::map<std::string, std::pair<Entity, Measured>> found;
  for (const SignalSummary& each : **signals) {
    auto [place, fresh] = found.try_emplace(each.id.entity().text(), each.id.entity(), Measured{});
    Measured& measured = place->second.second;
    measured.first = fresh ? each.range.begin : std::min(measured.first, each.range.begin);
    measured.data_through = std::max(measured.data_through, each.range.end);
    measured.sources.insert(each.id.source());
    measured.planes.insert(std::string(name_of(each.plane)));
    ++measured.signals;
  }
  ApiTable table{.type = "entities",
                 .columns = {"entity", "type", "code", "name", "country", "signals", "sources",
                             "planes", "@first", "@data_through", "series_url"},
                 .rows = {},
                 .parameters = {{"type", type},
                                {"q", q},
                                {"related_to", to ? to->text() : ""},
                                {"lang", *lang}},
                 .lineage = {},
                 .key = "entity"};
  for (const auto& [text, pair] : found) {
    const auto& [entity, measured] = pair;
    const std::string name = name_in(entity, say);
    if (!type.empty() && type_of(entity) != type) continue;
    if (to && !related(entity, *to)) continue;
    if (!q.empty() && folded(name).find(q) == std::string::npos &&
        folded(title_of(entity)).find(q) == std::string::npos &&
        folded(text).find(q) == std::string::npos) {
      continue;
    }
    table.rows.push_back(
        {text, type_of(entity), code_of(entity), name,
         entity.country().empty() ? Cell() : Cell(std::string(entity.country())), measured.signals,
         std::vector<std::string>(measured.sources.begin(), measured.sources.end()),
         std::vector<std::string>(measured.planes.begin(), measured.planes.end()), measured.first,
         measured.data_through, "/api/v1/series/" + path_of(entity)});
  }
  return table_answer(call, std::move(table));
}

const Parameter kEntitiesQuery[] = {
    {.name = "type",
     .kind = ParameterKind::choice,
     .summary = "only this kind",
     .example = "country",
     .choices = "country|region|asn|geoasn|service"},
    {.name = "q", .summary = "a part of the name or the code", .example = "a"},
    {.name = "related_to",
     .kind = ParameterKind::entity,
     .summary = "only what lies in or is seen from it",
     .example = "{entity}"},
    kLang,
    kLimit,
    kCursor,
};

const Endpoint kEntityEndpoints[] = {
    {.path = "/api/v1/entities",
     .summary = "Who is measured here: countries, regions, networks, services",
     .path_parameters = {},
     .query_parameters = kEntitiesQuery,
     .formats = "json|jsonl|csv|tsv",
     .schema = "Entities",
     .answer = list_entities},
};

}  // namespace

std::span<const Endpoint> entity_endpoints() {
  return kEntityEndpoints;
}

}  // namespace lightsout::api
