// OONI's event detector as its source has it (methods 1.4), for comparison: a CUSUM on the
// hourly medians of one stream, with mean 0, shift 0.7 and h = 3.5.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>

namespace lightsout {

// The median of so many verdicts, each 0 or 1, of which a share is 1.
inline double median_of_verdicts(double share) {
  return share > 0.5 ? 1 : share == 0.5 ? 0.5 : 0;
}

class PeerCusum {
 public:
  // True when it changes to "blocked". `y` is the median of the hour, 0 or 0.5 or 1.
  bool push(double y) {
    constexpr double kOk = 0, kBlocked = 0.7, kShift = 0.7, kThreshold = 3.5;
    const double mean = blocked_ ? kBlocked : kOk;
    up_ = std::max(0.0, up_ + y - mean - kShift / 2);
    down_ = std::max(0.0, down_ - y + mean - kShift / 2);
    const bool rises = up_ >= kThreshold && !blocked_;
    if (!rises && !(down_ >= kThreshold && blocked_)) return false;
    blocked_ = rises;
    up_ = down_ = 0;
    return rises;
  }

 private:
  double up_ = 0, down_ = 0;
  bool blocked_ = false;
};

}  // namespace lightsout
