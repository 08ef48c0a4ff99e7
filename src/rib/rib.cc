// SPDX-License-Identifier: Apache-2.0
#include "rib/rib.h"

#include <algorithm>
#include <bit>

#include "core/check.h"

namespace lightsout::rib {
namespace {

// Nine tenths, in whole numbers.
bool nearly(std::uint32_t count, std::uint32_t whole) {
  return std::uint64_t{count} * 10 >= std::uint64_t{whole} * 9;
}

}  // namespace

Rib::Rib(const RibOptions& options) : options_(options), peers_(options.full_feed) {
  options_.max_prefixes = std::min(options_.max_prefixes, PrefixIndex::kMaxRows);
  if (options.paths) paths_ = std::make_unique<PathStore>();
}

std::optional<PeerId> Rib::peer(const PeerKey& key) {
  // One more word of bits for every prefix must fit.
  const bool full = peers_.size() % 64 == 0 && (words() + 1) * index_.size() > options_.max_words;
  const std::size_t before = peers_.size();
  const auto id = peers_.find_or_add(key, full ? before : kMaxPeers);
  if (peers_.size() == before) return id;
  table_of_.push_back(nullptr);
  if (before % 64 == 0 && index_.size() > 0) {
    fit(active_);
    if (builds_) fit(building_);
  }
  return id;
}

std::optional<PeerId> Rib::peer_of_session(const IpAddress& address, Asn asn,
                                           const IpAddress& local) {
  if (const auto known = peers_.of_session(address, asn, local)) return known;
  return peer({.address = address, .asn = asn});
}

std::optional<Row> Rib::row_for(const Prefix& prefix, std::uint64_t hash) {
  if (const std::optional<Row> row = index_.find(prefix, hash)) return row;
  const std::size_t words = this->words();
  if (index_.size() >= options_.max_prefixes || (index_.size() + 1) * words > options_.max_words) {
    ++beyond_limits_;
    return std::nullopt;
  }
  const Row row = index_.find_or_add(prefix, hash);
  active_.resize(index_.size(), words);
  if (builds_) building_.resize(index_.size(), words);
  is_changed_.resize(index_.size());
  return row;
}

void Rib::set_origin(PeerId peer, Row row, Asn origin) {
  const Plane::Change change = active_.set(row, peer, origin);
  if (change == Plane::Change::none) return;
  if (change == Plane::Change::seen) ++peers_[peer].prefixes[index_of(index_.at(row).family())];
  mark(row);
}

void Rib::set(PeerId peer, Row row, const Route& route) {
  set_origin(peer, row, route.origin);
  if (route.path_id) {
    add_paths_.announce(peer, row, *route.path_id, route.origin);
  } else if (!add_paths_.empty()) {
    add_paths_.forget(peer, row);
  }
  if (paths_ && route.path != nullptr) {
    paths_->set(PathStore::state, peer, row, *route.path, route.since);
  }
}

void Rib::reset(PeerId peer, Row row) {
  if (!active_.reset(row, peer)) return;
  --peers_[peer].prefixes[index_of(index_.at(row).family())];
  if (!add_paths_.empty()) add_paths_.forget(peer, row);
  if (paths_) paths_->reset(PathStore::state, peer, row);
  mark(row);
}

void Rib::reset_all(PeerId peer) {
  for (Row row = 0; row < active_.rows(); ++row) reset(peer, row);
}

void Rib::touch(PeerId peer, Row row, Time time) {
  if (!tables_.empty()) fresh_[std::uint64_t{row} << 16 | peer] = 1;
  touched_.push_back({time, row, peer, peers_[peer].epoch});
  while (touched_.front().time + kRibBacklog < time || touched_.size() > kMaxTouched) {
    touched_.pop_front();
  }
}

void Rib::announce(PeerId peer, const Prefix& prefix, std::uint64_t hash, const Route& route,
                   Time time) {
  heard(peer, time);
  const std::optional<Row> row = row_for(prefix, hash);
  if (!row) return;
  touch(peer, *row, time);
  set(peer, *row, route);
  if (peers_[peer].filling) still_filling(peers_[peer]);
}

void Rib::still_filling(PeerState& state) {
  state.filling = false;
  for (int f = 0; f < 2; ++f) {
    if (state.full_feed[f] && !nearly(state.prefixes[f], state.before_down[f])) {
      state.filling = true;
    }
  }
}

void Rib::withdraw(PeerId peer, const Prefix& prefix, std::uint64_t hash, Time time,
                   std::optional<std::uint32_t> path_id) {
  heard(peer, time);
  const std::optional<Row> row = index_.find(prefix, hash);
  if (!row) return;
  touch(peer, *row, time);
  if (path_id) {
    if (const auto left = add_paths_.withdraw(peer, *row, *path_id)) {
      return set_origin(peer, *row, *left);
    }
  }
  reset(peer, *row);
}

void Rib::heard(PeerId peer, Time time) {
  PeerState& state = peers_[peer];
  if (!state.up) session(peer, true, time);
  state.heard = std::max(state.heard, time);
  state.in_doubt = false;
}

void Rib::damaged(PeerId peer) {
  PeerState& state = peers_[peer];
  if (++state.damaged >= kMaxDamaged) state.quarantined = true;
}

void Rib::session(PeerId peer, bool established, Time time) {
  PeerState& state = peers_[peer];
  state.heard = std::max(state.heard, time);
  if (established) {
    state.filling = !state.up && (state.full_feed[0] || state.full_feed[1]);
    state.up = true;
    return;
  }
  if (!state.up && state.prefixes[0] == 0 && state.prefixes[1] == 0) return;
  // A session that falls while it fills had the size that it had before.
  if (!state.filling) std::copy_n(state.prefixes, 2, state.before_down);
  state.up = state.filling = false;
  ++state.epoch;
  if (table_of_[peer] != nullptr) leave(*table_of_[peer], peer);
  reset_all(peer);
}

void Rib::expire(Time now) {
  std::map<std::uint32_t, Time> last;
  for (const PeerState& peer : peers_.all()) {
    Time& time = last[peer.key.collector];
    time = std::max(time, peer.heard);
  }
  for (PeerId id = 0; id < peers_.size(); ++id) {
    const PeerState& peer = peers_[id];
    const Time collector_heard = last[peer.key.collector];
    if (!peer.up || collector_heard + kMaxSilence < now) continue;
    if (peer.heard + kMaxSilence < collector_heard) session(id, false, peer.heard);
  }
}

bgp::AsPath Rib::path(PeerId peer, Row row, std::string& scratch) const {
  if (!paths_) return {};
  const auto cell = paths_->at(PathStore::state, peer, row);
  return paths_->path(cell.path, peers_[peer].key.asn, scratch);
}

std::uint32_t Rib::since(PeerId peer, Row row) const {
  return paths_ ? paths_->at(PathStore::state, peer, row).since : 0;
}

std::uint64_t Rib::routes_refused_by_limit() const {
  return beyond_limits_ + add_paths_.refused_by_limit() + building_add_paths_.refused_by_limit() +
         (paths_ ? paths_->refused_by_limit() : 0);
}

}  // namespace lightsout::rib
