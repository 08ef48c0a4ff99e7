// ByteReader walks untrusted bytes, most significant byte first.
//
// Reading past the end is not undefined and not an exception: the reader fails, stays failed,
// becomes empty, and every further read returns zero. A decoder therefore reads straight down the
// page and asks ok() once, before it trusts what it read:
//
//   ByteReader reader(bytes);
//   Header header{.type = reader.u16(), .length = reader.u32()};
//   if (!reader.ok()) return Error{ErrorKind::malformed, "header cut short"};
//
// A failed reader is empty, so `while (!reader.empty())` always ends.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace lightsout {

using Bytes = std::span<const std::uint8_t>;

class ByteReader {
 public:
  explicit ByteReader(Bytes bytes) : rest_(bytes) {}

  bool ok() const { return ok_; }
  bool empty() const { return rest_.empty(); }
  std::size_t remaining() const { return rest_.size(); }
  Bytes rest() const { return rest_; }  // what was not read yet

  std::uint8_t u8() { return number<std::uint8_t>(); }
  std::uint16_t u16() { return number<std::uint16_t>(); }
  std::uint32_t u32() { return number<std::uint32_t>(); }
  std::uint64_t u64() { return number<std::uint64_t>(); }

  // The next `count` bytes, or an empty span and a failed reader.
  Bytes take(std::size_t count) {
    if (count > rest_.size()) return fail();
    const Bytes taken = rest_.first(count);
    rest_ = rest_.subspan(count);
    return taken;
  }

  // A reader over the next `count` bytes only; it starts failed when they are not there.
  ByteReader sub(std::size_t count) {
    ByteReader part(take(count));
    part.ok_ = ok_;
    return part;
  }

 private:
  // The width is known to the compiler, which then makes one load of the loop.
  template <typename Number>
  Number number() {
    if (rest_.size() < sizeof(Number)) {
      fail();
      return 0;
    }
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < sizeof(Number); ++i) value = value << 8 | rest_[i];
    rest_ = rest_.subspan(sizeof(Number));
    return static_cast<Number>(value);
  }

  Bytes fail() {
    ok_ = false;
    rest_ = {};
    return {};
  }

  Bytes rest_;
  bool ok_ = true;
};

}  // namespace lightsout
