// The low count detector: a handful of addresses, where no single bin says anything.
//
// A provider with six addresses that answer has nights with four. Its silence for three hours is
// another matter: the chance of so few in the window, by the exact Poisson tail against the median
// of the last seven days at all hours, has to be below 1e-5. There is no hour-of-day shape: on
// counts this low it learns that nights are dark (methods 3.4.1: 58 of 58 dark nights with the
// plain median, 3 of 58 with a weekly profile).
//
// The window is 3 h, or as long as it takes for twelve counts to be expected, up to 24 h; a series
// that does not reach that cannot be judged.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "detect/detector.h"

namespace lightsout {

extern const Detector kLowCount;

// The streaming part: at most 1 KB, O(1) a value.
class LowCountTracker {
 public:
  static constexpr std::size_t kMostWindow = 288;  // values
  static constexpr std::size_t kBuckets = 48;      // counts above fall into the last

  // How many values a window takes, and how many values make up seven days.
  LowCountTracker(std::uint32_t window, std::uint32_t week);

  struct Step {
    double expected;  // of one value
    bool opened = false, closed = false;
    std::uint32_t from = 0;   // opened: first value of the event
    std::uint32_t until = 0;  // closed: one past its last value
    double log_tail = 0;      // opened: ln P(so few | expected)
  };
  Step push(double count);

  // Median of what was learnt, between buckets; nothing learnt: 0.
  double median() const;
  std::uint32_t values() const { return index_; }

 private:
  std::array<float, kBuckets> seen_{};  // how often each count, forgotten over a week
  std::array<std::uint16_t, kMostWindow> window_{};
  float sum_ = 0;  // of the window
  float return_ = 0;
  std::uint32_t return_from_ = 0;
  std::uint32_t index_ = 0;
  std::uint32_t in_window_ = 0;
  std::uint32_t size_;
  std::uint32_t week_;
  float total_ = 0;
  float expected_inside_ = 0;  // held while an event is open
  bool open_ = false;
};
static_assert(sizeof(LowCountTracker) <= 1024);

// ln P(X <= count), X Poisson with this mean. Exact sum for the small means it is used for.
double log_poisson_tail(double count, double mean);

}  // namespace lightsout
