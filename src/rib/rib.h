// Rib: what each peer of each collector sees now, from a routing table and the updates after it.
//
// A peer is a collector, an address and an ASN. Its life:
//   - A table (RIB) fills it. While a table is read, updates go on; an update from up to
//     kRibBacklog before the table's start wins over the table, since collectors write queued
//     updates late (as bgpview does).
//   - A table that holds less than half of what we know of a peer is refused for that peer: RIS and
//     RouteViews have published tables of 161 bytes. The state is held, and the peer is in doubt
//     until it is heard again, or until a second table says the same.
//   - A session that leaves Established takes all routes of the peer with it: the peer is blind,
//   and
//     that says nothing about the networks behind it. Back up, it is filling until it has nine
//     tenths of what it had, or says that it is done (End-of-RIB), or stands in a table.
//   - A peer that is silent for kMaxSilence, while others at its collector are heard, is blind too.
//
// Only peers that a table has shown to hold nearly everything are counted, see full_feed().
//
//   Rib rib;
//   const auto peer = rib.peer({.collector = 1, .address = ip, .asn = Asn{64500}});
//   rib.begin_table(1, t0, {*peer});
//   rib.table_route(*peer, prefix, Asn{9198}, t0);
//   rib.end_table(1);
//   rib.withdraw(*peer, prefix, t0 + 60s);
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include "core/time.h"
#include "net/prefix.h"
#include "rib/plane.h"
#include "rib/prefix_index.h"

namespace lightsout::rib {

struct PeerKey {
  std::uint32_t collector = 0;  // its BGP identifier, as the routing table says; 0: not known
  IpAddress address;
  Asn asn;
  auto operator<=>(const PeerKey&) const = default;
};

constexpr int index_of(Family family) {
  return family == Family::v6 ? 1 : 0;
}

struct PeerState {
  PeerKey key;
  bool up = false;                        // the session is established, as far as anybody told us
  bool in_doubt = false;                  // its table was refused and it was not heard since
  bool filling = false;                   // the session came back and the table is being sent again
  Time heard;                             // the last time that anything came from it
  std::uint32_t prefixes[2] = {0, 0};     // that it sees now, IPv4 and IPv6
  std::uint32_t before_down[2] = {0, 0};  // that it saw when the session fell
  std::uint32_t in_table[2] = {0, 0};     // that its last accepted table held
  bool full_feed[2] = {false, false};     // that table held nearly everything
  std::uint32_t refused[2] = {0, 0};      // prefixes in the last refused table
};

class Rib {
 public:
  // 1,024 peers are more than RIS and RouteViews have together on one address family.
  static constexpr std::size_t kMaxPeers = 1024;
  static constexpr std::size_t kMaxPrefixes = 2'000'000;
  // Prefixes times 64-bit words of peers, in one plane: 48 MB, or a million prefixes and 384 peers.
  static constexpr std::size_t kMaxWords = 6'000'000;
  static constexpr std::size_t kMaxTouched = 500'000;
  static constexpr Seconds kRibBacklog{60};
  static constexpr Seconds kMaxSilence{3600};
  // "Full feed" as IODA has it: at least so many prefixes, or three quarters of the largest table
  // that any peer has shown, whichever is less. The second half is for tables of the past and for
  // small made ones.
  static constexpr std::uint32_t kFullFeed[2] = {400'000, 10'000};
  // An IPv4 table of this size is that of the real Internet (there were 100,000 prefixes by 2001),
  // and then an IPv6 table of less than kLeastFullFeed6, the size of 2008, is a part of it.
  static constexpr std::uint32_t kRealTable4 = 100'000;
  static constexpr std::uint32_t kLeastFullFeed6 = 1'000;

  // The peer's number; nullopt when there are too many.
  std::optional<PeerId> peer(const PeerKey& key);
  // The peer with this address and ASN that an update's session means: at the collector whose
  // identifier is the local address, else at the first collector that knows it, else a new one.
  std::optional<PeerId> peer_of_session(const IpAddress& address, Asn asn, const IpAddress& local);

  void begin_table(std::uint32_t collector, Time time, std::span<const PeerId> peers);
  void table_route(PeerId peer, const Prefix& prefix, Asn origin);
  // The table is complete. Returns how many of its peers were refused.
  std::size_t end_table(std::uint32_t collector);
  // The table was cut short: forget it.
  void drop_table(std::uint32_t collector);
  // Whether the open table stands against something that was known before.
  bool table_replaces(std::uint32_t collector) const;

  void announce(PeerId peer, const Prefix& prefix, Asn origin, Time time);
  void withdraw(PeerId peer, const Prefix& prefix, Time time);
  void end_of_rib(PeerId peer);
  void heard(PeerId peer, Time time);
  void session(PeerId peer, bool established, Time time);
  // Blinds the peers that have been silent for too long at `now`.
  void expire(Time now);

  const std::vector<PeerState>& peers() const { return peers_; }
  const PrefixIndex& prefixes() const { return index_; }
  const Plane& routes() const { return active_; }

  // A peer whose view counts now: full feed, up, not in doubt and not filling.
  bool counts(PeerId peer, Family family) const;
  // One of the full-feed peers is only in doubt: numbers should be suppressed, not missing.
  bool doubtful(Family family) const;
  // Peers that ever were full feed, and those of them that count now.
  std::size_t full_feed_peers(Family family) const;
  std::size_t counting_peers(Family family) const;
  // Prefixes in the largest table that was accepted.
  std::uint32_t largest_table(Family family) const;
  std::uint64_t routes_refused_by_limit() const { return beyond_limits_; }

  // Rows that changed since the last call, in order and without repetition.
  std::vector<Row> take_changed();

 private:
  struct Table {
    Time begin;
    std::vector<PeerId> peers;
    bool direct = false;           // nothing was known before, so routes go straight into the state
    bool has[2] = {false, false};  // a table of one family says nothing about the other
  };
  struct Touch {
    Time time;
    Row row;
    PeerId peer;
  };

  std::optional<Row> row_for(const Prefix& prefix);
  void fit(Plane& plane);
  void set(PeerId peer, Row row, Asn origin);
  void reset(PeerId peer, Row row);
  void reset_all(PeerId peer);
  void touch(PeerId peer, Row row, Time time);
  void mark(Row row);
  bool touched(PeerId peer, Row row) const;
  bool refuses(const PeerState& peer, const Table& table, const std::uint32_t (&found)[2]) const;
  void promote(const Table& table, const std::vector<bool>& accepted);
  void close_tables();
  void judge_full_feed();

  PrefixIndex index_;
  Plane active_;
  Plane building_;  // the tables being read, where something was known before
  std::vector<PeerState> peers_;
  std::map<PeerKey, PeerId> numbers_;
  std::multimap<std::pair<IpAddress, Asn>, PeerId> by_session_;
  std::map<std::uint32_t, Table> tables_;
  std::deque<Touch> touched_;
  std::unordered_set<std::uint64_t> fresh_;  // touched just before the open tables began
  std::vector<Row> changed_;
  std::vector<bool> is_changed_;
  std::uint64_t beyond_limits_ = 0;
};

}  // namespace lightsout::rib
