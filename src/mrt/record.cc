// SPDX-License-Identifier: Apache-2.0
#include "mrt/record.h"

#include <fmt/format.h>

#include <algorithm>

namespace lightsout::mrt {
namespace {

IpAddress read_address(ByteReader& reader, Family family) {
  IpAddress address;
  address.family = family;
  const Bytes bytes = reader.take(family == Family::v4 ? 4 : 16);
  std::copy(bytes.begin(), bytes.end(), address.bytes.begin());
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

Decoded decode_rib(const Record& record, RibRecord& rib) {
  Family family = Family::v4;
  switch (record.subtype) {
    case kRibIpv4Unicast:
    case kRibIpv4Multicast:
    case kRibIpv4UnicastAddPath:
    case kRibIpv4MulticastAddPath:
      break;
    case kRibIpv6Unicast:
    case kRibIpv6Multicast:
    case kRibIpv6UnicastAddPath:
    case kRibIpv6MulticastAddPath:
      family = Family::v6;
      break;
    default:
      return Decoded::unsupported;
  }
  ByteReader reader(record.body);
  rib.add_path = record.subtype >= kRibIpv4UnicastAddPath;
  rib.sequence = reader.u32();
  const std::optional<Prefix> prefix = Prefix::try_decode(reader, family);
  if (!prefix) return Decoded::damaged;
  rib.prefix = *prefix;
  rib.entry_count = reader.u16();
  rib.entries = reader.take(reader.remaining());
  return reader.ok() ? Decoded::yes : Decoded::damaged;
}

Decoded decode_old_rib(const Record& record, OldRibRecord& rib) {
  if (record.subtype != 1 && record.subtype != 2) return Decoded::unsupported;
  const Family family = record.subtype == 1 ? Family::v4 : Family::v6;
  ByteReader reader(record.body);
  reader.u16();  // view
  reader.u16();  // sequence
  const IpAddress address = read_address(reader, family);
  const unsigned length = reader.u8();
  reader.u8();  // status: always 1
  rib.originated = reader.u32();
  rib.peer.address = read_address(reader, family);
  rib.peer.asn.number = reader.u16();
  rib.attributes = reader.take(reader.u16());
  if (!reader.ok() || length > max_length(family)) return Decoded::damaged;
  rib.prefix = *Prefix::make(address, length);
  return Decoded::yes;
}

Decoded decode_bgp4mp(const Record& record, Bgp4mp& out) {
  const bool state = record.subtype == kStateChange || record.subtype == kStateChangeAs4;
  const bool as4 = record.subtype == kStateChangeAs4 || record.subtype == kMessageAs4 ||
                   record.subtype == kMessageAs4Local;
  const bool message = record.subtype == kMessage || record.subtype == kMessageAs4 ||
                       record.subtype == kMessageLocal || record.subtype == kMessageAs4Local;
  if (!state && !message) return Decoded::unsupported;

  ByteReader reader(record.body);
  out.kind = state ? Bgp4mp::Kind::state_change : Bgp4mp::Kind::message;
  out.width = as4 ? bgp::AsnWidth::four : bgp::AsnWidth::two;
  out.session.peer_asn.number = as4 ? reader.u32() : reader.u16();
  out.session.local_asn.number = as4 ? reader.u32() : reader.u16();
  reader.u16();  // interface index
  const std::uint16_t afi = reader.u16();
  if (reader.ok() && afi != 1 && afi != 2) return Decoded::damaged;
  const Family family = afi == 2 ? Family::v6 : Family::v4;
  out.session.peer = read_address(reader, family);
  out.session.local = read_address(reader, family);
  if (state) {
    out.old_state = reader.u16();
    out.new_state = reader.u16();
    return reader.ok() ? Decoded::yes : Decoded::damaged;
  }
  if (!reader.ok()) return Decoded::damaged;
  const std::optional<bgp::Message> found = bgp::read_message(reader.take(reader.remaining()));
  if (!found) return Decoded::damaged;
  out.message = *found;
  return Decoded::yes;
}

}  // namespace lightsout::mrt
