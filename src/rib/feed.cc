// SPDX-License-Identifier: Apache-2.0
#include "rib/feed.h"

#include <fmt/format.h>

namespace lightsout::rib {

using mrt::Decoded;
using mrt::Record;

void FeedTotals::merge(const FeedTotals& other) {
  records += other.records;
  tables += other.tables;
  dropped_tables += other.dropped_tables;
  damaged_tables += other.damaged_tables;
  table_routes += other.table_routes;
  announced += other.announced;
  withdrawn += other.withdrawn;
  state_changes += other.state_changes;
  not_the_peers += other.not_the_peers;
  refused_peers += other.refused_peers;
  damaged_messages += other.damaged_messages;
  end_of_ribs += other.end_of_ribs;
  peers_beyond_limit += other.peers_beyond_limit;
  for (const auto& [name, count] : other.unsupported) unsupported[name] += count;
}

void Feed::apply(const Record& record) {
  ++totals_.records;
  changes_.clear();
  Decoded decoded = Decoded::unsupported;
  if (record.type == mrt::kTableDump2) decoded = table_record(record);
  if (record.is_old_rib()) decoded = old_table_record(record);
  if (record.is_session()) decoded = update_record(record);
  if (decoded == Decoded::unsupported) {
    ++totals_.unsupported[mrt::name_of(record.type, record.subtype)];
  }
  if (decoded == Decoded::damaged) add_damage(record, "the record cannot be read");
}

void Feed::finish(End end) {
  if (!collector_) return;
  const bool damaged = end == End::damaged || table_damaged_;
  if (end == End::cut) {
    rib_.drop_table(*collector_);
    ++totals_.dropped_tables;
  } else {
    totals_.damaged_tables += damaged && rib_.table_replaces(*collector_) ? 1 : 0;
    totals_.refused_peers +=
        rib_.end_table(*collector_, damaged ? Rib::Table::damaged : Rib::Table::whole);
    ++totals_.tables;
  }
  collector_.reset();
}

void Feed::add_damage(const Record& record, std::string_view reason) {
  if (record.type == mrt::kTableDump2 || record.is_old_rib()) table_damaged_ = true;
  damage_.add({.file = file_,
               .offset = record.offset,
               .bytes = record.body.size() + 12,
               .reason = fmt::format("{}: {}", mrt::name_of(record.type, record.subtype), reason)});
}

Decoded Feed::peer_table(const Record& record) {
  const Result<mrt::PeerIndexTable> table = mrt::decode_peer_index_table(record.body);
  if (!table) return Decoded::damaged;
  finish(End::whole);  // a file of two tables, one behind the other
  table_damaged_ = false;
  table_peers_.clear();
  table_asns_.clear();
  // Identifier 0 stands for "not known", so a table that says 0 is collector 1.
  collector_ = std::max<std::uint32_t>(table->collector_id, 1);
  std::vector<PeerId> known;
  for (const mrt::Peer& peer : table->peers) {
    const std::optional<PeerId> id =
        rib_.peer({.collector = *collector_, .address = peer.address, .asn = peer.asn});
    if (!id) ++totals_.peers_beyond_limit;
    if (id) known.push_back(*id);
    table_peers_.push_back(id);
    table_asns_.push_back(peer.asn);
  }
  rib_.begin_table(*collector_, record.time, known);
  return Decoded::yes;
}

Decoded Feed::table_record(const Record& record) {
  if (record.subtype == mrt::kPeerIndexTable) return peer_table(record);
  if (!collector_) return Decoded::damaged;
  mrt::RibRecord rib;
  const Decoded decoded = mrt::decode_rib(record, rib);
  if (decoded != Decoded::yes) return decoded;
  if (rib.multicast) return Decoded::unsupported;
  const std::optional<Row> row = rib_.table_row(rib.prefix);
  mrt::RibEntryReader entries(rib);
  for (mrt::RibEntry entry; entries.next(entry);) {
    if (entry.peer_index >= table_peers_.size()) return Decoded::damaged;
    const std::optional<PeerId> peer = table_peers_[entry.peer_index];
    if (!peer || !row) continue;
    const bgp::Verdict verdict = bgp::decode_route(entry.attributes, bgp::AsnWidth::four,
                                                   bgp::AttributeForm::table, update_.route);
    if (verdict >= bgp::Verdict::treat_as_withdraw) {
      add_damage(record, update_.route.problem);
      continue;
    }
    if (!is_of(update_.route, table_asns_[entry.peer_index])) continue;
    Route route{.origin = Asn{update_.route.origin_asn}, .since = entry.originated};
    if (rib.add_path) route.path_id = entry.path_id;
    table_route(*peer, *row, route);
  }
  if (row) use_entries(*row);
  return entries.ok() ? Decoded::yes : Decoded::damaged;
}

// Remembers the route until all of the record are there: then what they need is in the cache.
void Feed::table_route(PeerId peer, Row row, const Route& route) {
  ++totals_.table_routes;
  entries_.push_back({.peer = peer, .route = route});
  if (!rib_.has_paths()) return;
  keys_.push_back(PathKey::of(update_.route, path_bytes_));
  rib_.prefetch(keys_.back());
  if (keys_.back().copied) use_entries(row);  // its bytes hold no longer than until the next path
}

void Feed::use_entries(Row row) {
  rib_.table_routes(row, entries_, keys_);
  entries_.clear();
  keys_.clear();
}

// TABLE_DUMP names the peer in each route and the collector nowhere: it is collector 1.
Decoded Feed::old_table_record(const Record& record) {
  mrt::OldRibReader routes(record);
  for (mrt::OldRibRecord old; routes.next(old);) {
    if (old.multicast) continue;
    if (!collector_) {
      collector_ = 1;
      table_damaged_ = false;
      rib_.begin_table(*collector_, record.time, {});
    }
    const auto peer =
        rib_.peer({.collector = *collector_, .address = old.peer.address, .asn = old.peer.asn});
    const auto row = peer ? rib_.table_row(old.prefix) : std::nullopt;
    totals_.peers_beyond_limit += peer ? 0 : 1;
    if (!row) continue;
    rib_.table_peer(*collector_, *peer);
    const bgp::Verdict verdict =
        bgp::decode_route(old.attributes, old.width, bgp::AttributeForm::table, update_.route);
    if (verdict >= bgp::Verdict::treat_as_withdraw) {
      add_damage(record, update_.route.problem);
      continue;
    }
    if (!is_of(update_.route, old.peer.asn)) continue;
    Route route{.origin = Asn{update_.route.origin_asn}, .since = old.originated};
    table_route(*peer, *row, route);
    use_entries(*row);
  }
  return routes.decoded();
}

Decoded Feed::update_record(const Record& record) {
  mrt::Bgp4mp entry;
  const Decoded decoded = mrt::decode_bgp4mp(record, entry);
  if (decoded != Decoded::yes) return decoded;
  const mrt::Session& session = entry.session;
  if (!session.known()) return Decoded::yes;  // records of Zebra that do not say whose they are
  const std::optional<PeerId> peer =
      rib_.peer_of_session(session.peer, session.peer_asn, session.local);
  if (!peer) {
    ++totals_.peers_beyond_limit;
    return Decoded::yes;
  }
  if (entry.kind == mrt::Bgp4mp::Kind::state_change) {
    constexpr auto kEstablished = static_cast<std::uint16_t>(mrt::SessionState::established);
    ++totals_.state_changes;
    // Idle to Connect and back says nothing new about a session that was not up.
    if (entry.new_state == kEstablished || entry.old_state == kEstablished) {
      rib_.session(*peer, entry.new_state == kEstablished, record.time);
    }
    return Decoded::yes;
  }
  rib_.heard(*peer, record.time);
  if (entry.local) return Decoded::yes;  // what the collector said is not the peer's
  if (entry.message.type == static_cast<std::uint8_t>(bgp::MessageType::open)) {
    add_path_.open(entry);
  }
  if (entry.message.type == static_cast<std::uint8_t>(bgp::MessageType::update)) {
    message(entry, *peer, record);
  }
  return Decoded::yes;
}

void Feed::message(const mrt::Bgp4mp& entry, PeerId peer, const Record& record) {
  const bgp::Verdict verdict = add_path_.decode(entry, update_);
  if (verdict >= bgp::Verdict::treat_as_withdraw) {
    add_damage(record, update_.route.problem);
    ++totals_.damaged_messages;
    rib_.damaged(peer);
  }
  if (update_.end_of_rib()) {
    ++totals_.end_of_ribs;
    rib_.end_of_rib(peer);
  }
  using PathId = std::optional<std::uint32_t>;
  const auto note = [&](const Prefix& prefix, const PathId& path_id, bool announced) {
    const std::uint64_t hash = PrefixIndex::hash_of(prefix);
    rib_.prefetch(hash);
    changes_.push_back({prefix, hash, path_id, announced});
  };
  bgp::for_each_change(
      update_, [&](const Prefix& prefix, const PathId& id) { note(prefix, id, false); },
      [&](const Prefix& prefix, const PathId& id) { note(prefix, id, true); });
  apply_changes(peer, entry.session.peer_asn, record.time);
}

void Feed::apply_changes(PeerId peer, Asn peer_asn, Time time) {
  for (const Change& change : changes_) rib_.prefetch_row(change.hash);
  Route route{.since = static_cast<std::uint32_t>(time.time_since_epoch().count())};
  PathKey path;
  bool valid = false;
  if (!update_.nlri.empty() || update_.route.reach) {
    valid = is_of(update_.route, peer_asn);
    route.origin = Asn{update_.route.origin_asn};
    if (rib_.has_paths()) {
      path = PathKey::of(update_.route, path_bytes_);
      route.path = &path;
    }
  }
  for (const Change& change : changes_) {
    ++(change.announced ? totals_.announced : totals_.withdrawn);
    if (change.announced && valid) {
      route.path_id = change.path_id;
      rib_.announce(peer, change.prefix, change.hash, route, time);
    } else {
      rib_.withdraw(peer, change.prefix, change.hash, time, change.path_id);
    }
  }
}

}  // namespace lightsout::rib
