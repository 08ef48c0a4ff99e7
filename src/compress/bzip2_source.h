// A bzip2 file, decoded on several cores and read in order.
//
// Blocks are found by their magic before it is known where they begin, decoded by a team
// (bzip2_team.h) and accepted one after the other: a block counts only where the one before it
// ended, with its checksum, and a stream with that of all its blocks. A magic that stands inside a
// block by chance or by malice is passed over. No byte of a block is handed out that was not
// checked, except of randomised blocks, which libbz2 decodes.
//
// A file cut short or damaged delivers all whole blocks before that place and then an Error that
// says where. The bytes, the errors and their offsets are the same with 1 and with 8 threads.
//
// Memory: limits.threads decoders of 9 MB, and 2 * threads + 1 blocks of at most 7 MB (typically
// 2 MB).
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "compress/decompress.h"

namespace lightsout {

// `source` begins with the magic of a bzip2 stream.
std::unique_ptr<ByteSource> bzip2_source(std::unique_ptr<ByteSource> source, std::string name,
                                         const DecompressLimits& limits);

}  // namespace lightsout
