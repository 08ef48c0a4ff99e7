// Http: one question, answered whole. The real one (libcurl) lives in io/ and is handed in by main.
//
// An Error means that no complete answer arrived (refused, timed out, cut short). An answer with a
// status like 503 is an answer: the caller decides whether to try again.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/result.h"

namespace lightsout {

struct HttpRequest {
  std::string url;
  std::chrono::milliseconds timeout{30'000};  // for the whole exchange
  std::size_t body_limit = 64 * 1024 * 1024;  // bytes; a longer body is an Error of kind limit
};

struct HttpPost {
  std::string url;
  std::string content_type;
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;  // beyond these; no line breaks
  std::chrono::milliseconds timeout{10'000};                 // for the whole exchange
  std::size_t body_limit = 64 * 1024;                        // bytes of the answer
};

struct HttpAnswer {
  int status = 0;
  std::string content_type;
  std::optional<std::chrono::seconds> retry_after;  // from the header of that name
  std::string body;                                 // verbatim
};

class Http {
 public:
  virtual ~Http() = default;
  virtual Result<HttpAnswer> get(const HttpRequest& request) = 0;
  // A redirect is not followed: what was meant for one receiver is not handed to another. Those who
  // only read refuse.
  virtual Result<HttpAnswer> post(const HttpPost& request) {
    return Error{ErrorKind::unsupported, request.url + ": nothing is sent from here"};
  }
};

}  // namespace lightsout
