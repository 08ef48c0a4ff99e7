// Side tables: small CSVs beside the measurements that say something about them: what happened
// meanwhile (annotations.h), who the networks are (known_networks.h).
//
// They are recognised by their header, word for word; lines that begin with '#' may stand before
// it. They are written by hand, so a line that cannot be read is an Error that names it, and not
// damage to be passed over.
//
//   take_side_table(inputs, "time,text,source", [&](const CsvRow& row) { ...; return Status{}; });
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "source/csv.h"
#include "source/source.h"

namespace lightsout {

// Hands each row with as many fields as the header to `take_row` and returns the inputs that are no
// such table.
Result<std::vector<Input>> take_side_table(std::span<const Input> inputs, std::string_view header,
                                           const std::function<Status(const CsvRow&)>& take_row);

}  // namespace lightsout
