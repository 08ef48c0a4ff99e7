// The strict gate before the HTTP parser: a request that two programs could read differently is
// refused, because behind a proxy that difference is another visitor's request (RFC 9112 section
// 11.2, "request smuggling").
//
//   if (const auto refusal = check_request_head("GET / HTTP/1.1\r\nHost: a\r\n\r\n", 64)) ...
//
// Refused: bare CR or LF, folded lines, blanks before a colon, a repeated Host, Content-Length or
// Transfer-Encoding, both of the latter, a chunked body at all, a length that is not plain digits,
// control characters, HTTP/1.1 without Host, an absolute or empty target.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lightsout {

struct HeadRefusal {
  int status = 400;
  std::string sentence;
};

// A whole head, from the method to the empty line.
std::optional<HeadRefusal> check_request_head(std::string_view head, std::size_t max_fields);

// Where the head that begins at 0 ends (one past its empty line), 0 when that is still to come.
// `seen` is how much was looked at before. An LF without a CR before it gives npos: no head.
std::size_t end_of_head(std::string_view bytes, std::size_t seen);

}  // namespace lightsout
