// Rib: what each peer of each collector sees now, from a routing table and the updates after it.
//
// The life of a peer (rib/peers.h says who it is):
//   - A table (RIB) fills it. While a table is read, updates go on; an update from up to
//     kRibBacklog before the table's start wins over the table, since collectors write queued
//     updates late (as bgpview does).
//   - A table that holds less than half of what we know of a peer is refused for that peer: RIS and
//     RouteViews have published tables of 161 bytes. The state is held, and the peer is in doubt
//     until it is heard again, or until a second table says the same.
//   - A table in which a record is damaged only adds: what is not in it may have stood there.
//   - A session that leaves Established takes all routes of the peer with it: the peer is blind,
//     and that says nothing about the networks behind it. Back up, it is filling until it has nine
//     tenths of what it had, or says that it is done (End-of-RIB), or stands in a table.
//   - A peer that is silent for kMaxSilence, while others at its collector are heard, is blind too.
//   - A damaged message is passed over. A peer of which kMaxDamaged could not be read since its
//     last table is quarantined until the next one, and the others of its collector are not.
//
// A route may have a path id (RFC 7911): a peer sees a prefix while any of its paths is announced.
//
//   Rib rib({.paths = true});
//   const auto peer = rib.peer({.collector = 1, .address = ip, .asn = Asn{64500}});
//   rib.begin_table(1, t0, {*peer});
//   rib.table_route(*peer, *rib.table_row(prefix), {.origin = Asn{9198}});
//   rib.end_table(1);
//   rib.withdraw(*peer, prefix, t0 + 60s);
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/time.h"
#include "net/prefix.h"
#include "rib/add_paths.h"
#include "rib/path_store.h"
#include "rib/peers.h"
#include "rib/plane.h"
#include "rib/prefix_index.h"

namespace lightsout::rib {

struct RibOptions {
  bool paths = false;  // keep the path of each route and the time since when it has it
  FullFeedRule full_feed;
  std::size_t max_prefixes = 2'000'000;
  // Prefixes times 64-bit words of peers, in one plane: 256 MB, or a million prefixes and 2,048
  // peers.
  std::size_t max_words = 32'000'000;
};

// What a peer says about a prefix.
struct Route {
  Asn origin;                            // 0: nobody in particular, an AS_SET
  std::uint32_t since = 0;               // Unix seconds
  std::optional<std::uint32_t> path_id;  // of a peer that may send several paths
  const PathKey* path = nullptr;         // kept where RibOptions::paths
};

class Rib {
 public:
  static constexpr std::size_t kMaxPeers = PeerSet::kMaxPeers;
  static constexpr std::size_t kMaxPrefixes = RibOptions{}.max_prefixes;
  static constexpr std::size_t kMaxWords = RibOptions{}.max_words;
  // Updates of the last minute that are remembered for the next table; the oldest are forgotten.
  static constexpr std::size_t kMaxTouched = 500'000;
  static constexpr Seconds kRibBacklog{60};
  static constexpr Seconds kMaxSilence{3600};
  static constexpr std::uint32_t kMaxDamaged = 100;

  explicit Rib(const RibOptions& options = {});

  // The peer's number; nullopt when there are too many.
  std::optional<PeerId> peer(const PeerKey& key);
  // The peer that an update's session means (rib/peers.h), or a new one.
  std::optional<PeerId> peer_of_session(const IpAddress& address, Asn asn, const IpAddress& local);

  void begin_table(std::uint32_t collector, Time time, std::span<const PeerId> peers);
  // One more peer of a table that does not name them at its begin.
  void table_peer(std::uint32_t collector, PeerId peer);
  // The row of a prefix of a table; nullopt past the limits.
  std::optional<Row> table_row(const Prefix& prefix) { return row_for(prefix); }
  void table_route(PeerId peer, Row row, const Route& route);
  // All that one record says of a prefix. `paths` are those of the routes, one each, where paths
  // are kept, else none.
  struct TableRoute {
    PeerId peer;
    Route route;
  };
  void table_routes(Row row, std::span<TableRoute> routes, std::span<const PathKey> paths);
  // The table is complete, or lacks a damaged record. Returns how many of its peers were refused.
  enum class Table { whole, damaged };
  std::size_t end_table(std::uint32_t collector, Table what = Table::whole);
  // The table was cut short: forget it.
  void drop_table(std::uint32_t collector);
  // Whether the open table stands against something that was known before.
  bool table_replaces(std::uint32_t collector) const;

  void announce(PeerId peer, const Prefix& prefix, const Route& route, Time time) {
    announce(peer, prefix, PrefixIndex::hash_of(prefix), route, time);
  }
  void withdraw(PeerId peer, const Prefix& prefix, Time time,
                std::optional<std::uint32_t> path_id = {}) {
    withdraw(peer, prefix, PrefixIndex::hash_of(prefix), time, path_id);
  }
  // The same with PrefixIndex::hash_of(prefix), after prefetch() of some and prefetch_row().
  void announce(PeerId peer, const Prefix& prefix, std::uint64_t hash, const Route& route,
                Time time);
  void withdraw(PeerId peer, const Prefix& prefix, std::uint64_t hash, Time time,
                std::optional<std::uint32_t> path_id);
  void prefetch(std::uint64_t hash) const { index_.prefetch(hash); }
  void prefetch_row(std::uint64_t hash) const {
    const Row row = index_.likely_row(hash);
    if (row < active_.rows()) active_.prefetch(row);
  }
  void prefetch(const PathKey& path) const { paths_->prefetch(path); }

