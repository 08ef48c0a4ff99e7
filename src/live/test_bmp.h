// BMP messages for tests, made by hand: bytes in, bytes out.
//
//   stream += bmp_initiation("r1") + bmp_peer_up(peer) + bmp_route(peer, update_bytes);
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bgp/encode.h"
#include "live/bmp_message.h"

namespace lightsout::live {

inline std::string number(std::uint64_t value, int bytes) {
  std::string out;
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
    out += static_cast<char>(static_cast<std::uint8_t>(value >> shift));
  }
  return out;
}

inline Bytes bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

inline std::string text_of(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

inline std::string bmp(BmpType type, const std::string& body) {
  return number(3, 1) + number(6 + body.size(), 4) + number(static_cast<std::uint8_t>(type), 1) +
         body;
}

inline std::string tlv(std::uint16_t type, const std::string& value) {
  return number(type, 2) + number(value.size(), 2) + value;
}

struct TestPeer {
  std::uint8_t type = 0;
  std::uint8_t flags = 0;
  std::uint64_t distinguisher = 0;
  std::string address = "192.0.2.1";
  std::uint32_t asn = 64500;
  std::string local = "192.0.2.254";
  std::uint32_t local_asn = 64999;
  std::string path_ids;  // what both OPENs say of add-path: "" or a capability
  std::uint32_t seconds = 1'641'378'600;
  std::uint32_t microseconds = 250'000;
};

inline std::string address_field(const std::string& text) {
  const IpAddress address = *IpAddress::parse(text);
  const std::string bytes(reinterpret_cast<const char*>(address.bytes.data()), 16);
  return address.family == Family::v6 ? bytes : std::string(12, '\0') + bytes.substr(0, 4);
}

inline std::string per_peer(const TestPeer& peer) {
  const bool v6 = peer.address.find(':') != std::string::npos;
  return number(peer.type, 1) + number(peer.flags | (v6 ? 0x80 : 0), 1) +
         number(peer.distinguisher, 8) + address_field(peer.address) + number(peer.asn, 4) +
         number(0xc0000201, 4) + number(peer.seconds, 4) + number(peer.microseconds, 4);
}

inline std::string bgp_message(std::uint8_t type, const std::string& body) {
  return std::string(16, '\xff') + number(19 + body.size(), 2) + number(type, 1) + body;
}

// An OPEN with the capability of four-byte ASNs, and others as they come.
inline std::string open_message(std::uint32_t asn, const std::string& capabilities = "") {
  const std::string all = number(65, 1) + number(4, 1) + number(asn, 4) + capabilities;
  const std::string parameter = number(2, 1) + number(all.size(), 1) + all;
  return bgp_message(1, number(4, 1) + number(asn > 0xffff ? 23456 : asn, 2) + number(180, 2) +
                            number(0xc0000201, 4) + number(parameter.size(), 1) + parameter);
}

// The capability of add-path, RFC 7911: the family and whether it receives (1), sends (2), both
// (3).
inline std::string add_path_capability(std::uint16_t afi, std::uint8_t safi, int direction) {
  return number(69, 1) + number(4, 1) + number(afi, 2) + number(safi, 1) +
         number(static_cast<std::uint64_t>(direction), 1);
}

inline std::string bmp_initiation(const std::string& name) {
  return bmp(BmpType::initiation, tlv(kSysDescr, "a router") + tlv(kSysName, name));
}

inline std::string bmp_peer_up(const TestPeer& peer, const std::string& information = "") {
  return bmp(BmpType::peer_up, per_peer(peer) + address_field(peer.local) + number(179, 2) +
                                   number(40'000, 2) + open_message(peer.local_asn, peer.path_ids) +
                                   open_message(peer.asn, peer.path_ids) + information);
}

inline std::string bmp_peer_down(const TestPeer& peer, int reason, const std::string& data = "") {
  return bmp(BmpType::peer_down,
             per_peer(peer) + number(static_cast<std::uint64_t>(reason), 1) + data);
}

inline std::string bmp_route(const TestPeer& peer, const std::string& update) {
  return bmp(BmpType::route_monitoring, per_peer(peer) + update);
}

// A counter of four bytes; see bmp_message.h.
inline std::string bmp_statistics(const TestPeer& peer, std::uint16_t counter,
                                  std::uint32_t value) {
  return bmp(BmpType::statistics, per_peer(peer) + number(1, 4) + tlv(counter, number(value, 4)));
}

// The UPDATE that announces `prefix` by `path`.
inline std::string announce(const std::string& prefix, std::vector<Asn> path,
                            const std::string& next_hop = "192.0.2.1") {
  const bgp::Update update{
      .withdrawn = {},
      .announced = {*Prefix::parse(prefix)},
      .route = {.path = std::move(path), .next_hop = *IpAddress::parse(next_hop)}};
  return text_of(bgp::encode_update(update).front());
}

inline std::string withdraw(const std::string& prefix) {
  const bgp::Update update{.withdrawn = {*Prefix::parse(prefix)}, .announced = {}, .route = {}};
  return text_of(bgp::encode_update(update).front());
}

inline std::string end_of_rib() {
  return bgp_message(2, std::string(4, '\0'));
}

}  // namespace lightsout::live
