// The checksum of bzip2: CRC-32 with the polynomial of Ethernet, most significant bit first.
//
// gzip and zip use the same polynomial with the bits mirrored, so zlib's crc32() is another number.
// The checksum of a stream is made of those of its blocks: rotate left by one, then exclusive-or.
//
//   std::uint32_t crc = bzip2_crc(0, first_half);
//   crc = bzip2_crc(crc, second_half);
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "core/byte_reader.h"

namespace lightsout {

std::uint32_t bzip2_crc(std::uint32_t crc, Bytes bytes);         // ISA-L, or the tables
std::uint32_t bzip2_crc_tables(std::uint32_t crc, Bytes bytes);  // the reference for tests

}  // namespace lightsout
