// Voters: whose word counts about one address family, and what a row of the Plane is worth to them.
//
// Peers of one ASN have one voice: a network that feeds three collectors is asked once. The level
// of a prefix is the highest threshold that its share of voices reaches, as bgpview has them:
//
//   0 nobody sees it   1 at least one   2 at least 25 %   3 at least 50 %   4 at least 75 %   5 all
//
//   const Voters voters = Voters::of(rib, Family::v4);
//   voters.level(rib.routes().mask(row))
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <vector>

#include "rib/rib.h"

namespace lightsout::rib {

inline constexpr std::size_t kThresholds = 5;

class Voters {
 public:
  static Voters of(const Rib& rib, Family family);

  std::size_t voices() const { return levels_.size() - 1; }
  bool counted(PeerId peer) const {
    return peer / 64 < counted_.size() && (counted_[peer / 64] >> peer % 64 & 1) != 0;
  }

  std::uint8_t level(std::span<const std::uint64_t> mask) const {
    std::size_t voices = 0;
    const std::size_t words = std::min(mask.size(), alone_.size());
    for (std::size_t i = 0; i < words; ++i) {
      voices += static_cast<std::size_t>(std::popcount(mask[i] & alone_[i]));
    }
    for (std::size_t group = 0; group + 1 < group_begin_.size(); ++group) {
      bool any = false;
      for (std::size_t i = group_begin_[group]; i < group_begin_[group + 1]; ++i) {
        const Bits& bits = group_bits_[i];
        any |= bits.word < mask.size() && (mask[bits.word] & bits.bits) != 0;
      }
      voices += any ? 1 : 0;
    }
    return levels_[voices];
  }

  bool operator==(const Voters&) const = default;

 private:
  struct Bits {
    std::size_t word;
    std::uint64_t bits;
    bool operator==(const Bits&) const = default;
  };

  std::vector<std::uint64_t> counted_;  // the peers that count, one bit each
  std::vector<std::uint64_t> alone_;    // those of them that have their ASN to themselves
  std::vector<std::size_t> group_begin_;
  std::vector<Bits> group_bits_;                          // the others, by ASN
  std::vector<std::uint8_t> levels_ = {std::uint8_t{0}};  // by the number of voices
};

}  // namespace lightsout::rib
