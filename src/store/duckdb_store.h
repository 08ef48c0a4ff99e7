// The embedded store: one DuckDB file, owned by one process at a time.
//
// A second process that opens the file is told who has it. The path ":memory:" gives a store that
// lives as long as the object. A file made by a newer Lightsout is refused rather than guessed at.
//
//   auto store = open_duckdb_store("lightsout.db", {.threads = 2});
//   if (!store) return store.error();   // "lightsout.db is in use by process 4711 (lightsout)"
//
// Beside the file lie lightsout.db.lock (who has it open), lightsout.db.wal (acknowledged writes
// not yet folded in: it belongs to the file) and, while a large query runs, lightsout.db.tmp.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "store/store.h"

namespace lightsout {

struct DuckdbStoreOptions {
  unsigned memory_limit_mb = 200;  // for DuckDB's buffers; the process needs about 100 MB more
  // For one query. Readers run on their own threads as well, so one is enough for a server; more
  // make a long analysis faster, and loading dearer (docs/decisions/0051).
  unsigned threads = 1;
  bool read_only = false;  // nothing is written and nothing locked for others who only read
};

inline constexpr unsigned kStoreSchemaVersion = 1;

Result<std::unique_ptr<Store>> open_duckdb_store(const std::string& path,
                                                 const DuckdbStoreOptions& options = {});

}  // namespace lightsout
