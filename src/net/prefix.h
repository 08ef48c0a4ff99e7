// IpAddress and Prefix, IPv4 and IPv6 in one type.
//
// Invariant of Prefix: length <= 32 or 128, and no address bit below the length is set, so two
// prefixes are the same network exactly when they compare equal.
//
//   const Prefix prefix = *Prefix::parse("192.0.2.128/24");   // 192.0.2.0/24: host bits cleared
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/byte_reader.h"
#include "core/result.h"

namespace lightsout {

enum class Family : std::uint8_t { v4 = 4, v6 = 6 };

inline unsigned max_length(Family family) {
  return family == Family::v4 ? 32 : 128;
}

struct IpAddress {
  Family family = Family::v4;
  std::array<std::uint8_t, 16> bytes{};  // an IPv4 address fills the first four, the rest is zero

  static Result<IpAddress> parse(std::string_view text);
  static IpAddress v4(std::uint32_t host_order);
  std::string text() const;  // RFC 5952
  auto operator<=>(const IpAddress&) const = default;
};

class Prefix {
 public:
  static Result<Prefix> make(const IpAddress& address, unsigned length);
  static Result<Prefix> parse(std::string_view text);
  // NLRI encoding: one byte of length in bits, then as many bytes as it needs (RFC 4271
  // section 4.3).
  static Result<Prefix> decode(ByteReader& reader, Family family);
  // The same without the words of an Error, for loops that meet millions of prefixes.
  static std::optional<Prefix> try_decode(ByteReader& reader, Family family);

  // 0.0.0.0/0, for a variable that is filled in later.
  static Prefix any() { return Prefix(IpAddress{}, 0); }

  const IpAddress& address() const { return address_; }
  unsigned length() const { return length_; }
  Family family() const { return address_.family; }
  bool contains(const Prefix& other) const;  // itself included
  std::string text() const;

  // The first address as a number, the form in which ranges are counted: all 32 bits of an IPv4
  // address, the upper 64 of an IPv6 one.
  std::uint64_t high_bits() const;

  auto operator<=>(const Prefix&) const = default;

 private:
  Prefix(const IpAddress& address, unsigned length)
      : address_(address), length_(static_cast<std::uint8_t>(length)) {}

  IpAddress address_;
  std::uint8_t length_;
};

}  // namespace lightsout
