// SPDX-License-Identifier: Apache-2.0
#include "io/clock_real.h"

#include <thread>

namespace lightsout {

Time RealClock::now() {
  return std::chrono::floor<Seconds>(std::chrono::system_clock::now());
}

void RealClock::sleep(std::chrono::milliseconds duration) {
  std::this_thread::sleep_for(duration);
}

}  // namespace lightsout
