// 200 random blackouts, so that the detectors are not judged on times that we typed and noise that
// they model: scenarios from a number, noise resampled from quiet stretches of real series where
// the data folder is present. The whole line is judged, from series to incidents.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

#include "core/parallel.h"
#include "core/test_data.h"
#include "detect/detector.h"
#include "incident/investigate.h"
#include "simulate/course.h"
#include "simulate/draw.h"
#include "simulate/random_scenario.h"
#include "simulate/score.h"
#include "source/columns.h"
#include "source/source.h"

namespace lightsout {
namespace {

constexpr std::size_t kScenarios = 200;

// What one scenario gives to score: by signal of the country, and "incident" for the whole line.
using Pieces = std::map<std::string, Scored>;

std::vector<TrueRange> true_ranges(const std::vector<TrueEvent>& events) {
  std::vector<TrueRange> ranges;
  for (const TrueEvent& event : events) ranges.push_back({event.range, event.depth});
  return ranges;
}

std::vector<TimeRange> minor_ranges(const Scenario& scenario, const Entity& entity, Plane plane) {
  std::vector<TimeRange> ranges;
  for (const TrueEvent& event : truth_of(scenario, entity, plane, TruthRules::kMinorLoss)) {
    ranges.push_back(event.range);
  }
  return ranges;
}

bool says_connectivity_fell(const Incident& incident) {
  return incident.direction == Direction::fall &&
         (incident.grade == Grade::nationwide || incident.grade == Grade::disruption ||
          incident.grade == Grade::regional || incident.grade == Grade::network);
}

// The noise of each source of a scenario comes from a real series of the same kind.
using Pools = std::map<std::string, ResidualPool>;

std::vector<Series> draw_with(const Scenario& scenario, const Pools& pools) {
  if (pools.empty()) return draw_series(scenario, ResidualPool{});
  std::vector<Series> series = draw_series(scenario, ResidualPool{});
  for (const auto& [source, pool] : pools) {
    const std::vector<Series> noisy = draw_series(scenario, pool);
    for (std::size_t i = 0; i < series.size(); ++i) {
      if (series[i].id.source() == source) series[i] = noisy[i];
    }
  }
  return series;
}

Pieces run_scenario(std::size_t number, const Pools& pool) {
  const Result<Scenario> scenario = parse_scenario(random_scenario(number));
  CHECK(scenario.ok());
  const std::vector<Series> series = draw_with(*scenario, pool);
  std::vector<Detection> detections;
  Pieces pieces;
  TimeRange judged = scenario->range;
  for (const Series& each : series) {
    detections.push_back(detect(each));
    const Detection& detection = detections.back();
    if (each.id.entity() != scenario->entity || !detection.judgement.possible) continue;
    const Plane plane = each.plane;
    if (plane != Plane::control && plane != Plane::data && plane != Plane::traffic) continue;
    Scored scored{.judged = detection.judgement.judged,
                  .truth = true_ranges(truth_of(*scenario, scenario->entity, plane)),
                  .minor = minor_ranges(*scenario, scenario->entity, plane)};
    judged.begin = std::max(judged.begin, detection.judgement.judged.begin);
    for (const Anomaly& anomaly : detection.anomalies) {
      if (anomaly.direction != Direction::fall) continue;
      scored.found.push_back({anomaly.range(), anomaly.alarmed_at, anomaly.depth.value});
    }
    pieces[each.id.source()] = std::move(scored);
  }

  Scored whole{.judged = judged,
               .truth = true_ranges(truth_of(*scenario, scenario->entity, Plane::data)),
               .minor = minor_ranges(*scenario, scenario->entity, Plane::data)};
  for (const TimeRange& range : minor_ranges(*scenario, scenario->entity, Plane::traffic)) {
    whole.minor.push_back(range);
  }
  const Investigation result = investigate(scenario->entity, scenario->range, series, detections);
  for (const Incident& incident : result.incidents) {
    if (!says_connectivity_fell(incident)) continue;
    whole.found.push_back(
        {incident.range(), incident.evidence.front().alarmed_at, incident.depth.value});
  }
  pieces["incident"] = std::move(whole);
  return pieces;
}

std::map<std::string, Score> run_all(const Pools& pool) {
  std::vector<std::size_t> numbers(kScenarios);
  for (std::size_t i = 0; i < kScenarios; ++i) numbers[i] = i;
  std::map<std::string, std::vector<Scored>> by_kind;
  for (Pieces& pieces :
       parallel_map(numbers, [&](std::size_t n) { return run_scenario(n, pool); })) {
    for (auto& [kind, scored] : pieces) by_kind[kind].push_back(std::move(scored));
  }
  std::map<std::string, Score> scores;
  for (const auto& [kind, scored] : by_kind) {
    scores[kind] = score_of(scored);
    std::printf("== %s\n%s\n", kind.c_str(), describe(scores[kind]).c_str());
  }
  return scores;
}

Series read_quiet(const std::filesystem::path& path, const ReadOptions& options,
                  std::string_view source) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  const auto bytes = std::make_shared<std::string>(text.str());
  const std::vector<Input> inputs = {
      {.lineage = {.sha256 = "none", .name = path.filename().string()},
       .open = [bytes]() -> Result<std::unique_ptr<ByteSource>> {
         return std::unique_ptr<ByteSource>(
             std::make_unique<MemorySource>(std::string_view(*bytes)));
       }}};
  for (Series& series : read_inputs(inputs, options).series) {
    if (series.id.source() == source) return std::move(series);
  }
  ADD_FAILURE() << "no series of " << source << " in " << path;
  return Series{.id = *SignalId::parse("country:ZZ/none/none"), .step = Seconds{3600}};
}

// No bound here is a target: each is what a change that breaks something would fall below. The
// figures of the day stand in docs/methods/simulation.md.
TEST(RandomScenarios, AreFoundThroughModelledNoise) {
  std::map<std::string, Score> scores = run_all({});
  EXPECT_GE(scores["bgp"].f1(), 0.90);
  EXPECT_GE(scores["probing"].f1(), 0.90);
  EXPECT_GE(scores["incident"].recall(), 0.80);
  EXPECT_LE(scores["incident"].false_alarms_per_series_year(), 1.0);
}

TEST(RandomScenarios, AreFoundThroughTheNoiseOfQuietRealSeries) {
  REQUIRE_DATA(iran, "series/ioda-iran-20251201-20260129-normalized.csv");
  REQUIRE_DATA(netherlands, "series/google-youtube-NL.csv");
  const ReadOptions december{
      .entity = *Entity::parse("country:IR"),
      .range = TimeRange{*parse_time("2025-12-01"), *parse_time("2025-12-21")}};
  const ReadOptions columns{
      .entity = *Entity::parse("service:youtube@country:NL"),
      .columns = *parse_columns("time=date and time,value=value,signal=google/youtube"),
      .range = TimeRange{*parse_time("2019-01-02"), *parse_time("2019-12-30")}};
  Pools pools;
  for (const auto& [real, made] : {std::pair{"ioda-probing", "probing"},
                                   {"ioda-google", "traffic"},
                                   {"ioda-telescope", "telescope"}}) {
    EXPECT_GT(add_residuals(read_quiet(iran, december, real), pools[made]), 14u) << real;
  }
  EXPECT_GT(add_residuals(read_quiet(netherlands, columns, "google"), pools["traffic"]), 100u);
  std::map<std::string, Score> scores = run_all(pools);
  EXPECT_GE(scores["bgp"].f1(), 0.80);
  EXPECT_GE(scores["probing"].recall(), 0.80);
  EXPECT_GE(scores["incident"].recall(), 0.70);
  EXPECT_GE(scores["incident"].precision(), 0.80);
  EXPECT_LE(scores["incident"].false_alarms_per_series_year(), 1.0);
}

}  // namespace
}  // namespace lightsout
