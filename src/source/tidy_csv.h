// Tidy CSV: one row a sample. What we write, and what anybody can write for us.
//
//   time,entity,signal,value
//   2022-01-05T10:30:00Z,country:KZ,bgp/visible_slash24,1520
//
// `signal` is source/metric. Optional columns in any order: plane, unit, worse, step (seconds),
// state (number, missing, suppressed, source_down), trials, coverage. An empty value is missing.
// write_tidy_csv() and the reader are exact inverses. docs/formats/tidy-csv.md has the rules.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <span>
#include <string>

#include "source/source.h"

namespace lightsout {

bool recognises_tidy_csv(std::string_view head, const ReadOptions& options);
Reading read_tidy_csv(std::span<const Input> inputs, const ReadOptions& options);

// Piece by piece, so that a million rows need no string of a million rows.
void write_tidy_csv(std::span<const Series> series,
                    const std::function<void(std::string_view)>& write);

}  // namespace lightsout
