// libbz2, for what we do not decode ourselves and for tests that compare with it.
//
// Old versions of bzip2 randomised blocks that were hard to sort. Their bytes need a table that
// only libbz2 has, so such a block is handed to it as a stream of its own.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "compress/bzip2_bits.h"
#include "compress/codec.h"

namespace lightsout {

// A stream of this one block, from its magic to its end.
std::vector<std::uint8_t> bzip2_stream_of(const Bits& block, std::uint32_t crc);

}  // namespace lightsout
