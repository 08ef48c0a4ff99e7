// Formats that we know and do not read yet, so that nobody wonders why a file had no effect.
//
// They are recognised like any other input, and answer with a note instead of series.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "source/source.h"

namespace lightsout {

bool recognises_not_read(std::string_view head, const ReadOptions& options);
Reading read_nothing(std::span<const Input> inputs, const ReadOptions& options);

}  // namespace lightsout
