// SPDX-License-Identifier: Apache-2.0
#include "net/prefix.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace lightsout {

Result<IpAddress> IpAddress::parse(std::string_view text) {
  const std::string copy(text.substr(0, 64));
  IpAddress address;
  if (copy.size() == text.size()) {
    if (inet_pton(AF_INET, copy.c_str(), address.bytes.data()) == 1) return address;
    address.family = Family::v6;
    if (inet_pton(AF_INET6, copy.c_str(), address.bytes.data()) == 1) return address;
  }
  return Error{ErrorKind::malformed, fmt::format("'{}' is not an IP address", copy)};
}

IpAddress IpAddress::v4(std::uint32_t host_order) {
  IpAddress address;
  for (std::size_t i = 0; i < 4; ++i) {
    address.bytes[i] = static_cast<std::uint8_t>(host_order >> (24 - 8 * i));
  }
  return address;
}

std::string IpAddress::text() const {
  char buffer[INET6_ADDRSTRLEN] = {};
  inet_ntop(family == Family::v4 ? AF_INET : AF_INET6, bytes.data(), buffer, sizeof buffer);
  return buffer;
}

Result<Prefix> Prefix::make(const IpAddress& address, unsigned length) {
  if (length > max_length(address.family)) {
    return Error{ErrorKind::malformed, fmt::format("prefix length {} is longer than {} bits",
                                                   length, max_length(address.family))};
  }
  IpAddress network = address;
  for (std::size_t i = 0; i < network.bytes.size(); ++i) {
    const unsigned kept =
        length > 8 * i ? std::min<unsigned>(8, length - static_cast<unsigned>(8 * i)) : 0;
    network.bytes[i] &= static_cast<std::uint8_t>(0xff00 >> kept);
  }
  return Prefix(network, length);
}

Result<Prefix> Prefix::parse(std::string_view text) {
  const std::size_t slash = text.find('/');
  const Result<IpAddress> address = IpAddress::parse(text.substr(0, slash));
  if (!address) return address.error();
  unsigned length = max_length(address->family);
  if (slash != std::string_view::npos) {
    const std::string_view digits = text.substr(slash + 1);
    const auto end = digits.data() + digits.size();
    const auto parsed = std::from_chars(digits.data(), end, length);
    if (parsed.ec != std::errc{} || parsed.ptr != end) {
      return Error{ErrorKind::malformed, fmt::format("'{}' is not a prefix", text.substr(0, 64))};
    }
  }
  return make(*address, length);
}

Result<Prefix> Prefix::decode(ByteReader& reader, Family family) {
  const unsigned length = reader.u8();
  if (length > max_length(family)) {
    return Error{ErrorKind::malformed, fmt::format("prefix length {} is longer than {} bits",
                                                   length, max_length(family))};
  }
  IpAddress address;
  address.family = family;
  const Bytes bytes = reader.take((length + 7) / 8);
  std::copy(bytes.begin(), bytes.end(), address.bytes.begin());
  if (!reader.ok()) return Error{ErrorKind::malformed, "prefix cut short"};
  return make(address, length);
}

std::uint64_t Prefix::high_bits() const {
  const std::size_t width = family() == Family::v4 ? 4 : 8;
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < width; ++i) bits = bits << 8 | address_.bytes[i];
  return bits;
}

bool Prefix::contains(const Prefix& other) const {
  if (family() != other.family() || length() > other.length()) return false;
  const Result<Prefix> cut = make(other.address_, length());
  return cut->address_ == address_;
}

std::string Prefix::text() const {
  return fmt::format("{}/{}", address_.text(), length());
}

}  // namespace lightsout
