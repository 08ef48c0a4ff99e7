// Detection on simulated blackouts: modelled noise, and noise of quiet stretches of real series.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "score/detection_table.h"
#include "score/random_scenarios.h"
#include "score/sections.h"

namespace lightsout {

namespace {

constexpr std::size_t kSampledScenarios = 12;

void add_rows(const std::string& noise, ScenarioScores scores, DetectionTable& table) {
  for (auto& [kind, pieces] : scores) {
    std::vector<ScoredSeries> series;
    for (std::size_t i = 0; i < pieces.pieces.size(); ++i) {
      series.push_back({fmt::format("{}", i), pieces.step, std::move(pieces.pieces[i])});
    }
    table.add(fmt::format("{}, {}", kind == "incident" ? "incidents, the whole line" : kind, noise),
              series);
  }
}

ScoreSection make(const ScoreData& data) {
  ScoreSection section{.heading = "Detection on simulated blackouts", .blocks = {}};
  const std::size_t count = data.sampled ? kSampledScenarios : kRandomScenarios;
  DetectionTable table;
  add_rows("modelled noise", run_scenarios(count, {}), table);
  const Result<NoisePools> pools = quiet_noise(data);
  if (pools) add_rows("noise of real quiet series", run_scenarios(count, *pools), table);
  section.blocks.push_back(score_text(fmt::format(
      "{} random scenarios: a made-up country and six weeks each, one in four without a cut; cuts "
      "of 15 to 100 %, an hour to ten days long, at any minute, of everything, of mobile networks "
      "or of one provider (docs/methods/simulation.md). Incidents are what comes out at the end "
      "of the line and count only where they say that connectivity fell. Resampled noise of "
      "probing, telescope and traffic is that of Iran in December 2025 and of the Netherlands in "
      "2019; that of bgp is modelled in both. "
      "Asked for: half of the alarms within two bins, and at most one false alarm a series-year. "
      "These figures are of simulations; none of them "
      "is a claim about the world.",
      count)));
  if (!pools) section.blocks.push_back(score_text("Without real noise: " + pools.error().message));
  section.blocks.push_back(score_table(table.take()));
  return section;
}

}  // namespace

const ScoreMaker kSimulationScore{
    .name = "simulation",
    .summary = "Random blackouts found through modelled and through real noise.",
    .make = make,
};

}  // namespace lightsout
