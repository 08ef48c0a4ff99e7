// SPDX-License-Identifier: Apache-2.0
#include "source/columns.h"
#include "source/ioda_csv.h"
#include "source/source.h"
#include "source/tidy_csv.h"

namespace lightsout {

// Asked in this order; the first that recognises an input reads it. A mapping that a person
// declared comes before what we would guess.
std::span<const Source> all_sources() {
  static constexpr Source kSources[] = {
      {"columns-csv", "any CSV, by the columns named with --columns", recognises_columns,
       read_columns},
      {"tidy-csv", "time,entity,signal,value: one row a sample", recognises_tidy_csv,
       read_tidy_csv},
      {"ioda-csv", "the CSV that IODA's pages export", recognises_ioda_csv, read_ioda_csv},
      // Add yours here.
  };
  return kSources;
}

}  // namespace lightsout
