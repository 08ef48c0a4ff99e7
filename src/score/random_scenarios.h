// Random blackouts, run through the whole line from drawn numbers to incidents, and what was true
// of them: so that detectors are not judged on times that somebody typed and on noise that they
// model. Scenarios come from a number (simulate/random_scenario.h); their noise is modelled, or
// resampled from quiet stretches of real series.
//
//   const Result<NoisePools> pools = quiet_noise(data);
//   const ScenarioScores all = run_scenarios(200, *pools);
//   score_of(all.at("probing").pieces).f1()
//
// Deterministic: a scenario depends on its number and the pools alone.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "score/section.h"
#include "simulate/draw.h"
#include "simulate/score.h"

namespace lightsout {

inline constexpr std::size_t kRandomScenarios = 200;
inline constexpr Seconds kSudden{600};

// By the source of a scenario ("bgp", "probing", "telescope", "traffic"); one that is not here has
// modelled noise.
using NoisePools = std::map<std::string, ResidualPool>;

// From Iran's December of 2025 and the Netherlands' YouTube of 2019, in which nothing happened.
Result<NoisePools> quiet_noise(const ScoreData& data);

// Of one kind of series, one piece a scenario (a made-up country each).
struct ScenarioPieces {
  Seconds step{0};  // of the series; of incidents that of probing
  std::vector<Scored> pieces;
  // As `pieces`: the truths that took longer than kSudden to become whole.
  std::vector<std::vector<TimeRange>> gradual;
};
// By source, and "incident" for the whole line, in which only falls of connectivity count.
using ScenarioScores = std::map<std::string, ScenarioPieces>;

ScenarioScores run_scenarios(std::size_t count, const NoisePools& pools);

// Relative errors, (measured - true) / true, of the users' time that the connectivity index says
// was lost, for each event of the random scenarios that took a tenth of it or more.
std::vector<double> severity_errors(std::size_t scenarios, const NoisePools& pools);

}  // namespace lightsout
