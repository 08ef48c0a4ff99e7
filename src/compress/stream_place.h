// Where in a compressed stream we are, for the messages and the limits that all formats share.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "compress/decompress.h"
#include "core/result.h"

namespace lightsout {

struct StreamPlace {
  std::string_view name;    // of the file
  std::string_view format;  // "gzip"
  std::uint64_t compressed = 0;
  std::uint64_t decompressed = 0;
};

Error stream_error(ErrorKind kind, std::string_view reason, const StreamPlace& place);

// What to say when the stream has become too large; nothing when it has not.
std::optional<Error> beyond_limits(const DecompressLimits& limits, const StreamPlace& place);

}  // namespace lightsout
