// The messages of BMP, by which a router tells a station what its BGP peers told it.
//
// Views into the bytes of one message: nothing is copied, and what a decoder hands out has been
// checked against the length of the message. A route in it is a BGP UPDATE, to be read by
// bgp::decode_update() with the width of peer.width().
//
//   BmpMessage message;
//   if (!decode_bmp(bytes, message)) ...             // not what RFC 7854 says
//   if (message.type == BmpType::route_monitoring) use(message.peer, message.bgp);
//
// RFC 7854 (BMP version 3), RFC 8671 (Adj-RIB-Out), RFC 9069 (Loc-RIB). docs/formats/bmp.md
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "bgp/as_path.h"
#include "core/byte_reader.h"
#include "live/stamp.h"
#include "net/asn.h"
#include "net/prefix.h"

namespace lightsout::live {

enum class BmpType : std::uint8_t {
  route_monitoring,
  statistics,
  peer_down,
  peer_up,
  initiation,
  termination,
  route_mirroring,
};

inline constexpr std::size_t kBmpHeaderBytes = 6;  // version, length, type
inline constexpr std::size_t kBmpPeerBytes = 42;   // the per-peer header, RFC 7854 section 4.2
inline constexpr std::uint8_t kLastBmpType = 6;
inline constexpr std::uint8_t kBmpVersion = 3;

// A BGP message has up to 65,535 bytes (RFC 8654) and a Peer Up two OPENs; only mirrored messages
// may be several in one. What claims more than this is damaged or hostile.
inline constexpr std::size_t kMaxBmpBytes = 1u << 20;

// Which table of the router a message speaks about.
enum class RibView : std::uint8_t { adj_in, adj_in_post, adj_out, adj_out_post, loc };

struct BmpPeer {
  std::uint8_t type = 0;  // 0 global, 1 with a route distinguisher, 2 local, 3 Loc-RIB
  std::uint8_t flags = 0;
  std::array<std::uint8_t, 8> distinguisher{};
  IpAddress address;
  Asn asn;
  std::uint32_t bgp_id = 0;
  Stamp at;  // when the route was received; not known() where the router does not say

  bool is_loc_rib() const { return type == 3; }
  // RFC 7854 section 4.2, flag A: the AS_PATH has the two-byte form of an old speaker.
  bgp::AsnWidth width() const;
  RibView view() const;
  // RFC 9069 section 4.2, flag F: the Loc-RIB is not shown whole.
  bool filtered() const { return is_loc_rib() && (flags & 0x80) != 0; }
  bool has_distinguisher() const { return distinguisher != std::array<std::uint8_t, 8>{}; }
};

// Information of Initiation, Peer Up and Termination messages, and of mirrored ones: a type, bytes.
struct Tlv {
  std::uint16_t type = 0;
  Bytes bytes;

  std::string_view text() const {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
};

enum PeerUpInformation : std::uint16_t { kPeerUpString = 0, kVrfTableName = 3, kAdminLabel = 4 };
enum InitiationInformation : std::uint16_t { kInitString = 0, kSysDescr = 1, kSysName = 2 };
enum TerminationInformation : std::uint16_t { kTerminationString = 0, kTerminationReason = 1 };
enum MirroringInformation : std::uint16_t { kMirroredMessage = 0, kMirroringInformation = 1 };

// One counter of a Statistics Report, RFC 7854 section 4.8.
struct Counter {
  std::uint16_t type = 0;
  std::uint64_t value = 0;
  std::optional<std::uint16_t> afi;  // of counters for one address family
  std::uint8_t safi = 0;
  bool readable = true;  // false: a length that no counter has
};

struct BmpMessage {
  BmpType type = BmpType::initiation;
  std::uint8_t raw_type = 0;  // the number itself: RFC 7854 lets a station pass over unknown ones
  BmpPeer peer;               // not of initiation and termination

  Bytes bgp;        // route monitoring, and the NOTIFICATION of a Peer Down: with its header
  IpAddress local;  // Peer Up
  std::uint16_t local_port = 0, remote_port = 0;
  Bytes sent_open, received_open;
  std::uint8_t reason = 0;  // Peer Down
  std::optional<std::uint16_t> fsm_event;
  std::vector<Tlv> information;
  std::vector<Counter> counters;

  bool known() const { return raw_type <= kLastBmpType; }
};

// `bytes` is one whole message with its header. The vectors of `message` are used again. False when
// the parts do not fill the message as they should; then the length of the message is in doubt too.
bool decode_bmp(Bytes bytes, BmpMessage& message);

// The route distinguisher of RFC 4364 section 4.2 as pmacct and others write it: "0:64499:11".
std::string distinguisher_text(const std::array<std::uint8_t, 8>& bytes);

// The reason of a Peer Down, RFC 7854 section 4.9, as a phrase.
std::string_view peer_down_reason(std::uint8_t reason);

}  // namespace lightsout::live
