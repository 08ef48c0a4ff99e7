// SPDX-License-Identifier: Apache-2.0
#include "rib/plane.h"

#include <algorithm>

namespace lightsout::rib {

void Plane::resize(std::size_t rows, std::size_t words) {
  if (words != words_ && rows_ > 0) {
    std::vector<std::uint64_t> wider(rows * (words + 1));
    for (std::size_t row = 0; row < rows_; ++row) {
      const std::uint64_t* old = &cells_[row * stride_];
      std::copy_n(old, words_, &wider[row * (words + 1)]);
      wider[row * (words + 1) + words] = old[words_];
    }
    cells_ = std::move(wider);
  } else {
    cells_.resize(rows * (words + 1));
  }
  rows_ = rows;
  words_ = words;
  stride_ = words + 1;
}

bool Plane::some(std::size_t row) const {
  const auto bits = mask(row);
  return std::any_of(bits.begin(), bits.end(), [](std::uint64_t word) { return word != 0; });
}

Asn Plane::origin(std::size_t row, PeerId peer) const {
  if (mixed(row)) {
    if (const std::uint32_t* other = others_.find(key(row, peer))) return Asn{*other};
  }
  return common_origin(row);
}

Plane::Change Plane::set_slowly(std::size_t row, PeerId peer, Asn origin) {
  const bool had = seen(row, peer);
  if (had) {
    if (this->origin(row, peer) == origin) return Change::none;
    reset(row, peer);
  }
  const bool first = !some(row);
  cells_[row * stride_ + peer / 64] |= std::uint64_t{1} << peer % 64;
  std::uint64_t& about = cells_[row * stride_ + words_];
  if (first) {
    about = origin.number;
  } else if (common_origin(row) != origin && others_.size() < kMaxOthers) {
    others_[key(row, peer)] = origin.number;
    about |= kMixed;
  }
  return had ? Change::origin : Change::seen;
}

}  // namespace lightsout::rib
