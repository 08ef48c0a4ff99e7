// SPDX-License-Identifier: Apache-2.0
#include <zlib.h>

#include <algorithm>

#include "compress/codec.h"
#include "core/check.h"

namespace lightsout {

namespace {

constexpr std::size_t kLargestStep = std::size_t{1} << 30;  // zlib counts in 32 bits
constexpr int kGzipWindow = 15 + 16;                        // zlib.h: 16 asks for the gzip wrapper

class ZlibCodec final : public Codec {
 public:
  ZlibCodec() { CHECK(inflateInit2(&stream_, kGzipWindow) == Z_OK); }
  ~ZlibCodec() override { inflateEnd(&stream_); }
  ZlibCodec(const ZlibCodec&) = delete;
  ZlibCodec& operator=(const ZlibCodec&) = delete;

  std::string_view name() const override { return "gzip"; }

  CodecStep step(Bytes in, std::span<std::uint8_t> out) override {
    const auto in_size = static_cast<uInt>(std::min(in.size(), kLargestStep));
    const auto out_size = static_cast<uInt>(std::min(out.size(), kLargestStep));
    stream_.next_in = const_cast<Bytef*>(in.data());  // not written to, zlib.h
    stream_.avail_in = in_size;
    stream_.next_out = out.data();
    stream_.avail_out = out_size;
    const int code = inflate(&stream_, Z_NO_FLUSH);

    CodecStep step{.consumed = in_size - stream_.avail_in,
                   .produced = out_size - stream_.avail_out};
    if (code == Z_STREAM_END) {
      step.state = CodecStep::State::member_end;
    } else if (code != Z_OK && code != Z_BUF_ERROR) {
      step.state = CodecStep::State::damaged;
      step.reason = stream_.msg != nullptr ? stream_.msg : "damaged deflate data";
    }
    return step;
  }

  void next_member() override { CHECK(inflateReset(&stream_) == Z_OK); }

 private:
  z_stream stream_{};
};

}  // namespace

std::unique_ptr<Codec> gzip_codec_zlib() {
  return std::make_unique<ZlibCodec>();
}

}  // namespace lightsout
