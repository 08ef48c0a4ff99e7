// investigate: all that was measured about one entity -> the incidents.
//
// Pure: the same series give the same incidents. Series of the entity's parts (its providers
// asn:N@country:CC, its regions, its services) may be among them and fill the tables of parts.
//
//   const std::vector<Detection> detections = ...;  // detect() of each series, same order
//   const Investigation result = investigate(entity, range, series, detections);
//
// Names and shares of users of single networks come in as `networks`, ascending by number; of a
// network that is not among them the table shows the number, and the share as not known.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "geo/known_network.h"
#include "incident/incident.h"

namespace lightsout {

struct Investigation {
  Entity entity;
  TimeRange range;                  // what was asked about; history before it only teaches
  std::vector<Incident> incidents;  // the gravest first, then by onset
  std::vector<Incident> earlier;    // that ended before `range`, by onset: what is known, not asked
  TimeRange judged{};               // in which any of the entity's own connectivity was judged
  bool could_judge = false;         // false: no series could be judged, `reason` says why
  std::string reason;
  std::vector<std::string>
      not_measured;                // planes without any series: "connectivity of the country"
  std::vector<std::string> notes;  // what was left out and why: limits, series of other entities
};

// Beyond these, the rest is left out and said in `notes`; in the order of their names, and of their
// gravity.
inline constexpr std::size_t kMaxInvestigatedSeries = 10'000;
inline constexpr std::size_t kMaxFusedAnomalies = 20'000;
inline constexpr std::size_t kMaxIncidents = 500;

Investigation investigate(const Entity& entity, const TimeRange& range,
                          const std::vector<Series>& series,
                          const std::vector<Detection>& detections,
                          std::span<const KnownNetwork> networks = {});

// The same incident, seen again with more or other data: one entity, one kind, overlapping times.
bool same_incident(const Incident& previous, const Incident& now);

// What supersedes `previous` once `now` is known of the same incident: its id, the next number.
// nullopt when nothing that an incident states has changed.
std::optional<Incident> next_version(const Incident& previous, const Incident& now);

}  // namespace lightsout
