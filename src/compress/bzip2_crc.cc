// SPDX-License-Identifier: Apache-2.0
#include "compress/bzip2_crc.h"

#ifdef LIGHTSOUT_ISAL
#include <isa-l/crc.h>
#endif

#include <array>

#include "compress/bzip2_bits.h"

namespace lightsout {
namespace {

constexpr std::uint32_t kPolynomial = 0x04c11db7;  // IEEE 802.3

using Tables = std::array<std::array<std::uint32_t, 256>, 8>;

// tables[n][byte]: what `byte` does to the checksum when n bytes follow it.
constexpr Tables make_tables() {
  Tables tables{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t crc = byte << 24;
    for (int bit = 0; bit < 8; ++bit) crc = (crc << 1) ^ ((crc >> 31) * kPolynomial);
    tables[0][byte] = crc;
  }
  for (std::size_t n = 1; n < 8; ++n) {
    for (std::size_t byte = 0; byte < 256; ++byte) {
      const std::uint32_t crc = tables[n - 1][byte];
      tables[n][byte] = (crc << 8) ^ tables[0][crc >> 24];
    }
  }
  return tables;
}

constexpr Tables kTables = make_tables();

}  // namespace

std::uint32_t bzip2_crc_tables(std::uint32_t crc, Bytes bytes) {
  crc = ~crc;
  for (; bytes.size() >= 8; bytes = bytes.subspan(8)) {
    const std::uint64_t word = load_big_endian(bytes.data()) ^ (std::uint64_t{crc} << 32);
    crc = 0;
    for (std::size_t n = 0; n < 8; ++n) crc ^= kTables[n][(word >> (8 * n)) & 0xff];
  }
  for (const std::uint8_t byte : bytes) crc = (crc << 8) ^ kTables[0][(crc >> 24) ^ byte];
  return ~crc;
}

#ifdef LIGHTSOUT_ISAL
std::uint32_t bzip2_crc(std::uint32_t crc, Bytes bytes) {
  return crc32_ieee(crc, bytes.data(), bytes.size());
}
#else
std::uint32_t bzip2_crc(std::uint32_t crc, Bytes bytes) {
  return bzip2_crc_tables(crc, bytes);
}
#endif

}  // namespace lightsout
