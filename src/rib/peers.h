// The peers of all collectors: who they are, how their sessions stand, and whether they count.
//
// A peer is a collector, an address and an ASN. Each session of it is an epoch: what was said in an
// earlier one holds no more. Only peers that send (nearly) everything are asked what is visible:
// full feed is judged when a table was read, never in between, and a peer that is one stays one
// down to half of what made it one. An outage that takes most of the table away therefore does not
// take its own witnesses away.
//
//   PeerSet peers({.least = {400'000, 10'000}});
//   const auto id = peers.find_or_add({.collector = 1, .address = ip, .asn = Asn{64500}});
//   peers[*id].prefixes[0]
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "core/time.h"
#include "net/prefix.h"
#include "rib/plane.h"

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
  bool quarantined = false;               // too much from it was damaged since its last table
  std::uint16_t epoch = 0;                // sessions that ended
  std::uint32_t damaged = 0;              // messages that could not be read since its last table
  Time heard;                             // the last time that anything came from it
  std::uint32_t prefixes[2] = {0, 0};     // that it sees now, IPv4 and IPv6
  std::uint32_t before_down[2] = {0, 0};  // that it saw when the session fell
  std::uint32_t in_table[2] = {0, 0};     // that its last accepted table held
  bool full_feed[2] = {false, false};     // that table held nearly everything
  std::uint32_t refused[2] = {0, 0};      // prefixes in the last refused table
};

// "Full feed" as IODA has it: at least so many prefixes. With `or_most`, also three quarters of the
// largest table that any peer has shown, where that is less: for tables of the past, which were
// smaller, and for small made ones.
struct FullFeedRule {
  std::uint32_t least[2] = {400'000, 10'000};
  bool or_most = true;
  // An IPv4 table of this size is that of the real Internet (there were 100,000 prefixes by 2001),
  // and then an IPv6 table of less than kLeast6, the size of 2008, is a part of it.
  static constexpr std::uint32_t kRealTable4 = 100'000;
  static constexpr std::uint32_t kLeast6 = 1'000;
};

class PeerSet {
 public:
  // More than RIS and RouteViews have together on one address family: some 1,500 in 2026.
  static constexpr std::size_t kMaxPeers = 2048;

  explicit PeerSet(const FullFeedRule& rule) : rule_(rule) {}

  // The peer's number; nullopt when there are `limit`.
  std::optional<PeerId> find_or_add(const PeerKey& key, std::size_t limit = kMaxPeers);
  // The peer with this address and ASN that an update's session means: at the collector whose
  // identifier is the local address, else at the first collector that knows it.
  std::optional<PeerId> of_session(const IpAddress& address, Asn asn, const IpAddress& local);

  std::size_t size() const { return states_.size(); }
  PeerState& operator[](PeerId id) { return states_[id]; }
  const PeerState& operator[](PeerId id) const { return states_[id]; }
  const std::vector<PeerState>& all() const { return states_; }

  // When a table was read.
  void judge_full_feed();

  // A peer whose view counts now: full feed, up, not in doubt and not filling.
  bool counts(PeerId peer, Family family) const {
    const PeerState& state = states_[peer];
    return state.full_feed[index_of(family)] && state.up && !state.in_doubt && !state.filling &&
           !state.quarantined;
  }
  bool doubtful(Family family) const;
  std::size_t full_feed(Family family) const;
  std::size_t counting(Family family) const;
  std::uint32_t largest_table(Family family) const;

 private:
  // Every message asks for its peer: the answers of before, until there is a new peer.
  struct Asked {
    IpAddress address, local;
    Asn asn;
    std::optional<PeerId> peer;
  };
  static constexpr std::size_t kAsked = 256;
  static std::size_t slot_of(const IpAddress& address, Asn asn);
  std::optional<PeerId> search(const IpAddress& address, Asn asn, const IpAddress& local) const;

  FullFeedRule rule_;
  std::vector<PeerState> states_;
  std::map<PeerKey, PeerId> numbers_;
  std::multimap<std::pair<IpAddress, Asn>, PeerId> by_session_;
  std::vector<Asked> asked_ = std::vector<Asked>(kAsked);
};

}  // namespace lightsout::rib
