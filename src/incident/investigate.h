// investigate: all that was measured about one entity -> the incidents.
//
// Pure: the same series give the same incidents. Series of the entity's parts (its providers
// asn:N@country:CC, its regions, its services) may be among them and fill the tables of parts.
//
//   const std::vector<Detection> detections = ...;  // detect() of each series, same order
//   const Investigation result = investigate(entity, range, series, detections);
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "incident/incident.h"

namespace lightsout {

struct Investigation {
  Entity entity;
  TimeRange range;                  // what was asked about; history before it only teaches
  std::vector<Incident> incidents;  // the gravest first, then by onset
  bool could_judge = false;         // false: no series could be judged, `reason` says why
  std::string reason;
  std::vector<std::string>
      not_measured;  // planes without any series: "connectivity of the country"
};

Investigation investigate(const Entity& entity, const TimeRange& range,
                          const std::vector<Series>& series,
                          const std::vector<Detection>& detections);

}  // namespace lightsout
