// SPDX-License-Identifier: Apache-2.0
#include "core/check.h"

#include <cstdio>
#include <cstdlib>

namespace lightsout {

void check_failed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "lightsout: a bug in lightsout itself: %s is false at %s:%d\n", condition,
               file, line);
  std::abort();
}

}  // namespace lightsout
