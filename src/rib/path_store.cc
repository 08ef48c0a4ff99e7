// SPDX-License-Identifier: Apache-2.0
#include "rib/path_store.h"

#include <cstring>

namespace lightsout::rib {
namespace {

void put(std::string& out, Asn asn) {
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(asn.number >> shift);
}

Bytes bytes_of(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// The attribute in four-byte form without the first hop of its first segment.
void write_attribute(const bgp::AsPath& path, std::string& out) {
  bool first = true;
  path.for_each_segment([&](const bgp::Segment& segment) {
    const std::size_t skip = first && segment.type == bgp::SegmentType::sequence ? 1 : 0;
    first = false;
    if (segment.size() == skip) return;
    out += static_cast<char>(segment.type);
    out += static_cast<char>(segment.size() - skip);
    for (std::size_t i = skip; i < segment.size(); ++i) put(out, segment.at(i));
  });
}

}  // namespace

PathKey PathKey::of(const bgp::RouteView& route, std::string& scratch) {
  PathKey key;
  const Bytes wire = route.path;
  constexpr std::uint8_t kSequence = static_cast<std::uint8_t>(bgp::SegmentType::sequence);
  const bool plain = route.width == bgp::AsnWidth::four && wire.size() > 2 &&
                     wire[0] == kSequence && wire[1] > 0 && wire.size() == 2u + 4u * wire[1];
  if (plain) {
    key.bytes = wire.subspan(6);
  } else {
    scratch.clear();
    write_attribute(route.as_path(), scratch);
    key.bytes = bytes_of(scratch);
    key.copied = true;
    // Hops in one sequence, as the merged paths of old speakers mostly are, are kept as hops too.
    const std::size_t count = scratch.empty() ? 0 : static_cast<std::uint8_t>(scratch[1]);
    const bool hops =
        !scratch.empty() && scratch[0] == kSequence && scratch.size() == 2 + 4 * count;
    if (hops) key.bytes = key.bytes.subspan(2);
    key.attribute = !hops && !scratch.empty();
  }
  key.hash = PathStore::hash_of(key.bytes, key.attribute);
  return key;
}

std::uint64_t PathStore::hash_of(Bytes bytes, bool attribute) {
  std::uint64_t hash = bytes.size() * 2 + (attribute ? 1 : 0);
  while (bytes.size() >= 8) {
    std::uint64_t word;
    std::memcpy(&word, bytes.data(), 8);
    hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
    hash ^= hash >> 29;
    bytes = bytes.subspan(8);
  }
  std::uint64_t word = 0;
  std::memcpy(&word, bytes.data(), bytes.size());
  hash = (hash ^ word) * 0xbf58476d1ce4e5b9u;
  return hash ^ hash >> 32;
}

Bytes PathStore::bytes_of(PathId id) const {
  return {reinterpret_cast<const std::uint8_t*>(&arena_[id + 1]), arena_[id] & kSize};
}

bool PathStore::is(PathId id, const PathKey& key) const {
  const std::uint32_t head = arena_[id];
  return (head & kSize) == key.bytes.size() && ((head & kAttribute) != 0) == key.attribute &&
         std::memcmp(&arena_[id + 1], key.bytes.data(), key.bytes.size()) == 0;
}

PathStore::PathId PathStore::intern(const PathKey& key) {
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t slot = key.hash & mask; slots_[slot] != 0; slot = (slot + 1) & mask) {
    if (is(slots_[slot], key)) return slots_[slot];
  }
  const std::size_t words = 1 + (key.bytes.size() + 3) / 4;
  if (arena_.size() + words > max_words_ || key.bytes.size() > kSize) {
    ++beyond_limit_;
    return 0;
  }
  const PathId id = static_cast<PathId>(arena_.size());
  arena_.resize(arena_.size() + words);
  arena_[id] = static_cast<std::uint32_t>(key.bytes.size()) | (key.attribute ? kAttribute : 0);
  if (!key.bytes.empty()) std::memcpy(&arena_[id + 1], key.bytes.data(), key.bytes.size());
  insert(id, key.hash);
  if (++count_ * 4 > slots_.size() * 3) index_all(slots_.size() * 2);
  return id;
}

void PathStore::insert(PathId id, std::uint64_t hash) {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = hash & mask;
  while (slots_[slot] != 0) slot = (slot + 1) & mask;
  slots_[slot] = id;
}

void PathStore::index_all(std::size_t slots) {
  slots_.assign(slots, 0);
  for (PathId id = 1; id < arena_.size();) {
    const Bytes bytes = bytes_of(id);
    insert(id, hash_of(bytes, (arena_[id] & kAttribute) != 0));
    id += 1 + static_cast<PathId>((bytes.size() + 3) / 4);
  }
}

PathStore::Cell& PathStore::cell(Part part, PeerId peer, Row row) {
  auto& peers = blocks_[part];
  if (peer >= peers.size()) peers.resize(peer + 1u);
  auto& blocks = peers[peer];
  if (row / kBlockRows >= blocks.size()) blocks.resize(row / kBlockRows + 1);
  auto& block = blocks[row / kBlockRows];
  if (!block) block = std::make_unique<Block>();
  return (*block)[row % kBlockRows];
}

void PathStore::set(Part part, PeerId peer, Row row, const PathKey& key, std::uint32_t since) {
  if (given_up_ > count_ / 2 + kBlockRows) collect();
  Cell& cell = this->cell(part, peer, row);
  cell.since = since;
  // Mostly a route is sent again as it was, or only its other attributes changed.
  if (cell.path != 0 && is(cell.path, key)) return;
  if (cell.path != 0) ++given_up_;
  cell.path = intern(key);
}

void PathStore::promote(PeerId peer, Row row) {
  const Cell from = at(table, peer, row);
  Cell& to = cell(state, peer, row);
  if (to.path != 0 && to.path != from.path) ++given_up_;
  to = from;
}

void PathStore::reset(Part part, PeerId peer, Row row) {
  if (at(part, peer, row).path == 0) return;
  ++given_up_;
  cell(part, peer, row) = {};
}

bgp::AsPath PathStore::path(PathId id, Asn peer, std::string& scratch) const {
  scratch.clear();
  if (id == 0) return {};
  const Bytes rest = bytes_of(id);
  std::size_t hops = rest.size() / 4;
  if ((arena_[id] & kAttribute) != 0) {
    // The peer joins the hops that follow it.
    const bool joins = rest[0] == 2 && rest[1] < 255;
    scratch += '\2';
    scratch += static_cast<char>(joins ? rest[1] + 1 : 1);
    put(scratch, peer);
    scratch.append(rest.begin() + (joins ? 2 : 0), rest.end());
  } else {
    // A segment has up to 255 hops, the peer among them.
    std::size_t at = 0;
    for (bool first = true; first || hops > 0; first = false) {
      const std::size_t count = std::min<std::size_t>(hops, first ? 254 : 255);
      scratch += '\2';
      scratch += static_cast<char>(count + (first ? 1 : 0));
      if (first) put(scratch, peer);
      scratch.append(rest.begin() + static_cast<std::ptrdiff_t>(at),
                     rest.begin() + static_cast<std::ptrdiff_t>(at + count * 4));
      at += count * 4;
      hops -= count;
    }
  }
  return bgp::AsPath::make(rib::bytes_of(scratch), bgp::AsnWidth::four).value_or(bgp::AsPath{});
}

template <typename Use>
void PathStore::for_each_cell(Use&& use) {
  for (auto& peers : blocks_) {
    for (auto& blocks : peers) {
      for (auto& block : blocks) {
        if (!block) continue;
        for (Cell& cell : *block) {
          if (cell.path != 0) use(cell);
        }
      }
    }
  }
}

void PathStore::collect() {
  for_each_cell([&](const Cell& cell) { arena_[cell.path] |= kUsed; });
  std::vector<std::uint32_t> kept(1);
  count_ = given_up_ = 0;
  for (std::size_t id = 1; id < arena_.size();) {
    const std::size_t words = 1 + ((arena_[id] & kSize) + 3) / 4;
    if ((arena_[id] & kUsed) != 0) {
      const auto moved = static_cast<PathId>(kept.size());
      arena_[id] &= ~kUsed;
      kept.insert(kept.end(), &arena_[id], &arena_[id] + words);
      arena_[id] = moved;  // where it is now
      ++count_;
    }
    id += words;
  }
  for_each_cell([&](Cell& cell) { cell.path = arena_[cell.path]; });
  arena_ = std::move(kept);
  std::size_t slots = 1024;
  while (count_ * 4 > slots * 3) slots *= 2;
  index_all(slots);
}

}  // namespace lightsout::rib
