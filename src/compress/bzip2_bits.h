// Bits of a bzip2 stream, most significant first, at any offset from a byte.
//
// bzip2 aligns nothing but the beginning of a stream: blocks begin wherever the one before ended. A
// BitReader keeps 56 bits or more in a register after refill(), so that two symbols of 20 bits need
// no question in between. It may look up to kBitPadding bytes behind the end, which must be there
// to read (their content does not matter), and tells afterwards that it did:
//
//   BitReader reader(bits);
//   reader.refill();
//   const std::uint64_t magic = reader.take(48);
//   if (reader.past_end()) return cut;
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace lightsout {

constexpr std::uint64_t kBzip2BlockMagic = 0x314159265359;  // digits of pi
constexpr std::uint64_t kBzip2EndMagic = 0x177245385090;    // digits of its square root
constexpr unsigned kBzip2MagicBits = 48;

// What a reader may look at behind the end: 50 symbols of 20 bits, and the width of the register.
constexpr std::size_t kBitPadding = 160;

// From bit `begin` to one before bit `end` of `bytes`, behind which kBitPadding bytes can be read.
struct Bits {
  const std::uint8_t* bytes = nullptr;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

inline std::uint64_t load_big_endian(const std::uint8_t* bytes) {
  std::uint64_t word;
  std::memcpy(&word, bytes, sizeof word);
  return std::endian::native == std::endian::little ? __builtin_bswap64(word) : word;
}

class BitReader {
 public:
  explicit BitReader(const Bits& bits)
      : first_(bits.bytes), next_(bits.bytes + bits.begin / 8), end_(bits.end) {
    refill();
    skip(static_cast<unsigned>(bits.begin % 8));
    refill();
  }

  // 56 bits or more are in the register afterwards.
  void refill() {
    register_ |= load_big_endian(next_) >> held_;
    next_ += (63 - held_) / 8;
    held_ |= 56;
  }

  // 1 to 56 bits; without refill() no more than are held.
  std::uint64_t peek(unsigned count) const { return register_ >> (64 - count); }
  void skip(unsigned count) {
    register_ <<= count;
    held_ -= count;
  }
  std::uint64_t take(unsigned count) {
    const std::uint64_t bits = peek(count);
    skip(count);
    return bits;
  }

  std::uint64_t position() const { return static_cast<std::uint64_t>(next_ - first_) * 8 - held_; }
  bool past_end() const { return position() > end_; }

 private:
  const std::uint8_t* first_;
  const std::uint8_t* next_;  // the first byte that is not whole in the register
  std::uint64_t end_;
  std::uint64_t register_ = 0;  // from the top
  unsigned held_ = 0;
};

}  // namespace lightsout
