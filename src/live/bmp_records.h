// BmpRecords turns what one router says over BMP into the records that a collector of its peers
// would have written to an MRT file.
//
// A route of a peer's Adj-RIB-In becomes a BGP4MP_ET message of that peer; a Peer Up becomes both
// OPENs and a change to Established, a Peer Down its NOTIFICATION and a change to Idle. When the
// session to the router ends, all its peers become Idle: they are no longer seen, which says
// nothing about the networks behind them.
//
// What is surprising:
//   - A router may show each peer twice, before and after its policy. Records come from the view
//     before it. Where a peer shows only the view after it, that one is taken; should the other
//     follow, the peer is set to Idle and Established between them, since its routes begin anew.
//   - The Loc-RIB has no peer: its records bear the router's own identifier and number.
//   - Adj-RIB-Out and mirrored messages are no records; they are counted.
//   - FRR shows IPv4 routes without a NEXT_HOP. To a BGP speaker that is a withdrawal (RFC 7606);
//   here
//     the router has accepted the route, so the record gets a next hop of 0.0.0.0, and is counted.
//   - The time in a message is when the route came to the router, which in the first table may be
//     months ago, or zero. It is used when it is within kTrustedSkew of the arrival; otherwise the
//     arrival is, and `times_replaced` counts it (bgp.md: artemis issue 411).
//
// RFC 7854, 8671, 9069. docs/formats/bmp.md
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/damage.h"
#include "live/bmp_message.h"
#include "live/open_message.h"
#include "live/record_encoder.h"

namespace lightsout::live {

struct BmpTotals {
  std::array<std::uint64_t, kLastBmpType + 1> messages{};
  std::uint64_t unknown_types = 0;
  std::uint64_t after_policy = 0;  // routes after policy, of peers whose view before it is known
  std::uint64_t adj_out = 0;       // routes that the router sent, not heard
  std::uint64_t shadowed = 0;      // messages of a peer that has the address of another one
  std::uint64_t next_hops_added = 0;
  std::uint64_t times_replaced = 0;  // by the arrival
  std::uint64_t peers_refused = 0;   // past kMaxPeers

  void merge(const BmpTotals& other);
  // Sentences about what is not among the records.
  std::vector<std::string> notes() const;
};

class BmpRecords {
 public:
  static constexpr std::size_t kMaxPeers = 16'384;  // of one router, views and VRFs included
  static constexpr Seconds kTrustedSkew{300};

  // `wrong` is called with a sentence for a message that cannot become a record.
  using Wrong = std::function<void(std::string reason)>;

  BmpRecords(RecordEncoder& encoder, Wrong wrong) : encoder_(encoder), wrong_(std::move(wrong)) {}

  // For streams kept without the time of arrival: no record is earlier than this, and a message
  // without a time bears the last one seen.
  void set_earliest(const Stamp& earliest) { earliest_ = last_ = earliest; }

  // `arrival` is not known() for streams kept without it.
  void apply(const BmpMessage& message, const Stamp& arrival);
  // The session to the router is over.
  void end(const Stamp& arrival);

  const BmpTotals& totals() const { return totals_; }

 private:
  struct Key {
    std::uint8_t type = 0;
    std::array<std::uint8_t, 8> distinguisher{};
    IpAddress address;
    auto operator<=>(const Key&) const = default;
  };
  struct Peer {
    mrt::Session session;
    bool up = false;
    bool shadowed = false;
    std::uint64_t opens = 0;  // a name of the OPENs of its session
    std::vector<AddressFamily> add_path;
    std::optional<RibView> view;
  };

  Peer* peer_of(const BmpPeer& header);
  Stamp time_of(const BmpPeer& header, const Stamp& arrival);
  void route(const BmpMessage& message, const Stamp& at);
  void peer_up(const BmpMessage& message, const Stamp& at);
  void peer_down(const BmpMessage& message, const Stamp& at);
  void establish(Peer& peer, const Stamp& at);
  void fall(Peer& peer, const Stamp& at);
  bool takes(Peer& peer, RibView view, const Stamp& at);

  RecordEncoder& encoder_;
  Wrong wrong_;
  Stamp earliest_, last_;
  std::map<Key, Peer> peers_;
  std::map<std::pair<IpAddress, Asn>, Key> owners_;  // who speaks under this address in the records
  BmpTotals totals_;
};

// The UPDATE with a NEXT_HOP of 0.0.0.0, where it announces IPv4 prefixes and has none; nullopt
// where nothing is missing. `message` has its header.
std::optional<std::vector<std::uint8_t>> with_next_hop(Bytes message);

// The address families of the prefixes in an UPDATE; `message` has its header. Empty when it cannot
// be read.
std::vector<AddressFamily> families_of(Bytes message);

}  // namespace lightsout::live
