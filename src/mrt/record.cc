// SPDX-License-Identifier: Apache-2.0
#include "mrt/record.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace lightsout::mrt {
namespace {

IpAddress read_address(ByteReader& reader, Family family) {
  IpAddress address;
  address.family = family;
  if (family == Family::v4) {
    const Bytes bytes = reader.take(4);
    if (!bytes.empty()) std::memcpy(address.bytes.data(), bytes.data(), 4);
  } else {
    const Bytes bytes = reader.take(16);
    if (!bytes.empty()) std::memcpy(address.bytes.data(), bytes.data(), 16);
  }
  return address;
}

const char* type_name(std::uint16_t type) {
  switch (type) {
    case kLegacyBgp:
      return "BGP";
    case kOspf2:
      return "OSPFv2";
    case kTableDump:
      return "TABLE_DUMP";
    case kTableDump2:
      return "TABLE_DUMP_V2";
    case kBgp4mp:
      return "BGP4MP";
    case kBgp4mpEt:
      return "BGP4MP_ET";
    case kIsis:
      return "ISIS";
    case kIsisEt:
      return "ISIS_ET";
    case kOspf3:
      return "OSPFv3";
    case kOspf3Et:
      return "OSPFv3_ET";
    default:
      return "type ";
  }
}

}  // namespace

std::string name_of(std::uint16_t type, std::uint16_t subtype) {
  const std::string_view name = type_name(type);
  if (name == "type ") return fmt::format("type {}/{}", type, subtype);
  return fmt::format("{}/{}", name, subtype);
}

Result<PeerIndexTable> decode_peer_index_table(Bytes body) {
  ByteReader reader(body);
  PeerIndexTable table;
  table.collector_id = reader.u32();
  const Bytes name = reader.take(reader.u16());
  table.view_name.assign(name.begin(), name.end());
  const std::size_t count = reader.u16();
  for (std::size_t i = 0; i < count && reader.ok(); ++i) {
    const std::uint8_t type = reader.u8();
    Peer peer;
    peer.bgp_id = reader.u32();
    peer.address = read_address(reader, (type & 1) != 0 ? Family::v6 : Family::v4);
    peer.asn.number = (type & 2) != 0 ? reader.u32() : reader.u16();
    table.peers.push_back(peer);
  }
  if (!reader.ok()) return Error{ErrorKind::malformed, "PEER_INDEX_TABLE cut short"};
  return table;
}

namespace {

struct RibShape {
  bool readable = false;
  bool generic = false;
  bool add_path = false;
  bool multicast = false;
  Family family = Family::v4;
};

RibShape shape_of(std::uint16_t subtype) {
  RibShape shape;
  shape.readable = subtype >= kRibIpv4Unicast && subtype <= kRibGenericAddPath && subtype != 7;
  shape.generic = subtype == kRibGeneric || subtype == kRibGenericAddPath;
  shape.add_path = subtype >= kRibIpv4UnicastAddPath;
  const unsigned kind = subtype - (shape.add_path ? kRibIpv4UnicastAddPath : kRibIpv4Unicast);
  shape.multicast = !shape.generic && kind % 2 == 1;
  if (!shape.generic && kind >= 2) shape.family = Family::v6;
  return shape;
}

// AFI and SAFI of the families that we read.
bool read_family(ByteReader& reader, Family& family, bool& multicast) {
  const std::uint16_t afi = reader.u16();
  const std::uint8_t safi = reader.u8();
  family = afi == 2 ? Family::v6 : Family::v4;
  multicast = safi == 2;
  return (afi == 1 || afi == 2) && (safi == 1 || safi == 2);
}

// Prefix, count, entries.
bool read_rest(ByteReader reader, Family family, RibRecord& rib) {
  const std::optional<Prefix> prefix = Prefix::try_decode(reader, family);
  if (!prefix) return false;
  rib.prefix = *prefix;
  rib.entry_count = reader.u16();
  rib.entries = reader.rest();
  return reader.ok();
}

bool comes_out_even(const RibRecord& rib) {
  ByteReader reader(rib.entries);
  for (std::size_t i = 0; i < rib.entry_count; ++i) {
    reader.take(rib.id_in_entries ? 10 : 6);
    reader.take(reader.u16());
  }
  return reader.ok() && reader.empty();
}

Decoded decode_generic(ByteReader reader, bool add_path, RibRecord& rib) {
  Family family = Family::v4;
  const bool known = read_family(reader, family, rib.multicast);
  if (!reader.ok()) return Decoded::damaged;
  if (!known) return Decoded::unsupported;
  rib.id_in_entries = add_path;
  const bool readable = read_rest(reader, family, rib);
  if (!add_path || (readable && comes_out_even(rib))) {
    return readable ? Decoded::yes : Decoded::damaged;
  }
  rib.id_in_entries = false;
  rib.path_id = reader.u32();
  return read_rest(reader, family, rib) ? Decoded::yes : Decoded::damaged;
}

}  // namespace

