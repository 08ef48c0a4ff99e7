// RemoteStore: the store that another process has open, over a local stream.
//
// It is a Store like any other. One question at a time goes over the stream, so threads take turns.
// When the server goes away in the middle of a put, the Error says so and says that the same put
// can be made again: what is known already changes nothing.
//
//   Result<std::unique_ptr<Store>> store = open_remote_store(std::move(stream), "obs.duckdb");
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "core/local_stream.h"
#include "store/store.h"

namespace lightsout {

// Asks the other side who it is; an Error when it does not speak our version of the protocol, or
// has too many clients. `path` is the file's name, for messages.
Result<std::unique_ptr<Store>> open_remote_store(std::unique_ptr<LocalStream> stream,
                                                 const std::string& path);

// Where the server of a store listens: beside the file.
inline std::string socket_path(const std::string& store_path) {
  return store_path + ".socket";
}

}  // namespace lightsout
