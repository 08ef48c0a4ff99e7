// SPDX-License-Identifier: Apache-2.0
#include "mrt/writer.h"

#include "bgp/put.h"
#include "core/check.h"

namespace lightsout::mrt {
namespace {

using bgp::ByteVector;
using bgp::put;
using bgp::put16;
using bgp::put32;
using bgp::put_address;

void put_asn(ByteVector& out, Asn asn, bgp::AsnWidth width) {
  if (width == bgp::AsnWidth::four) {
    put32(out, asn.number);
  } else {
    constexpr std::uint32_t kAsTrans = 23456;  // RFC 6793 section 9
    put16(out, asn.number <= 0xffff ? asn.number : kAsTrans);
  }
}

void put_time(ByteVector& out, Time time) {
  put32(out, static_cast<std::uint32_t>(time.time_since_epoch().count()));
}

void put_family(ByteVector& out, Family family) {
  put16(out, family == Family::v4 ? 1 : 2);
}

void put_sized(ByteVector& out, const ByteVector& bytes) {
  put16(out, bytes.size());
  put(out, bytes);
}

// The head that all subtypes of BGP4MP share, RFC 6396 section 4.4.
ByteVector session_head(const Session& session, bgp::AsnWidth width) {
  CHECK(session.peer.family == session.local.family);
  ByteVector out;
  put_asn(out, session.peer_asn, width);
  put_asn(out, session.local_asn, width);
  put16(out, 0);  // interface index: unknown
  put_family(out, session.peer.family);
  put_address(out, session.peer);
  put_address(out, session.local);
  return out;
}

std::uint16_t message_subtype(const SessionForm& form) {
  const bool as4 = form.width == bgp::AsnWidth::four;
  if (form.path_id && !form.hide_add_path) {
    if (form.local) return as4 ? kMessageAs4LocalAddPath : kMessageLocalAddPath;
    return as4 ? kMessageAs4AddPath : kMessageAddPath;
  }
  if (form.local) return as4 ? kMessageAs4Local : kMessageLocal;
  return as4 ? kMessageAs4 : kMessage;
}

std::uint16_t rib_subtype(const Prefix& prefix, RibForm form) {
  if (form.generic) return form.add_path ? kRibGenericAddPath : kRibGeneric;
  const unsigned first = form.add_path ? kRibIpv4UnicastAddPath : kRibIpv4Unicast;
  const unsigned kind = (prefix.family() == Family::v6 ? 2u : 0u) + (form.multicast ? 1u : 0u);
  return static_cast<std::uint16_t>(first + kind);
}

ByteVector keepalive_message() {
  ByteVector out(16, 0xff);
  put16(out, 19);
  out.push_back(static_cast<std::uint8_t>(bgp::MessageType::keepalive));
  return out;
}

}  // namespace

void Writer::record(Time time, std::uint16_t type, std::uint16_t subtype, Bytes body) {
  ByteVector out;
  out.reserve(12 + body.size());
  put_time(out, time);
  put16(out, type);
  put16(out, subtype);
  put32(out, static_cast<std::uint32_t>(body.size()));
  put(out, body);
  sink_(out);
}

void Writer::session_record(Time time, std::uint16_t subtype, Bytes body, const SessionForm& form) {
  if (!form.microseconds) return record(time, kBgp4mp, subtype, body);
  ByteVector with_time;
  put32(with_time, *form.microseconds);
  put(with_time, body);
  record(time, kBgp4mpEt, subtype, with_time);
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

void Writer::rib(Time time, const Prefix& prefix, const std::vector<RibRoute>& routes,
                 RibForm form) {
  ByteVector body;
  put32(body, sequence_++);
  if (form.generic) {
    put_family(body, prefix.family());
    body.push_back(form.multicast ? 2 : 1);
  }
  put(body, bgp::encode_prefix(prefix));
  put16(body, routes.size());
  for (const RibRoute& route : routes) {
    put16(body, route.peer_index);
    put_time(body, route.originated);
    if (form.add_path) put32(body, route.path_id);
    put_sized(body, bgp::encode_table_attributes(route.route));
  }
  record(time, kTableDump2, rib_subtype(prefix, form), body);
}

void Writer::message(Time time, const Session& session, Bytes message, const SessionForm& form) {
  ByteVector body = session_head(session, form.width);
  put(body, message);
  session_record(time, message_subtype(form), body, form);
}

void Writer::update(Time time, const Session& session, const bgp::Update& update,
                    const SessionForm& form) {
  const bgp::Encoding encoding{
      .width = form.width, .path_id = form.path_id, .max_message_bytes = form.max_message_bytes};
  for (const ByteVector& bytes : bgp::encode_update(update, encoding)) {
    message(time, session, bytes, form);
  }
}

void Writer::keepalive(Time time, const Session& session, const SessionForm& form) {
  message(time, session, keepalive_message(), form);
}

void Writer::state_change(Time time, const Session& session, SessionState from, SessionState to,
                          const SessionForm& form) {
  ByteVector body = session_head(session, form.width);
  put16(body, static_cast<std::size_t>(from));
  put16(body, static_cast<std::size_t>(to));
  session_record(time, form.width == bgp::AsnWidth::four ? kStateChangeAs4 : kStateChange, body,
                 form);
}

void Writer::table_dump(Time time, const std::vector<OldRoute>& routes, bgp::AsnWidth width) {
  CHECK(!routes.empty());
  const Family family = routes.front().prefix.family();
  ByteVector body;
  put16(body, 0);  // view
  put16(body, sequence_++ & 0xffff);
  for (const OldRoute& route : routes) {
    CHECK(route.prefix.family() == family && route.peer.address.family == family);
    put_address(body, route.prefix.address());
    body.push_back(static_cast<std::uint8_t>(route.prefix.length()));
    body.push_back(1);  // status
    put_time(body, route.originated);
    put_address(body, route.peer.address);
    put_asn(body, route.peer.asn, width);
    put_sized(body, bgp::encode_table_attributes(route.route, width));
  }
  const unsigned as4 = width == bgp::AsnWidth::four ? 2 : 0;
  const auto subtype = static_cast<std::uint16_t>((family == Family::v4 ? 1u : 2u) + as4);
  if (routes.size() == 1) return record(time, kTableDump, subtype, body);
  ByteVector out;
  put_time(out, time);
  put16(out, kTableDump);
  put16(out, subtype);
  put32(out, static_cast<std::uint32_t>(body.size() - 4));
  put(out, body);
  sink_(out);
}

void Writer::entry(Time time, const Session& session, const OldRoute& route) {
  ByteVector body = session_head(session, bgp::AsnWidth::two);
  put16(body, 0);  // view
  put16(body, 1);  // status
  put_time(body, route.originated);
  put_family(body, route.prefix.family());
  body.push_back(1);  // unicast
  const bool v4 = route.route.next_hop.family == Family::v4;
  body.push_back(v4 ? 4 : 16);
  put_address(body, route.route.next_hop);
  put(body, bgp::encode_prefix(route.prefix));
  put_sized(body, bgp::encode_table_attributes(route.route, bgp::AsnWidth::two));
  record(time, kBgp4mp, kEntry, body);
}

void Writer::legacy_update(Time time, const Session& session, const bgp::Update& update) {
  const bgp::Encoding encoding{.width = bgp::AsnWidth::two};
  for (const ByteVector& message : bgp::encode_update(update, encoding)) {
    ByteVector body;
    put_asn(body, session.peer_asn, bgp::AsnWidth::two);
    put_address(body, session.peer);
    put_asn(body, session.local_asn, bgp::AsnWidth::two);
    put_address(body, session.local);
    put(body, Bytes(message).subspan(19));
    record(time, kLegacyBgp, kLegacyUpdate, body);
  }
}

void Writer::legacy_state_change(Time time, const Session& session, SessionState from,
                                 SessionState to) {
  ByteVector body;
  put_asn(body, session.peer_asn, bgp::AsnWidth::two);
  put_address(body, session.peer);
  put16(body, static_cast<std::size_t>(from));
  put16(body, static_cast<std::size_t>(to));
  record(time, kLegacyBgp, kLegacyStateChange, body);
}

void Writer::legacy_keepalive(Time time, const Session& session) {
  ByteVector body;
  put_asn(body, session.peer_asn, bgp::AsnWidth::two);
  put_address(body, session.peer);
  put_asn(body, session.local_asn, bgp::AsnWidth::two);
  put_address(body, session.local);
  record(time, kLegacyBgp, kLegacyKeepalive, body);
}

}  // namespace lightsout::mrt
