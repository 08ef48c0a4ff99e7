// Plane: for each prefix, which peers see it and from which network they think it comes.
//
// A row is one bit a peer and one origin, because nearly all peers agree on the origin; those that
// do not stand in a side table of at most kMaxOthers; beyond it the common origin stands for all.
// 500,000 prefixes and 64 peers take 6 MB. Origin 0 means that nobody
// in particular announces it (an AS_SET at the end of the path, RFC 6472).
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "net/asn.h"

namespace lightsout::rib {

using PeerId = std::uint16_t;

class Plane {
 public:
  static constexpr std::size_t kMaxOthers = 500'000;

  void resize(std::size_t rows, std::size_t words);
  std::size_t rows() const { return origins_.size(); }
  bool empty() const { return origins_.empty(); }
  void clear() { *this = Plane(); }

  bool seen(std::size_t row, PeerId peer) const {
    return (masks_[row * words_ + peer / 64] >> peer % 64 & 1) != 0;
  }
  std::span<const std::uint64_t> mask(std::size_t row) const {
    return std::span(masks_).subspan(row * words_, words_);
  }
  Asn origin(std::size_t row, PeerId peer) const;
  // Whether peers disagree about the origin, or once did.
  bool mixed(std::size_t row) const { return mixed_[row] != 0; }
  // The origin of all peers, where the row is not mixed.
  Asn common_origin(std::size_t row) const { return Asn{origins_[row]}; }

  // Both say whether anything changed.
  bool set(std::size_t row, PeerId peer, Asn origin);
  bool reset(std::size_t row, PeerId peer);

 private:
  static std::uint64_t key(std::size_t row, PeerId peer) { return row << 16 | peer; }

  std::size_t words_ = 1;  // of 64 peers
  std::vector<std::uint64_t> masks_;
  std::vector<std::uint32_t> origins_;
  std::vector<std::uint8_t> mixed_;
  std::unordered_map<std::uint64_t, std::uint32_t> others_;
};

}  // namespace lightsout::rib
