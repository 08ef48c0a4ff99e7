// How well the connectivity index measures what random blackouts took: the users' time lost, by the
// index against the truth of the scenario.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/parallel.h"
#include "detect/detector.h"
#include "incident/connectivity_index.h"
#include "simulate/course.h"
#include "simulate/draw.h"
#include "simulate/random_scenario.h"

namespace lightsout {
namespace {

constexpr std::size_t kScenarios = 60;

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

// Relative errors of the events of one scenario.
std::vector<double> errors_of(std::size_t number) {
  const Result<Scenario> scenario = parse_scenario(random_scenario(number));
  CHECK(scenario.ok());
  const std::vector<Series> series = draw_series(*scenario, ResidualPool{});
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

TEST(Severity, OfRandomBlackoutsIsMeasuredWithinFivePercent) {
  std::vector<std::size_t> numbers(kScenarios);
  for (std::size_t i = 0; i < kScenarios; ++i) numbers[i] = i;
  std::vector<double> errors;
  for (const std::vector<double>& some :
       parallel_map(numbers, [](std::size_t number) { return errors_of(number); })) {
    errors.insert(errors.end(), some.begin(), some.end());
  }
  ASSERT_GE(errors.size(), 30u);
  double bias = 0;
  double size = 0;
  std::vector<double> sizes;
  for (const double error : errors) {
    bias += error / static_cast<double>(errors.size());
    size += std::abs(error) / static_cast<double>(errors.size());
    sizes.push_back(std::abs(error));
  }
  std::sort(sizes.begin(), sizes.end());
  std::printf(
      "severity of %zu events: mean error %.3f, mean size of the error %.3f, median %.3f, "
      "nine of ten below %.3f\n",
      errors.size(), bias, size, sizes[sizes.size() / 2], sizes[sizes.size() * 9 / 10]);
  EXPECT_LE(std::abs(bias), 0.05);
  EXPECT_LE(sizes[sizes.size() / 2], 0.05);
}

}  // namespace
}  // namespace lightsout
