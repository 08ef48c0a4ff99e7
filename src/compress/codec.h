// Codec: one compressed format, a step at a time. Each library stands in one .cc behind this.
//
// A codec never blocks, never reads ahead of what it is given, and keeps all its state inside, so
// that DecompressingSource (decompress.h) can treat damage, members and limits the same for all.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/byte_reader.h"

namespace lightsout {

struct CodecStep {
  enum class State {
    more,        // give more input or more room
    member_end,  // a whole member (gzip), stream (bzip2, xz) or frame (zstd) is done
    damaged,     // `reason` says why; what was produced before it is good
  };
  State state = State::more;
  std::size_t consumed = 0;
  std::size_t produced = 0;
  std::string reason;
};

class Codec {
 public:
  virtual ~Codec() = default;
  virtual std::string_view name() const = 0;
  virtual CodecStep step(Bytes in, std::span<std::uint8_t> out) = 0;
  virtual void next_member() = 0;  // after member_end, when more input follows
};

std::unique_ptr<Codec> gzip_codec();       // ISA-L, or zlib where there is no ISA-L
std::unique_ptr<Codec> gzip_codec_zlib();  // always zlib: the reference that tests compare with
std::unique_ptr<Codec> bzip2_codec();      // libbz2: decompress() takes bzip2_source.h instead
std::unique_ptr<Codec> zstd_codec();
std::unique_ptr<Codec> xz_codec();

}  // namespace lightsout
