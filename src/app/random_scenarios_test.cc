// 200 random blackouts through the whole line (score/random_scenarios.h).
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "app/score_data.h"
#include "core/test_data.h"
#include "score/random_scenarios.h"

namespace lightsout {
namespace {

std::map<std::string, Score> run_all(const NoisePools& pools) {
  std::map<std::string, Score> scores;
  for (const auto& [kind, pieces] : run_scenarios(kRandomScenarios, pools)) {
    scores[kind] = score_of(pieces.pieces);
    std::printf("== %s\n%s\n", kind.c_str(), describe(scores[kind]).c_str());
  }
  return scores;
}

// No bound here is a target: each is what a change that breaks something would fall below. The
// figures of the day stand in docs/scorecard.md.
TEST(RandomScenarios, AreFoundThroughModelledNoise) {
  std::map<std::string, Score> scores = run_all({});
  EXPECT_GE(scores["bgp"].f1(), 0.90);
  EXPECT_GE(scores["probing"].f1(), 0.90);
  EXPECT_GE(scores["incident"].recall(), 0.80);
  EXPECT_LE(scores["incident"].false_alarms_per_series_year(), 1.0);
}

TEST(RandomScenarios, AreFoundThroughTheNoiseOfQuietRealSeries) {
  REQUIRE_DATA(folder, "series");
  const std::unique_ptr<World> world = real_world();
  Options options;
  options.data = folder.parent_path().string();
  const Result<NoisePools> pools = quiet_noise(score_data(options, *world));
  ASSERT_TRUE(pools) << pools.error().message;
  EXPECT_GT(pools->at("probing").days.size(), 14u);
  EXPECT_GT(pools->at("telescope").days.size(), 14u);
  EXPECT_GT(pools->at("traffic").days.size(), 114u);
  std::map<std::string, Score> scores = run_all(*pools);
  EXPECT_GE(scores["bgp"].f1(), 0.80);
  EXPECT_GE(scores["probing"].recall(), 0.80);
  EXPECT_GE(scores["incident"].recall(), 0.70);
  EXPECT_GE(scores["incident"].precision(), 0.80);
  EXPECT_LE(scores["incident"].false_alarms_per_series_year(), 1.0);
}

// The users' time lost, by the connectivity index against the truth of the scenario.
TEST(Severity, OfRandomBlackoutsIsMeasuredWithinFivePercent) {
  const std::vector<double> errors = severity_errors(60, {});
  ASSERT_GE(errors.size(), 30u);
  double bias = 0;
  std::vector<double> sizes;
  for (const double error : errors) {
    bias += error / static_cast<double>(errors.size());
    sizes.push_back(std::abs(error));
  }
  std::sort(sizes.begin(), sizes.end());
  std::printf("severity of %zu events: mean error %.3f, median size of the error %.3f\n",
              errors.size(), bias, quantile(sizes, 0.5));
  EXPECT_LE(std::abs(bias), 0.05);
  EXPECT_LE(quantile(sizes, 0.5), 0.05);
}

}  // namespace
}  // namespace lightsout
