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

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace lightsout {

using Bytes = std::span<const std::uint8_t>;

// The value with its most significant byte first in memory, and back.
template <typename Number>
inline Number big_endian(Number value) {
  if constexpr (std::endian::native == std::endian::little) {
    if constexpr (sizeof value == 2) return __builtin_bswap16(value);
    if constexpr (sizeof value == 4) return __builtin_bswap32(value);
    if constexpr (sizeof value == 8) return __builtin_bswap64(value);
  }
  return value;
}

// The number whose bytes begin at `at`, most significant first, for who has checked that they are
// there. One load on every machine.
template <typename Number>
inline Number number_at(const std::uint8_t* at) {
  Number value;
  std::memcpy(&value, at, sizeof value);
  return big_endian(value);
}

template <typename Number>
inline void put_number(Number value, std::uint8_t* at) {
  value = big_endian(value);
  std::memcpy(at, &value, sizeof value);
}

class ByteReader {
 public:
  explicit ByteReader(Bytes bytes) : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  bool ok() const { return ok_; }
  bool empty() const { return at_ == end_; }
  std::size_t remaining() const { return static_cast<std::size_t>(end_ - at_); }
  Bytes rest() const { return Bytes(at_, remaining()); }  // what was not read yet

  std::uint8_t u8() { return number<std::uint8_t>(); }
  std::uint16_t u16() { return number<std::uint16_t>(); }
  std::uint32_t u32() { return number<std::uint32_t>(); }
  std::uint64_t u64() { return number<std::uint64_t>(); }

  // The next `count` bytes, or an empty span and a failed reader.
  Bytes take(std::size_t count) {
    if (count > remaining()) return fail();
    const Bytes taken(at_, count);
    at_ += count;
    return taken;
  }

  // A reader over the next `count` bytes only; it starts failed when they are not there.
  ByteReader sub(std::size_t count) {
    ByteReader part(take(count));
    part.ok_ = ok_;
    return part;
  }

 private:
  template <typename Number>
  Number number() {
    if (remaining() < sizeof(Number)) {
      fail();
      return 0;
    }
    const Number value = number_at<Number>(at_);
    at_ += sizeof(Number);
    return value;
  }

  Bytes fail() {
    ok_ = false;
    at_ = end_;
    return {};
  }

  // Two pointers, not a span: copied as 16 bytes at once, a span would wait for its own halves.
  const std::uint8_t* at_;
  const std::uint8_t* end_;
  bool ok_ = true;
};

}  // namespace lightsout
