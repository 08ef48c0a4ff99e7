// SPDX-License-Identifier: Apache-2.0
#include "mrt/record.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace lightsout::mrt {
namespace {

inline IpAddress read_address(ByteReader& reader, Family family) {
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
bool read_rest(Bytes bytes, Family family, RibRecord& rib) {
  const unsigned length = bytes.empty() ? 0 : bytes[0];
  const std::size_t size = 1 + (length + 7) / 8;
  if (length > max_length(family) || bytes.size() < size + 2) return false;
  rib.prefix.set_checked(bytes, family);
  rib.entry_count = number_at<std::uint16_t>(bytes.data() + size);
  rib.entries = bytes.subspan(size + 2);
  return true;
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
  const bool readable = read_rest(reader.rest(), family, rib);
  if (!add_path || (readable && comes_out_even(rib))) {
    return readable ? Decoded::yes : Decoded::damaged;
  }
  rib.id_in_entries = false;
  rib.path_id = reader.u32();
  return read_rest(reader.rest(), family, rib) ? Decoded::yes : Decoded::damaged;
}

}  // namespace

Decoded decode_rib(const Record& record, RibRecord& rib) {
  ByteReader reader(record.body);
  if (record.subtype == kRibIpv4Unicast || record.subtype == kRibIpv6Unicast) {
    rib.sequence = reader.u32();  // 0 when cut short, and then nothing follows either
    rib.add_path = rib.id_in_entries = rib.multicast = false;
    rib.path_id = 0;
    const Family family = record.subtype == kRibIpv4Unicast ? Family::v4 : Family::v6;
    return read_rest(reader.rest(), family, rib) ? Decoded::yes : Decoded::damaged;
  }
  const RibShape shape = shape_of(record.subtype);
  if (!shape.readable) return Decoded::unsupported;
  rib.sequence = reader.u32();
  rib.add_path = shape.add_path;
  rib.path_id = 0;
  if (shape.generic) return decode_generic(reader, shape.add_path, rib);
  rib.id_in_entries = shape.add_path;
  rib.multicast = shape.multicast;
  return read_rest(reader.rest(), shape.family, rib) ? Decoded::yes : Decoded::damaged;
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
  route.prefix = *Prefix::make(address, length);
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

// What a subtype of BGP4MP has, one bit each.
enum Shape : std::uint8_t { kState = 1, kAnyMessage = 2, kAs4 = 4, kLocal = 8, kAddPath = 16 };

constexpr std::uint8_t kShapes[] = {
    kState,                                  // STATE_CHANGE
    kAnyMessage,                             // MESSAGE
    0,                                       // ENTRY
    0,                                       // SNAPSHOT
    kAnyMessage | kAs4,                      // MESSAGE_AS4
    kState | kAs4,                           // STATE_CHANGE_AS4
    kAnyMessage | kLocal,                    // MESSAGE_LOCAL
    kAnyMessage | kAs4 | kLocal,             // MESSAGE_AS4_LOCAL
    kAnyMessage | kAddPath,                  // MESSAGE_ADDPATH, RFC 8050
    kAnyMessage | kAs4 | kAddPath,           // MESSAGE_AS4_ADDPATH
    kAnyMessage | kLocal | kAddPath,         // MESSAGE_LOCAL_ADDPATH
    kAnyMessage | kAs4 | kLocal | kAddPath,  // MESSAGE_AS4_LOCAL_ADDPATH
};

// What follows the two ends of the session.
Decoded finish(Bytes rest, Bgp4mp& out) {
  if (out.kind == Bgp4mp::Kind::state_change) {
    if (rest.size() < 4) return Decoded::damaged;
    out.old_state = number_at<std::uint16_t>(rest.data());
    out.new_state = number_at<std::uint16_t>(rest.data() + 2);
    return Decoded::yes;
  }
  return bgp::read_message(rest, out.message) ? Decoded::yes : Decoded::damaged;
}

// Zebra in 2000: an interface, no family, no session; what follows is whole.
bool is_zebras_short_form(Bytes body, bool state) {
  if (body.size() < 8 || number_at<std::uint32_t>(body.data()) != 0) return false;
  if (state) return body.size() == 8;
  return body.size() >= 4 + 19 && std::all_of(body.begin() + 4, body.begin() + 20,
                                              [](std::uint8_t byte) { return byte == 0xff; });
}

std::uint32_t asn_at(const std::uint8_t* at, bool as4) {
  return as4 ? number_at<std::uint32_t>(at) : number_at<std::uint16_t>(at);
}

void set_address(IpAddress& address, const std::uint8_t* at, Family family) {
  address.family = family;
  if (family == Family::v4) {
    address.bytes = {};
    std::memcpy(address.bytes.data(), at, 4);
  } else {
    std::memcpy(address.bytes.data(), at, 16);
  }
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
  if (state) return finish(reader.rest(), out);
  out.session.local_asn.number = reader.u16();
  out.session.local = read_address(reader, Family::v4);
  out.message.type = message_type;
  out.message.body = reader.rest();
  return reader.ok() ? Decoded::yes : Decoded::damaged;
}

}  // namespace

Decoded decode_bgp4mp(const Record& record, Bgp4mp& out) {
  if (record.type == kLegacyBgp) return decode_legacy(record, out);
  const unsigned shape = record.subtype < std::size(kShapes) ? kShapes[record.subtype] : 0u;
  if (shape == 0) return Decoded::unsupported;

  const Bytes body = record.body;
  const bool state = (shape & kState) != 0;
  const bool as4 = (shape & kAs4) != 0;
  out.kind = state ? Bgp4mp::Kind::state_change : Bgp4mp::Kind::message;
  out.width = as4 ? bgp::AsnWidth::four : bgp::AsnWidth::two;
  out.add_path = (shape & kAddPath) != 0;
  out.local = (shape & kLocal) != 0;
  if (!as4 && is_zebras_short_form(body, state)) {
    out.session = Session{};
    return finish(body.subspan(4), out);
  }
  const std::size_t asn_bytes = as4 ? 4 : 2;
  const std::size_t head = 2 * asn_bytes + 4;  // with the interface and the family
  if (body.size() < head) return Decoded::damaged;
  const std::uint8_t* const at = body.data();
  out.session.peer_asn.number = asn_at(at, as4);
  out.session.local_asn.number = asn_at(at + asn_bytes, as4);
  const auto afi = number_at<std::uint16_t>(at + 2 * asn_bytes + 2);
  if (afi != 1 && afi != 2) return Decoded::damaged;
  const Family family = afi == 2 ? Family::v6 : Family::v4;
  const std::size_t address_bytes = family == Family::v4 ? 4 : 16;
  const std::size_t end = head + 2 * address_bytes;
  if (body.size() < end) return Decoded::damaged;
  set_address(out.session.peer, at + head, family);
  set_address(out.session.local, at + head + address_bytes, family);
  return finish(body.subspan(end), out);
}

}  // namespace lightsout::mrt
