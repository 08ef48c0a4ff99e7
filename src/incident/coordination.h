// Coordination: were providers cut together, in what order, and could it be chance?
//
// Every provider brings the times at which it lost something (a provider that was slowed on one day
// and cut on the next brings two). Times that lie within kWaveGap of each other make a wave. A wave
// needs two owners: one provider that falls is no coordination, however completely it falls, and
// neither are three networks of one company.
//
// "Together" is the chance that two users, taken at random from all that were cut, were cut in the
// same wave; three tight waves over an evening are less together than one.
//
//   C = users x (0.5 together at the start + 0.3 together at the end + 0.2 on the half hour)
//         x (1 - chance) x (1 - 0.7 common upstream)                          (methods.md 4.2, 4.3)
//
// C is a number between 0 and 1 for comparing incidents, not a probability, and says nothing about
// who did it. What was not measured counts as nothing and is named in `unknown`: without ends the
// middle term is left out and the others share its weight; where the paths before are not known
// the last factor is 1 and says so.
//
//   const Coordination found = coordinate(steps, {.judged = 12, .utc_offset = Seconds{6 * 3600}});
//   found.sentence   // "11 of 12 providers fell within 6 min from 10:42 UTC on 5 January 2022."
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/time.h"
#include "incident/incident.h"

namespace lightsout::incident {

// One loss of one provider.
struct ProviderStep {
  std::string provider;  // as people read it, one name for all its steps
  std::string owner;     // who owns it; empty: it stands for itself
  std::string access;    // "mobile", "fixed", or empty
  TimeEstimate at;
  std::optional<TimeEstimate> end;     // when it was back
  std::optional<double> user_share;    // of the country's users, 0..1; not known: an equal part
  double lost = 1;                     // share of its connectivity that this step took, 0..1
  std::vector<std::string> upstreams;  // through which its routes went before; empty: not known
};

struct Wave {
  TimeRange range;                     // first and last onset
  std::vector<std::string> providers;  // by onset, each once
  std::size_t owners = 0;
  double users = 0;      // share of all users, as far as shares are known; else of the providers
  Seconds spread{0};     // weighted median distance from the weighted median onset
  double by_chance = 1;  // that independent failures would make such a wave (Poisson-binomial)
  bool on_half_hour = false;  // begins within 5 min of a full or half hour, local time
  bool coordinated() const { return owners >= 2; }
};

// That the first of two providers really fell first.
struct Order {
  std::string first;
  std::string second;
  double probability = 0.5;
};

struct Coordination {
  std::vector<Wave> waves;  // in order of time; also those of one owner
  double score = 0;         // C
  double users = 0;         // the terms of C
  double start_together = 0;
  std::optional<double> end_together;
  double half_hour = 0;
  double by_chance = 1;                   // of the largest wave
  std::optional<double> common_upstream;  // share of the users that fell whose only way out it was
  std::string upstream;                   // which
  std::optional<double> mobile_first;     // Kendall's tau-b of "is mobile" with early onset, -1..1
  std::vector<Order> order;               // of providers that follow each other
  std::string sentence;
  std::vector<std::string> unknown;
};

struct CoordinationOptions {
  std::size_t judged = 0;  // providers that were looked at, those that stood included
  Seconds utc_offset{0};   // of the country's clock on that day
  double failures_a_day =
      4.0 / 365;  // of one provider by itself: one in three months (methods 4.2)
};

inline constexpr Seconds kWaveGap{45 * 60};    // methods.md 4.3
inline constexpr Seconds kLeastWave{10 * 60};  // two bins of the finest source
inline constexpr std::size_t kMaxProviderSteps =
    20'000;  // beyond it the latest are left out, and said

Coordination coordinate(std::span<const ProviderStep> steps, const CoordinationOptions& options);

// Of an incident, from its table of providers and the parts of their anomalies.
Coordination coordination_of(const Incident& incident, Seconds utc_offset);

}  // namespace lightsout::incident
