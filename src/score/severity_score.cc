// How well the connectivity index measures what random blackouts took.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "score/random_scenarios.h"
#include "score/sections.h"
#include "score/statistics.h"

namespace lightsout {

namespace {

constexpr std::size_t kScenarios = 200;
constexpr std::size_t kSampledScenarios = 12;
constexpr std::size_t kResamples = 2'000;

double mean_of(const std::vector<double>& values, const std::vector<std::size_t>& drawn) {
  double sum = 0;
  for (const std::size_t i : drawn) sum += values[i];
  return drawn.empty() ? std::nan("") : sum / static_cast<double>(drawn.size());
}

double median_size(const std::vector<double>& values, const std::vector<std::size_t>& drawn) {
  std::vector<double> sizes;
  for (const std::size_t i : drawn) sizes.push_back(std::fabs(values[i]));
  std::sort(sizes.begin(), sizes.end());
  return sizes.empty() ? std::nan("") : quantile(sizes, 0.5);
}

std::string percent_words(double value, const Interval& interval) {
  if (std::isnan(value)) return "-";
  return fmt::format("{:.1f} % ({:.1f} to {:.1f})", 100 * value, 100 * interval.low,
                     100 * interval.high);
}

void add_row(const std::string& noise, const std::vector<double>& errors, ScoreTable& table) {
  std::vector<std::size_t> all(errors.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
  const auto drawn_mean = [&](const std::vector<std::size_t>& drawn) {
    return mean_of(errors, drawn);
  };
  const auto drawn_median = [&](const std::vector<std::size_t>& drawn) {
    return median_size(errors, drawn);
  };
  std::vector<double> sizes;
  for (const double error : errors) sizes.push_back(std::fabs(error));
  std::sort(sizes.begin(), sizes.end());
  const auto within =
      static_cast<std::size_t>(std::upper_bound(sizes.begin(), sizes.end(), 0.05) - sizes.begin());
  const Interval share = wilson(within, sizes.size());
  table.rows.push_back(
      {noise, std::to_string(errors.size()),
       percent_words(drawn_mean(all), bootstrap(errors.size(), kResamples, drawn_mean)),
       percent_words(drawn_median(all), bootstrap(errors.size(), kResamples, drawn_median)),
       sizes.empty() ? "-" : fmt::format("{:.1f} %", 100 * quantile(sizes, 0.9)),
       fmt::format("{} ({:.0f} to {:.0f} %)", within, 100 * share.low, 100 * share.high)});
}

ScoreSection make(const ScoreData& data) {
  ScoreSection section{.heading = "How much was lost: the connectivity index", .blocks = {}};
  const std::size_t count = data.sampled ? kSampledScenarios : kScenarios;
  ScoreTable table{{"noise", "events", "mean error", "median size of the error",
                    "nine of ten below", "within 5 %"},
                   {}};
  add_row("modelled", severity_errors(count, {}), table);
  const Result<NoisePools> pools = quiet_noise(data);
  if (pools) add_row("of real quiet series", severity_errors(count, *pools), table);
  section.blocks.push_back(score_text(fmt::format(
      "The users' time that the national index says was lost, against the truth of {} random "
      "scenarios, for every event that took a tenth of it or more: (measured - true) / true. "
      "The goal is 5 %. Simulations.",
      count)));
  if (!pools) section.blocks.push_back(score_text("Without real noise: " + pools.error().message));
  section.blocks.push_back(score_table(std::move(table)));
  return section;
}

}  // namespace

const ScoreMaker kSeverityScore{
    .name = "severity",
    .summary = "The users' time lost by the connectivity index, against the truth.",
    .make = make,
};

}  // namespace lightsout
