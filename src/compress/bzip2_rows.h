// The way back from the last column of the sorted rows to the text: the inverse of Burrows-Wheeler.
//
// Rows are linked in the order of the text: each says a byte and which row comes next. Following
// the links is a chain of a million reads of which each waits for the one before. So every
// kMarkEvery-th row and the first one are marked, and kWalkers walkers follow the links at the same
// time, each from a mark to the next. What they pass are arcs of the text, copied in order at the
// end. Where one arc grows beyond its room (an odd text, or damage) a single walker does it all.
//
// A text that repeats itself links its rows in several circles: the one of the first row is walked
// as often as it takes.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace lightsout {

class Bzip2Rows {
 public:
  Bzip2Rows();
  ~Bzip2Rows();

  // `runs`: the last column, each as (length << 8 | byte), of 1 to kBzip2BlockBytes rows together.
  // Writes text.size() bytes, the number of rows; `first` is one of them.
  void invert(std::span<const std::uint32_t> runs, std::size_t first, std::span<std::uint8_t> text);

 private:
  struct Work;
  std::unique_ptr<Work> work_;
};

}  // namespace lightsout
