// The text formats in which tables of prefixes are published, one line each a row.
//
//   prefix-csv     prefix,entity                         ours, see geo/prefix_table_file.h
//   delegated      ripencc|KZ|ipv4|2.72.0.0|524288|...   the registries, also "extended"
//   pfx2as         1.0.0.0 TAB 24 TAB 13335              CAIDA; pyasn: 1.0.0.0/24 TAB 13335
//   tor-geoip      16777216,16777471,AU                  Tor's geoip and geoip6 files
//   cidr-list      2.72.0.0/13                           one country's, named by the file
//
// A format is a value: a name, how its lines look, and what a line adds. pfx2as says which network
// originates a prefix; all others say where it lies.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/result.h"
#include "core/time.h"
#include "geo/entity.h"
#include "geo/prefix_table.h"

namespace lightsout {

// What a file says about itself before and between its rows.
struct TableFacts {
  std::optional<Time> as_of;
  std::optional<Entity> country;  // of a cidr-list
};

struct TableFormat {
  std::string_view name;
  bool networks;
  // Whether a line that is neither blank nor a comment is one of this format.
  bool (*is)(std::string_view line);
  // Adds what the line says; how many rows that were. 0 for a header and for what has no place: the
  // registries' free blocks, "??" of Tor's files, AS_SETs.
  Result<std::uint64_t> (*add)(std::string_view line, TableFacts& facts,
                               PrefixTable::Builder& builder);
};

std::span<const TableFormat> table_formats();

// The format of which the first lines of a file are, up to three that are not comments; nullptr
// when there is none.
const TableFormat* table_format_of(std::string_view head);

bool is_table_comment(std::string_view line);
// "# as of 2022-01-04", "# Country: Kazakhstan (KZ)", "; Original file : data/rib.20140513.0600".
void read_table_comment(std::string_view line, TableFacts& facts);
// "delegated-ripencc-extended-20220104": eight digits that are a day between 1990 and 2099.
std::optional<Time> day_in(std::string_view text);

}  // namespace lightsout
