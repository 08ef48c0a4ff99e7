// SPDX-License-Identifier: Apache-2.0
#include "core/byte_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace lightsout {

Result<std::size_t> MemorySource::read(std::span<std::uint8_t> into) {
  const std::size_t count = std::min(into.size(), rest_.size());
  if (count > 0) std::memcpy(into.data(), rest_.data(), count);
  rest_ = rest_.subspan(count);
  return count;
}

Result<std::string> read_all(ByteSource& source, std::size_t limit) {
  std::string text;
  std::array<std::uint8_t, 65536> chunk;
  while (true) {
    const Result<std::size_t> count = source.read(chunk);
    if (!count) return count.error();
    if (*count == 0) return text;
    if (text.size() + *count > limit) {
      return Error{ErrorKind::limit, fmt::format("longer than {} bytes", limit)};
    }
    text.append(reinterpret_cast<const char*>(chunk.data()), *count);
  }
}

}  // namespace lightsout
