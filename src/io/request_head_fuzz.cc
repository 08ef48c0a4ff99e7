// A head that is let through has one reading: one line a field, one host, no body in chunks.
// SPDX-License-Identifier: Apache-2.0
#include <cstdint>

#include "core/check.h"
#include "io/request_head.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lightsout;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::size_t end = end_of_head(bytes, 0);
  // However the bytes arrive, the end is where it is.
  for (std::size_t seen = 1; seen < size && seen < 64; ++seen) {
    const std::size_t early = end_of_head(bytes.substr(0, seen), 0);
    if (early == 0) CHECK(end_of_head(bytes, seen) == end);
    if (early != 0) break;
  }
  if (end == 0 || end == std::string_view::npos) return 0;
  const std::string_view head = bytes.substr(0, end);
  if (check_request_head(head, 64)) return 0;
  CHECK(head.find('\0') == std::string_view::npos);
  CHECK(head.find("\r\n ") == std::string_view::npos);
  CHECK(head.find("\r\n\t") == std::string_view::npos);
  CHECK(head[head.find(' ') + 1] == '/');
  return 0;
}
