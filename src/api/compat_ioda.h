// /compat/ioda/v2: our numbers in the shapes of IODA's API, for scripts that were written for it.
//
// The interface was written anew from its published description; none of IODA's code is used, and
// no copyright of theirs is claimed for what we answer. docs/formats/compat-ioda.md says what is
// the same and what is not: above all, scores and methods are ours.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/answer.h"

namespace lightsout::api::ioda {

// As every endpoint of theirs has them.
inline constexpr Parameter kFrom{.name = "from",
                                 .kind = ParameterKind::time,
                                 .summary = "Unix seconds",
                                 .example = "{from_epoch}",
                                 .required = true};
inline constexpr Parameter kUntil{.name = "until",
                                  .kind = ParameterKind::time,
                                  .summary = "Unix seconds",
                                  .example = "{until_epoch}",
                                  .required = true};

// One datasource of theirs, and the signals of ours that it is answered from, the best first.
struct Datasource {
  std::string_view name;    // "ping-slash24"
  std::string_view title;   // "Active Probing"
  std::string_view units;   // "Up /24s"
  std::string_view source;  // "ioda-probing"
  std::string_view own;     // "probing"
  std::string_view metric;  // empty: every metric of the source, as subtypes
};

std::span<const Datasource> datasources();
const Datasource* datasource(std::string_view name);
// The datasource that a signal of ours belongs to; nullptr: they have nothing like it.
const Datasource* datasource_of(const SignalId& id);

// "country", "region", "asn", "geoasn"; nullopt for what they have no word for.
struct Place {
  std::string type;
  std::string code;
  std::string name;
  std::string fqid;  // "geo.lightsout.KZ.75"
};
std::optional<Place> place_of(const Entity& entity);
// Their codes of regions are numbers, and clients check that. Ours is made of the region's name,
// and the same everywhere; it is not theirs.
std::string region_number(const Entity& region);
// entityType and entityCode as an entity of ours, a region by number or as KZ-75; an Error that
// their clients can show.
Result<Entity> entity_at(Observatory& observatory, std::string_view type, std::string_view code);

// What is echoed: a value, or null. Signals echo times as numbers, outages as text.
using Echo = std::vector<std::pair<std::string, std::optional<std::string>>>;
struct Asked {
  std::string type;  // "outages.events"
  Echo parameters;
  bool numbers = false;  // digits are echoed as numbers
};

// The envelope around `data`, which is JSON. An error is status 400 with data null.
WebResponse enveloped(const ApiCall& call, const Asked& asked, const std::string& data,
                      bool synthetic = false, const std::string& perf = "null");
WebResponse failed(const ApiCall& call, const Asked& asked, const std::string& error,
                   int status = 400);

// The parameters of that name as they came.
Asked asked_of(const ApiCall& call, std::string type, std::span<const Parameter> parameters,
               bool numbers);
// Unix seconds, RFC 3339, "now", "-1d"; both must be there, from before until.
Result<TimeRange> read_range(const ApiCall& call);
Result<std::int64_t> read_count(const ApiCall& call, std::string_view name, std::int64_t otherwise,
                                std::int64_t most);

// {"code":..,"name":..,"type":..,"subnames":[],"attrs":{..}}
void put_entity(JsonText& json, const Entity& entity);

inline constexpr Seconds kMaxSpan = std::chrono::hours(24 * 100);  // their limit, exclusive
inline constexpr std::int64_t kMostRows = 2'000;                   // of one page, theirs too
inline constexpr Seconds kScoreStep{600};                          // native step of their events

}  // namespace lightsout::api::ioda
