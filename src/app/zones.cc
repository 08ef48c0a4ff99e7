// SPDX-License-Identifier: Apache-2.0
#include "app/zones.h"

#include <fmt/format.h>

#include <utility>

#include "geo/country.h"

namespace lightsout {

namespace {

// A name that nobody knows is a wrong option, and not something that was looked for and not found.
Result<Zone> asked_zone(const std::string& name, World& world) {
  Result<Zone> zone = world.zone(name);
  if (zone) return zone;
  return Error{ErrorKind::usage, fmt::format("--tz {}: {}", name, zone.error().message)};
}

}  // namespace

Result<Zone> zone_of(const Options& options, const std::optional<Entity>& entity, World& world) {
  if (!options.tz.empty()) return asked_zone(options.tz, world);
  const Country* country = entity ? find_country(entity->country()) : nullptr;
  if (country == nullptr) return Zone{};
  Result<Zone> zone = world.zone(std::string(country->zone));
  return zone ? std::move(zone)
              : Result<Zone>(Zone{});  // without a tz database: UTC, and nothing lost
}

Result<TimeCells> TimeCells::of(const Options& options, World& world) {
  TimeCells cells;
  if (options.tz.empty()) return cells;
  Result<Zone> zone = asked_zone(options.tz, world);
  if (!zone) return zone.error();
  cells.zone_ = std::move(*zone);
  return cells;
}

}  // namespace lightsout
