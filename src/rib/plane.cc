// SPDX-License-Identifier: Apache-2.0
#include "rib/plane.h"

#include <algorithm>

namespace lightsout::rib {

void Plane::resize(std::size_t rows, std::size_t words) {
  if (words != words_ && !origins_.empty()) {
    std::vector<std::uint64_t> wider(rows * words);
    for (std::size_t row = 0; row < origins_.size(); ++row) {
      std::copy_n(masks_.begin() + static_cast<std::ptrdiff_t>(row * words_), words_,
                  wider.begin() + static_cast<std::ptrdiff_t>(row * words));
    }
    masks_ = std::move(wider);
  } else {
    masks_.resize(rows * words);
  }
  words_ = words;
  origins_.resize(rows);
  mixed_.resize(rows);
}

Asn Plane::origin(std::size_t row, PeerId peer) const {
  if (mixed(row)) {
    const auto other = others_.find(key(row, peer));
    if (other != others_.end()) return Asn{other->second};
  }
  return Asn{origins_[row]};
}

bool Plane::set(std::size_t row, PeerId peer, Asn origin) {
  const auto bits = std::span(masks_).subspan(row * words_, words_);
  std::uint64_t& word = bits[peer / 64];
  const std::uint64_t bit = std::uint64_t{1} << peer % 64;
  if ((word & bit) != 0) {
    if (this->origin(row, peer) == origin) return false;
    reset(row, peer);
  }
  const bool first =
      std::all_of(bits.begin(), bits.end(), [](std::uint64_t bit_word) { return bit_word == 0; });
  word |= bit;
  if (first) {
    origins_[row] = origin.number;
    mixed_[row] = 0;
  } else if (origins_[row] != origin.number && others_.size() < kMaxOthers) {
    others_[key(row, peer)] = origin.number;
    mixed_[row] = 1;
  }
  return true;
}

bool Plane::reset(std::size_t row, PeerId peer) {
  std::uint64_t& word = masks_[row * words_ + peer / 64];
  const std::uint64_t bit = std::uint64_t{1} << peer % 64;
  if ((word & bit) == 0) return false;
  word &= ~bit;
  if (mixed(row)) others_.erase(key(row, peer));
  return true;
}

}  // namespace lightsout::rib
