// SPDX-License-Identifier: Apache-2.0
#include <bzlib.h>

#include <algorithm>

#include "core/check.h"
#include "io/codec.h"

namespace lightsout {

namespace {

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

}  // namespace lightsout
