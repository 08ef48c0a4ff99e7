// SPDX-License-Identifier: Apache-2.0
#include "rib/prefix_index.h"

#include <cstring>

namespace lightsout::rib {
namespace {

std::uint64_t hash_of(const Prefix& prefix) {
  std::uint64_t upper, lower;
  std::memcpy(&upper, prefix.address().bytes.data(), 8);
  std::memcpy(&lower, prefix.address().bytes.data() + 8, 8);
  std::uint64_t hash = upper * 0x9e3779b97f4a7c15u;
  hash ^= (lower + prefix.length()) * 0xc2b2ae3d27d4eb4fu;
  hash ^= hash >> 29;
  hash *= 0xbf58476d1ce4e5b9u;
  return hash ^ hash >> 32;
}

}  // namespace

// The slot that holds the prefix, or the free one where it belongs.
std::size_t PrefixIndex::slot_of(const Prefix& prefix) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = hash_of(prefix) & mask;
  while (slots_[slot] != kFree && prefixes_[slots_[slot]] != prefix) slot = (slot + 1) & mask;
  return slot;
}

std::optional<Row> PrefixIndex::find(const Prefix& prefix) const {
  const Row row = slots_[slot_of(prefix)];
  return row == kFree ? std::nullopt : std::optional(row);
}

Row PrefixIndex::find_or_add(const Prefix& prefix) {
  std::size_t slot = slot_of(prefix);
  if (slots_[slot] != kFree) return slots_[slot];
  if ((prefixes_.size() + 1) * 4 > slots_.size() * 3) {
    grow();
    slot = slot_of(prefix);
  }
  slots_[slot] = static_cast<Row>(prefixes_.size());
  prefixes_.push_back(prefix);
  return slots_[slot];
}

void PrefixIndex::grow() {
  slots_.assign(slots_.size() * 2, kFree);
  for (Row row = 0; row < prefixes_.size(); ++row) slots_[slot_of(prefixes_[row])] = row;
}

}  // namespace lightsout::rib
