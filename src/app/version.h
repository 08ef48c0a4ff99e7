// The version of the program, printed by --version and in every report.
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace lightsout {

inline constexpr const char* kVersion = "0.1.0";

}  // namespace lightsout
