// SPDX-License-Identifier: Apache-2.0
#include <zstd.h>

#include "compress/codec.h"
#include "core/check.h"

namespace lightsout {

namespace {

// 2^25 bytes = 32 MiB, more than any level up to 19 uses (8 MiB); what a frame may ask us to keep
// in memory. A frame made with --long asks for more and is refused with that reason.
constexpr int kLargestWindowLog = 25;

class ZstdCodec final : public Codec {
 public:
  ZstdCodec() : stream_(ZSTD_createDCtx()) {
    CHECK(stream_ != nullptr);
    CHECK(!ZSTD_isError(ZSTD_DCtx_setParameter(stream_, ZSTD_d_windowLogMax, kLargestWindowLog)));
  }
  ~ZstdCodec() override { ZSTD_freeDCtx(stream_); }
  ZstdCodec(const ZstdCodec&) = delete;
  ZstdCodec& operator=(const ZstdCodec&) = delete;

  std::string_view name() const override { return "zstd"; }

  CodecStep step(Bytes in, std::span<std::uint8_t> out) override {
    ZSTD_inBuffer input{in.data(), in.size(), 0};
    ZSTD_outBuffer output{out.data(), out.size(), 0};
    const std::size_t code = ZSTD_decompressStream(stream_, &output, &input);

    CodecStep step{.consumed = input.pos, .produced = output.pos};
    if (ZSTD_isError(code)) {
      step.state = CodecStep::State::damaged;
      step.reason = ZSTD_getErrorName(code);
    } else if (code == 0) {
      step.state = CodecStep::State::member_end;
    }
    return step;
  }

  void next_member() override {
    CHECK(!ZSTD_isError(ZSTD_DCtx_reset(stream_, ZSTD_reset_session_only)));
  }

 private:
  ZSTD_DCtx* stream_;
};

}  // namespace

std::unique_ptr<Codec> zstd_codec() {
  return std::make_unique<ZstdCodec>();
}

}  // namespace lightsout
