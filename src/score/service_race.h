// ServiceRace: three detectors of a service block on the same stream of tests: ours by the hour and
// by the quarter of an hour, and OONI's by the hour. The streams are simulated; how often people
// test is a country's.
//
// The tests of an hour resemble each other (beta-binomial), follow the time of day, and now and
// then one probe with a bad network adds failing tests of everything for some hours. That is not
// the model of the detector, which knows neither the day nor the bad probes.
//
//   TestStreams world(kSeed);
//   const std::array<int, 3> quiet = false_alarms(kServiceStreams[0], world, 24 * 365);
//   const auto late = alarm_delays(kServiceStreams[0], world, 0.95, 300);   // hours
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <random>
#include <string_view>
#include <vector>

#include "detect/peer_cusum.h"
#include "detect/service.h"

namespace lightsout {

struct ServiceStream {
  std::string_view name;
  double per_hour;  // tests of the service
  double usual;     // share that fails on a quiet day
  double others;    // tests of other services in an hour
};

// India as measured in June 2026: 1,792 Telegram tests in 7.3 days. Russia and Iran: assumed, in
// the ratio of three to one in which they stand in a sample of OONI's measurements of a month.
inline constexpr ServiceStream kServiceStreams[] = {
    {"India", 10.2, 0.03, 20}, {"Russia", 12, 0.06, 24}, {"Iran", 4, 0.10, 8}};

inline constexpr std::array<std::string_view, 3> kRacers = {"ours, hourly", "ours, 15 min",
                                                            "OONI's, hourly"};
inline constexpr double kNoAlarm = 72;  // hours after the begin of a block at which the race ends

using ServiceHour = std::array<ServiceBin, 4>;  // quarters

class TestStreams {
 public:
  explicit TestStreams(std::uint64_t seed) : random_(seed) {}

  // From `since` of the hour on, 0..1, a share `depth` of the tests meets the block.
  ServiceHour hour(const ServiceStream& stream, int of_day, double depth, double since);
  double uniform() { return std::uniform_real_distribution<double>(0, 1)(random_); }

 private:
  double poisson(double mean);
  double binomial(double n, double share);
  double beta(double mean);

  std::mt19937_64 random_;
  int bad_hours_ = 0;
};

// False alarms of each racer in so many quiet hours.
std::array<int, 3> false_alarms(const ServiceStream& stream, TestStreams& world, int hours);

// Hours from the begin of each block to the alarm of each racer, kNoAlarm when there was none.
std::array<std::vector<double>, 3> alarm_delays(const ServiceStream& stream, TestStreams& world,
                                                double depth, int blocks);

}  // namespace lightsout
