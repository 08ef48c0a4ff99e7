// Sink: where the files of a simulation go: a name without a folder, and the bytes.
//
// simulate() touches no disk; the program hands it a sink that writes, a test one that keeps.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string_view>

#include "core/result.h"

namespace lightsout {

using Sink = std::function<Status(std::string_view name, std::string_view bytes)>;

}  // namespace lightsout
