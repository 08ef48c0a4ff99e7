// Any bytes through both bzip2 readers: no crash, no endless loop, bounded output, and the same
// answer from ours and libbz2.
//
// A changed bit nearly always breaks the checksum, behind which nothing would be compared. So the
// first block is also decoded alone, and gets the checksum that it should have had before libbz2
// sees it: what one accepts the other must accept, with the same bytes.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "compress/bzip2_block.h"
#include "compress/bzip2_crc.h"
#include "compress/bzip2_library.h"
#include "compress/bzip2_runs.h"
#include "compress/fuzz_codec.h"

namespace lightsout {
namespace {

constexpr std::size_t kFuzzHeader = 4;  // "BZh9"
constexpr std::size_t kCrcAt = 10;      // of the first block

using Buffer = std::vector<std::uint8_t>;

// What libbz2 makes of it, and whether it came to the end.
bool library_reads(Bytes stream, Buffer& text) {
  const std::unique_ptr<Codec> codec = bzip2_codec();
  Buffer out(1 << 16);
  while (true) {
    const CodecStep step = codec->step(stream, out);
    stream = stream.subspan(step.consumed);
    text.insert(text.end(), out.begin(), out.begin() + static_cast<std::ptrdiff_t>(step.produced));
    if (step.state == CodecStep::State::member_end) return true;
    if (step.state == CodecStep::State::damaged || step.produced == 0) return false;
    if (text.size() > kFuzzOutput) return false;
  }
}

void compare_block(Bytes data) {
  if (data.size() < kCrcAt + 4) return;
  static Bzip2BlockDecoder decoder;
  static Buffer packed(kBzip2BlockBytes);
  Buffer bits(data.begin() + kFuzzHeader, data.end());
  bits.resize(bits.size() + kBitPadding);
  const Bits block_bits{bits.data(), 0, (data.size() - kFuzzHeader) * 8};
  const Bzip2Block block = decoder.decode(block_bits, packed);
  if (block.state == Bzip2Block::State::cut || block.state == Bzip2Block::State::randomised) return;

  Buffer expected;
  Buffer theirs;
  if (block.state == Bzip2Block::State::damaged) {
    // libbz2 hands out nothing before it has decoded the whole block.
    Buffer stream(data.begin(), data.end());
    stream[3] = '9';
    library_reads(stream, theirs);
    CHECK(theirs.empty());
    return;
  }
  RunReader runs(Bytes(packed).first(block.size));
  Buffer piece(1 << 16);
  while (const std::size_t count = runs.read(piece)) {
    expected.insert(expected.end(), piece.begin(),
                    piece.begin() + static_cast<std::ptrdiff_t>(count));
    if (expected.size() > kFuzzOutput) return;
  }
  const std::uint32_t crc = bzip2_crc(0, expected);
  for (std::size_t i = 0; i < 4; ++i) {
    bits[kCrcAt - kFuzzHeader + i] = static_cast<std::uint8_t>(crc >> (24 - 8 * i));
  }
  const bool read = library_reads(bzip2_stream_of({bits.data(), 0, block.end}, crc), theirs);
  CHECK(read == !runs.damaged());
  CHECK(runs.damaged() || expected == theirs);
}

Buffer read_by_source(Bytes data, unsigned threads, std::string& error) {
  Buffer text;
  Buffer piece(1 << 16);
  Result<std::unique_ptr<ByteSource>> source = decompress(
      std::make_unique<MemorySource>(data), "fuzz", {.bytes = kFuzzOutput, .threads = threads});
  while (source.ok()) {
    const Result<std::size_t> count = (*source)->read(piece);
    if (!count) error = count.error().message;
    if (!count || *count == 0) break;
    text.insert(text.end(), piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(*count));
  }
  return text;
}

void compare_source(Bytes data) {
  std::string alone_error;
  std::string team_error;
  const Buffer alone = read_by_source(data, 1, alone_error);
  CHECK(alone == read_by_source(data, 3, team_error) && alone_error == team_error);
  Buffer theirs;
  // One whole stream: libbz2 must have read the same. (A message says what stands behind it.)
  if (alone_error.empty() && compression_of(data) == Compression::bzip2) {
    library_reads(data, theirs);
    CHECK(theirs.size() <= alone.size() && std::equal(theirs.begin(), theirs.end(), alone.begin()));
  }
}

}  // namespace
}  // namespace lightsout

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  lightsout::compare_block({data, size});
  lightsout::compare_source({data, size});
  lightsout::fuzz_codec({data, size}, lightsout::bzip2_codec);
  return 0;
}
