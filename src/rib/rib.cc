// SPDX-License-Identifier: Apache-2.0
#include "rib/rib.h"

#include <algorithm>

#include "core/check.h"

namespace lightsout::rib {
namespace {

std::uint64_t key_of(PeerId peer, Row row) {
  return std::uint64_t{row} << 16 | peer;
}

// Nine tenths, in whole numbers.
bool nearly(std::uint32_t count, std::uint32_t whole) {
  return std::uint64_t{count} * 10 >= std::uint64_t{whole} * 9;
}

}  // namespace

std::optional<PeerId> Rib::peer(const PeerKey& key) {
  if (const auto found = numbers_.find(key); found != numbers_.end()) return found->second;
  // Updates that came before the table did not say which collector they are from.
  const auto unknown = numbers_.find({.address = key.address, .asn = key.asn});
  if (key.collector != 0 && unknown != numbers_.end()) {
    const PeerId id = unknown->second;
    numbers_.erase(unknown);
    numbers_.emplace(key, id);
    peers_[id].key = key;
    return id;
  }
  if (peers_.size() >= kMaxPeers) return std::nullopt;
  const PeerId id = static_cast<PeerId>(peers_.size());
  peers_.push_back({.key = key});
  numbers_.emplace(key, id);
  by_session_.emplace(std::pair(key.address, key.asn), id);
  if (peers_.size() % 64 == 1 && index_.size() > 0) {
    fit(active_);
    if (!building_.empty()) fit(building_);
  }
  return id;
}

std::optional<PeerId> Rib::peer_of_session(const IpAddress& address, Asn asn,
                                           const IpAddress& local) {
  const auto [begin, end] = by_session_.equal_range({address, asn});
  if (begin == end) return peer({.address = address, .asn = asn});
  PeerId best = begin->second;
  for (auto at = begin; at != end; ++at) {
    const PeerKey& key = peers_[at->second].key;
    if (local == IpAddress::v4(key.collector)) return at->second;
    if (key < peers_[best].key) best = at->second;
  }
  return best;
}

void Rib::fit(Plane& plane) {
  plane.resize(index_.size(), (peers_.size() + 63) / 64);
}

std::optional<Row> Rib::row_for(const Prefix& prefix) {
  if (const std::optional<Row> row = index_.find(prefix)) return row;
  const std::size_t words = (peers_.size() + 63) / 64;
  if (index_.size() >= kMaxPrefixes || (index_.size() + 1) * words > kMaxWords) {
    ++beyond_limits_;
    return std::nullopt;
  }
  const Row row = index_.find_or_add(prefix);
  active_.resize(index_.size(), words);
  if (!tables_.empty()) building_.resize(index_.size(), words);
  is_changed_.resize(index_.size());
  return row;
}

void Rib::mark(Row row) {
  if (is_changed_[row]) return;
  is_changed_[row] = true;
  changed_.push_back(row);
}

std::vector<Row> Rib::take_changed() {
  for (const Row row : changed_) is_changed_[row] = false;
  std::sort(changed_.begin(), changed_.end());
  return std::exchange(changed_, {});
}

void Rib::set(PeerId peer, Row row, Asn origin) {
  const bool had = active_.seen(row, peer);
  if (!active_.set(row, peer, origin)) return;
  if (!had) ++peers_[peer].prefixes[index_of(index_.at(row).family())];
  mark(row);
}

void Rib::reset(PeerId peer, Row row) {
  if (!active_.reset(row, peer)) return;
  --peers_[peer].prefixes[index_of(index_.at(row).family())];
  mark(row);
}

void Rib::reset_all(PeerId peer) {
  for (Row row = 0; row < index_.size(); ++row) reset(peer, row);
}

void Rib::touch(PeerId peer, Row row, Time time) {
  if (!tables_.empty() && fresh_.size() < kMaxTouched) fresh_.insert(key_of(peer, row));
  touched_.push_back({time, row, peer});
  while (touched_.front().time + kRibBacklog < time || touched_.size() > kMaxTouched) {
    touched_.pop_front();
  }
}

bool Rib::touched(PeerId peer, Row row) const {
  return fresh_.contains(key_of(peer, row));
}

void Rib::begin_table(std::uint32_t collector, Time time, std::span<const PeerId> peers) {
  drop_table(collector);  // a second begin without an end: the first table was cut off
  Table table{.begin = time, .peers = {peers.begin(), peers.end()}};
  std::sort(table.peers.begin(), table.peers.end());
  table.peers.erase(std::unique(table.peers.begin(), table.peers.end()), table.peers.end());
  table.direct = std::all_of(table.peers.begin(), table.peers.end(), [&](PeerId peer) {
    return peers_[peer].prefixes[0] == 0 && peers_[peer].prefixes[1] == 0;
  });
  for (const Touch& touch : touched_) {
    if (touch.time + kRibBacklog >= time) fresh_.insert(key_of(touch.peer, touch.row));
  }
  tables_.emplace(collector, std::move(table));
  fit(active_);
  fit(building_);
}

void Rib::table_route(PeerId peer, const Prefix& prefix, Asn origin) {
  const auto table = tables_.find(peers_[peer].key.collector);
  if (table == tables_.end()) return;
  const std::optional<Row> row = row_for(prefix);
  if (!row) return;
  table->second.has[index_of(prefix.family())] = true;
  if (!table->second.direct) {
    building_.set(*row, peer, origin);
  } else if (!touched(peer, *row)) {
    set(peer, *row, origin);
  }
}

// A table that shows less than half of a peer is not believed, unless one before it said the same.
bool Rib::refuses(const PeerState& peer, const Table& table,
                  const std::uint32_t (&found)[2]) const {
  const bool empty = !table.has[0] && !table.has[1];
  for (int f = 0; f < 2; ++f) {
    if (!table.has[f] && !empty) continue;
    if (peer.in_table[f] == 0 || found[f] * 2 >= peer.prefixes[f]) continue;
    const std::uint32_t before = peer.refused[f];
    const bool confirmed =
        found[f] > 0 && before > 0 && found[f] * 5 >= before * 4 && before * 5 >= found[f] * 4;
    if (!confirmed) return true;
  }
  return false;
}

std::size_t Rib::end_table(std::uint32_t collector) {
  const auto at = tables_.find(collector);
  if (at == tables_.end()) return 0;
  const Table table = std::move(at->second);
  std::vector<std::uint32_t> found[2];
  for (auto& counts : found) counts.resize(peers_.size());
  const Plane& read = table.direct ? active_ : building_;
  for (Row row = 0; row < read.rows(); ++row) {
    auto& counts = found[index_of(index_.at(row).family())];
    for (const PeerId peer : table.peers) counts[peer] += read.seen(row, peer) ? 1 : 0;
  }

  std::size_t refused = 0;
  std::vector<bool> accepted(peers_.size());
  for (const PeerId id : table.peers) {
    PeerState& peer = peers_[id];
    const std::uint32_t counts[2] = {found[0][id], found[1][id]};
    if (!table.direct && refuses(peer, table, counts)) {
      ++refused;
      peer.in_doubt = peer.heard <= table.begin;
      std::copy_n(counts, 2, peer.refused);
      continue;
    }
    accepted[id] = true;
    std::fill_n(peer.refused, 2, 0);
  }
  if (!table.direct) promote(table, accepted);
  for (const PeerId id : table.peers) {
    if (!accepted[id]) continue;
    PeerState& peer = peers_[id];
    for (int f = 0; f < 2; ++f) {
      if (table.has[f]) peer.in_table[f] = found[f][id];
    }
    peer.in_doubt = peer.filling = false;
    peer.up = found[0][id] + found[1][id] > 0;
    peer.heard = std::max(peer.heard, table.begin);
  }
  tables_.erase(collector);
  close_tables();
  judge_full_feed();
  return refused;
}

void Rib::drop_table(std::uint32_t collector) {
  const auto at = tables_.find(collector);
  if (at == tables_.end()) return;
  for (Row row = 0; row < building_.rows(); ++row) {
    for (const PeerId peer : at->second.peers) building_.reset(row, peer);
  }
  tables_.erase(at);
  close_tables();
}

bool Rib::table_replaces(std::uint32_t collector) const {
  const auto at = tables_.find(collector);
  return at != tables_.end() && !at->second.direct;
}

void Rib::close_tables() {
  if (!tables_.empty()) return;
  building_.clear();
  fresh_.clear();
}

void Rib::promote(const Table& table, const std::vector<bool>& accepted) {
  for (Row row = 0; row < building_.rows(); ++row) {
    const bool concerned = table.has[index_of(index_.at(row).family())];
    for (const PeerId peer : table.peers) {
      const bool seen = building_.seen(row, peer);
      const Asn origin = seen ? building_.origin(row, peer) : Asn{};
      building_.reset(row, peer);
      if (!concerned || !accepted[peer] || touched(peer, row)) continue;
      if (seen) {
        set(peer, row, origin);
      } else {
        reset(peer, row);
      }
    }
  }
}

void Rib::judge_full_feed() {
  for (const Family family : {Family::v4, Family::v6}) {
    const int f = index_of(family);
    const std::uint32_t largest = largest_table(family);
    std::uint32_t needed = std::min(kFullFeed[f], largest - largest / 4);
    if (family == Family::v6 && largest_table(Family::v4) >= kRealTable4) {
      needed = std::max(needed, kLeastFullFeed6);
    }
    for (PeerState& peer : peers_) {
      // Hysteresis: who is one stays one down to half of what made it one.
      const std::uint32_t least = peer.full_feed[f] ? needed / 2 : needed;
      peer.full_feed[f] = peer.in_table[f] > 0 && peer.in_table[f] >= least;
    }
  }
}

void Rib::announce(PeerId peer, const Prefix& prefix, Asn origin, Time time) {
  heard(peer, time);
  const std::optional<Row> row = row_for(prefix);
  if (!row) return;
  touch(peer, *row, time);
  set(peer, *row, origin);
  PeerState& state = peers_[peer];
  if (!state.filling) return;
  state.filling = false;
  for (int f = 0; f < 2; ++f) {
    if (state.full_feed[f] && !nearly(state.prefixes[f], state.before_down[f])) {
      state.filling = true;
    }
  }
}

void Rib::withdraw(PeerId peer, const Prefix& prefix, Time time) {
  heard(peer, time);
  const std::optional<Row> row = index_.find(prefix);
  if (!row) return;
  touch(peer, *row, time);
  reset(peer, *row);
}

void Rib::end_of_rib(PeerId peer) {
  peers_[peer].filling = false;
}

void Rib::heard(PeerId peer, Time time) {
  PeerState& state = peers_[peer];
  if (!state.up) session(peer, true, time);
  state.heard = std::max(state.heard, time);
  state.in_doubt = false;
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
  for (auto& [collector, table] : tables_) std::erase(table.peers, peer);
  reset_all(peer);
}

void Rib::expire(Time now) {
  std::map<std::uint32_t, Time> last;
  for (const PeerState& peer : peers_) {
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

bool Rib::counts(PeerId peer, Family family) const {
  const PeerState& state = peers_[peer];
  return state.full_feed[index_of(family)] && state.up && !state.in_doubt && !state.filling;
}

bool Rib::doubtful(Family family) const {
  return std::any_of(peers_.begin(), peers_.end(), [&](const PeerState& peer) {
    return peer.full_feed[index_of(family)] && peer.in_doubt;
  });
}

std::size_t Rib::full_feed_peers(Family family) const {
  return static_cast<std::size_t>(
      std::count_if(peers_.begin(), peers_.end(),
                    [&](const PeerState& peer) { return peer.full_feed[index_of(family)]; }));
}

std::uint32_t Rib::largest_table(Family family) const {
  std::uint32_t largest = 0;
  for (const PeerState& peer : peers_) {
    largest = std::max(largest, peer.in_table[index_of(family)]);
  }
  return largest;
}

std::size_t Rib::counting_peers(Family family) const {
  std::size_t count = 0;
  for (PeerId id = 0; id < peers_.size(); ++id) count += counts(id, family) ? 1 : 0;
  return count;
}

}  // namespace lightsout::rib
