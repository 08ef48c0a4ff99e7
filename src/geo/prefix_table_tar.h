// TarReader walks a tar archive as a stream, one member at a time, without ever holding a file.
//
// POSIX ustar and GNU headers are read; extended headers (pax, GNU long names) are passed over,
// since the names that matter to us are short. A header whose checksum is wrong ends the archive
// with an Error: tar has no way to find the next one.
//
//   TarReader tar(source);
//   while (true) {
//     Result<std::optional<TarMember>> member = tar.next();
//     if (!member || !*member) break;
//     while (const std::size_t count = *tar.read(chunk)) ...
//   }
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "core/byte_source.h"
#include "core/result.h"
#include "core/time.h"

namespace lightsout {

struct TarMember {
  std::string name;  // with its folders
  std::uint64_t size = 0;
  Time modified;
};

class TarReader {
 public:
  explicit TarReader(ByteSource& source) : source_(source) {}

  // The next regular file; nullopt at the end. What was not read of the last one is passed over.
  Result<std::optional<TarMember>> next();
  // Bytes of the current member; 0 at its end.
  Result<std::size_t> read(std::span<std::uint8_t> into);

  // Whether a header block stands at the beginning of these bytes.
  static bool looks_like_tar(Bytes head);

 private:
  Result<bool> fill(std::span<std::uint8_t> block);  // false: the stream ended before it
  Status skip(std::uint64_t count);

  ByteSource& source_;
  std::uint64_t left_ = 0;     // of the member
  std::uint64_t padding_ = 0;  // after it
};

}  // namespace lightsout
