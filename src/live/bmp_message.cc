// SPDX-License-Identifier: Apache-2.0
#include "live/bmp_message.h"

#include <fmt/format.h>

#include <algorithm>

namespace lightsout::live {
namespace {

constexpr std::uint8_t kFlagV6 = 0x80, kFlagPost = 0x40, kFlagAs2 = 0x20, kFlagOut = 0x10;
constexpr std::size_t kBgpHeaderBytes = 19;  // marker, length, type: RFC 4271 section 4.1

// An address field has 16 bytes; an IPv4 address fills the last four, RFC 7854 section 4.2.
IpAddress read_address(ByteReader& reader, bool v6) {
  IpAddress address;
  const Bytes bytes = reader.take(16);
  if (bytes.empty()) return address;
  if (v6) {
    address.family = Family::v6;
    std::copy(bytes.begin(), bytes.end(), address.bytes.begin());
  } else {
    std::copy_n(bytes.begin() + 12, 4, address.bytes.begin());
  }
  return address;
}

void read_peer(ByteReader& reader, BmpPeer& peer) {
  peer.type = reader.u8();
  peer.flags = reader.u8();
  const Bytes distinguisher = reader.take(8);
  std::copy(distinguisher.begin(), distinguisher.end(), peer.distinguisher.begin());
  peer.address = read_address(reader, !peer.is_loc_rib() && (peer.flags & kFlagV6) != 0);
  peer.asn.number = reader.u32();
  peer.bgp_id = reader.u32();
  peer.at.time = Time{Seconds{reader.u32()}};
  peer.at.microseconds = std::min<std::uint32_t>(reader.u32(), 999'999);
}

// One BGP message with its header, whose length must fit into what is there.
Bytes take_bgp(ByteReader& reader) {
  ByteReader ahead = reader;
  ahead.take(16);
  const std::size_t length = ahead.u16();
  if (!ahead.ok() || length < kBgpHeaderBytes) {
    reader.take(SIZE_MAX);
    return {};
  }
  return reader.take(length);
}

bool read_information(ByteReader& reader, std::vector<Tlv>& information) {
  while (!reader.empty()) {
    Tlv tlv;
    tlv.type = reader.u16();
    tlv.bytes = reader.take(reader.u16());
    if (!reader.ok()) return false;
    information.push_back(tlv);
  }
  return reader.ok();
}

bool read_counters(ByteReader& reader, std::vector<Counter>& counters) {
  for (std::uint32_t left = reader.u32(); left > 0; --left) {
    Counter counter;
    counter.type = reader.u16();
    const std::size_t length = reader.u16();
    ByteReader value = reader.sub(length);
    if (!reader.ok()) return false;
    if (length == 4) {
      counter.value = value.u32();
    } else if (length == 8) {
      counter.value = value.u64();
    } else if (length == 11) {
      counter.afi = value.u16();
      counter.safi = value.u8();
      counter.value = value.u64();
    } else {
      counter.readable = false;
    }
    counters.push_back(counter);
  }
  return reader.ok();
}

bool read_peer_up(ByteReader& reader, BmpMessage& message) {
  message.local =
      read_address(reader, (message.peer.flags & kFlagV6) != 0 && !message.peer.is_loc_rib());
  message.local_port = reader.u16();
  message.remote_port = reader.u16();
  message.sent_open = take_bgp(reader);
  message.received_open = take_bgp(reader);
  return read_information(reader, message.information);
}

bool read_peer_down(ByteReader& reader, BmpMessage& message) {
  message.reason = reader.u8();
  switch (message.reason) {
    case 1:
    case 3:
      message.bgp = take_bgp(reader);
      return reader.ok();
    case 2:
      message.fsm_event = reader.u16();
      return reader.ok();
    case 6:  // RFC 9069 section 5.3: the Loc-RIB's own, with its name
      return reader.ok() && read_information(reader, message.information);
    default:
      return reader.ok();
  }
}

// RFC 4364 section 4.2; type 1 has an address and a number.
std::string administrator(std::uint16_t type, ByteReader& reader) {
  if (type == 1) {
    const IpAddress address = IpAddress::v4(reader.u32());
    return fmt::format("{}:{}", address.text(), reader.u16());
  }
  if (type == 2) {
    const std::uint32_t asn = reader.u32();
    return fmt::format("{}:{}", asn, reader.u16());
  }
  const std::uint16_t asn = reader.u16();
  return fmt::format("{}:{}", asn, reader.u32());
}

}  // namespace

bgp::AsnWidth BmpPeer::width() const {
  // RFC 9069 section 4.2: the Loc-RIB is always in the four-byte form, its flags mean other things;
  // RFC 8671 section 4 keeps the A flag for the Adj-RIB-Out.
  const bool two = !is_loc_rib() && (flags & kFlagAs2) != 0;
  return two ? bgp::AsnWidth::two : bgp::AsnWidth::four;
}

RibView BmpPeer::view() const {
  if (is_loc_rib()) return RibView::loc;
  const bool post = (flags & kFlagPost) != 0;
  if ((flags & kFlagOut) != 0) return post ? RibView::adj_out_post : RibView::adj_out;
  return post ? RibView::adj_in_post : RibView::adj_in;
}

bool decode_bmp(Bytes bytes, BmpMessage& message) {
  ByteReader reader(bytes);
  const std::uint8_t version = reader.u8();
  const std::uint32_t length = reader.u32();
  message.raw_type = reader.u8();
  if (!reader.ok() || version != kBmpVersion || length != bytes.size()) return false;
  message.bgp = message.sent_open = message.received_open = {};
  message.fsm_event.reset();
  message.information.clear();
  message.counters.clear();
  message.peer = {};
  if (!message.known()) return true;

  message.type = static_cast<BmpType>(message.raw_type);
  if (message.type != BmpType::initiation && message.type != BmpType::termination) {
    read_peer(reader, message.peer);
    if (!reader.ok()) return false;
  }
  switch (message.type) {
    case BmpType::route_monitoring:
      message.bgp = take_bgp(reader);
      return reader.ok() && reader.empty();
    case BmpType::statistics:
      return read_counters(reader, message.counters);
    case BmpType::peer_down:
      return read_peer_down(reader, message);
    case BmpType::peer_up:
      return read_peer_up(reader, message);
    case BmpType::initiation:
    case BmpType::termination:
    case BmpType::route_mirroring:
      return read_information(reader, message.information);
  }
  return false;
}

std::string distinguisher_text(const std::array<std::uint8_t, 8>& bytes) {
  ByteReader reader(bytes);
  const std::uint16_t type = reader.u16();
  return fmt::format("{}:{}", type, administrator(type, reader));
}

std::string_view peer_down_reason(std::uint8_t reason) {
  switch (reason) {
    case 1:
      return "the router closed the session with a NOTIFICATION";
    case 2:
      return "the router closed the session without a NOTIFICATION";
    case 3:
      return "the peer closed the session with a NOTIFICATION";
    case 4:
      return "the peer closed the session without a NOTIFICATION";
    case 5:
      return "the router no longer reports this peer";
    case 6:
      return "the table is gone from the router";
    default:
      return "for a reason that RFC 7854 does not name";
  }
}

}  // namespace lightsout::live
