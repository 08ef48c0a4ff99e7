// Detection on simulated blackouts: modelled noise, and noise of quiet stretches of real series.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "score/detection_table.h"
#include "score/random_scenarios.h"
#include "score/sections.h"

namespace lightsout {

namespace {

constexpr std::size_t kSampledScenarios = 12;

std::string title_of(const std::string& kind, const std::string& noise) {
  return fmt::format("{}, {}", kind == "incident" ? "incidents, the whole line" : kind, noise);
}

// The pieces with only the truths that are wanted; the others are neither right nor wrong.
template <typename Wanted>
std::vector<Scored> only(const ScenarioPieces& all, Wanted wanted) {
  std::vector<Scored> some = all.pieces;
  for (std::size_t i = 0; i < some.size(); ++i) {
    std::vector<TrueRange> kept;
    for (const TrueRange& truth : some[i].truth) {
      const bool gradual = std::find(all.gradual[i].begin(), all.gradual[i].end(), truth.range) !=
                           all.gradual[i].end();
      if (wanted(truth, gradual)) {
        kept.push_back(truth);
      } else {
        some[i].minor.push_back(truth.range);
      }
    }
    some[i].truth = std::move(kept);
  }
  return some;
}

std::string found_and_when(const std::vector<Scored>& pieces, Seconds step) {
  const Score score = score_of(pieces);
  if (score.truths == 0) return "-";
  std::string text = fmt::format("{} of {}", score.matched, score.truths);
  if (score.matched == 0) return text;
  return text + fmt::format(", {:.1f} bins",
                            quantile(score.alarm_delays, 0.5) / static_cast<double>(step.count()));
}

void add_depths(const std::string& title, const ScenarioPieces& pieces, ScoreTable& table) {
  constexpr double kDeep = 0.3;
  std::vector<std::string> row{title};
  for (std::size_t i = 0; i < kDepthClasses.size(); ++i) {
    const double least = kDepthClasses[i].least;
    const double most = i + 1 < kDepthClasses.size() ? kDepthClasses[i + 1].least : 2;
    const auto wanted = [&](const TrueRange& truth, bool) {
      return truth.depth >= least && truth.depth < most;
    };
    row.push_back(found_and_when(only(pieces, wanted), pieces.step));
  }
  const auto sudden = [&](const TrueRange& truth, bool gradual) {
    return !gradual && truth.depth >= kDeep;
  };
  row.push_back(found_and_when(only(pieces, sudden), pieces.step));
  table.rows.push_back(std::move(row));
}

void add_rows(const std::string& noise, ScenarioScores scores, DetectionTable& table,
              ScoreTable& depths) {
  for (auto& [kind, pieces] : scores) {
    add_depths(title_of(kind, noise), pieces, depths);
    std::vector<ScoredSeries> series;
    for (std::size_t i = 0; i < pieces.pieces.size(); ++i) {
      series.push_back({fmt::format("{}", i), pieces.step, std::move(pieces.pieces[i])});
    }
    table.add(title_of(kind, noise), series);
  }
}

ScoreSection make(const ScoreData& data) {
  ScoreSection section{.heading = "Detection on simulated blackouts", .blocks = {}};
  const std::size_t count = data.sampled ? kSampledScenarios : kRandomScenarios;
  DetectionTable table;
  ScoreTable depths{{"series"}, {}};
  for (const DepthClass& depth : kDepthClasses) {
    depths.columns.push_back(fmt::format("{} lost", depth.name));
  }
  depths.columns.emplace_back("30 % and more, at once");
  add_rows("modelled noise", run_scenarios(count, {}), table, depths);
  const Result<NoisePools> pools = quiet_noise(data);
  if (pools) add_rows("noise of real quiet series", run_scenarios(count, *pools), table, depths);
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
  section.blocks.push_back(score_text(
      "By how much was lost: found, and the bins after which half of the alarms had come. A cut of "
      "this set may take more than an hour to become whole, and it is counted from its first "
      "minute; the last column has those that were whole within ten minutes."));
  section.blocks.push_back(score_table(std::move(depths)));
  return section;
}

}  // namespace

const ScoreMaker kSimulationScore{
    .name = "simulation",
    .summary = "Random blackouts found through modelled and through real noise.",
    .make = make,
};

}  // namespace lightsout
