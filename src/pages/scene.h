// Scene: what a page shows of one entity. Which stretch of time, which series, which incident.
//
// Unlike report/subject.h, which tells one incident, a page tells what there is about an entity
// whether or not anything happened.
//
//   const Result<Scene> scene = scene_of(context, *Entity::parse("country:KZ"));
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "pages/site.h"

namespace lightsout {

struct Scene {
  std::shared_ptr<const Report> report;
  Entity entity;
  TimeRange shown;                 // what the figures draw
  Zone zone;                       // the reader's, or the capital's
  Time data_through;               // end of the newest bin of the entity, or of shown
  const Incident* told = nullptr;  // the gravest that overlaps `shown` and speaks about the entity
  std::vector<std::size_t> rows;   // indices of Report::series: the entity's own
  std::vector<std::size_t> providers;  // of its parts, one series each, the first to fall first
  std::vector<std::size_t> regions;
  std::vector<std::size_t> services;
  std::vector<std::size_t> circumvention;  // of the entity's own, kept out of rows
  bool semi_synthetic = false;

  const Series& series(std::size_t index) const { return report->series[index]; }
  const Detection* detection(std::size_t index) const;
  const PlaneView* view(std::size_t index) const;  // what the told incident says about it
  const PartView* part(const Entity& part) const;
  std::string part_name(const Language& say, const Entity& part) const;
};

inline constexpr Seconds kUsualStretch = std::chrono::hours(24 * 14);
inline constexpr std::size_t kMostRows = 8;
inline constexpr std::size_t kMostParts = 40;

// Without ?from and ?until: the last 14 days of data, or all of the newest grave incident.
Result<Scene> scene_of(const PageContext& context, const Entity& entity);

// The zone of ?tz=, else that of the entity's capital, else UTC. A bad name is an Error.
Result<Zone> zone_for(const PageContext& context, const std::optional<Entity>& entity);

// "KZ", "kz" or a name in the reader's language or English: the country meant; an Error that says
// what to write instead.
Result<Entity> country_named(const PageContext& context, std::string_view text);
// "AS9198" or "9198".
Result<std::string> network_named(std::string_view text);

}  // namespace lightsout
