// SPDX-License-Identifier: Apache-2.0
#include "score/random_scenarios.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/parallel.h"
#include "detect/detector.h"
#include "incident/connectivity_index.h"
#include "incident/investigate.h"
#include "simulate/course.h"
#include "simulate/random_scenario.h"
#include "source/columns.h"

namespace lightsout {

namespace {

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

std::vector<Series> draw_with(const Scenario& scenario, const NoisePools& pools) {
  std::vector<Series> series = draw_series(scenario, ResidualPool{});
  for (const auto& [source, pool] : pools) {
    const std::vector<Series> noisy = draw_series(scenario, pool);
    for (std::size_t i = 0; i < series.size(); ++i) {
      if (series[i].id.source() == source) series[i] = noisy[i];
    }
  }
  return series;
}

// What one scenario gives to score: by signal of the country, and "incident" for the whole line.
struct Piece {
  Seconds step{0};
  Scored scored;
  std::vector<TimeRange> gradual = {};
};
using Pieces = std::map<std::string, Piece>;

// The truths that no cut of the scenario began at once.
std::vector<TimeRange> gradual_of(const Scenario& scenario, const std::vector<TrueRange>& truths) {
  std::vector<TimeRange> gradual;
  for (const TrueRange& truth : truths) {
    const bool sudden =
        std::any_of(scenario.events.begin(), scenario.events.end(), [&](const Event& event) {
          return event.kind == EventKind::cut && event.over + event.spread <= kSudden &&
                 std::chrono::abs(event.range.begin - truth.range.begin) <= kSudden;
        });
    if (!sudden) gradual.push_back(truth.range);
  }
  return gradual;
}

Pieces run_scenario(std::size_t number, const NoisePools& pools) {
  const Result<Scenario> scenario = parse_scenario(random_scenario(number));
  CHECK(scenario.ok());
  const std::vector<Series> series = draw_with(*scenario, pools);
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
                  .found = {},
                  .minor = minor_ranges(*scenario, scenario->entity, plane)};
    judged.begin = std::max(judged.begin, detection.judgement.judged.begin);
    for (const Anomaly& anomaly : detection.anomalies) {
      if (anomaly.direction != Direction::fall) continue;
      scored.found.push_back({anomaly.range(), anomaly.alarmed_at, anomaly.depth.value});
    }
    pieces[each.id.source()] = {each.step, std::move(scored)};
  }

