// Service blocks: does one service fail more than the others do at the same moment?
//
// Tests of a service also fail because the probe's network is bad, or because the whole country is
// cut off. So the failures of each bin are held against what is usual for the service *and* against
// how much more than usual the other services fail in that bin. A beta-binomial likelihood ratio
// grants that tests of one hour resemble each other, and a CUSUM adds the bins up.
//
//   ServiceTracker tracker;                       // of telegram as seen from country:IN
//   const auto step = tracker.push({.failed = 9, .tests = 10, .others_failed = 1, .others_tests =
//   20}); if (step.alarm) ...
//
// Surprising rule: without tests of others the service is only held against itself, and the answer
// says that whether others worked is not known; it is never assumed. Bins may be of any length; 5
// to 60 minutes are useful. docs/methods/services.md; OONI's own detector: methods 1.4.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "detect/anomaly.h"

namespace lightsout {

struct ServiceBin {
  double failed = 0, tests = 0;  // of the service; failed may be a fraction of a test
  double others_failed = 0, others_tests = 0;
};

// Streaming, O(1) a bin. Bins without tests of the service change nothing.
class ServiceTracker {
 public:
  struct Step {
    double expected = 0;  // share of failures, with what the others show
    bool judged = false;
    bool alarm = false;      // the block began to be certain here
    bool over = false;       // and here that it had ended
    std::uint32_t from = 0;  // of an alarm: the first bin of the rise
    double reached = 0;      // nats
  };
  explicit ServiceTracker(Seconds step = Seconds{3600})
      : bins_an_hour_(step < Seconds{3600}
                          ? static_cast<std::uint32_t>(Seconds{3600} / std::max(step, Seconds{60}))
                          : 1) {}

  Step push(const ServiceBin& bin);
  bool open() const { return open_; }

 private:
  // A share of failures that is learnt slowly and starts from what is ordinary.
  struct Baseline {
    double failed = 0, tests = 0;
    double share() const;
    void learn(double more_failed, double more_tests);
  };
  double expected_of(const ServiceBin& bin) const;
  void watch_for_end(const ServiceBin& bin, double expected, Step& step);

  struct Rise {
    double sum = 0;  // nats
    std::uint32_t from = 0, bins = 0;
    ServiceBin all{};  // the bins since `from` together
    // Short bins taken together by the hour: the hours that are over, and the one that is not.
    double over = 0;               // nats
    double failed = 0, tests = 0;  // of the hour that is not over
    double expected = 0;           // and how many of its tests were expected to fail
    std::uint32_t bins_of_hour = 0;
  };
  double distance(const ServiceBin& all) const;
  void add(const ServiceBin& bin, double expected, double way, bool by_hour, Rise& rise) const;
  bool is_alarm(const Rise& rise, bool by_hour) const;

  static constexpr std::size_t kWays = 2;
  Baseline own_, others_;
  Rise rise_[2 * kWays]{};  // bin by bin, then by the hour
  double back_ = 0;         // evidence for the return
  double inside_failed_ = 0, inside_tests_ = 0;
  std::uint32_t index_ = 0;
  bool open_ = false;
  std::uint32_t bins_an_hour_ = 1;
};

struct ServiceBlock {
  TimeRange range;  // from the first bin of the rise to the end, or to where the data ends
  bool open = false;
  Time alarmed_at;
};

// What a service and the others failed over a stretch, with 90 % intervals.
struct ServiceComparison {
  double tests = 0, others_tests = 0;
  Estimate failed;                          // share of the service
  Estimate others;                          // share of the others; meaningful when others_tests > 0
  Estimate difference;                      // points between them, 0..1
  std::vector<std::string> other_services;  // "signal", "whatsapp"
  // Clearly more than the others: the interval of the difference lies above a tenth.
  bool targeted() const { return others_tests > 0 && difference.low > 0.1; }
};

// `others` are series of the same kind about other services, on any steps. Fractions with trials.
std::vector<ServiceBlock> find_service_blocks(const Series& service,
                                              std::span<const Series* const> others);
ServiceComparison compare_services(const Series& service, std::span<const Series* const> others,
                                   const TimeRange& range);

}  // namespace lightsout
