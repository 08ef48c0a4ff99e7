// SPDX-License-Identifier: Apache-2.0
#include "rib/peers.h"

#include <algorithm>

namespace lightsout::rib {

std::optional<PeerId> PeerSet::find_or_add(const PeerKey& key, std::size_t limit) {
  if (const auto found = numbers_.find(key); found != numbers_.end()) return found->second;
  asked_.assign(kAsked, {});
  // Updates that came before the table did not say which collector they are from.
  const auto unknown = numbers_.find({.address = key.address, .asn = key.asn});
  if (key.collector != 0 && unknown != numbers_.end()) {
    const PeerId id = unknown->second;
    numbers_.erase(unknown);
    numbers_.emplace(key, id);
    states_[id].key = key;
    return id;
  }
  if (states_.size() >= std::min(limit, kMaxPeers)) return std::nullopt;
  const PeerId id = static_cast<PeerId>(states_.size());
  states_.push_back({.key = key});
  numbers_.emplace(key, id);
  by_session_.emplace(std::pair(key.address, key.asn), id);
  return id;
}

std::size_t PeerSet::slot_of(const IpAddress& address, Asn asn) {
  std::uint64_t hash = asn.number;
  for (const std::uint8_t byte : address.bytes) hash = hash * 31 + byte;
  return (hash * 0x9e3779b97f4a7c15u >> 32) % kAsked;
}

std::optional<PeerId> PeerSet::of_session(const IpAddress& address, Asn asn,
                                          const IpAddress& local) {
  Asked& asked = asked_[slot_of(address, asn)];
  if (!asked.peer || asked.asn != asn || asked.address != address || asked.local != local) {
    asked = {address, local, asn, search(address, asn, local)};
  }
  return asked.peer;
}

std::optional<PeerId> PeerSet::search(const IpAddress& address, Asn asn,
                                      const IpAddress& local) const {
  const auto [begin, end] = by_session_.equal_range({address, asn});
  if (begin == end) return std::nullopt;
  PeerId best = begin->second;
  for (auto at = begin; at != end; ++at) {
    const PeerKey& key = states_[at->second].key;
    if (local == IpAddress::v4(key.collector)) return at->second;
    if (key < states_[best].key) best = at->second;
  }
  return best;
}

void PeerSet::judge_full_feed() {
  for (const Family family : {Family::v4, Family::v6}) {
    const int f = index_of(family);
    std::uint32_t needed = rule_.least[f];
    if (rule_.or_most) {
      const std::uint32_t largest = largest_table(family);
      needed = std::min(needed, largest - largest / 4);
      if (family == Family::v6 && largest_table(Family::v4) >= FullFeedRule::kRealTable4) {
        needed = std::max(needed, FullFeedRule::kLeast6);
      }
    }
    for (PeerState& peer : states_) {
      const std::uint32_t least = peer.full_feed[f] ? needed / 2 : needed;
      peer.full_feed[f] = peer.in_table[f] > 0 && peer.in_table[f] >= least;
    }
  }
}

bool PeerSet::doubtful(Family family) const {
  return std::any_of(states_.begin(), states_.end(), [&](const PeerState& peer) {
    return peer.full_feed[index_of(family)] && (peer.in_doubt || peer.quarantined);
  });
}

std::size_t PeerSet::full_feed(Family family) const {
  return static_cast<std::size_t>(
      std::count_if(states_.begin(), states_.end(),
                    [&](const PeerState& peer) { return peer.full_feed[index_of(family)]; }));
}

std::size_t PeerSet::counting(Family family) const {
  std::size_t count = 0;
  for (PeerId id = 0; id < states_.size(); ++id) count += counts(id, family) ? 1 : 0;
  return count;
}

std::uint32_t PeerSet::largest_table(Family family) const {
  std::uint32_t largest = 0;
  for (const PeerState& peer : states_) {
    largest = std::max(largest, peer.in_table[index_of(family)]);
  }
  return largest;
}

}  // namespace lightsout::rib
