// LocalStream: bytes to and from another process of this machine and of the same user, in order.
// The real one is a Unix socket (io/local_socket.h); a World hands it in.
//
//   Result<std::unique_ptr<LocalStream>> stream = world.connect_local("obs.duckdb.socket");
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>

#include "core/byte_reader.h"
#include "core/result.h"

namespace lightsout {

class LocalStream {
 public:
  virtual ~LocalStream() = default;
  // Waits for at least one byte; 0: the other side has ended.
  virtual Result<std::size_t> read(std::span<std::uint8_t> into) = 0;
  // All of them, or an Error.
  virtual Status write(Bytes bytes) = 0;
  // From any thread: read() and write() fail from now on, those that wait too.
  virtual void shut() = 0;
};

class LocalListener {
 public:
  virtual ~LocalListener() = default;
  // Waits for the next one who connects; nullptr after stop().
  virtual Result<std::unique_ptr<LocalStream>> accept() = 0;
  // From any thread.
  virtual void stop() = 0;
};

}  // namespace lightsout