  Scored whole{.judged = judged,
               .truth = true_ranges(truth_of(*scenario, scenario->entity, Plane::data)),
               .found = {},
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
  const auto probing = pieces.find("probing");
  const Seconds step = probing == pieces.end() ? Seconds{0} : probing->second.step;
  pieces["incident"] = {step, std::move(whole)};
  for (auto& [kind, piece] : pieces) piece.gradual = gradual_of(*scenario, piece.scored.truth);
  return pieces;
}

std::vector<std::size_t> first_numbers(std::size_t count) {
  std::vector<std::size_t> numbers(count);
  std::iota(numbers.begin(), numbers.end(), std::size_t{0});
  return numbers;
}

// --- severity

std::vector<KnownNetwork> networks_of(const Scenario& scenario) {
  std::vector<KnownNetwork> networks;
  for (const Provider& provider : scenario.providers) {
    networks.push_back({.asn = provider.asn,
                        .name = provider.name,
                        .access = "",
                        .user_share = provider.user_share,
                        .user_share_source = "scenario",
                        .owner = ""});
  }
  std::sort(networks.begin(), networks.end(),
            [](const KnownNetwork& a, const KnownNetwork& b) { return a.asn < b.asn; });
  return networks;
}

// Share of the named providers' users that was lost, on average over the range and over the two
// planes on which packets are seen.
double true_loss(const Scenario& scenario, const TimeRange& range) {
  double lost = 0;
  double users = 0;
  for (const NetworkPart& part : parts_of(scenario)) {
    if (part.provider == NetworkPart::kNobody || part.datacentre) continue;
    const double left = (course_of(scenario, part, Plane::data).mean(range) +
                         course_of(scenario, part, Plane::traffic).mean(range)) /
                        2;
    lost += part.users * (1 - left);
    users += part.users;
  }
  return users > 0 ? lost / users : 0;
}

double measured_loss(const ConnectivityIndex& index, const TimeRange& range) {
  double lost = 0;
  double bins = 0;
  for (std::size_t i = 0; i < index.bins.size(); ++i) {
    if (!index.bins[i] || !range.contains(index.time_of(i))) continue;
    lost += 1 - index.bins[i]->level.value / 100;
    ++bins;
  }
  return bins > 0 ? lost / bins : NAN;
}

std::vector<double> severity_errors_of(std::size_t number, const NoisePools& pools) {
  const Result<Scenario> scenario = parse_scenario(random_scenario(number));
  CHECK(scenario.ok());
  const std::vector<Series> series = draw_with(*scenario, pools);
  std::vector<Detection> detections;
  for (const Series& each : series) detections.push_back(detect(each));
  const ConnectivityIndex index = connectivity_index(scenario->entity, series, detections,
                                                     networks_of(*scenario), scenario->range);
  std::vector<double> errors;
  for (const TrueEvent& event : truth_of(*scenario, scenario->entity, Plane::data)) {
    const double truth = true_loss(*scenario, event.range);
    const double measured = measured_loss(index, event.range);
    if (truth < 0.1 || std::isnan(measured)) continue;
    errors.push_back((measured - truth) / truth);
  }
  return errors;
}

// The series of one source in a quiet file.
Result<std::size_t> add_quiet(const ScoreData& data, const std::string& name,
                              const ReadOptions& options, std::string_view source,
                              ResidualPool& pool) {
  Result<std::vector<Series>> all = score_series(data, name, options);
  if (!all) return all.error();
  for (const Series& series : *all) {
    if (series.id.source() == source) return add_residuals(series, pool);
  }
  return Error{ErrorKind::malformed, fmt::format("no series of {} in {}", source, name)};
}

}  // namespace

Result<NoisePools> quiet_noise(const ScoreData& data) {
  constexpr const char* kIran = "series/ioda-iran-20251201-20260129-normalized.csv";
  constexpr const char* kNetherlands = "series/google-youtube-NL.csv";
  const ReadOptions december{
      .entity = *Entity::parse("country:IR"),
      .columns = std::nullopt,
      .range = TimeRange{*parse_time("2025-12-01"), *parse_time("2025-12-21")}};
  const ReadOptions columns{
      .entity = *Entity::parse("service:youtube@country:NL"),
      .columns = *parse_columns("time=date and time,value=value,signal=google/youtube"),
      .range = TimeRange{*parse_time("2019-01-02"), *parse_time("2019-12-30")}};
  NoisePools pools;
  for (const auto& [real, made] : {std::pair{"ioda-probing", "probing"},
                                   {"ioda-google", "traffic"},
                                   {"ioda-telescope", "telescope"}}) {
    const auto added = add_quiet(data, kIran, december, real, pools[made]);
    if (!added) return added.error();
  }
  const auto added = add_quiet(data, kNetherlands, columns, "google", pools["traffic"]);
  if (!added) return added.error();
  return pools;
}

ScenarioScores run_scenarios(std::size_t count, const NoisePools& pools) {
  ScenarioScores scores;
  for (Pieces& pieces : parallel_map(
           first_numbers(count), [&](std::size_t number) { return run_scenario(number, pools); })) {
    for (auto& [kind, piece] : pieces) {
      ScenarioPieces& into = scores[kind];
      if (piece.step > Seconds{0}) into.step = piece.step;
      into.pieces.push_back(std::move(piece.scored));
      into.gradual.push_back(std::move(piece.gradual));
    }
  }
  return scores;
}

std::vector<double> severity_errors(std::size_t scenarios, const NoisePools& pools) {
  std::vector<double> errors;
  for (const std::vector<double>& some :
       parallel_map(first_numbers(scenarios),
                    [&](std::size_t number) { return severity_errors_of(number, pools); })) {
    errors.insert(errors.end(), some.begin(), some.end());
  }
  return errors;
}

}  // namespace lightsout
