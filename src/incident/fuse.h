// fuse: which anomalies belong together (methods.md 3.4 step 6; docs/methods/incidents.md).
//
// The gravest anomaly that is still alone is the seed of a group and gathers what overlaps it, what
// touches it, and its own repetitions with less than 12 hours, or whole days, between. Only
// anomalies at least half as deep as the seed carry the group further, so that a shallow dip of a
// week never chains two incidents together. Each anomaly ends up in exactly one group.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "incident/curve.h"

namespace lightsout::incident {

// How the entity of a series stands to the one that is investigated.
enum class Role : std::uint8_t { own, region, provider, service, unrelated };
Role role_of(const Entity& investigated, const Entity& other);

struct Witness {
  Role role = Role::own;
  Curve curve;
  std::vector<Anomaly> coincident;  // beside those of the detector (coincidence.h)
};

enum class GroupKind : std::uint8_t { connectivity, service, surge, other };

struct Member {
  std::size_t witness = 0;
  const Anomaly* anomaly = nullptr;
};

struct Group {
  GroupKind kind = GroupKind::other;
  std::vector<Member> members;  // by onset, then by signal
  TimeRange core;               // what the seed and its equals cover
};

// At most kMaxFusedAnomalies (investigate.h): the shallowest beyond are counted in left_out.
std::vector<Group> fuse(const std::vector<Witness>& witnesses, std::size_t& left_out);

}  // namespace lightsout::incident
