// SPDX-License-Identifier: Apache-2.0
#include "bgp/encode.h"

#include <algorithm>

#include "bgp/attribute_walk.h"
#include "bgp/put.h"
#include "core/check.h"

namespace lightsout::bgp {
namespace {

constexpr std::size_t kHeaderBytes = 19;

bool fits16(Asn asn) {
  return asn.number <= 0xffff;
}

ByteVector path_value(const std::vector<Asn>& path, AsnWidth width) {
  ByteVector value;
  for (std::size_t begin = 0; begin < path.size(); begin += 255) {
    const std::size_t count = std::min<std::size_t>(255, path.size() - begin);
    value.push_back(static_cast<std::uint8_t>(SegmentType::sequence));
    value.push_back(static_cast<std::uint8_t>(count));
    for (std::size_t i = 0; i < count; ++i) {
      const Asn asn = path[begin + i];
      if (width == AsnWidth::four) {
        put32(value, asn.number);
      } else {
        put16(value, fits16(asn) ? asn.number : kAsTrans);
      }
    }
  }
  return value;
}

// Everything except the next hop of IPv6 and the prefixes, by attribute type.
ByteVector common_attributes(const Route& route, AsnWidth width) {
  ByteVector out;
  put_attribute(out, kTransitive, 1, {static_cast<std::uint8_t>(route.origin)});
  put_attribute(out, kTransitive, 2, path_value(route.path, width));
  if (route.next_hop.family == Family::v4) {
    ByteVector hop;
    put_address(hop, route.next_hop);
    put_attribute(out, kTransitive, 3, hop);
  }
  const auto put_number = [&](std::uint8_t flags, std::uint8_t type, std::uint32_t number) {
    ByteVector value;
    put32(value, number);
    put_attribute(out, flags, type, value);
  };
  if (route.med) put_number(kOptional, 4, *route.med);
  if (route.local_pref) put_number(kTransitive, 5, *route.local_pref);
  if (!route.communities.empty()) {
    ByteVector value;
    for (const std::uint32_t community : route.communities) put32(value, community);
    put_attribute(out, kOptional | kTransitive, 8, value);
  }
  if (width == AsnWidth::two && !std::all_of(route.path.begin(), route.path.end(), fits16)) {
    put_attribute(out, kOptional | kTransitive, 17, path_value(route.path, AsnWidth::four));
  }
  return out;
}

ByteVector message_of(const ByteVector& withdrawn, const ByteVector& attributes,
                      const ByteVector& nlri, std::size_t most) {
  ByteVector out(16, 0xff);
  put16(out, kHeaderBytes + 4 + withdrawn.size() + attributes.size() + nlri.size());
  out.push_back(static_cast<std::uint8_t>(MessageType::update));
  put16(out, withdrawn.size());
  put(out, withdrawn);
  put16(out, attributes.size());
  put(out, attributes);
  put(out, nlri);
  CHECK(out.size() <= most);
  return out;
}

// Cuts the prefixes of one family into fields that fit beside `used` other bytes.
std::vector<ByteVector> fields_of(const std::vector<Prefix>& prefixes, Family family,
                                  std::size_t used, const Encoding& encoding) {
  const std::size_t most = encoding.max_message_bytes;
  CHECK(used + 21 <= most && most <= kMaxExtendedMessageBytes);
  std::vector<ByteVector> fields;
  for (const Prefix& prefix : prefixes) {
    if (prefix.family() != family) continue;
    ByteVector bytes;
    if (encoding.path_id) put32(bytes, *encoding.path_id);
    put_prefix(bytes, prefix);
    if (fields.empty() || used + fields.back().size() + bytes.size() > most) {
      fields.emplace_back();
    }
    put(fields.back(), bytes);
  }
  return fields;
}

// A next hop for IPv6 prefixes; an IPv4 one stands in its mapped form, as RIS collectors write it.
void put_hop6(ByteVector& out, const IpAddress& hop) {
  if (hop.family == Family::v4) {
    out.insert(out.end(), 10, 0x00);
    out.insert(out.end(), 2, 0xff);
  }
  put_address(out, hop);
}

// AFI 2, SAFI 1, and for MP_REACH_NLRI the next hop and the reserved byte before the prefixes.
ByteVector reach_value(const IpAddress& next_hop, const ByteVector& nlri) {
  ByteVector value = {0, 2, 1};
  value.push_back(16);
  put_hop6(value, next_hop);
  value.push_back(0);
  put(value, nlri);
  return value;
}

}  // namespace

std::vector<ByteVector> encode_update(const Update& update, const Encoding& encoding) {
  std::vector<ByteVector> messages;
  const std::size_t most = encoding.max_message_bytes;
  const std::size_t fixed = kHeaderBytes + 4;
  for (const ByteVector& field : fields_of(update.withdrawn, Family::v4, fixed, encoding)) {
    messages.push_back(message_of(field, {}, {}, most));
  }
  for (const ByteVector& field : fields_of(update.withdrawn, Family::v6, fixed + 7, encoding)) {
    ByteVector value = {0, 2, 1};
    put(value, field);
    ByteVector attributes;
    put_attribute(attributes, kOptional, 15, value);
    messages.push_back(message_of({}, attributes, {}, most));
  }
  const ByteVector common = common_attributes(update.route, encoding.width);
  for (const ByteVector& field :
       fields_of(update.announced, Family::v4, fixed + common.size(), encoding)) {
    CHECK(update.route.next_hop.family == Family::v4);
    messages.push_back(message_of({}, common, field, most));
  }
  for (const ByteVector& field :
       fields_of(update.announced, Family::v6, fixed + common.size() + 4 + 21, encoding)) {
    ByteVector attributes = common;
    put_attribute(attributes, kOptional, 14, reach_value(update.route.next_hop, field));
    messages.push_back(message_of({}, attributes, {}, most));
  }
  return messages;
}

ByteVector encode_table_attributes(const Route& route, AsnWidth width) {
  ByteVector out = common_attributes(route, width);
  if (route.next_hop.family == Family::v6) {
    ByteVector value = {16};
    put_hop6(value, route.next_hop);
    put_attribute(out, kOptional, 14, value);
  }
  return out;
}

ByteVector encode_prefix(const Prefix& prefix) {
  ByteVector out;
  put_prefix(out, prefix);
  return out;
}

}  // namespace lightsout::bgp
