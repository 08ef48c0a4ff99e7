// gzip_text: bytes as one gzip member (RFC 1952), the same for the same input: no name, no time.
//
//   const std::string smaller = gzip_text(page);
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace lightsout {

std::string gzip_text(std::string_view text);

}  // namespace lightsout
