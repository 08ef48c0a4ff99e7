// The innermost coding of bzip2: four equal bytes, then a byte that says how many more follow.
//
// Five bytes may stand for 259, so a block of 900,000 bytes may swell to 46 MB: the reader hands
// out as much as there is room for and goes on where it stopped. A copy of it goes on by itself,
// which is how a block is checked to its end while only its beginning is kept.
//
//   RunReader reader(block);
//   for (std::size_t n; (n = reader.read(room)) > 0;) use(room.first(n));
//   if (reader.damaged()) ...
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "core/byte_reader.h"

namespace lightsout {

class RunReader {
 public:
  RunReader() = default;
  explicit RunReader(Bytes block) : at_(block.data()), end_(block.data() + block.size()) {}

  // As much as there is room for; less only at the end, and 0 behind it.
  std::size_t read(std::span<std::uint8_t> into);
  bool finished() const { return at_ == end_ && left_ == 0; }
  bool damaged() const { return damaged_; }  // the block ends where the count of a run must stand

 private:
  std::uint8_t* copy_plain(std::uint8_t* out, const std::uint8_t* out_end);

  const std::uint8_t* at_ = nullptr;
  const std::uint8_t* end_ = nullptr;
  std::uint8_t repeated_ = 0;
  std::size_t left_ = 0;  // how many of `repeated_` are still to be handed out
  bool damaged_ = false;
};

}  // namespace lightsout
