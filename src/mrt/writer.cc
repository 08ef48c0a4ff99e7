// SPDX-License-Identifier: Apache-2.0
#include "mrt/writer.h"

#include "core/check.h"

namespace lightsout::mrt {
namespace {

using bgp::ByteVector;

void put16(ByteVector& out, std::size_t value) {
  CHECK(value <= 0xffff);
  out.push_back(static_cast<std::uint8_t>(value >> 8));
  out.push_back(static_cast<std::uint8_t>(value));
}

void put32(ByteVector& out, std::uint32_t value) {
  put16(out, value >> 16);
  put16(out, value & 0xffff);
}

void put_address(ByteVector& out, const IpAddress& address) {
  const std::size_t width = address.family == Family::v4 ? 4 : 16;
  out.insert(out.end(), address.bytes.begin(), address.bytes.begin() + width);
}

// The head that all AS4 subtypes of BGP4MP share, RFC 6396 section 4.4.
ByteVector session_head(const Session& session) {
  CHECK(session.peer.family == session.local.family);
  ByteVector out;
  put32(out, session.peer_asn.number);
  put32(out, session.local_asn.number);
  put16(out, 0);  // interface index: unknown
  put16(out, session.peer.family == Family::v4 ? 1 : 2);
  put_address(out, session.peer);
  put_address(out, session.local);
  return out;
}

}  // namespace

void Writer::record(Time time, std::uint16_t type, std::uint16_t subtype, const ByteVector& body) {
  ByteVector out;
  out.reserve(12 + body.size());
  put32(out, static_cast<std::uint32_t>(time.time_since_epoch().count()));
  put16(out, type);
  put16(out, subtype);
  put32(out, static_cast<std::uint32_t>(body.size()));
  out.insert(out.end(), body.begin(), body.end());
  sink_(out);
}

void Writer::peer_index_table(Time time, const PeerIndexTable& table) {
  ByteVector body;
  put32(body, table.collector_id);
  put16(body, table.view_name.size());
  body.insert(body.end(), table.view_name.begin(), table.view_name.end());
  put16(body, table.peers.size());
  for (const Peer& peer : table.peers) {
    // Bit 0: the address is IPv6; bit 1: the ASN has four bytes (RFC 6396 section 4.3.1).
    body.push_back(peer.address.family == Family::v6 ? 3 : 2);
    put32(body, peer.bgp_id);
    put_address(body, peer.address);
    put32(body, peer.asn.number);
  }
  sequence_ = 0;
  record(time, kTableDump2, kPeerIndexTable, body);
}

void Writer::rib(Time time, const Prefix& prefix, const std::vector<RibRoute>& routes) {
  ByteVector body;
  put32(body, sequence_++);
  body.push_back(static_cast<std::uint8_t>(prefix.length()));
  const auto& bytes = prefix.address().bytes;
  body.insert(body.end(), bytes.begin(), bytes.begin() + (prefix.length() + 7) / 8);
  put16(body, routes.size());
  for (const RibRoute& route : routes) {
    put16(body, route.peer_index);
    put32(body, static_cast<std::uint32_t>(route.originated.time_since_epoch().count()));
    const ByteVector attributes = bgp::encode_table_attributes(route.route);
    put16(body, attributes.size());
    body.insert(body.end(), attributes.begin(), attributes.end());
  }
  record(time, kTableDump2, prefix.family() == Family::v4 ? kRibIpv4Unicast : kRibIpv6Unicast,
         body);
}

void Writer::update(Time time, const Session& session, const bgp::Update& update) {
  for (const ByteVector& message : bgp::encode_update(update)) {
    ByteVector body = session_head(session);
    body.insert(body.end(), message.begin(), message.end());
    record(time, kBgp4mp, kMessageAs4, body);
  }
}

void Writer::keepalive(Time time, const Session& session) {
  ByteVector body = session_head(session);
  body.insert(body.end(), 16, 0xff);
  put16(body, 19);
  body.push_back(static_cast<std::uint8_t>(bgp::MessageType::keepalive));
  record(time, kBgp4mp, kMessageAs4, body);
}

void Writer::state_change(Time time, const Session& session, SessionState from, SessionState to) {
  ByteVector body = session_head(session);
  put16(body, static_cast<std::size_t>(from));
  put16(body, static_cast<std::size_t>(to));
  record(time, kBgp4mp, kStateChangeAs4, body);
}

}  // namespace lightsout::mrt