  void end_of_rib(PeerId peer) { peers_[peer].filling = false; }
  void heard(PeerId peer, Time time);
  // A message of the peer could not be read.
  void damaged(PeerId peer);
  void session(PeerId peer, bool established, Time time);
  // Blinds the peers that have been silent for too long at `now`.
  void expire(Time now);

  const std::vector<PeerState>& peers() const { return peers_.all(); }
  const PrefixIndex& prefixes() const { return index_; }
  const Plane& routes() const { return active_; }
  bool has_paths() const { return paths_ != nullptr; }
  const PathStore* paths() const { return paths_.get(); }
  // With RibOptions::paths: the path as the peer sent it, empty when it sees no such prefix, and
  // since when it has it. `scratch` must outlive the path.
  bgp::AsPath path(PeerId peer, Row row, std::string& scratch) const;
  std::uint32_t since(PeerId peer, Row row) const;

  // Calls `use(row, peer)` for every route that a peer has now, in the order of the rows.
  template <typename Use>
  void for_each_route(Use&& use) const {
    for (Row row = 0; row < active_.rows(); ++row) {
      const auto mask = active_.mask(row);
      for (std::size_t word = 0; word < mask.size(); ++word) {
        for (std::uint64_t bits = mask[word]; bits != 0; bits &= bits - 1) {
          use(row, static_cast<PeerId>(word * 64 + static_cast<unsigned>(std::countr_zero(bits))));
        }
      }
    }
  }

  // See PeerSet. One of the full-feed peers is only in doubt: numbers should be suppressed, not
  // missing.
  bool counts(PeerId peer, Family family) const { return peers_.counts(peer, family); }
  bool doubtful(Family family) const { return peers_.doubtful(family); }
  // Peers that ever were full feed, and those of them that count now.
  std::size_t full_feed_peers(Family family) const { return peers_.full_feed(family); }
  std::size_t counting_peers(Family family) const { return peers_.counting(family); }
  // Prefixes in the largest table that was accepted.
  std::uint32_t largest_table(Family family) const { return peers_.largest_table(family); }
  std::uint64_t routes_refused_by_limit() const;

  // Calls `use(row)` for the rows that changed since the last call, in order.
  template <typename Use>
  void take_changed(Use&& use) {
    if (!std::exchange(any_changed_, false)) return;
    constexpr std::size_t kStride = 8;  // rows that are passed over at once
    for (std::size_t at = 0; at < is_changed_.size(); at += kStride) {
      const std::size_t end = std::min(at + kStride, is_changed_.size());
      std::uint64_t any = 1;
      if (end - at == kStride) std::memcpy(&any, &is_changed_[at], kStride);
      for (std::size_t row = any != 0 ? at : end; row < end; ++row) {
        if (std::exchange(is_changed_[row], std::uint8_t{0}) != 0) use(static_cast<Row>(row));
      }
    }
  }

 private:
  struct OpenTable {
    Time begin;
    std::vector<PeerId> peers;
    std::vector<std::uint64_t> mask;  // the same, one bit each
    bool direct = false;              // nothing was known before: routes go straight into the state
    bool has[2] = {false, false};     // a table of one family says nothing about the other
    std::vector<std::array<std::uint32_t, 2>> found;  // by peer number
  };
  struct Touch {
    Time time;
    Row row;
    PeerId peer;
    std::uint16_t epoch;
  };

  std::size_t words() const { return (peers_.size() + 63) / 64; }
  std::optional<Row> row_for(const Prefix& prefix) {
    return row_for(prefix, PrefixIndex::hash_of(prefix));
  }
  std::optional<Row> row_for(const Prefix& prefix, std::uint64_t hash);
  void fit(Plane& plane) { plane.resize(index_.size(), words()); }
  void set(PeerId peer, Row row, const Route& route);
  void set_origin(PeerId peer, Row row, Asn origin);
  void reset(PeerId peer, Row row);
  void reset_all(PeerId peer);
  void touch(PeerId peer, Row row, Time time);
  void mark(Row row) {
    is_changed_[row] = 1;
    any_changed_ = true;
  }
  bool touched(PeerId peer, Row row) const {
    return !fresh_.empty() && fresh_.contains(std::uint64_t{row} << 16 | peer);
  }
  bool refuses(const PeerState& peer, const OpenTable& table,
               const std::array<std::uint32_t, 2>& found) const;
  std::size_t judge(const OpenTable& table, std::vector<std::uint64_t>& accepted);
  void accept(PeerId id, const OpenTable& table);
  void promote(const OpenTable& table, std::span<const std::uint64_t> accepted, Table what);
  void promote_row(Row row, std::span<const std::uint64_t> accepted, Table what);
  void empty_building(const OpenTable& table, Row row);
  void join(OpenTable& table, PeerId peer);
  void leave(OpenTable& table, PeerId peer);
  void close_tables();
  void still_filling(PeerState& state);

  RibOptions options_;
  PrefixIndex index_;
  PeerSet peers_;
  Plane active_;
  Plane building_;       // the tables being read, where something was known before
  bool builds_ = false;  // one of the open tables is such a one
  AddPaths add_paths_, building_add_paths_;
  std::unique_ptr<PathStore> paths_;
  std::map<std::uint32_t, OpenTable> tables_;
  std::vector<OpenTable*> table_of_;  // by peer, while it is read
  std::deque<Touch> touched_;
  FlatMap<std::uint8_t> fresh_;           // touched just before the open tables began, or since
  std::vector<std::uint8_t> is_changed_;  // by row
  bool any_changed_ = false;
  std::uint64_t beyond_limits_ = 0;
};

}  // namespace lightsout::rib
