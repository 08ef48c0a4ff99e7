// The tables of inputs and origins: which bytes were read, and which sets of them made a series.
//
// A folder may hold tens of thousands of inputs, so they are looked up and noted together: a
// statement for each of them would be planned anew each time (docs/decisions/0051).
//
// Used by one thread at a time and only inside a transaction; after one that was rolled back,
// load() again. docs/formats/store.md describes the tables.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "signal/series.h"
#include "store/duckdb_sql.h"

namespace lightsout {

inline constexpr std::int64_t kNoOrigin = 0;

class InputWriter {
 public:
  static Status create_tables(SqlConnection& connection);

  Status load(SqlConnection& connection);

  // The number of each input, by its hash; those that are not known yet are noted now, and have
  // numbers from next() on, as it was before the call.
  Result<std::vector<std::int64_t>> note(SqlConnection& connection,
                                         std::span<const Lineage> inputs);
  std::int64_t next() const { return next_input_; }

  // The number of this set of inputs, noted now if it is new; kNoOrigin for none.
  Result<std::int64_t> origin_of(SqlConnection& connection, std::span<const Lineage> lineage);
  std::int64_t next_origin() const { return next_origin_; }
  // Between two calls of origin_of() for the same put, what was found is remembered.
  void forget() { origins_.clear(); }

 private:
  Result<std::int64_t> new_origin(SqlConnection& connection, std::span<const Lineage> lineage,
                                  const std::string& hash);

  std::map<std::string, std::int64_t> origins_;
  std::int64_t next_input_ = 1;
  std::int64_t next_origin_ = 1;
};

}  // namespace lightsout
