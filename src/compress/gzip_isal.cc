// SPDX-License-Identifier: Apache-2.0
#include "compress/codec.h"

#ifdef LIGHTSOUT_ISAL
#include <isa-l/igzip_lib.h>
#endif

#include <algorithm>

#include "core/check.h"

namespace lightsout {

#ifdef LIGHTSOUT_ISAL

namespace {

constexpr std::size_t kLargestStep = std::size_t{1} << 30;  // ISA-L counts in 32 bits

std::string reason_of(int code) {
  switch (code) {
    case ISAL_INVALID_BLOCK:
      return "invalid deflate block";
    case ISAL_INVALID_SYMBOL:
      return "invalid deflate symbol";
    case ISAL_INVALID_LOOKBACK:
      return "reference to before the beginning";
    case ISAL_INVALID_WRAPPER:
      return "invalid gzip header";
    case ISAL_UNSUPPORTED_METHOD:
      return "unknown compression method in the gzip header";
    case ISAL_INCORRECT_CHECKSUM:
      return "checksum does not match";
    default:
      return "damaged deflate data";
  }
}

class IsalCodec final : public Codec {
 public:
  IsalCodec() { start(); }

  std::string_view name() const override { return "gzip"; }

  CodecStep step(Bytes in, std::span<std::uint8_t> out) override {
    const std::size_t in_size = std::min(in.size(), kLargestStep);
    const std::size_t out_size = std::min(out.size(), kLargestStep);
    // The library takes a pointer to mutable bytes and does not write to them.
    state_->next_in = const_cast<std::uint8_t*>(in.data());
    state_->avail_in = static_cast<std::uint32_t>(in_size);
    state_->next_out = out.data();
    state_->avail_out = static_cast<std::uint32_t>(out_size);
    const int code = inflate();

    // Counted by the pointers: after an invalid reference ISA-L 2.30 leaves avail_in wrong.
    CodecStep step{.consumed = static_cast<std::size_t>(state_->next_in - in.data()),
                   .produced = static_cast<std::size_t>(state_->next_out - out.data())};
    CHECK(step.consumed <= in_size && step.produced <= out_size);
    if (code < 0) {
      step.state = CodecStep::State::damaged;
      step.reason = reason_of(code);
    } else if (state_->block_state == ISAL_BLOCK_FINISH) {
      step.state = CodecStep::State::member_end;
    }
    return step;
  }

  void next_member() override { start(); }

 private:
  void start() {
    isal_inflate_init(state_.get());
    isal_gzip_header_init(&header_);
    state_->crc_flag = ISAL_GZIP_NO_HDR_VER;
    in_header_ = true;
  }

  // Left to itself, ISA-L 2.30 keeps the header on its stack, and forgets between two calls which
  // of the optional fields follow.
  int inflate() {
    if (in_header_) {
      const int code = isal_read_gzip_header(state_.get(), &header_);
      if (code == ISAL_END_INPUT) return ISAL_DECOMP_OK;
      if (code != ISAL_DECOMP_OK) return code;
      in_header_ = false;
    }
    return isal_inflate(state_.get());
  }

  isal_gzip_header header_{};
  bool in_header_ = true;
  std::unique_ptr<inflate_state> state_ = std::make_unique<inflate_state>();
};

}  // namespace

std::unique_ptr<Codec> gzip_codec() {
  return std::make_unique<IsalCodec>();
}

#else

std::unique_ptr<Codec> gzip_codec() {
  return gzip_codec_zlib();
}

#endif

}  // namespace lightsout