Decoded decode_rib(const Record& record, RibRecord& rib) {
  const RibShape shape = shape_of(record.subtype);
  if (!shape.readable) return Decoded::unsupported;
  ByteReader reader(record.body);
  rib.sequence = reader.u32();
  rib.add_path = shape.add_path;
  rib.path_id = 0;
  if (shape.generic) return decode_generic(reader, shape.add_path, rib);
  rib.id_in_entries = shape.add_path;
  rib.multicast = shape.multicast;
  return read_rest(reader, shape.family, rib) ? Decoded::yes : Decoded::damaged;
}

OldRibReader::OldRibReader(const Record& record)
    : reader_(record.body),
      is_entry_(record.is_bgp4mp()),
      as4_(!is_entry_ && record.subtype >= kTableDumpIpv4As4) {
  if (!is_entry_) {
    const bool v6 = record.subtype == kTableDumpIpv6 || record.subtype == kTableDumpIpv6As4;
    family_ = v6 ? Family::v6 : Family::v4;
    reader_.u16();  // view
    reader_.u16();  // sequence
  }
  const bool known = is_entry_
                         ? record.subtype == kEntry
                         : record.subtype >= kTableDumpIpv4 && record.subtype <= kTableDumpIpv6As4;
  if (!known) decoded_ = Decoded::unsupported;
  if (known && reader_.empty()) decoded_ = Decoded::damaged;
}

bool OldRibReader::next(OldRibRecord& route) {
  if (decoded_ != Decoded::yes || reader_.empty()) return false;
  route.next_hop = {};
  route.width = as4_ ? bgp::AsnWidth::four : bgp::AsnWidth::two;
  return is_entry_ ? entry(route) : table_dump(route);
}

bool OldRibReader::table_dump(OldRibRecord& route) {
  const IpAddress address = read_address(reader_, family_);
  const unsigned length = reader_.u8();
  reader_.u8();  // status: always 1
  route.originated = reader_.u32();
  route.peer.bgp_id = 0;
  route.peer.address = read_address(reader_, family_);
  route.peer.asn.number = as4_ ? reader_.u32() : reader_.u16();
  route.attributes = reader_.take(reader_.u16());
  route.multicast = false;
  if (!reader_.ok() || length > max_length(family_)) {
    decoded_ = Decoded::damaged;
    return false;
  }
  route.prefix = Prefix::from_checked(address.bytes, length, family_);
  return true;
}

// draft-ietf-grow-mrt-08 section 6.12.3.
bool OldRibReader::entry(OldRibRecord& route) {
  const auto fail = [&](Decoded why) {
    decoded_ = why;
    return false;
  };
  route.peer.bgp_id = 0;
  route.peer.asn.number = reader_.u16();
  reader_.u16();  // the collector's ASN
  reader_.u16();  // interface
  const std::uint16_t afi = reader_.u16();
  if (reader_.ok() && afi != 1 && afi != 2) return fail(Decoded::damaged);
  route.peer.address = read_address(reader_, afi == 2 ? Family::v6 : Family::v4);
  read_address(reader_, afi == 2 ? Family::v6 : Family::v4);
  reader_.take(4);  // view and status
  route.originated = reader_.u32();
  Family family = Family::v4;
  const bool known = read_family(reader_, family, route.multicast);
  if (!reader_.ok()) return fail(Decoded::damaged);
  if (!known) return fail(Decoded::unsupported);
  route.next_hop = reader_.take(reader_.u8());
  const std::optional<Prefix> prefix = Prefix::try_decode(reader_, family);
  if (!prefix) return fail(Decoded::damaged);
  route.prefix = *prefix;
  route.attributes = reader_.take(reader_.u16());
  return reader_.ok() || fail(Decoded::damaged);
}

Decoded decode_old_rib(const Record& record, OldRibRecord& rib) {
  OldRibReader routes(record);
  return routes.next(rib) ? Decoded::yes : routes.decoded();
}

