// Traffic: how many answers went out, by route and status; for /metrics. Nothing of who asked.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace lightsout {

class Traffic {
 public:
  // `route` must be static text: there are as many as the program has patterns.
  void count(std::string_view route, int status, std::uint64_t bytes,
             std::chrono::microseconds took);
  // In Prometheus' text format.
  std::string metrics() const;

 private:
  static constexpr std::array<double, 9> kBuckets{.001, .0025, .005, .01, .025, .06, .25, 1, 5};

  struct Count {
    std::uint64_t answers = 0;
    std::uint64_t bytes = 0;
  };

  mutable std::mutex mutex_;
  std::map<std::pair<std::string_view, int>, Count> counts_;
  std::array<std::uint64_t, kBuckets.size() + 1> times_{};
  double seconds_ = 0;
};

// A label's value: backslash, quotation mark and line end escaped.
std::string metric_label(std::string_view text);

}  // namespace lightsout
