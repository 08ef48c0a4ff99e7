// Appraisal: what is said about an incident beyond that it happened: indicators of how it came
// about, the past incidents that it resembles, and what it may have cost.
//
// Each part says so itself where it has nothing to go by. An appraisal is a value beside the
// incident, not in it: it may change with the library and the tables while the incident stands.
//
//   report.appraisals = appraise_all(report.investigation, report.zone, &tables);
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cases/cost.h"
#include "cases/deliberate.h"
#include "cases/likeness.h"
#include "core/zone.h"
#include "incident/investigate.h"

namespace lightsout {

struct PastParallel {
  std::string name;   // of the case
  std::string title;  // "Kazakhstan, January 2022"
  CaseFamily family = CaseFamily::crisis;
  double distance = 0;
  double known_weight = 0;
  double percentile = 0;  // among the library's best wrong parallels
  std::vector<std::string> terms;
  std::vector<std::string> sources;
};

inline constexpr std::size_t kParallels = 5;
inline constexpr std::size_t kMostAppraised = 50;  // of the gravest incidents of an investigation

struct Appraisal {
  std::string incident;                      // its id
  std::optional<Deliberation> deliberation;  // nullopt: not a fall of connectivity
  std::vector<PastParallel> parallels;       // the nearest first
  std::optional<CostEstimate> cost;          // nullopt: no country, or not a fall of connectivity
};

// One for each incident, in their order; incidents that did not cut anybody off have empty ones.
// Without `tables` cost lines refuse for want of them; without `elsewhere` no incident is alone.
std::vector<Appraisal> appraise_all(const Investigation& investigation, const Zone& zone,
                                    const EconomyTables* tables, const Elsewhere& elsewhere = {});

// "good", "weak", or "none": what a percentile is called.
std::string_view word_for_parallel(double percentile);

}  // namespace lightsout
