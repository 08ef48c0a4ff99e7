// Answers: what all endpoints of /api/v1 say around their data, and tables in every format.
//
// A table is columns and rows of typed cells; from it come JSON (a list of objects), JSON lines,
// CSV and TSV, which therefore cannot disagree. A moment is written twice in each of them, as
// RFC 3339 and as Unix seconds ("onset", "onset_epoch").
//
//   ApiTable table{.type = "entities", .columns = {"entity", "signals"}};
//   table.rows.push_back({Cell(entity.text()), Cell(12)});
//   return table_answer(call, std::move(table));
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "api/endpoint.h"
#include "api/json_text.h"
#include "web/query.h"

namespace lightsout::api {

// Named maximums; one more is a problem document that says what to do.
inline constexpr std::size_t kMaxSamples = 500'000;  // of one answer, after their step is chosen
inline constexpr std::size_t kMaxNativeSamples = 4'000'000;  // that one answer is made from
inline constexpr std::int64_t kPageRows = 100;               // without ?limit=
inline constexpr std::int64_t kMaxPageRows = 1'000;
inline constexpr std::size_t kMaxLineageShown = 50;  // inputs of one answer; more are counted

// What ?licence= cannot change: the program's own licence and where those of the sources stand.
inline constexpr std::string_view kLicence =
    "The form of this answer: Apache-2.0. The numbers: the terms of each source, see "
    "/api/v1/sources.";

using Cell = std::variant<std::monostate, bool, std::int64_t, double, std::string, Time,
                          std::vector<std::string>>;
Cell cell(const std::optional<Time>& time);
Cell cell(const std::optional<double>& number);  // monostate when it is not finite

// The effective parameters, in the order in which they are echoed.
using Effective = std::vector<std::pair<std::string, std::string>>;

struct ApiTable {
  std::string type;                  // "incidents"
  std::vector<std::string> columns;  // "@onset" for a moment
  std::vector<bool> moments = {};    // filled in by table_answer()
  std::vector<std::vector<Cell>> rows;
  Effective parameters;
  std::vector<Lineage> lineage;
  bool semi_synthetic = false;
  std::string key;  // the column whose text names a row, for paging; empty: never cut
};

// Cuts to the page that ?limit= and ?cursor= ask for, and writes it in the format of the call.
WebResponse table_answer(const ApiCall& call, ApiTable table);

// What every JSON document of /api/v1 says beside its data.
void put_envelope(JsonText& json, Observatory& observatory, std::string_view type,
                  const Effective& parameters);
void put_lineage(JsonText& json, const std::vector<Lineage>& lineage);
void put_estimate(JsonText& json, std::string_view key, const Estimate& estimate);
void put_time_estimate(JsonText& json, std::string_view key,
                       const std::optional<TimeEstimate>& time);

WebResponse json_answer(std::string body);
WebResponse text_answer(std::string content_type, std::string body);
WebResponse refusal(const Error& error);

// ?name= as a whole number between two bounds; nullopt: not given.
Result<std::optional<std::int64_t>> read_integer(const ApiCall& call, std::string_view name,
                                                 std::int64_t least, std::int64_t most);
Result<std::optional<double>> read_number(const ApiCall& call, std::string_view name, double least,
                                          double most);
// ?name= as one of "a|b|c"; the first where it is not given.
Result<std::string> read_choice(const ApiCall& call, std::string_view name,
                                std::string_view choices);
// "300", "5m", "1h", "1d".
Result<std::optional<Seconds>> read_duration(const ApiCall& call, std::string_view name);
Result<ReadQuery> read_common(const ApiCall& call);

// country/KZ, region/KZ-75, asn/9198, geoasn/9198-KZ, service/telegram: as in a path.
Result<Entity> entity_of(std::string_view type, std::string_view code);
// "country/KZ", "country:KZ" or "KZ".
Result<Entity> entity_of(std::string_view text);
// What stands for it in a path: "country/KZ", "geoasn/9198-KZ".
std::string path_of(const Entity& entity);
// An Error of kind not_found when the store has neither a series nor an incident of it.
Status known_entity(Observatory& observatory, const Entity& entity);

// The parameters that more than one endpoint has.
inline constexpr Parameter kFrom{.name = "from",
                                 .kind = ParameterKind::time,
                                 .summary = "begin of the range, inclusive",
                                 .example = "{from}"};
inline constexpr Parameter kUntil{.name = "until",
                                  .kind = ParameterKind::time,
                                  .summary = "end of the range, exclusive",
                                  .example = "{until}"};
inline constexpr Parameter kAsOf{.name = "asof",
                                 .kind = ParameterKind::time,
                                 .summary = "only what had arrived by then",
                                 .example = "now",
                                 .otherwise = "everything that is known"};
inline constexpr Parameter kLimit{.name = "limit",
                                  .kind = ParameterKind::integer,
                                  .summary = "rows of one page, 1 to 1000",
                                  .example = "10",
                                  .otherwise = "100"};
inline constexpr Parameter kCursor{.name = "cursor",
                                   .summary = "the 'next' of the page before",
                                   .example = {},
                                   .otherwise = "the first page"};
inline constexpr Parameter kEntity{
    .name = "entity",
    .kind = ParameterKind::entity,
    .summary = "an entity: country/KZ, asn/9198; a country takes in its parts",
    .example = "{entity}"};
inline constexpr Parameter kType{
    .name = "type",
    .kind = ParameterKind::choice,
    .summary = "kind of entity; geoasn is the part of a network in a country",
    .example = "{type}",
    .choices = "country|region|asn|geoasn|service",
    .required = true};
inline constexpr Parameter kCode{.name = "code",
                                 .summary = "KZ, KZ-75, 9198, 9198-KZ, telegram",
                                 .example = "{code}",
                                 .required = true};
inline constexpr Parameter kLang{.name = "lang",
                                 .kind = ParameterKind::choice,
                                 .summary = "language of names",
                                 .example = "en",
                                 .choices = "en|ru|kk"};

}  // namespace lightsout::api
