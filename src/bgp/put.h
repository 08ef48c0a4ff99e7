// The bytes that everyone who writes BGP messages writes: numbers in network order, addresses,
// prefixes and attributes (RFC 4271 section 4.3).
//
//   put_attribute(attributes, kOptional, kMed, value);
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "core/byte_reader.h"
#include "core/check.h"
#include "net/prefix.h"

namespace lightsout::bgp {

using ByteVector = std::vector<std::uint8_t>;

// Flags of an attribute.
constexpr std::uint8_t kOptional = 0x80;
constexpr std::uint8_t kTransitive = 0x40;
constexpr std::uint8_t kExtendedLength = 0x10;

inline void put16(ByteVector& out, std::size_t value) {
  CHECK(value <= 0xffff);
  out.push_back(static_cast<std::uint8_t>(value >> 8));
  out.push_back(static_cast<std::uint8_t>(value));
}

inline void put32(ByteVector& out, std::uint32_t value) {
  put16(out, value >> 16);
  put16(out, value & 0xffff);
}

inline void put(ByteVector& out, Bytes bytes) {
  out.insert(out.end(), bytes.begin(), bytes.end());
}

inline void put_address(ByteVector& out, const IpAddress& address) {
  const std::size_t width = address.family == Family::v4 ? 4 : 16;
  out.insert(out.end(), address.bytes.begin(), address.bytes.begin() + width);
}

inline void put_prefix(ByteVector& out, const Prefix& prefix) {
  out.push_back(static_cast<std::uint8_t>(prefix.length()));
  const auto& bytes = prefix.address().bytes;
  out.insert(out.end(), bytes.begin(), bytes.begin() + (prefix.length() + 7) / 8);
}

// A value of more than 255 bytes has two bytes of length.
inline void put_attribute(ByteVector& out, std::uint8_t flags, std::uint8_t type,
                          const ByteVector& value) {
  const bool extended = value.size() > 255;
  out.push_back(flags | (extended ? kExtendedLength : 0));
  out.push_back(type);
  if (extended) out.push_back(static_cast<std::uint8_t>(value.size() >> 8));
  out.push_back(static_cast<std::uint8_t>(value.size()));
  put(out, value);
}

}  // namespace lightsout::bgp
