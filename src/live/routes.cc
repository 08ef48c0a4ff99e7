// SPDX-License-Identifier: Apache-2.0
#include "live/routes.h"

#include <fmt/format.h>

#include <algorithm>

namespace lightsout::live {
namespace {

constexpr std::uint16_t kIpv4 = 1, kIpv6 = 2;
constexpr std::uint8_t kUnicast = 1, kMulticast = 2, kLabelled = 4, kVpn = 128;
constexpr std::uint8_t kExtendedLength = 0x10;

enum AttributeCode : std::uint8_t {
  kMpReach = 14,
  kMpUnreach = 15,
  kExtendedCommunities = 16,
  kAigp = 26,
  kOnlyToCustomer = 35,
};

bool contains(const std::vector<AddressFamily>& families, const AddressFamily& family) {
  return std::find(families.begin(), families.end(), family) != families.end();
}

// RFC 7311 section 3: type 1, length 11, eight bytes of metric.
std::optional<std::uint64_t> read_aigp(ByteReader value) {
  while (!value.empty()) {
    const std::uint8_t type = value.u8();
    const std::uint16_t length = value.u16();
    if (length < 3) return std::nullopt;
    ByteReader body = value.sub(length - 3u);
    const std::uint64_t metric = body.u64();
    if (type == 1 && body.ok()) return metric;
  }
  return std::nullopt;
}

void read_attribute(std::uint8_t code, ByteReader value, const std::vector<AddressFamily>& add_path,
                    UpdateRoutes& routes) {
  if (code == kMpReach || code == kMpUnreach) {
    RouteSet set;
    set.family.afi = value.u16();
    set.family.safi = value.u8();
    set.withdrawn = code == kMpUnreach;
    if (!set.withdrawn) {
      set.next_hop = value.take(value.u8());
      value.u8();  // reserved
    }
    set.add_path = contains(add_path, set.family);
    set.nlri = value.take(value.remaining());
    if (value.ok()) routes.sets.push_back(set);
  } else if (code == kExtendedCommunities) {
    routes.extended_communities = value.take(value.remaining() / 8 * 8);
  } else if (code == kOnlyToCustomer && value.remaining() == 4) {
    routes.only_to_customer = value.u32();
  } else if (code == kAigp) {
    routes.aigp = read_aigp(value);
  }
}

// The bits of one route, of which `length` are left: labels, distinguisher, then the prefix.
bool read_route(ByteReader& reader, const RouteSet& set, LabelledRoute& route) {
  constexpr unsigned kLabelBits = 24, kDistinguisherBits = 64;
  constexpr std::uint32_t kBottom = 1;
  const std::uint8_t safi = set.family.safi;
  route.labels.clear();
  route.path_id.reset();
  if (set.add_path) route.path_id = reader.u32();
  unsigned bits = reader.u8();
  if (safi == kLabelled || safi == kVpn) {
    bool more = true;
    while (more) {
      if (bits < kLabelBits) return false;
      const Bytes label = reader.take(3);
      if (label.empty()) return false;
      const std::uint32_t value =
          std::uint32_t{label[0]} << 16 | std::uint32_t{label[1]} << 8 | label[2];
      bits -= kLabelBits;
      // RFC 8277 section 2.4: a withdrawal has 0x800000 or anything in the place of one label.
      more = !set.withdrawn && (value & kBottom) == 0;
      if (!set.withdrawn) route.labels.push_back(value >> 4);
    }
  }
  if (safi == kVpn) {
    if (bits < kDistinguisherBits) return false;
    const Bytes bytes = reader.take(8);
    if (bytes.empty()) return false;
    std::copy(bytes.begin(), bytes.end(), route.distinguisher.emplace().begin());
    bits -= kDistinguisherBits;
  }
  const Family family = set.family.afi == kIpv4 ? Family::v4 : Family::v6;
  if (bits > max_length(family)) return false;
  IpAddress address{.family = family};
  const Bytes bytes = reader.take((bits + 7) / 8);
  if (!reader.ok()) return false;
  std::copy(bytes.begin(), bytes.end(), address.bytes.begin());
  route.prefix = *Prefix::make(address, bits);
  return true;
}

}  // namespace

bool decode_routes(Bytes message, bgp::AsnWidth width, const std::vector<AddressFamily>& add_path,
                   UpdateRoutes& routes) {
  routes = {};
  const std::optional<bgp::Message> update = bgp::read_message(message);
  if (!update || update->type != static_cast<std::uint8_t>(bgp::MessageType::update)) return false;
  ByteReader reader(update->body);
  const bool with_ids = contains(add_path, {kIpv4, kUnicast});
  RouteSet withdrawn{.family = {kIpv4, kUnicast}, .withdrawn = true, .add_path = with_ids};
  withdrawn.nlri = reader.take(reader.u16());
  const Bytes attributes = reader.take(reader.u16());
  RouteSet announced{.family = {kIpv4, kUnicast}, .add_path = with_ids};
  announced.nlri = reader.take(reader.remaining());
  if (!reader.ok()) return false;
  // What is said of its prefixes does not matter here: they may have labels and path ids.
  bgp::decode_attributes(attributes, width, bgp::AttributeForm::message, routes.attributes);
  ByteReader rest(attributes);
  while (!rest.empty()) {
    const std::uint8_t flags = rest.u8();
    const std::uint8_t code = rest.u8();
    const bool wide = (flags & kExtendedLength) != 0;
    const ByteReader value = rest.sub(wide ? rest.u16() : rest.u8());
    if (rest.ok()) read_attribute(code, value, add_path, routes);
  }
  const bool empty = withdrawn.nlri.empty() && announced.nlri.empty();
  if (empty && attributes.empty()) routes.end_of_rib = {kIpv4, kUnicast};
  if (empty && routes.sets.size() == 1 && routes.sets[0].withdrawn && routes.sets[0].nlri.empty() &&
      !routes.attributes.has_path) {
    routes.end_of_rib = routes.sets[0].family;
  }
  if (!withdrawn.nlri.empty()) routes.sets.insert(routes.sets.begin(), withdrawn);
  if (!announced.nlri.empty()) routes.sets.push_back(announced);
  return rest.ok();
}

bool for_each_route(const RouteSet& set, const std::function<void(const LabelledRoute&)>& use) {
  const AddressFamily& family = set.family;
  const bool known = (family.afi == kIpv4 || family.afi == kIpv6) &&
                     (family.safi == kUnicast || family.safi == kMulticast ||
                      family.safi == kLabelled || family.safi == kVpn);
  if (!known) return false;
  ByteReader reader(set.nlri);
  LabelledRoute route;
  while (!reader.empty()) {
    if (!read_route(reader, set, route)) return false;
    use(route);
  }
  return reader.ok();
}

std::optional<IpAddress> next_hop_of(const UpdateRoutes& routes, const RouteSet& set) {
  Bytes bytes = set.next_hop;
  if (bytes.empty()) return set.withdrawn ? std::nullopt : routes.attributes.next_hop;
  // RFC 4364 section 4.3.2, RFC 4659 section 3.2.1: a distinguisher of zero before the address.
  if (set.family.safi == kVpn && (bytes.size() == 12 || bytes.size() == 24 || bytes.size() == 48)) {
    bytes = bytes.subspan(8);
  }
  if (bytes.size() == 4) return IpAddress::v4(ByteReader(bytes).u32());
  if (bytes.size() < 16) return std::nullopt;
  IpAddress address{.family = Family::v6};
  std::copy_n(bytes.begin(), 16, address.bytes.begin());
  return address;
}

std::string extended_community_text(Bytes eight_bytes) {
  ByteReader reader(eight_bytes);
  const std::uint8_t type = reader.u8();
  const std::uint8_t subtype = reader.u8();
  const char* const name = subtype == 2 ? "RT" : subtype == 3 ? "SoO" : nullptr;
  // RFC 4360 section 3: two-byte ASN, address, four-byte ASN (RFC 5668); bit 6: not transitive.
  const unsigned form = type & 0x3f;
  if (name == nullptr || form > 2 || eight_bytes.size() != 8) {
    std::string text = "0x";
    for (const std::uint8_t byte : eight_bytes) text += fmt::format("{:02x}", byte);
    return text;
  }
  if (form == 0) {
    const std::uint16_t asn = reader.u16();
    return fmt::format("{}:{}:{}", name, asn, reader.u32());
  }
  const std::uint32_t number = reader.u32();
  const std::uint16_t local = reader.u16();
  if (form == 1) return fmt::format("{}:{}:{}", name, IpAddress::v4(number).text(), local);
  return fmt::format("{}:{}:{}", name, number, local);
}

}  // namespace lightsout::live
