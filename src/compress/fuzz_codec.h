// What every decompressor must do with any bytes, for its fuzz target.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "compress/codec.h"
#include "compress/decompress.h"
#include "core/check.h"

namespace lightsout {

constexpr std::size_t kFuzzOutput = 4 * 1024 * 1024;  // per input, so that a bomb does not stall

// The codec alone, which never takes or gives more than it was given room for, and ends.
inline void fuzz_codec(Bytes data, std::unique_ptr<Codec> (*make)()) {
  // The first byte chooses the size of the room, because the edges of buffers are where it breaks.
  const std::size_t room = data.empty() ? 1 : 1 + std::size_t{data[0]} * 17;
  const std::unique_ptr<Codec> codec = make();
  std::vector<std::uint8_t> out(room);
  std::size_t produced = 0;
  Bytes rest = data.empty() ? data : data.subspan(1);
  while (produced < kFuzzOutput) {
    const CodecStep step = codec->step(rest, out);
    CHECK(step.consumed <= rest.size() && step.produced <= out.size());
    produced += step.produced;
    rest = rest.subspan(step.consumed);
    if (step.state == CodecStep::State::damaged) break;
    if (step.state == CodecStep::State::member_end) {
      if (rest.empty()) break;
      codec->next_member();
    } else if (step.consumed == 0 && step.produced == 0) {
      break;
    }
  }
  // And the whole reader over the same bytes.
  Result<std::unique_ptr<ByteSource>> source =
      decompress(std::make_unique<MemorySource>(data), "fuzz", {.bytes = kFuzzOutput});
  std::size_t total = 0;
  while (source.ok()) {
    const Result<std::size_t> count = (*source)->read(out);
    if (!count || *count == 0) break;
    total += *count;
    CHECK(total <= kFuzzOutput + data.size() + room);
  }
}

}  // namespace lightsout
