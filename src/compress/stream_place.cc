// SPDX-License-Identifier: Apache-2.0
#include "compress/stream_place.h"

#include <fmt/format.h>

namespace lightsout {

Error stream_error(ErrorKind kind, std::string_view reason, const StreamPlace& place) {
  return Error{kind,
               fmt::format("{}: {} stream: {} (at compressed byte {}, decompressed {})", place.name,
                           place.format, reason, place.compressed, place.decompressed)};
}

std::optional<Error> beyond_limits(const DecompressLimits& limits, const StreamPlace& place) {
  if (place.decompressed > limits.bytes) {
    return stream_error(ErrorKind::limit,
                        fmt::format("more than {} bytes after decompression", limits.bytes), place);
  }
  if (place.decompressed > limits.free_bytes &&
      place.decompressed / limits.ratio > place.compressed) {
    return stream_error(ErrorKind::limit,
                        fmt::format("swells to more than {} times its size, which no measurement "
                                    "does; reading stopped",
                                    limits.ratio),
                        place);
  }
  return std::nullopt;
}

}  // namespace lightsout
