// Rib's routing tables: how one is read beside the updates, believed or refused, and taken over.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <bit>

#include "rib/rib.h"

namespace lightsout::rib {

void Rib::begin_table(std::uint32_t collector, Time time, std::span<const PeerId> peers) {
  drop_table(collector);  // a second begin without an end: the first table was cut off
  OpenTable table{.begin = time, .peers = {peers.begin(), peers.end()}};
  std::sort(table.peers.begin(), table.peers.end());
  table.peers.erase(std::unique(table.peers.begin(), table.peers.end()), table.peers.end());
  const auto has_nothing = [](const PeerState& peer) {
    return peer.prefixes[0] == 0 && peer.prefixes[1] == 0;
  };
  table.direct = table.peers.empty()
                     ? std::all_of(peers_.all().begin(), peers_.all().end(), has_nothing)
                     : std::all_of(table.peers.begin(), table.peers.end(),
                                   [&](PeerId peer) { return has_nothing(peers_[peer]); });
  for (const Touch& touch : touched_) {
    if (touch.time + kRibBacklog < time || touch.epoch != peers_[touch.peer].epoch) continue;
    fresh_[std::uint64_t{touch.row} << 16 | touch.peer] = 1;
  }
  OpenTable& open = tables_.emplace(collector, std::move(table)).first->second;
  for (const PeerId peer : open.peers) join(open, peer);
  if (index_.size() == 0) {
    // Room for all that may come. Address space costs nothing until it is used, and growing step by
    // step would take half as much memory again for a moment.
    index_.reserve(options_.max_prefixes);
    active_.reserve(
        std::min(options_.max_prefixes, options_.max_words / std::max<std::size_t>(words(), 1)),
        words());
  }
  fit(active_);
  builds_ = builds_ || !open.direct;
  if (builds_) fit(building_);
}

void Rib::join(OpenTable& table, PeerId peer) {
  table.mask.resize(words());
  table.found.resize(peers_.size());
  table.mask[peer / 64] |= std::uint64_t{1} << peer % 64;
  table_of_[peer] = &table;
}

void Rib::table_peer(std::uint32_t collector, PeerId peer) {
  if (table_of_[peer] != nullptr) return;
  const auto at = tables_.find(collector);
  if (at == tables_.end()) return;
  at->second.peers.push_back(peer);
  join(at->second, peer);
}

void Rib::table_route(PeerId peer, Row row, const Route& route) {
  OpenTable* table = table_of_[peer];
  if (table == nullptr) return;
  const int family = index_of(index_.at(row).family());
  table->has[family] = true;
  if (table->direct) {
    if (!touched(peer, row)) set(peer, row, route);
    return;
  }
  if (building_.set(row, peer, route.origin) == Plane::Change::seen) ++table->found[peer][family];
  if (route.path_id) building_add_paths_.announce(peer, row, *route.path_id, route.origin);
  if (paths_ && route.path != nullptr) {
    paths_->set(PathStore::table, peer, row, *route.path, route.since);
  }
}

void Rib::table_routes(Row row, std::span<TableRoute> routes, std::span<const PathKey> paths) {
  for (const PathKey& path : paths) paths_->prefetch_path(path);
  for (std::size_t i = 0; i < paths.size(); ++i) routes[i].route.path = &paths[i];
  const int family = index_of(index_.at(row).family());
  const bool plain = fresh_.empty() && add_paths_.empty() && !paths_;
  bool changed = false;
  for (const TableRoute& one : routes) {
    OpenTable* const table = table_of_[one.peer];
    // What the first table of a collector nearly always is: routes that nothing speaks against.
    if (!plain || table == nullptr || !table->direct || one.route.path_id) {
      table_route(one.peer, row, one.route);
      continue;
    }
    table->has[family] = true;
    const Plane::Change change = active_.set(row, one.peer, one.route.origin);
    if (change == Plane::Change::seen) ++peers_[one.peer].prefixes[family];
    changed |= change != Plane::Change::none;
  }
  if (changed) mark(row);
}

// A table that shows less than half of a peer is not believed, unless one before it said the same.
bool Rib::refuses(const PeerState& peer, const OpenTable& table,
                  const std::array<std::uint32_t, 2>& found) const {
  const bool empty = !table.has[0] && !table.has[1];
  for (std::size_t f = 0; f < 2; ++f) {
    if (!table.has[f] && !empty) continue;
    if (peer.in_table[f] == 0 || found[f] * 2 >= peer.prefixes[f]) continue;
    const std::uint32_t before = peer.refused[f];
    const bool confirmed =
        found[f] > 0 && before > 0 && found[f] * 5 >= before * 4 && before * 5 >= found[f] * 4;
    if (!confirmed) return true;
  }
  return false;
}

// Marks the peers of which the table is believed; says of how many it is not.
std::size_t Rib::judge(const OpenTable& table, std::vector<std::uint64_t>& accepted) {
  std::size_t refused = 0;
  for (const PeerId id : table.peers) {
    PeerState& peer = peers_[id];
    if (!table.direct && refuses(peer, table, table.found[id])) {
      ++refused;
      peer.in_doubt = peer.heard <= table.begin;
      std::copy_n(table.found[id].begin(), 2, peer.refused);
      continue;
    }
    accepted[id / 64] |= std::uint64_t{1} << id % 64;
    std::fill_n(peer.refused, 2, 0);
  }
  return refused;
}

void Rib::accept(PeerId id, const OpenTable& table) {
  PeerState& peer = peers_[id];
  const std::uint32_t counts[2] = {table.direct ? peer.prefixes[0] : table.found[id][0],
                                   table.direct ? peer.prefixes[1] : table.found[id][1]};
  for (std::size_t f = 0; f < 2; ++f) {
    if (table.has[f]) peer.in_table[f] = counts[f];
  }
  peer.in_doubt = peer.filling = peer.quarantined = false;
  peer.damaged = 0;
  peer.up = counts[0] + counts[1] > 0;
  peer.heard = std::max(peer.heard, table.begin);
}

std::size_t Rib::end_table(std::uint32_t collector, Table what) {
  const auto at = tables_.find(collector);
  if (at == tables_.end()) return 0;
  const OpenTable& table = at->second;
  std::vector<std::uint64_t> accepted(words());
  // What a damaged table lacks is no reason to doubt a peer, and what it holds none to trust it.
  const bool adds = what == Table::damaged && !table.direct;
  const std::size_t refused = adds ? 0 : judge(table, accepted);
  if (!table.direct) promote(table, adds ? table.mask : accepted, what);
  for (const PeerId id : table.peers) {
    if ((accepted[id / 64] >> id % 64 & 1) != 0) accept(id, table);
    table_of_[id] = nullptr;
  }
  tables_.erase(at);
  close_tables();
  peers_.judge_full_feed();
  return refused;
}

void Rib::promote(const OpenTable& table, std::span<const std::uint64_t> accepted, Table what) {
  for (Row row = 0; row < building_.rows(); ++row) {
    if (table.has[index_of(index_.at(row).family())]) promote_row(row, accepted, what);
    empty_building(table, row);
  }
}

void Rib::promote_row(Row row, std::span<const std::uint64_t> accepted, Table what) {
  // Where all agree on the origin, only those who do not agree on the prefix need a look.
  const bool same = !paths_ && add_paths_.empty() && building_add_paths_.empty() &&
                    !building_.mixed(row) && !active_.mixed(row) &&
                    building_.common_origin(row) == active_.common_origin(row);
  for (std::size_t word = 0; word < accepted.size(); ++word) {
    const std::uint64_t want = building_.mask(row)[word], have = active_.mask(row)[word];
    std::uint64_t bits = (same ? want ^ have : want | have) & accepted[word];
    for (; bits != 0; bits &= bits - 1) {
      const auto bit = static_cast<unsigned>(std::countr_zero(bits));
      const PeerId peer = static_cast<PeerId>(word * 64 + bit);
      if (touched(peer, row)) continue;
      if ((want >> bit & 1) != 0) {
        set_origin(peer, row, building_.origin(row, peer));
        if (!building_add_paths_.empty()) building_add_paths_.move_to(add_paths_, peer, row);
        if (paths_) paths_->promote(peer, row);
      } else if (what == Table::whole) {
        reset(peer, row);
      }
    }
  }
}

void Rib::empty_building(const OpenTable& table, Row row) {
  for (std::size_t word = 0; word < table.mask.size(); ++word) {
    std::uint64_t bits = building_.mask(row)[word] & table.mask[word];
    for (; bits != 0; bits &= bits - 1) {
      const PeerId peer =
          static_cast<PeerId>(word * 64 + static_cast<unsigned>(std::countr_zero(bits)));
      building_.reset(row, peer);
      if (!building_add_paths_.empty()) building_add_paths_.forget(peer, row);
      if (paths_) paths_->reset(PathStore::table, peer, row);
    }
  }
}

// The session ended while the table was read: what the table says of the peer is of an earlier
// epoch.
void Rib::leave(OpenTable& table, PeerId peer) {
  std::erase(table.peers, peer);
  table_of_[peer] = nullptr;
  for (Row row = 0; row < building_.rows(); ++row) {
    building_.reset(row, peer);
    if (paths_) paths_->reset(PathStore::table, peer, row);
    if (!building_add_paths_.empty()) building_add_paths_.forget(peer, row);
  }
  table.mask[peer / 64] &= ~(std::uint64_t{1} << peer % 64);
}

void Rib::drop_table(std::uint32_t collector) {
  const auto at = tables_.find(collector);
  if (at == tables_.end()) return;
  for (Row row = 0; row < building_.rows(); ++row) empty_building(at->second, row);
  for (const PeerId peer : at->second.peers) table_of_[peer] = nullptr;
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
  builds_ = false;
  building_add_paths_ = AddPaths();
  if (paths_) paths_->drop_table();
  fresh_.clear();
}

}  // namespace lightsout::rib
