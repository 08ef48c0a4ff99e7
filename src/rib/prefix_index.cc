// SPDX-License-Identifier: Apache-2.0
#include "rib/prefix_index.h"

#include "core/check.h"

namespace lightsout::rib {

Row PrefixIndex::find_or_add(const Prefix& prefix, std::uint64_t hash) {
  const std::size_t slot = slot_of(prefix, hash);
  if (slots_[slot] != kFree) return slots_[slot] & kRowMask;
  CHECK(prefixes_.size() < kMaxRows);
  const Row row = static_cast<Row>(prefixes_.size());
  slots_[slot] = row | tag_of(hash);
  prefixes_.push_back(prefix);
  if (prefixes_.size() * 4 > slots_.size() * 3) grow();
  return row;
}

void PrefixIndex::grow() {
  slots_.assign(slots_.size() * 2, kFree);
  mask_ = slots_.size() - 1;
  for (Row row = 0; row < prefixes_.size(); ++row) {
    const std::uint64_t hash = hash_of(prefixes_[row]);
    std::size_t slot = hash & mask_;
    while (slots_[slot] != kFree) slot = (slot + 1) & mask_;
    slots_[slot] = row | tag_of(hash);
  }
}

}  // namespace lightsout::rib
