// The prefix tables among the inputs: which of them are read, and what they make together.
//
// Our own CSV always counts. Of several archives of country lists the one nearest in time to the
// routes is taken, one from before them rather than one from after, and only for the countries of
// which the CSV says nothing: two tables of different years must not be mixed in one country.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "geo/prefix_table_file.h"
#include "source/source.h"

namespace lightsout {

struct PrefixTables {
  PrefixTable table;
  std::vector<std::size_t> used;  // the inputs that are in it
};

// `inputs` may hold other things: only those numbered in `members` are looked at. Notes and damage
// go into the reading.
PrefixTables read_prefix_tables(std::span<const Input> inputs,
                                const std::vector<std::size_t>& members, std::optional<Time> routes,
                                Reading& reading);

}  // namespace lightsout
