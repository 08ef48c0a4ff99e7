// Decompression by content: gzip, bzip2, zstd and xz are known by their first bytes, never by name.
//
// Streaming, so memory stays small however large the content: nothing is held but one input buffer
// and the library's window, or some blocks of bzip2 (bzip2_source.h), which is decoded on all
// cores. Members that follow each other are read as one, as gzip, bzip2, zstd and xz themselves do.
// A stream cut short or damaged delivers everything before that place and then an Error that says
// where, in compressed and in decompressed bytes. Compression inside compression is followed once
// (x.mrt.gz.gz), then refused.
//
// A file that swells beyond all measure is stopped with a sentence, see DecompressLimits.
//
//   Result<std::unique_ptr<ByteSource>> opened = decompress(file_source(path), "rib.bz2");
//
// gzip: RFC 1952. bzip2: its manual, chapter 3. zstd: RFC 8878. xz: the .xz file format 1.2.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/byte_source.h"

namespace lightsout {

enum class Compression { none, gzip, bzip2, zstd, xz };

Compression compression_of(Bytes head);
std::string_view name_of(Compression compression);

struct DecompressLimits {
  // Measured data shrinks 3 to 30 times, an idle CSV perhaps 100 times; deflate cannot exceed 1032.
  // Judged only beyond `free_bytes`, because a short file of zeros is no harm.
  std::uint64_t ratio = 500;
  std::uint64_t free_bytes = 256ull * 1024 * 1024;
  std::uint64_t bytes = 512ull * 1024 * 1024 * 1024;  // decompressed, whatever the ratio
  // That decode one bzip2 file, with the one that reads it; 0: one a core, at most
  // kMostBzip2Threads. Who reads many files at once asks for 1.
  unsigned threads = 0;
};

constexpr unsigned kMostBzip2Threads = 8;

constexpr int kCompressionLayers = 2;  // how deep compression inside compression is followed

// The plain bytes of `source`. `name` stands in the messages. Fails only when the first bytes
// cannot be read; damage further in is an Error of read().
Result<std::unique_ptr<ByteSource>> decompress(std::unique_ptr<ByteSource> source, std::string name,
                                               const DecompressLimits& limits = {});

}  // namespace lightsout
