// Built instead of the DuckDB files where no DuckDB was found at configure time (never in release).
//
// SPDX-License-Identifier: Apache-2.0
#include "store/duckdb_store.h"

namespace lightsout {

Result<std::unique_ptr<Store>> open_duckdb_store(const std::string& path,
                                                 const DuckdbStoreOptions&) {
  return Error{ErrorKind::unsupported,
               path +
                   " cannot be opened: this program was built without DuckDB; run "
                   "tools/fetch-duckdb, configure and build again"};
}

}  // namespace lightsout