namespace {

struct SessionShape {
  bool state = false;
  bool message = false;
  bool as4 = false;
  bool local = false;
  bool add_path = false;
};

SessionShape session_shape_of(std::uint16_t subtype) {
  switch (subtype) {
    case kStateChange:
      return {.state = true};
    case kStateChangeAs4:
      return {.state = true, .as4 = true};
    case kMessage:
      return {.message = true};
    case kMessageAs4:
      return {.message = true, .as4 = true};
    case kMessageLocal:
      return {.message = true, .local = true};
    case kMessageAs4Local:
      return {.message = true, .as4 = true, .local = true};
    case kMessageAddPath:
      return {.message = true, .add_path = true};
    case kMessageAs4AddPath:
      return {.message = true, .as4 = true, .add_path = true};
    case kMessageLocalAddPath:
      return {.message = true, .local = true, .add_path = true};
    case kMessageAs4LocalAddPath:
      return {.message = true, .as4 = true, .local = true, .add_path = true};
    default:
      return {};
  }
}

Decoded finish(ByteReader& reader, Bgp4mp& out) {
  if (out.kind == Bgp4mp::Kind::state_change) {
    out.old_state = reader.u16();
    out.new_state = reader.u16();
    return reader.ok() ? Decoded::yes : Decoded::damaged;
  }
  if (!reader.ok()) return Decoded::damaged;
  const std::optional<bgp::Message> found = bgp::read_message(reader.rest());
  if (!found) return Decoded::damaged;
  out.message = *found;
  return Decoded::yes;
}

// Zebra in 2000: an interface, no family, no session; what follows is whole.
bool is_zebras_short_form(Bytes body, bool state) {
  if (body.size() < 8) return false;
  if (std::any_of(body.begin(), body.begin() + 4, [](std::uint8_t byte) { return byte != 0; })) {
    return false;
  }
  if (state) return body.size() == 8;
  return body.size() >= 4 + 19 && std::all_of(body.begin() + 4, body.begin() + 20,
                                              [](std::uint8_t byte) { return byte == 0xff; });
}

Decoded decode_legacy(const Record& record, Bgp4mp& out) {
  std::uint8_t message_type = 0;
  switch (record.subtype) {
    case kLegacyUpdate:
      message_type = static_cast<std::uint8_t>(bgp::MessageType::update);
      break;
    case kLegacyOpen:
      message_type = static_cast<std::uint8_t>(bgp::MessageType::open);
      break;
    case kLegacyNotify:
      message_type = static_cast<std::uint8_t>(bgp::MessageType::notification);
      break;
    case kLegacyKeepalive:
      message_type = static_cast<std::uint8_t>(bgp::MessageType::keepalive);
      break;
    case kLegacyStateChange:
      break;
    default:
      return Decoded::unsupported;
  }
  const bool state = record.subtype == kLegacyStateChange;
  ByteReader reader(record.body);
  out = Bgp4mp{};
  out.kind = state ? Bgp4mp::Kind::state_change : Bgp4mp::Kind::message;
  out.width = bgp::AsnWidth::two;
  out.session.peer_asn.number = reader.u16();
  out.session.peer = read_address(reader, Family::v4);
  if (state) return finish(reader, out);
  out.session.local_asn.number = reader.u16();
  out.session.local = read_address(reader, Family::v4);
  out.message = {.type = message_type, .body = reader.rest()};
  return reader.ok() ? Decoded::yes : Decoded::damaged;
}

}  // namespace

Decoded decode_bgp4mp(const Record& record, Bgp4mp& out) {
  if (record.type == kLegacyBgp) return decode_legacy(record, out);
  const SessionShape shape = session_shape_of(record.subtype);
  if (!shape.state && !shape.message) return Decoded::unsupported;

  ByteReader reader(record.body);
  out.kind = shape.state ? Bgp4mp::Kind::state_change : Bgp4mp::Kind::message;
  out.width = shape.as4 ? bgp::AsnWidth::four : bgp::AsnWidth::two;
  out.add_path = shape.add_path;
  out.local = shape.local;
  out.session.peer_asn.number = shape.as4 ? reader.u32() : reader.u16();
  out.session.local_asn.number = shape.as4 ? reader.u32() : reader.u16();
  reader.u16();  // interface index
  const std::uint16_t afi = reader.u16();
  if (!shape.as4 && is_zebras_short_form(record.body, shape.state)) {
    out.session = Session{};
    reader = ByteReader(record.body.subspan(4));
    return finish(reader, out);
  }
  if (afi != 1 && afi != 2) return Decoded::damaged;
  const Family family = afi == 2 ? Family::v6 : Family::v4;
  out.session.peer = read_address(reader, family);
  out.session.local = read_address(reader, family);
  return finish(reader, out);
}

}  // namespace lightsout::mrt
