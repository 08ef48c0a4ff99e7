// SPDX-License-Identifier: Apache-2.0
#include "live/open_message.h"

#include <algorithm>

#include "bgp/update.h"

namespace lightsout::live {
namespace {

constexpr std::uint8_t kCapabilities = 2;      // the optional parameter, RFC 5492
constexpr std::uint8_t kExtendedLength = 255;  // RFC 9072
constexpr std::uint8_t kFourByteAsn = 65;
constexpr std::uint8_t kAddPath = 69;
constexpr std::uint8_t kReceives = 1, kSends = 2;

void read_capability(std::uint8_t code, ByteReader value, OpenMessage& open) {
  if (code == kFourByteAsn) {
    const std::uint32_t asn = value.u32();
    if (!value.ok()) return;
    open.asn.number = asn;
    open.four_byte_asns = true;
  }
  if (code != kAddPath) return;
  while (value.remaining() >= 4) {
    const AddressFamily family{.afi = value.u16(), .safi = value.u8()};
    const std::uint8_t direction = value.u8();
    if ((direction & kReceives) != 0) open.takes_paths.push_back(family);
    if ((direction & kSends) != 0) open.adds_paths.push_back(family);
  }
}

}  // namespace

std::optional<OpenMessage> decode_open(Bytes message) {
  const std::optional<bgp::Message> found = bgp::read_message(message);
  if (!found || found->type != static_cast<std::uint8_t>(bgp::MessageType::open)) {
    return std::nullopt;
  }
  ByteReader reader(found->body);
  OpenMessage open;
  reader.u8();  // version: 4 since 1995
  open.asn.number = reader.u16();
  open.hold_time = reader.u16();
  open.bgp_id = reader.u32();
  std::size_t length = reader.u8();
  bool extended = false;
  if (length == kExtendedLength && !reader.empty()) {
    ByteReader ahead = reader;
    if (ahead.u8() == kExtendedLength) {
      reader.u8();
      length = reader.u16();
      extended = true;
    }
  }
  ByteReader parameters = reader.sub(length);
  while (!parameters.empty()) {
    const std::uint8_t type = parameters.u8();
    ByteReader parameter = parameters.sub(extended ? parameters.u16() : parameters.u8());
    while (type == kCapabilities && !parameter.empty()) {
      const std::uint8_t code = parameter.u8();
      read_capability(code, parameter.sub(parameter.u8()), open);
    }
    if (!parameter.ok()) return std::nullopt;
  }
  if (!reader.ok() || !parameters.ok()) return std::nullopt;
  return open;
}

std::vector<AddressFamily> add_path_between(const OpenMessage& sender,
                                            const OpenMessage& receiver) {
  std::vector<AddressFamily> families;
  for (const AddressFamily& family : sender.adds_paths) {
    const auto& takes = receiver.takes_paths;
    if (std::find(takes.begin(), takes.end(), family) != takes.end()) families.push_back(family);
  }
  return families;
}

}  // namespace lightsout::live
