// SPDX-License-Identifier: Apache-2.0
#include "live/live_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <optional>

#include "live/capture.h"
#include "live/ris_live.h"
#include "mrt/record_reader.h"

namespace lightsout::live {
namespace {

constexpr std::size_t kHeadBytes = 64u << 10;
// From the first bytes of a BMP stream the moment is read from which its records speak.
constexpr std::size_t kBmpHeadBytes = 256u << 10;
constexpr std::size_t kPieceBytes = 64u << 10;

// One way of turning pieces of a feed into records.
class Decoder {
 public:
  virtual ~Decoder() = default;
  virtual void push(Bytes bytes) = 0;
  virtual void finish() = 0;
  virtual std::vector<std::string> notes() const = 0;
};

class BmpDecoder final : public Decoder {
 public:
  BmpDecoder(BmpSinks sinks, Bytes head) : stream_(std::move(sinks)) {
    stream_.set_earliest(earliest_of(head));
  }
  void push(Bytes bytes) override { stream_.push(bytes, {}); }
  void finish() override { stream_.finish(); }
  std::vector<std::string> notes() const override { return stream_.totals().notes(); }

 private:
  BmpStream stream_;
};

class CaptureDecoder final : public Decoder {
 public:
  explicit CaptureDecoder(BmpSinks sinks) : capture_(std::move(sinks)) {}
  void push(Bytes bytes) override { capture_.push(bytes); }
  void finish() override { capture_.finish(); }
  std::vector<std::string> notes() const override {
    std::vector<std::string> notes = capture_.totals().notes();
    if (capture_.other_flows() > 0) {
      notes.push_back(
          fmt::format("{} TCP connections that are not BMP passed over", capture_.other_flows()));
    }
    return notes;
  }

 private:
  Capture capture_;
};

class RisDecoder final : public Decoder {
 public:
  explicit RisDecoder(RisSinks sinks) : frames_(std::move(sinks)) {}
  void push(Bytes bytes) override { frames_.push(bytes); }
  void finish() override { frames_.finish(); }
  std::vector<std::string> notes() const override { return frames_.totals().notes(); }

 private:
  RisLive frames_;
};

class LiveSource final : public ByteSource {
 public:
  LiveSource(std::unique_ptr<ByteSource> source, LiveInput input)
      : source_(std::move(source)), input_(std::move(input)), notes_(input_.notes) {
    if (!notes_) notes_ = std::make_shared<LiveNotes>();
    *notes_ = {};
    fill_head(kHeadBytes);
    notes_->format = recognise_live(head_);
    if (notes_->format == LiveFormat::bmp) fill_head(kBmpHeadBytes);
    decoder_ = make_decoder();
  }

  Result<std::size_t> read(std::span<std::uint8_t> into) override {
    if (!decoder_) return pass(into);
    while (at_ == out_.size() && !done_) work();
    if (at_ == out_.size() && broken_) return *broken_;
    const std::size_t count = std::min(into.size(), out_.size() - at_);
    if (count > 0) std::memcpy(into.data(), out_.data() + at_, count);
    at_ += count;
    return count;
  }

 private:
  std::unique_ptr<Decoder> make_decoder() {
    const RecordSink record = [this](Bytes bytes) {
      out_.insert(out_.end(), bytes.begin(), bytes.end());
    };
    const auto damage = [notes = notes_](DamagedPart part) { notes->damage.add(std::move(part)); };
    const BmpSinks bmp{
        .name = input_.name, .record = record, .damage = damage, .message = input_.message};
    switch (notes_->format) {
      case LiveFormat::none:
        return nullptr;
      case LiveFormat::bmp:
        return std::make_unique<BmpDecoder>(bmp, head_);
      case LiveFormat::capture:
        return std::make_unique<CaptureDecoder>(bmp);
      case LiveFormat::ris_live:
        return std::make_unique<RisDecoder>(
            RisSinks{.name = input_.name, .record = record, .damage = damage, .collector = {}});
    }
    return nullptr;
  }

  void fill_head(std::size_t wanted) {
    std::size_t size = head_.size();
    head_.resize(wanted);
    while (size < wanted && !ended_) {
      const Result<std::size_t> count = source_->read(std::span(head_).subspan(size));
      if (!count) broken_ = count.error();
      ended_ = !count || *count == 0;
      if (count) size += *count;
    }
    head_.resize(size);
  }

  // The bytes as they are: first what was looked at, then the rest.
  Result<std::size_t> pass(std::span<std::uint8_t> into) {
    if (at_ < head_.size()) {
      const std::size_t count = std::min(into.size(), head_.size() - at_);
      std::memcpy(into.data(), head_.data() + at_, count);
      at_ += count;
      return count;
    }
    if (broken_) return *broken_;
    if (ended_) return std::size_t{0};
    return source_->read(into);
  }

  void work() {
    out_.clear();
    at_ = 0;
    if (!head_.empty()) {
      decoder_->push(head_);
      head_ = {};
      return;
    }
    if (!ended_) {
      piece_.resize(kPieceBytes);
      const Result<std::size_t> count = source_->read(piece_);
      if (!count) broken_ = count.error();
      ended_ = !count || *count == 0;
      if (!ended_) return decoder_->push(Bytes(piece_).first(*count));
    }
    decoder_->finish();
    notes_->notes = decoder_->notes();
    notes_->whole = true;
    done_ = true;
    const Damage& damage = notes_->damage;
    if (input_.notes || broken_ || damage.empty()) return;
    const DamagedPart& first = damage.parts().front();
    broken_ =
        Error{ErrorKind::malformed,
              fmt::format("{}: {} damaged parts, {} bytes passed over; the first at offset {}: {}",
                          name_of(notes_->format), damage.count(), damage.bytes(), first.offset,
                          first.reason)};
  }

  std::unique_ptr<ByteSource> source_;
  LiveInput input_;
  std::shared_ptr<LiveNotes> notes_;
  std::vector<std::uint8_t> head_, piece_, out_;
  std::size_t at_ = 0;  // in out_, or in head_ where the bytes pass through
  bool ended_ = false, done_ = false;
  std::optional<Error> broken_;
  std::unique_ptr<Decoder> decoder_;
};

}  // namespace

LiveFormat recognise_live(Bytes head) {
  const std::string_view text(reinterpret_cast<const char*>(head.data()), head.size());
  if (looks_like_ris_live(text)) return LiveFormat::ris_live;
  if (looks_like_capture(head)) return LiveFormat::capture;
  // A stream that was joined in the middle begins with anything; an MRT file then comes first.
  const bool begins = !head.empty() && head[0] == kBmpVersion;
  if ((begins || !mrt::looks_like_mrt(head)) && looks_like_bmp(head)) return LiveFormat::bmp;
  return LiveFormat::none;
}

std::string_view name_of(LiveFormat format) {
  switch (format) {
    case LiveFormat::bmp:
      return "BMP";
    case LiveFormat::capture:
      return "packet capture of BMP";
    case LiveFormat::ris_live:
      return "RIS Live";
    case LiveFormat::none:
      break;
  }
  return "";
}

std::unique_ptr<ByteSource> open_live(std::unique_ptr<ByteSource> source, LiveInput input) {
  return std::make_unique<LiveSource>(std::move(source), std::move(input));
}

Open live_opener(Open open, LiveInput input) {
  return [open = std::move(open), input]() -> Result<std::unique_ptr<ByteSource>> {
    Result<std::unique_ptr<ByteSource>> source = open();
    if (!source) return source.error();
    return open_live(std::move(*source), input);
  };
}

}  // namespace lightsout::live
