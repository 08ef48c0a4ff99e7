// FlatMap: 64-bit keys to small values in one array, for tables that are asked millions of times.
//
// Open addressing with linear probing; what is erased is closed up by moving its followers back, so
// that a map which lives for months does not fill with tombstones. 16 bytes a slot for a 32-bit
// value, at most three quarters of the slots in use. The key ~0 stands for a free slot and must not
// be used. There is no way to walk it: its order is that of a hash, and ours must not show.
//
//   FlatMap<std::uint32_t> origins;
//   origins[key] = 9198;
//   if (const std::uint32_t* origin = origins.find(key)) ...
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace lightsout::rib {

template <typename Value>
class FlatMap {
 public:
  std::size_t size() const { return used_; }
  bool empty() const { return used_ == 0; }
  void clear() { *this = FlatMap(); }
  bool contains(std::uint64_t key) const { return find(key) != nullptr; }

  const Value* find(std::uint64_t key) const {
    if (used_ == 0) return nullptr;
    const Slot& slot = slots_[slot_of(key)];
    return slot.key == key ? &slot.value : nullptr;
  }
  Value* find(std::uint64_t key) { return const_cast<Value*>(std::as_const(*this).find(key)); }

  // The value of the key, a new one when there is none. Valid until the next new key.
  Value& operator[](std::uint64_t key) {
    if ((used_ + 1) * 4 > slots_.size() * 3) grow();
    Slot& slot = slots_[slot_of(key)];
    if (slot.key != key) {
      slot = {key, Value{}};
      ++used_;
    }
    return slot.value;
  }

  bool erase(std::uint64_t key) {
    if (used_ == 0) return false;
    const std::size_t mask = slots_.size() - 1;
    std::size_t hole = slot_of(key);
    if (slots_[hole].key != key) return false;
    for (std::size_t at = (hole + 1) & mask; slots_[at].key != kFree; at = (at + 1) & mask) {
      // A slot may move back as far as its home, no further.
      const std::size_t home = hash_of(slots_[at].key) & mask;
      if (((at - home) & mask) < ((at - hole) & mask)) continue;
      slots_[hole] = slots_[at];
      hole = at;
    }
    slots_[hole].key = kFree;
    --used_;
    return true;
  }

 private:
  static constexpr std::uint64_t kFree = ~std::uint64_t{0};
  struct Slot {
    std::uint64_t key = kFree;
    Value value{};
  };

  static std::uint64_t hash_of(std::uint64_t key) {
    key *= 0x9e3779b97f4a7c15u;
    return key ^ key >> 32;
  }
  std::size_t slot_of(std::uint64_t key) const {
    const std::size_t mask = slots_.size() - 1;
    std::size_t slot = hash_of(key) & mask;
    while (slots_[slot].key != kFree && slots_[slot].key != key) slot = (slot + 1) & mask;
    return slot;
  }
  void grow() {
    std::vector<Slot> old(slots_.empty() ? 16 : slots_.size() * 2);
    std::swap(old, slots_);
    for (const Slot& slot : old) {
      if (slot.key != kFree) slots_[slot_of(slot.key)] = slot;
    }
  }

  std::vector<Slot> slots_;
  std::size_t used_ = 0;
};

}  // namespace lightsout::rib
