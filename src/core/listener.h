// Listener: bytes that others send to us, from several sessions at once. Sockets live in io/ and
// are handed in by main; tests hand in a script.
//
// One event at a time, on the caller's thread. What is not taken waits with the sender (TCP slows
// it down), so that a flood from one session neither fills memory nor starves the others.
//
//   while (true) {
//     const ListenerEvent event = listener.next(1s);
//     if (event.kind == ListenerEvent::Kind::stop) break;
//     ...
//   }
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "core/byte_reader.h"

namespace lightsout {

struct ListenerEvent {
  enum class Kind {
    idle,     // nothing came for as long as was waited
    opened,   // a new session
    bytes,    // from it
    closed,   // by the other side: `reason` says how
    refused,  // one session too many, or one that could not be taken: `reason`
    stop,     // a person wants an end (Ctrl-C), or nothing more can ever come
  };

  Kind kind = Kind::idle;
  std::uint64_t session = 0;  // never used twice
  std::string remote;         // the address of the other side, without the port; "-" for a pipe
  Bytes bytes;                // until the next call
  std::string reason;
};

class Listener {
 public:
  virtual ~Listener() = default;

  // Where it listens: "127.0.0.1:11019".
  virtual std::string address() const = 0;
  virtual ListenerEvent next(std::chrono::milliseconds wait) = 0;
  // From our side; no further event comes of it.
  virtual void close(std::uint64_t session) = 0;
};

}  // namespace lightsout
