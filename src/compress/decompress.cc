// SPDX-License-Identifier: Apache-2.0
#include "compress/decompress.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "compress/bzip2_source.h"
#include "compress/codec.h"
#include "compress/stream_place.h"

namespace lightsout {

namespace {

constexpr std::size_t kInputBuffer = 128 * 1024;
constexpr std::size_t kHead = 10;  // the longest magic, of bzip2 with its first block

bool starts_with(Bytes bytes, std::initializer_list<std::uint8_t> magic) {
  return bytes.size() >= magic.size() && std::equal(magic.begin(), magic.end(), bytes.begin());
}

std::unique_ptr<Codec> codec_of(Compression compression) {
  switch (compression) {
    case Compression::gzip:
      return gzip_codec();
    case Compression::zstd:
      return zstd_codec();
    case Compression::xz:
      return xz_codec();
    case Compression::bzip2:  // not a step at a time
    case Compression::none:
      break;
  }
  return nullptr;
}

// Bytes already read, and then the rest of their source.
class RewoundSource final : public ByteSource {
 public:
  RewoundSource(std::vector<std::uint8_t> head, std::optional<Error> error,
                std::unique_ptr<ByteSource> rest)
      : head_(std::move(head)), error_(std::move(error)), rest_(std::move(rest)) {}

  Result<std::size_t> read(std::span<std::uint8_t> into) override {
    if (at_ < head_.size()) {
      const std::size_t count = std::min(into.size(), head_.size() - at_);
      std::copy_n(head_.begin() + static_cast<std::ptrdiff_t>(at_), count, into.begin());
      at_ += count;
      return count;
    }
    if (error_) return *error_;
    return rest_->read(into);
  }

 private:
  std::vector<std::uint8_t> head_;
  std::size_t at_ = 0;
  std::optional<Error> error_;
  std::unique_ptr<ByteSource> rest_;
};

class DecompressingSource final : public ByteSource {
 public:
  DecompressingSource(std::unique_ptr<ByteSource> source, std::unique_ptr<Codec> codec,
                      std::string name, const DecompressLimits& limits)
      : source_(std::move(source)),
        codec_(std::move(codec)),
        name_(std::move(name)),
        limits_(limits),
        buffer_(kInputBuffer) {}

  // An Error waits until everything before it was handed out.
  Result<std::size_t> read(std::span<std::uint8_t> into) override {
    std::size_t done = 0;
    while (done < into.size() && !failed_ && !ended_) {
      // A codec that filled all the room may hold more, also when the input is used up.
      const bool drain = filled_ && !between_members_;
      if (input_.empty() && !drain && !refill()) break;
      if (between_members_ && !begin_member()) continue;
      done += step(into.subspan(done));
    }
    if (done == 0 && failed_) return *failed_;
    return done;
  }

 private:
  std::size_t step(std::span<std::uint8_t> out) {
    const CodecStep step = codec_->step(input_, out);
    // A codec that neither takes nor gives would keep us here for ever.
    const bool stuck = !input_.empty() && step.consumed == 0 && step.produced == 0;
    filled_ = step.produced == out.size();
    input_ = input_.subspan(step.consumed);
    compressed_ += step.consumed;
    decompressed_ += step.produced;
    if (step.state == CodecStep::State::member_end) {
      between_members_ = true;
    } else if (step.state == CodecStep::State::damaged) {
      fail(ErrorKind::malformed, step.reason);
    } else if (stuck) {
      fail(ErrorKind::malformed, "the data leads nowhere");
    }
    if (!failed_) failed_ = beyond_limits(limits_, place());
    return step.produced;
  }

  // Input is used up: get more. False when there is none.
  bool refill() {
    const Result<std::size_t> count = source_->read(buffer_);
    if (!count) {
      failed_ = count.error();
    } else if (*count == 0) {
      if (!between_members_) fail(ErrorKind::malformed, "cut short");
      ended_ = true;
    } else {
      input_ = Bytes(buffer_).first(*count);
    }
    return !input_.empty();
  }

