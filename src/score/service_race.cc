// SPDX-License-Identifier: Apache-2.0
#include "score/service_race.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace lightsout {

namespace {

ServiceBin whole(const ServiceHour& hour) {
  ServiceBin sum;
  for (const ServiceBin& quarter : hour) {
    sum.failed += quarter.failed;
    sum.tests += quarter.tests;
    sum.others_failed += quarter.others_failed;
    sum.others_tests += quarter.others_tests;
  }
  return sum;
}

struct Race {
  ServiceTracker hourly, quarterly{Seconds{900}};
  PeerCusum peer;

  // Hours from the begin of this hour to the alarm of each; 0: none in it.
  std::array<double, 3> push(const ServiceHour& hour) {
    std::array<double, 3> alarms{};
    const ServiceBin all = whole(hour);
    if (hourly.push(all).alarm) alarms[0] = 1;
    for (std::size_t i = 0; i < hour.size(); ++i) {
      if (quarterly.push(hour[i]).alarm) alarms[1] = 0.25 * static_cast<double>(i + 1);
    }
    const double share = all.tests > 0 ? all.failed / all.tests : 0;
    if (all.tests > 0 && peer.push(median_of_verdicts(share))) alarms[2] = 1;
    return alarms;
  }
};

}  // namespace

ServiceHour TestStreams::hour(const ServiceStream& stream, int of_day, double depth, double since) {
  const double tide = 1 + 0.6 * std::sin(2 * std::numbers::pi * (of_day - 9) / 24);
  if (bad_hours_ > 0) --bad_hours_;
  if (bad_hours_ == 0 && uniform() < 1.0 / (24 * 5)) {
    bad_hours_ = 1 + static_cast<int>(6 * uniform());
  }
  const double share = beta(stream.usual);
  const double other_share = beta(stream.usual);
  ServiceHour quarters;
  for (std::size_t i = 0; i < quarters.size(); ++i) {
    ServiceBin& now = quarters[i];
    const double blocked = depth * std::clamp(static_cast<double>(i + 1) - 4 * since, 0.0, 1.0);
    now.tests = poisson(stream.per_hour * tide / 4);
    now.others_tests = poisson(stream.others * tide / 4);
    now.failed = binomial(now.tests, blocked + (1 - blocked) * share);
    now.others_failed = binomial(now.others_tests, other_share);
  }
  for (int test = 0; bad_hours_ > 0 && test < 3; ++test) {
    ServiceBin& now = quarters[static_cast<std::size_t>(4 * uniform())];
    now.tests += 1, now.failed += 1;
    now.others_tests += 1, now.others_failed += 1;
  }
  return quarters;
}

double TestStreams::poisson(double mean) {
  return static_cast<double>(std::poisson_distribution<int>(mean)(random_));
}

double TestStreams::binomial(double n, double share) {
  return static_cast<double>(
      std::binomial_distribution<int>(static_cast<int>(n), std::min(1.0, share))(random_));
}

double TestStreams::beta(double mean) {
  constexpr double kTotal = 19;  // a correlation of 0.05 between the tests of an hour
  const double a = std::gamma_distribution<double>(mean * kTotal)(random_);
  const double b = std::gamma_distribution<double>((1 - mean) * kTotal)(random_);
  return a + b > 0 ? a / (a + b) : 0;
}

std::array<int, 3> false_alarms(const ServiceStream& stream, TestStreams& world, int hours) {
  Race race;
  std::array<int, 3> count{};
  for (int i = 0; i < hours; ++i) {
    const auto alarms = race.push(world.hour(stream, i % 24, 0, 0));
    for (std::size_t k = 0; k < 3; ++k) count[k] += alarms[k] > 0 ? 1 : 0;
  }
  return count;
}

std::array<std::vector<double>, 3> alarm_delays(const ServiceStream& stream, TestStreams& world,
                                                double depth, int blocks) {
  constexpr int kBefore = 7 * 24;
  constexpr int kAfter = static_cast<int>(kNoAlarm);
  std::array<std::vector<double>, 3> all;
  for (int block = 0; block < blocks; ++block) {
    Race race;
    const int start = kBefore + static_cast<int>(24 * world.uniform());
    const double inside = world.uniform();  // of the first hour, before the block begins
    std::array<double, 3> first{kNoAlarm, kNoAlarm, kNoAlarm};
    for (int i = 0; i < start + kAfter; ++i) {
      const auto alarms =
          race.push(world.hour(stream, i % 24, i < start ? 0 : depth, i == start ? inside : 0));
      for (std::size_t k = 0; k < 3; ++k) {
        const double since = i + alarms[k] - (start + inside);
        if (alarms[k] > 0 && since > 0) first[k] = std::min(first[k], since);
      }
    }
    for (std::size_t k = 0; k < 3; ++k) all[k].push_back(first[k]);
  }
  return all;
}

}  // namespace lightsout
