// The real WebServer: Boost.Asio coroutines, one thread a core, Boost.Beast's parser behind our own
// strict gate (request_head.h), TLS by OpenSSL.
//
//   Result<std::unique_ptr<WebServer>> server = start_web_server({.listen = "127.0.0.1:0"}, site);
//   (*server)->address()   // "127.0.0.1:43817"
//
// A connection that does nothing costs a few kilobytes. The handler must outlive the server.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "core/web_server.h"

namespace lightsout {

// An Error says what is wrong with the address, or which file of TLS cannot be read.
Result<std::unique_ptr<WebServer>> start_web_server(const WebServerOptions& options,
                                                    WebHandler& handler);

}  // namespace lightsout
