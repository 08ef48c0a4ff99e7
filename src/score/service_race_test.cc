// SPDX-License-Identifier: Apache-2.0
#include "score/service_race.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "simulate/score.h"

namespace lightsout {
namespace {

double quantile_of(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  return quantile(values, share);
}

// The figures stand in docs/scorecard.md; this holds what a change may not make worse.
TEST(ServiceRace, OursAlarmsSoonerThanOonisDetectorWithNoMoreFalseAlarms) {
  constexpr int kYears = 10, kBlocks = 100;
  std::array<int, 3> all_false{};
  for (const ServiceStream& stream : kServiceStreams) {
    TestStreams world(20260616);
    const auto quiet = false_alarms(stream, world, kYears * 365 * 24);
    for (std::size_t k = 0; k < 3; ++k) all_false[k] += quiet[k];
    for (const double depth : {0.95, 0.6}) {
      const auto late = alarm_delays(stream, world, depth, kBlocks);
      for (std::size_t k = 0; k < 2; ++k) {
        // By the hour four tests an hour do not hold more; by the quarter they do.
        const double within = stream.per_hour > 8 ? 2 : k == 0 ? 2.75 : 2.25;
        if (depth > 0.9) EXPECT_LE(quantile_of(late[k], 0.5), within) << stream.name;
        EXPECT_LE(quantile_of(late[k], 0.5), 0.6 * quantile_of(late[2], 0.5)) << stream.name;
      }
    }
  }
  EXPECT_LE(all_false[0], all_false[2]);
  // As many at most, to within two deviations of the difference of two counts.
  EXPECT_LE(all_false[1], all_false[2] + 2 * std::sqrt(all_false[1] + all_false[2]));
}

}  // namespace
}  // namespace lightsout
