// The failure fraction detector: how many of the tests of a service fail, out of how many.
//
// A fraction without its trials is nearly worthless: 1 of 2 is not 50 of 100. Each bin is weighed
// by a beta-binomial likelihood ratio, which grants that the tests of one hour resemble each other,
// and a CUSUM adds the bins up. A bin without trials says nothing. The baseline is the share of
// failures so far, from 6 h and 20 trials on; with little history that is a cold start and says so.
//
// For a fraction that is better when higher, failures are what is missing to 1, and the direction
// is a fall. Source: docs/methods/detection.md section "Fractions"; OONI's own detector works on
// hourly medians and takes about 10 h (methods 1.4).
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "detect/detector.h"

namespace lightsout {

extern const Detector kFailureFraction;

// The streaming part. Fed with one bin's failures out of trials, trials > 0.
class FractionTracker {
 public:
  struct Step {
    double baseline;  // share of failures expected of this bin
    bool judged;      // enough was known before it
    bool opened, closed;
    std::uint32_t from;   // opened: index of the first bin of the event
    std::uint32_t until;  // closed: index one past its last bin
    double reached;
  };
  Step push(double failures, double trials);

  double baseline() const;
  double trials() const { return trials_; }
  bool enough() const;

 private:
  struct Cusum {
    double sum = 0;
    std::uint32_t from = 0;
  };

  void learn(double failures, double trials);
  bool recovered(double failures, double trials);

  Cusum rise_[2]{};
  Cusum return_{};
  double failures_ = 0, trials_ = 0;                // of the baseline, slowly forgotten
  double inside_failures_ = 0, inside_trials_ = 0;  // of the open event
  double back_failures_ = 0, back_trials_ = 0;      // since the last zero of return_
  std::uint32_t index_ = 0;
  bool open_ = false;
};
static_assert(sizeof(FractionTracker) <= 1024);

// ln P(failures of trials | share `to`) - ln P(... | share `from`), beta-binomial, nats.
double fraction_log_ratio(double failures, double trials, double from, double to);

}  // namespace lightsout
