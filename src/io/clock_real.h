// The machine's clock, for main to hand in.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.h"

namespace lightsout {

class RealClock final : public Clock {
 public:
  Time now() override;
  void sleep(std::chrono::milliseconds duration) override;
};

}  // namespace lightsout
