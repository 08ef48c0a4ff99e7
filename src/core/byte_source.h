// ByteSource: bytes that arrive in order, from a file, a socket or a test.
//
// read() fills as much of the span as it can and returns how many bytes; 0 means the end. An Error
// in the middle (a gzip stream cut short, a disk that fails) comes after every byte before it was
// delivered, so a reader keeps what could be read and counts the rest as damage.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "core/byte_reader.h"
#include "core/result.h"

namespace lightsout {

class ByteSource {
 public:
  virtual ~ByteSource() = default;
  virtual Result<std::size_t> read(std::span<std::uint8_t> into) = 0;
};

// Bytes already in memory, which must outlive the source.
class MemorySource final : public ByteSource {
 public:
  explicit MemorySource(Bytes bytes) : rest_(bytes) {}
  explicit MemorySource(std::string_view text)
      : rest_(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()) {}
  Result<std::size_t> read(std::span<std::uint8_t> into) override;

 private:
  Bytes rest_;
};

// Everything up to `limit` bytes; more than that is an Error of kind limit.
Result<std::string> read_all(ByteSource& source, std::size_t limit);

}  // namespace lightsout
