// SPDX-License-Identifier: Apache-2.0
#include "source/seen.h"

#include <utility>

namespace lightsout {

namespace {

// FNV-1a, finished with the mixer of splitmix64 because FNV alone is weak in its low bits.
std::uint64_t name_of(std::string_view text) {
  std::uint64_t hash = 14695981039346656037u;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  hash = (hash ^ hash >> 30) * 0xBF58476D1CE4E5B9u;
  hash = (hash ^ hash >> 27) * 0x94D049BB133111EBu;
  hash ^= hash >> 31;
  return hash == 0 ? 1 : hash;
}

}  // namespace

void Seen::put(std::uint64_t name) {
  std::size_t at = name & (table_.size() - 1);
  while (table_[at] != 0) at = (at + 1) & (table_.size() - 1);
  table_[at] = name;
}

void Seen::grow() {
  std::vector<std::uint64_t> old = std::exchange(table_, {});
  table_.assign(old.empty() ? 1024 : old.size() * 2, 0);
  for (const std::uint64_t name : old) {
    if (name != 0) put(name);
  }
}

Seen::Answer Seen::add(std::string_view text) {
  if (table_.size() < 2 * (count_ + 1)) grow();
  const std::uint64_t name = name_of(text);
  for (std::size_t at = name & (table_.size() - 1); table_[at] != 0;
       at = (at + 1) & (table_.size() - 1)) {
    if (table_[at] == name) return Answer::known;
  }
  if (count_ >= limit_) return Answer::full;
  ++count_;
  put(name);
  return Answer::fresh;
}

}  // namespace lightsout
