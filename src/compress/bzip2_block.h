// One block of bzip2, from its bits to the bytes that were sorted (Burrows and Wheeler, 1994).
//
// A block stands alone: its Huffman tables, its move-to-front list and its rows begin afresh, so
// that blocks can be decoded in any order and on any thread. What comes out still has its runs
// packed (bzip2_runs.h) and its checksum unverified.
//
// libbz2 follows the sorted rows one by one, and each step waits for the cache. Here some rows are
// marked, 16 walkers go from mark to mark in lockstep, and the arcs are put in order afterwards
// (bzip2_rows.h): 16 waits become one. Exactly what libbz2 1.0.8 accepts is accepted, also codes
// that leave combinations unused, but for blocks of more than kMaxBzip2BlockBytes.
//
//   Bzip2BlockDecoder decoder;  // 9 MB, of which typical data touches the half; one a thread
//   const Bzip2Block block = decoder.decode(bits, room);
//   if (block.state == Bzip2Block::State::whole) use(room.first(block.size));
//
// The format: J. Seward, "bzip2 and libbzip2", and J. Tsai, "BZIP2: Format Specification" (2016).
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "compress/bzip2_bits.h"

namespace lightsout {

constexpr std::size_t kBzip2LevelBytes = 100'000;               // a block has level times as many
constexpr std::size_t kBzip2BlockBytes = 9 * kBzip2LevelBytes;  // runs packed
// Compressed: 900,000 symbols of 20 bits are 2.25 MB, tables and selectors some 40 kB. A block may
// be longer only by changing the length of a code up and down for ever.
constexpr std::size_t kMaxBzip2BlockBytes = 2'500'000;

struct Bzip2Block {
  enum class State {
    whole,
    cut,         // it goes on behind the end of the bits
    damaged,     // `reason` says why
    randomised,  // by bzip2 before 0.9.5: its end is known, its bytes are not; ask libbz2
  };
  State state = State::damaged;
  std::string_view reason;
  std::uint64_t end = 0;  // the bit behind the block
  std::uint32_t crc = 0;  // of the bytes with their runs unpacked, as the block claims
  std::size_t size = 0;   // bytes, with their runs packed
};

class Bzip2BlockDecoder {
 public:
  Bzip2BlockDecoder();
  ~Bzip2BlockDecoder();

  // `bits` begins with the magic of a block; `room` has kBzip2BlockBytes.
  Bzip2Block decode(const Bits& bits, std::span<std::uint8_t> room);

 private:
  struct Work;
  std::unique_ptr<Work> work_;
};

}  // namespace lightsout
