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
  // The same for a caller that has checked it already: `nlri` begins with the byte of length, which
  // is at most max_length(family), and holds the bytes that it asks for. What lies behind them is
  // not looked at, but lets the address be loaded in one go.
  static Prefix from_checked(Bytes nlri, Family family) {
    Prefix prefix = any();
    prefix.set_checked(nlri, family);
    return prefix;
  }
  // In place, which spares a copy.
  void set_checked(Bytes nlri, Family family);
  // False, and nothing is changed, when there is no prefix to read.
  bool decode_into(ByteReader& reader, Family family);

  // 0.0.0.0/0, for a variable that is filled in later.
  static Prefix any() { return Prefix(); }

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
  Prefix() = default;
  Prefix(const IpAddress& address, unsigned length)
      : address_(address), length_(static_cast<std::uint8_t>(length)) {}

  static std::uint64_t first4(Bytes nlri);
  static std::uint64_t mask_of(unsigned bits);

  IpAddress address_;
  std::uint8_t length_ = 0;
};

inline std::uint64_t Prefix::mask_of(unsigned bits) {
  return bits == 0 ? 0 : ~std::uint64_t{0} << (64 - bits);
}

// The first four bytes of the address; those that are not there or do not belong to it are
// anything. In registers all along: a load of eight bytes would wait for a store of four.
inline std::uint64_t Prefix::first4(Bytes nlri) {
  std::uint32_t address = 0;
  if (nlri.size() >= 5) {
    address = number_at<std::uint32_t>(nlri.data() + 1);
  } else if (nlri.size() == 4) {
    address = number_at<std::uint32_t>(nlri.data()) << 8;  // without the byte of length
  } else {
    for (std::size_t i = 1; i < nlri.size(); ++i) address |= std::uint32_t{nlri[i]} << (32 - 8 * i);
  }
  return std::uint64_t{address} << 32;
}

inline void Prefix::set_checked(Bytes nlri, Family family) {
  const unsigned length = nlri[0];
  // Whole words, written where the caller wants them: an address put together from small stores
  // would be slow to read back.
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  if (family == Family::v4) {
    high = first4(nlri) & mask_of(length);
  } else if (nlri.size() >= 17) {
    high = number_at<std::uint64_t>(nlri.data() + 1) & mask_of(length < 64 ? length : 64);
    low = number_at<std::uint64_t>(nlri.data() + 9) & mask_of(length < 64 ? 0 : length - 64);
  } else {
    std::uint8_t bytes[17] = {};
    std::memcpy(bytes, nlri.data(), 1 + (length + 7) / 8);
    return set_checked(bytes, family);
  }
  address_.family = family;
  put_number(high, address_.bytes.data());
  put_number(low, address_.bytes.data() + 8);
  length_ = static_cast<std::uint8_t>(length);
}

inline bool Prefix::decode_into(ByteReader& reader, Family family) {
  const Bytes nlri = reader.rest();
  const unsigned length = reader.u8();
  if (nlri.empty() || length > max_length(family)) return false;
  reader.take((length + 7) / 8);
  if (!reader.ok()) return false;
  set_checked(nlri, family);
  return true;
}

inline std::optional<Prefix> Prefix::try_decode(ByteReader& reader, Family family) {
  Prefix prefix = any();
  if (!prefix.decode_into(reader, family)) return std::nullopt;
  return prefix;
}

}  // namespace lightsout
