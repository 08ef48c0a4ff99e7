// Annotation: something that happened outside of the network, with who reported it. It is drawn
// beside the curves and never reasoned from.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/time.h"

namespace lightsout {

struct Annotation {
  Time time;
  std::string text;    // "state of emergency declared"
  std::string source;  // who reported it
  bool operator==(const Annotation&) const = default;
};

}  // namespace lightsout
