// SPDX-License-Identifier: Apache-2.0
#include "compress/bzip2_find.h"

#include <algorithm>
#include <array>

#include "compress/bzip2_bits.h"

namespace lightsout {
namespace {

// Bit s of table[n][byte]: can `byte` stand n + 1 bytes behind the one in whose bit s (from the
// top) the magic begins? Those two bytes are whole for every s.
using Tables = std::array<std::array<std::uint8_t, 256>, 2>;

constexpr Tables make_tables() {
  Tables tables{};
  for (unsigned s = 0; s < 8; ++s) {
    for (unsigned n = 0; n < 2; ++n) {
      const unsigned below =
          kBzip2MagicBits - 16 + s - 8 * n;  // bits of the magic behind that byte
      tables[n][(kBzip2BlockMagic >> below) & 0xff] |= static_cast<std::uint8_t>(1u << s);
    }
  }
  return tables;
}

constexpr Tables kTables = make_tables();
constexpr std::size_t kWord = 8;

// As find_bzip2_block, without the last seven bytes.
std::optional<std::uint64_t> find_in_words(Bytes bytes, std::size_t from_byte) {
  for (std::size_t at = from_byte; at + kWord <= bytes.size(); ++at) {
    const unsigned possible = kTables[0][bytes[at + 1]] & kTables[1][bytes[at + 2]];
    if (possible == 0) continue;
    const std::uint64_t word = load_big_endian(bytes.data() + at);
    for (unsigned s = 0; s < 8; ++s) {
      if ((word << s) >> (64 - kBzip2MagicBits) == kBzip2BlockMagic) return at * 8 + s;
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::uint64_t> find_bzip2_block(Bytes bytes, std::size_t from_byte) {
  if (const auto found = find_in_words(bytes, from_byte)) return found;
  // The rest with zeros behind it: the magic ends in a one, so they add nothing to it.
  const std::size_t rest_at =
      std::max(from_byte, bytes.size() < kWord ? 0 : bytes.size() - kWord + 1);
  if (rest_at >= bytes.size()) return std::nullopt;
  std::array<std::uint8_t, 2 * kWord> rest{};
  const std::size_t size = bytes.size() - rest_at;
  std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(rest_at), size, rest.begin());
  const auto found = find_in_words(Bytes(rest).first(size + kWord - 1), 0);
  if (!found) return std::nullopt;
  return rest_at * 8 + *found;
}

}  // namespace lightsout
