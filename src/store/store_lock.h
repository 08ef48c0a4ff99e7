// Who has a store open: a lock on a small file beside it, which also says who that is.
//
// DuckDB's own lock does not hold between two openings inside one process, and does not say who has
// it in a way that can be shown; this one does both. It goes when the process goes, however that
// was.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "core/result.h"

namespace lightsout {

class StoreLock {
 public:
  // Locks <path>.lock. `shared`: several readers at once, no writer.
  static Result<std::unique_ptr<StoreLock>> take(const std::string& path, bool shared);
  ~StoreLock();
  StoreLock(const StoreLock&) = delete;
  StoreLock& operator=(const StoreLock&) = delete;

 private:
  explicit StoreLock(int file) : file_(file) {}
  int file_;
};

}  // namespace lightsout
