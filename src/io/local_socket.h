// LocalStream and LocalListener over a Unix socket with a name in the file system, for this user
// only (mode 0600).
//
// A socket that a killed server left behind is recognised, because nobody answers on it, and
// replaced; one that is answered is left alone.
//
//   auto listener = listen_local("obs.duckdb.socket");
//   auto stream = connect_local("obs.duckdb.socket");   // not_found: nobody listens there
//
// A name has at most 107 bytes (sun_path of unix(7)); a longer one is an Error that says so.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "core/local_stream.h"

namespace lightsout {

Result<std::unique_ptr<LocalStream>> connect_local(const std::string& path);

// Removes the name again when it is destroyed.
Result<std::unique_ptr<LocalListener>> listen_local(const std::string& path);

}  // namespace lightsout
