// What an incident's tables say about its kind, gathered once for all candidates (kind.cc).
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>

#include "incident/kind.h"

namespace lightsout::incident {

struct PlaneFact {
  std::optional<double> lost;  // of the deepest; 0: it stood; nullopt: not measured
};

struct KindFacts {
  PlaneFact routes, answers, traffic, speed, tools;
  std::vector<std::string> tools_fell;
  std::set<std::string> sources_fell;
  std::set<std::string> sources_stood;
  bool twin_stood = false;  // another source of the very same measurement stood
  double down = 0;          // of the bins of what fell, the share marked as source down
  double traffic_lowest = 1;
  bool volume_alone = false;  // bytes fell by a half or more while requests stood

  std::size_t services = 0;
  std::size_t services_fell = 0;
  std::string service;  // the deepest

  std::map<std::string, double> lost_by_owner;  // weighted
  double lost_by_all = 0;
  std::size_t owners_judged = 0;
  std::size_t regions = 0;
  std::size_t regions_fell = 0;
  double top_region = 0;  // of what was lost
  double gini = 0;
};

// Fills `users` beside it.
KindFacts gather_kind_facts(const Incident& incident, UserShares& users);

}  // namespace lightsout::incident
