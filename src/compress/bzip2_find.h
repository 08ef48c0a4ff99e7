// Where a bzip2 block may begin: its 48-bit magic, at any bit.
//
// The magic is no proof. It stands inside other data once in 2^48 bits by chance, and as often as
// somebody wants on purpose; only the block before it says whether a block begins there.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "core/byte_reader.h"

namespace lightsout {

// The first bit, at byte `from_byte` or behind it, where a whole magic begins.
std::optional<std::uint64_t> find_bzip2_block(Bytes bytes, std::size_t from_byte);

}  // namespace lightsout
