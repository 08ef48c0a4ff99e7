// Clock: what time it is now. Nobody asks the machine; the clock is handed in by main, and tests
// hand in one that stands still.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/time.h"

namespace lightsout {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time now() = 0;
  virtual void sleep(std::chrono::milliseconds duration) = 0;  // for back-off between retries
};

}  // namespace lightsout
