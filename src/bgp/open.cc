// SPDX-License-Identifier: Apache-2.0
#include "bgp/open.h"

namespace lightsout::bgp {
namespace {

constexpr std::uint8_t kCapabilities = 2;      // a parameter, RFC 5492
constexpr std::uint8_t kLongParameters = 255;  // RFC 9072

enum Capability : std::uint8_t { kExtendedMessage = 6, kFourByteAsn = 65, kAddPath = 69 };

void add_path(Bytes value, Open& open) {
  for (ByteReader reader(value); reader.remaining() >= 4;) {
    const std::uint16_t afi = reader.u16();
    const std::uint8_t safi = reader.u8();
    const std::uint8_t directions = reader.u8();  // 1: receive, 2: send, 3: both
    if (safi != 1 || afi < 1 || afi > 2 || directions > 3) continue;
    const bool v4 = afi == 1;
    if ((directions & 1) != 0) (v4 ? open.add_path_receive.v4 : open.add_path_receive.v6) = true;
    if ((directions & 2) != 0) (v4 ? open.add_path_send.v4 : open.add_path_send.v6) = true;
  }
}

void capabilities(Bytes value, Open& open) {
  ByteReader reader(value);
  while (!reader.empty()) {
    const std::uint8_t code = reader.u8();
    const Bytes inside = reader.take(reader.u8());
    if (!reader.ok()) return;
    if (code == kExtendedMessage) open.extended_messages = true;
    if (code == kAddPath) add_path(inside, open);
    if (code == kFourByteAsn && inside.size() == 4) {
      open.four_byte_asns = true;
      open.asn.number = ByteReader(inside).u32();
    }
  }
}

}  // namespace

std::optional<Open> decode_open(Bytes body) {
  ByteReader reader(body);
  Open open;
  reader.u8();  // version
  open.asn.number = reader.u16();
  open.hold_seconds = reader.u16();
  open.bgp_id = reader.u32();
  std::size_t length = reader.u8();
  if (!reader.ok()) return std::nullopt;
  ByteReader ahead = reader;
  const bool is_long = length == 255 && ahead.u8() == kLongParameters;
  if (is_long) {
    reader = ahead;
    length = reader.u16();
  }
  ByteReader parameters(reader.take(length));
  if (!reader.ok()) return std::nullopt;
  while (!parameters.empty()) {
    const std::uint8_t type = parameters.u8();
    const Bytes value = parameters.take(is_long ? parameters.u16() : parameters.u8());
    if (parameters.ok() && type == kCapabilities) capabilities(value, open);
  }
  return open;
}

}  // namespace lightsout::bgp
