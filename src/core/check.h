// CHECK stops the program when our own reasoning was wrong. It stays on in release builds.
//
// Never use it for input: a damaged file is a Result (see result.h).
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace lightsout {

[[noreturn]] void check_failed(const char* condition, const char* file, int line);

}  // namespace lightsout

// A macro, because only a macro knows the text of the condition and where it stands.
#define CHECK(condition) \
  ((condition) ? void() : ::lightsout::check_failed(#condition, __FILE__, __LINE__))
