// The routes of a frame's JSON fields as BGP messages.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "bgp/put.h"
#include "live/ris_frame.h"

namespace lightsout::live {
namespace {

using bgp::ByteVector;

using bgp::put;
using bgp::put16;
using bgp::put32;
using bgp::put_address;
using bgp::put_attribute;
using bgp::put_prefix;

constexpr std::uint8_t kWellKnown = bgp::kTransitive, kOptional = bgp::kOptional;
constexpr std::uint8_t kTransitive = bgp::kOptional | bgp::kTransitive;
constexpr std::uint8_t kUnicast = 1;
// RFC 8654 allows 65,535 bytes in a message; what of a frame does not fit comes in the next.
constexpr std::size_t kMostNlriBytes = 32'000;
constexpr std::size_t kMostInSegment = 255;  // RFC 4271 section 4.3

ByteVector message_of(std::uint8_t type, const ByteVector& body) {
  ByteVector out(16, 0xff);
  put16(out, 19 + body.size());
  out.push_back(type);
  put(out, body);
  return out;
}

ByteVector path_of(const RisFrame& frame) {
  ByteVector out;
  for (const RisFrame::PathSegment& segment : frame.path) {
    for (std::size_t at = 0; at < segment.numbers.size(); at += kMostInSegment) {
      const std::size_t count = std::min(segment.numbers.size() - at, kMostInSegment);
      out.push_back(segment.is_set ? 1 : 2);
      out.push_back(static_cast<std::uint8_t>(count));
      for (std::size_t i = 0; i < count; ++i) put32(out, segment.numbers[at + i].number);
    }
  }
  return out;
}

// The attributes that all announcements of the frame share.
ByteVector attributes_of(const RisFrame& frame) {
  ByteVector out;
  // RIS Live spells the origin in capitals; EGP and INCOMPLETE are 1 and 2.
  const std::uint8_t origin = frame.origin == "IGP" ? 0 : frame.origin == "EGP" ? 1 : 2;
  put_attribute(out, kWellKnown, 1, {origin});
  put_attribute(out, kWellKnown, 2, path_of(frame));
  if (frame.med) {
    ByteVector value;
    put32(value, *frame.med);
    put_attribute(out, kOptional, 4, value);
  }
  if (frame.aggregator) {
    ByteVector value;
    put32(value, frame.aggregator->first.number);
    put_address(value, frame.aggregator->second);
    put_attribute(out, kTransitive, 7, value);
  }
  if (!frame.communities.empty()) {
    ByteVector value;
    for (const std::uint32_t community : frame.communities) put32(value, community);
    put_attribute(out, kTransitive, 8, value);
  }
  return out;
}

ByteVector update_of(const ByteVector& withdrawn, const ByteVector& attributes,
                     const ByteVector& nlri) {
  ByteVector body;
  put16(body, withdrawn.size());
  put(body, withdrawn);
  put16(body, attributes.size());
  put(body, attributes);
  put(body, nlri);
  return message_of(2, body);
}

// Calls `use` with the NLRI of the prefixes of one family, in pieces that fit a message.
template <typename Use>
void for_each_piece(const std::vector<Prefix>& prefixes, Family family, Use&& use) {
  ByteVector nlri;
  for (const Prefix& prefix : prefixes) {
    if (prefix.family() != family) continue;
    put_prefix(nlri, prefix);
    if (nlri.size() < kMostNlriBytes) continue;
    use(nlri);
    nlri.clear();
  }
  if (!nlri.empty()) use(nlri);
}

void add_withdrawals(const RisFrame& frame, std::vector<ByteVector>& messages) {
  for_each_piece(frame.withdrawals, Family::v4,
                 [&](const ByteVector& nlri) { messages.push_back(update_of(nlri, {}, {})); });
  for_each_piece(frame.withdrawals, Family::v6, [&](const ByteVector& nlri) {
    ByteVector value{0, 2, kUnicast}, attributes;
    put(value, nlri);
    put_attribute(attributes, kOptional, 15, value);
    messages.push_back(update_of({}, attributes, {}));
  });
}

void add_announcements(const RisFrame& frame, const RisFrame::Announcement& announcement,
                       std::vector<ByteVector>& messages) {
  const ByteVector shared = attributes_of(frame);
  const bool hop6 = announcement.next_hop.family == Family::v6;
  for (const Family family : {Family::v4, Family::v6}) {
    for_each_piece(announcement.prefixes, family, [&](const ByteVector& nlri) {
      ByteVector attributes = shared;
      if (family == Family::v4 && !hop6) {
        ByteVector hop;
        put_address(hop, announcement.next_hop);
        put_attribute(attributes, kWellKnown, 3, hop);
        messages.push_back(update_of({}, attributes, nlri));
        return;
      }
      // RFC 4760; IPv4 behind an IPv6 next hop is RFC 8950.
      ByteVector value{0, static_cast<std::uint8_t>(family == Family::v4 ? 1 : 2), kUnicast};
      const bool two = announcement.link_local.has_value();
      value.push_back(hop6 ? (two ? 32 : 16) : 4);
      put_address(value, announcement.next_hop);
      if (hop6 && two) {
        put_address(value, *announcement.link_local);
      }
      value.push_back(0);
      put(value, nlri);
      put_attribute(attributes, kOptional, 14, value);
      messages.push_back(update_of({}, attributes, {}));
    });
  }
}

}  // namespace

std::vector<ByteVector> encode(const RisFrame& frame) {
  std::vector<ByteVector> messages;
  switch (frame.kind) {
    case RisFrame::Kind::update:
      add_withdrawals(frame, messages);
      for (const RisFrame::Announcement& announcement : frame.announcements) {
        add_announcements(frame, announcement, messages);
      }
      // Nothing announced and nothing withdrawn is End-of-RIB, RFC 4724 section 2.
      if (messages.empty()) messages.push_back(update_of({}, {}, {}));
      break;
    case RisFrame::Kind::notification:
      messages.push_back(message_of(3, {frame.code, frame.subcode}));
      break;
    case RisFrame::Kind::keepalive:
      messages.push_back(message_of(4, {}));
      break;
    default:
      break;
  }
  return messages;
}

}  // namespace lightsout::live
