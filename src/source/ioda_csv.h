// The CSV that IODA's pages export: "Time (UTC)" and one column for each signal, with its label.
//
// A "normalized" export gives each column as a percentage of its own greatest value, so nothing is
// known of absolute sizes (Unit::percent_of_max). Blanks are missing and zeros are zeros. A column
// has its own step: Mozilla's is hourly inside the half-hourly file. The file does not say whom it
// speaks about: ReadOptions.entity does. docs/formats/inputs.md has the columns.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "source/source.h"

namespace lightsout {

bool recognises_ioda_csv(std::string_view head, const ReadOptions& options);
Reading read_ioda_csv(std::span<const Input> inputs, const ReadOptions& options);

}  // namespace lightsout
