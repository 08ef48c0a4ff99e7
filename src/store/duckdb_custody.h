// The table of the custody log: entries in, each chained to the one before, and all of them out.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "store/duckdb_sql.h"
#include "store/store.h"

namespace lightsout {

Status create_custody_table(SqlConnection& connection);

// Appends the entries in their order, inside a transaction. Their texts become UTF-8, and number
// and hash are set.
Status chain_custody(SqlConnection& connection, std::span<CustodyEntry> entries);

Result<std::vector<CustodyEntry>> read_custody(SqlConnection& connection);

}  // namespace lightsout