  // What follows a whole member is another one, or padding with zeros (tapes, block devices), or
  // bytes that do not belong there.
  bool begin_member() {
    if (padding_ || input_[0] == 0) {
      padding_ = true;
      const auto other = std::find_if(input_.begin(), input_.end(), [](auto b) { return b != 0; });
      compressed_ += static_cast<std::uint64_t>(other - input_.begin());
      input_ = input_.subspan(static_cast<std::size_t>(other - input_.begin()));
      if (!input_.empty()) fail(ErrorKind::malformed, "bytes after the padding at the end");
      return false;
    }
    between_members_ = false;
    codec_->next_member();
    return true;
  }

  StreamPlace place() const { return {name_, codec_->name(), compressed_, decompressed_}; }

  void fail(ErrorKind kind, std::string_view reason) {
    failed_ = stream_error(kind, reason, place());
  }

  std::unique_ptr<ByteSource> source_;
  std::unique_ptr<Codec> codec_;
  std::string name_;
  DecompressLimits limits_;
  std::vector<std::uint8_t> buffer_;
  Bytes input_;  // what is left of buffer_
  std::uint64_t compressed_ = 0;
  std::uint64_t decompressed_ = 0;
  bool filled_ = false;
  bool between_members_ = false;
  bool padding_ = false;
  bool ended_ = false;
  std::optional<Error> failed_;
};

// The first bytes, without losing them.
struct Opening {
  std::unique_ptr<ByteSource> source;  // everything, from the start
  Compression compression = Compression::none;
};

Opening open_head(std::unique_ptr<ByteSource> source) {
  std::vector<std::uint8_t> head(kHead);
  std::size_t size = 0;
  std::optional<Error> error;
  while (size < kHead && !error) {
    const Result<std::size_t> count = source->read(std::span(head).subspan(size));
    if (!count) error = count.error();
    if (!count || *count == 0) break;
    size += *count;
  }
  head.resize(size);
  const Compression compression = compression_of(head);
  return {std::make_unique<RewoundSource>(std::move(head), std::move(error), std::move(source)),
          compression};
}

std::unique_ptr<ByteSource> unpacked(Opening opening, const std::string& name,
                                     const DecompressLimits& limits) {
  if (opening.compression == Compression::bzip2) {
    return bzip2_source(std::move(opening.source), name, limits);
  }
  return std::make_unique<DecompressingSource>(std::move(opening.source),
                                               codec_of(opening.compression), name, limits);
}

}  // namespace

Compression compression_of(Bytes head) {
  if (starts_with(head, {0x1f, 0x8b, 0x08})) return Compression::gzip;
  if (starts_with(head, {0x28, 0xb5, 0x2f, 0xfd})) return Compression::zstd;
  if (starts_with(head, {0xfd, '7', 'z', 'X', 'Z', 0x00})) return Compression::xz;
  // "BZh9" alone is also text; behind it stands a block (digits of pi) or the end (of its root).
  if (starts_with(head, {'B', 'Z', 'h'}) && head.size() >= kHead && head[3] >= '1' &&
      head[3] <= '9') {
    const Bytes behind = head.subspan(4);
    if (starts_with(behind, {0x31, 0x41, 0x59, 0x26, 0x53, 0x59}) ||
        starts_with(behind, {0x17, 0x72, 0x45, 0x38, 0x50, 0x90})) {
      return Compression::bzip2;
    }
  }
  return Compression::none;
}

std::string_view name_of(Compression compression) {
  switch (compression) {
    case Compression::gzip:
      return "gzip";
    case Compression::bzip2:
      return "bzip2";
    case Compression::zstd:
      return "zstd";
    case Compression::xz:
      return "xz";
    case Compression::none:
      break;
  }
  return "none";
}

Result<std::unique_ptr<ByteSource>> decompress(std::unique_ptr<ByteSource> source, std::string name,
                                               const DecompressLimits& limits) {
  Opening opening = open_head(std::move(source));
  for (int layer = 0; opening.compression != Compression::none; ++layer) {
    if (layer == kCompressionLayers) {
      return Error{ErrorKind::unsupported,
                   fmt::format("{}: compressed more than {} times over; unpack it first", name,
                               kCompressionLayers)};
    }
    opening = open_head(unpacked(std::move(opening), name, limits));
  }
  return std::move(opening.source);
}

}  // namespace lightsout
