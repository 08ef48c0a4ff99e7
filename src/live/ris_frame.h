// RisFrame: one frame of RIS Live, RIPE's stream of what the RIS collectors hear, as a value.
//
// A frame is a JSON object. Over the years the same thing was spelled in several ways, and all are
// read: the state type as STATE and RIS_PEER_STATE, the peer's number as text and as number, the
// host with and without .ripe.net, IPv6 long and short, two next hops in one text.
//
// `raw` is the BGP message as it came over the wire, when the subscription asked for it. The other
// fields say the same routes in JSON, without the attributes that RIS Live does not know; encode()
// makes messages of them. docs/formats/ris-live.md
//
//   RisFrameParser parser;
//   const Result<RisFrame> frame = parser.parse(line);
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bgp/encode.h"
#include "core/result.h"
#include "live/stamp.h"
#include "net/asn.h"
#include "net/prefix.h"

namespace lightsout::live {

struct RisFrame {
  enum class Kind {
    update,
    state,         // `established` says which
    notification,  // and all others whose JSON says nothing about routes
    keepalive,
    open,
    error,  // the server ends the stream: `text`
    other,  // pong, ris_subscribe_ok, a message type that we do not know: `text`
  };
  struct PathSegment {
    bool is_set = false;
    std::vector<Asn> numbers;
  };
  struct Announcement {
    IpAddress next_hop;
    std::optional<IpAddress> link_local;
    std::vector<Prefix> prefixes;
  };

  Kind kind = Kind::other;
  std::string text;
  std::string id;    // of the message, the same when it comes twice
  std::string host;  // "rrc01"
  Stamp at;
  IpAddress peer;
  Asn peer_asn;
  bool established = false;
  std::vector<std::uint8_t> raw;  // empty: not asked for

  std::vector<PathSegment> path;
  std::string origin;  // "IGP", "EGP", "INCOMPLETE"
  std::optional<std::uint32_t> med;
  std::optional<std::pair<Asn, IpAddress>> aggregator;
  std::vector<std::uint32_t> communities;
  std::vector<Announcement> announcements;
  std::vector<Prefix> withdrawals;
  std::uint8_t code = 0, subcode = 0;  // of a NOTIFICATION
};

class RisFrameParser {
 public:
  RisFrameParser();
  ~RisFrameParser();

  // `line` may be grown by the parser, which wants room behind the text.
  Result<RisFrame> parse(std::string& line);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// The BGP messages, four-byte ASNs, that say what the JSON fields say; empty for an OPEN, whose
// fields do not make a whole one.
std::vector<bgp::ByteVector> encode(const RisFrame& frame);

}  // namespace lightsout::live
