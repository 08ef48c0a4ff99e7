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
#include <bit>
#include <compare>
#include <cstdint>
#include <cstring>
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
  // The same for a caller that has checked it already: `length` is at most max_length(family) and
  // `bytes` holds at least the (length + 7) / 8 bytes of the address. What lies behind them in
  // `bytes` is not looked at, but lets the address be loaded in one go.
  static Prefix from_checked(Bytes bytes, unsigned length, Family family);

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

  static std::uint32_t first4(Bytes bytes, unsigned count);
  static std::uint64_t mask_of(unsigned bits);

  IpAddress address_;
  std::uint8_t length_;
};

// The numbers below are in network order, whatever the machine's own is: they are loaded, masked
// and stored as bytes.
inline std::uint64_t Prefix::mask_of(unsigned bits) {
  const std::uint64_t mask = bits == 0 ? 0 : ~std::uint64_t{0} << (64 - bits);
  return std::endian::native == std::endian::big ? mask : __builtin_bswap64(mask);
}

inline std::uint32_t Prefix::first4(Bytes bytes, unsigned count) {
  std::uint32_t address = 0;
  if (bytes.size() >= 4) {
    std::memcpy(&address, bytes.data(), 4);
  } else if (count == 3) {
    std::memcpy(&address, bytes.data(), 2);
    std::memcpy(reinterpret_cast<char*>(&address) + 2, bytes.data() + 2, 1);
  } else if (count == 2) {
    std::memcpy(&address, bytes.data(), 2);
  } else if (count == 1) {
    std::memcpy(&address, bytes.data(), 1);
  }
  return address;
}

inline Prefix Prefix::from_checked(Bytes bytes, unsigned length, Family family) {
  // Whole words, written where the caller wants them: an address put together from small stores
  // would be slow to read back.
  std::uint64_t halves[2] = {};
  if (family == Family::v4) {
    const std::uint32_t address = first4(bytes, (length + 7) / 8);
    std::memcpy(halves, &address, 4);
    halves[0] &= mask_of(length);
  } else {
    std::memcpy(halves, bytes.data(), bytes.size() >= 16 ? 16 : (length + 7) / 8);
    halves[0] &= mask_of(length < 64 ? length : 64);
    halves[1] &= mask_of(length < 64 ? 0 : length - 64);
  }
  Prefix prefix = any();
  prefix.address_.family = family;
  std::memcpy(prefix.address_.bytes.data(), halves, 16);
  prefix.length_ = static_cast<std::uint8_t>(length);
  return prefix;
}

inline std::optional<Prefix> Prefix::try_decode(ByteReader& reader, Family family) {
  const unsigned length = reader.u8();
  if (!reader.ok() || length > max_length(family)) return std::nullopt;
  const Bytes rest = reader.rest();
  reader.take((length + 7) / 8);
  if (!reader.ok()) return std::nullopt;
  return from_checked(rest, length, family);
}

}  // namespace lightsout
