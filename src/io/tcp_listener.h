// Listener over TCP, and over standard input as a session of its own.
//
// It listens where it is told and nowhere else; a session that is open says nothing of who is
// behind it, since neither TCP nor BMP knows names or passwords: listen on an inner address, or
// behind a firewall. SIGINT and SIGTERM become Kind::stop while a listener is open.
//
//   Result<std::unique_ptr<Listener>> listener = listen_tcp("127.0.0.1:11019");
//
// A peer that has vanished is noticed by TCP's own keep-alive after some two minutes.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "core/listener.h"
#include "core/result.h"

namespace lightsout {

struct ListenLimits {
  std::size_t sessions = 64;      // at once; one more is refused
  std::size_t piece = 64 * 1024;  // bytes taken from one session before the next has its turn
};

// "ADDRESS:PORT", an IPv6 address in brackets; port 0 lets the system choose.
Result<std::unique_ptr<Listener>> listen_tcp(const std::string& address,
                                             const ListenLimits& limits = {});

// Standard input, or any other descriptor that stays open: one session, "-"; stop at its end.
Result<std::unique_ptr<Listener>> listen_descriptor(int descriptor,
                                                    const ListenLimits& limits = {});

}  // namespace lightsout
