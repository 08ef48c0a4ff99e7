// Plane: for each prefix, which peers see it and from which network they think it comes.
//
// A row is one bit a peer and one origin, because nearly all peers agree on the origin; those that
// do not stand in a side table of at most kMaxOthers; beyond it the common origin stands for all.
// Bits and origin of a row lie side by side, so that a change touches one cache line where there
// are up to 64 peers: 500,000 prefixes take 8 MB, a million and 1,024 peers 136 MB. Origin 0 means
// that nobody in particular announces it (an AS_SET at the end of the path, RFC 6472).
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "net/asn.h"
#include "rib/flat_map.h"

namespace lightsout::rib {

using PeerId = std::uint16_t;

class Plane {
 public:
  static constexpr std::size_t kMaxOthers = 500'000;

  void resize(std::size_t rows, std::size_t words);
  void reserve(std::size_t rows, std::size_t words) { cells_.reserve(rows * (words + 1)); }
  std::size_t rows() const { return rows_; }
  std::size_t words() const { return words_; }
  bool empty() const { return rows_ == 0; }
  void clear() { *this = Plane(); }

  bool seen(std::size_t row, PeerId peer) const {
    return (cells_[row * stride_ + peer / 64] >> peer % 64 & 1) != 0;
  }
  std::span<const std::uint64_t> mask(std::size_t row) const {
    return std::span(cells_).subspan(row * stride_, words_);
  }
  Asn origin(std::size_t row, PeerId peer) const;
  // Whether peers disagree about the origin, or once did.
  bool mixed(std::size_t row) const { return (about(row) & kMixed) != 0; }
  // The origin of all peers, where the row is not mixed.
  Asn common_origin(std::size_t row) const { return Asn{static_cast<std::uint32_t>(about(row))}; }

  enum class Change : std::uint8_t { none, origin, seen };
  // Says what is new: nothing, only the origin, or that the peer sees the row at all.
  Change set(std::size_t row, PeerId peer, Asn origin) {
    std::uint64_t& word = cells_[row * stride_ + peer / 64];
    const std::uint64_t bit = std::uint64_t{1} << peer % 64;
    const bool had = (word & bit) != 0;
    // What nearly always happens: the peer agrees with the others.
    if (about(row) == origin.number && (had || word != 0 || some(row))) {
      word |= bit;
      return had ? Change::none : Change::seen;
    }
    return set_slowly(row, peer, origin);
  }
  // Whether the peer saw it.
  bool reset(std::size_t row, PeerId peer) {
    std::uint64_t& word = cells_[row * stride_ + peer / 64];
    const std::uint64_t bit = std::uint64_t{1} << peer % 64;
    if ((word & bit) == 0) return false;
    word &= ~bit;
    if (mixed(row)) others_.erase(key(row, peer));
    return true;
  }

  void prefetch(std::size_t row) const { __builtin_prefetch(&cells_[row * stride_]); }

 private:
  // Behind the words of bits: the common origin in the lower half, and whether there are others.
  static constexpr std::uint64_t kMixed = std::uint64_t{1} << 32;
  std::uint64_t about(std::size_t row) const { return cells_[row * stride_ + words_]; }
  bool some(std::size_t row) const;
  Change set_slowly(std::size_t row, PeerId peer, Asn origin);
  static std::uint64_t key(std::size_t row, PeerId peer) { return row << 16 | peer; }

  std::size_t rows_ = 0;
  std::size_t words_ = 1;  // of 64 peers
  std::size_t stride_ = 2;
  std::vector<std::uint64_t> cells_;
  FlatMap<std::uint32_t> others_;
};

}  // namespace lightsout::rib
