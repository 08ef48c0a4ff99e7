// SPDX-License-Identifier: Apache-2.0
#include "compress/bzip2_library.h"

#include <bzlib.h>

#include <algorithm>

#include "compress/codec.h"
#include "core/check.h"

namespace lightsout {

namespace {

void append_bits(std::vector<std::uint8_t>& bytes, unsigned& spare, std::uint64_t value,
                 unsigned count) {
  while (count-- > 0) {
    if (spare == 0) {
      bytes.push_back(0);
      spare = 8;
    }
    --spare;
    bytes.back() |= static_cast<std::uint8_t>((value >> count & 1) << spare);
  }
}

constexpr std::size_t kLargestStep = std::size_t{1} << 30;  // libbz2 counts in 32 bits

class Bzip2Codec final : public Codec {
 public:
  Bzip2Codec() { start(); }
  ~Bzip2Codec() override { BZ2_bzDecompressEnd(&stream_); }
  Bzip2Codec(const Bzip2Codec&) = delete;
  Bzip2Codec& operator=(const Bzip2Codec&) = delete;

  std::string_view name() const override { return "bzip2"; }

  CodecStep step(Bytes in, std::span<std::uint8_t> out) override {
    const auto in_size = static_cast<unsigned>(std::min(in.size(), kLargestStep));
    const auto out_size = static_cast<unsigned>(std::min(out.size(), kLargestStep));
    stream_.next_in = reinterpret_cast<char*>(const_cast<std::uint8_t*>(in.data()));
    stream_.avail_in = in_size;
    stream_.next_out = reinterpret_cast<char*>(out.data());
    stream_.avail_out = out_size;
    const int code = BZ2_bzDecompress(&stream_);

    CodecStep step{.consumed = in_size - stream_.avail_in,
                   .produced = out_size - stream_.avail_out};
    if (code == BZ_STREAM_END) {
      step.state = CodecStep::State::member_end;
    } else if (code != BZ_OK) {
      step.state = CodecStep::State::damaged;
      step.reason = code == BZ_DATA_ERROR_MAGIC ? "invalid bzip2 header" : "block does not check";
    }
    return step;
  }

  void next_member() override {
    BZ2_bzDecompressEnd(&stream_);
    start();
  }

 private:
  void start() {
    stream_ = {};
    CHECK(BZ2_bzDecompressInit(&stream_, 0, 0) == BZ_OK);
  }

  bz_stream stream_{};
};

}  // namespace

std::unique_ptr<Codec> bzip2_codec() {
  return std::make_unique<Bzip2Codec>();
}

std::vector<std::uint8_t> bzip2_stream_of(const Bits& block, std::uint32_t crc) {
  std::vector<std::uint8_t> bytes = {'B', 'Z', 'h', '9'};
  unsigned spare = 0;
  for (std::uint64_t bit = block.begin; bit < block.end; ++bit) {
    append_bits(bytes, spare, block.bytes[bit / 8] >> (7 - bit % 8), 1);
  }
  append_bits(bytes, spare, kBzip2EndMagic, kBzip2MagicBits);
  append_bits(bytes, spare, crc, 32);
  return bytes;
}

}  // namespace lightsout
