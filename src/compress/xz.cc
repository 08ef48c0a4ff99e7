// SPDX-License-Identifier: Apache-2.0
#include <lzma.h>

#include "compress/codec.h"
#include "core/check.h"

namespace lightsout {

namespace {

// xz -9 needs 65 MiB to read, xz -6 (the default) 9 MiB; a header may ask for 4 GiB.
constexpr std::uint64_t kXzMemoryLimit = 80ull * 1024 * 1024;

std::string reason_of(lzma_ret code) {
  switch (code) {
    case LZMA_MEMLIMIT_ERROR:
      return "needs more than 80 MiB of memory to read";
    case LZMA_FORMAT_ERROR:
      return "invalid xz header";
    case LZMA_OPTIONS_ERROR:
      return "xz options that are not supported";
    case LZMA_DATA_ERROR:
      return "damaged xz data";
    default:
      return "damaged xz stream";
  }
}

class XzCodec final : public Codec {
 public:
  XzCodec() { start(); }
  ~XzCodec() override { lzma_end(&stream_); }
  XzCodec(const XzCodec&) = delete;
  XzCodec& operator=(const XzCodec&) = delete;

  std::string_view name() const override { return "xz"; }

  CodecStep step(Bytes in, std::span<std::uint8_t> out) override {
    stream_.next_in = in.data();
    stream_.avail_in = in.size();
    stream_.next_out = out.data();
    stream_.avail_out = out.size();
    const lzma_ret code = lzma_code(&stream_, LZMA_RUN);

    CodecStep step{.consumed = in.size() - stream_.avail_in,
                   .produced = out.size() - stream_.avail_out};
    if (code == LZMA_STREAM_END) {
      step.state = CodecStep::State::member_end;
    } else if (code != LZMA_OK && code != LZMA_BUF_ERROR) {
      step.state = CodecStep::State::damaged;
      step.reason = reason_of(code);
    }
    return step;
  }

  void next_member() override { start(); }

 private:
  void start() { CHECK(lzma_stream_decoder(&stream_, kXzMemoryLimit, 0) == LZMA_OK); }

  lzma_stream stream_ = LZMA_STREAM_INIT;
};

}  // namespace

std::unique_ptr<Codec> xz_codec() {
  return std::make_unique<XzCodec>();
}

}  // namespace lightsout
