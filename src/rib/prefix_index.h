// PrefixIndex gives each prefix that was ever seen a row number, in the order of first sight.
//
// An open-addressed table of row numbers beside a flat array of prefixes: 18 bytes a prefix and 5
// to 11 for the table. The upper bits of a slot hold some of the prefix's hash, so that a prefix
// that is not there is nearly always told without looking at another one. Rows are never removed; a
// prefix that is gone is a row that nobody sees.
//
// Asking for a batch of prefixes is faster when their slots are on the way into the cache:
//
//   for (const Prefix& prefix : batch) index.prefetch(hash[i++] = PrefixIndex::hash_of(prefix));
//   for (const Prefix& prefix : batch) index.find(prefix, hash[j++]);
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <vector>

#include "net/prefix.h"

namespace lightsout::rib {

using Row = std::uint32_t;

class PrefixIndex {
 public:
  // Rows fit into kRowBits, and the number of all ones stands for a free slot.
  static constexpr unsigned kRowBits = 21;
  static constexpr std::size_t kMaxRows = (std::size_t{1} << kRowBits) - 1;

  static std::uint64_t hash_of(const Prefix& prefix) {
    std::uint64_t upper, lower;
    std::memcpy(&upper, prefix.address().bytes.data(), 8);
    std::memcpy(&lower, prefix.address().bytes.data() + 8, 8);
    const std::uint64_t family = prefix.family() == Family::v4 ? 0 : 1;
    std::uint64_t hash = upper * 0x9e3779b97f4a7c15u;
    hash ^= (lower + prefix.length() * 2 + family) * 0xc2b2ae3d27d4eb4fu;
    hash ^= hash >> 29;
    hash *= 0xbf58476d1ce4e5b9u;
    return hash ^ hash >> 32;
  }

  std::size_t size() const { return prefixes_.size(); }
  const Prefix& at(Row row) const { return prefixes_[row]; }

  std::optional<Row> find(const Prefix& prefix) const { return find(prefix, hash_of(prefix)); }
  std::optional<Row> find(const Prefix& prefix, std::uint64_t hash) const {
    const Row row = slots_[slot_of(prefix, hash)] & kRowMask;
    return row == kRowMask ? std::nullopt : std::optional(row);
  }
  // The caller keeps size() at most kMaxRows.
  Row find_or_add(const Prefix& prefix) { return find_or_add(prefix, hash_of(prefix)); }
  Row find_or_add(const Prefix& prefix, std::uint64_t hash);

  void reserve(std::size_t rows) { prefixes_.reserve(rows); }

  void prefetch(std::uint64_t hash) const { __builtin_prefetch(&slots_[hash & mask_]); }
  // The row that the first slot names, likely the prefix's own: to have it fetched. kMaxRows: none.
  Row likely_row(std::uint64_t hash) const {
    const Row row = slots_[hash & mask_] & kRowMask;
    if (row != kRowMask) __builtin_prefetch(&prefixes_[row]);
    return row;
  }

 private:
  static constexpr Row kRowMask = (Row{1} << kRowBits) - 1;
  static constexpr Row kFree = ~Row{0};

  static Row tag_of(std::uint64_t hash) { return static_cast<Row>(hash >> 32) & ~kRowMask; }
  // The slot that holds the prefix, or the free one where it belongs.
  std::size_t slot_of(const Prefix& prefix, std::uint64_t hash) const {
    const Row tag = tag_of(hash);
    std::size_t slot = hash & mask_;
    while (slots_[slot] != kFree) {
      const Row entry = slots_[slot];
      if ((entry & ~kRowMask) == tag && prefixes_[entry & kRowMask] == prefix) break;
      slot = (slot + 1) & mask_;
    }
    return slot;
  }
  void grow();

  std::vector<Prefix> prefixes_;
  std::vector<Row> slots_ = std::vector<Row>(1024, kFree);
  std::size_t mask_ = 1023;
};

}  // namespace lightsout::rib
