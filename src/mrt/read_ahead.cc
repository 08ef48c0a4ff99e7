// SPDX-License-Identifier: Apache-2.0
#include "mrt/read_ahead.h"

#include <algorithm>
#include <cstring>

namespace lightsout::mrt {

class ReadAhead::Source final : public ByteSource {
 public:
  Source(ReadAhead& ahead, std::list<Stream>::iterator stream) : ahead_(ahead), stream_(stream) {}

  ~Source() override {
    const std::lock_guard lock(ahead_.mutex_);
    stream_->dropped = true;
    if (!stream_->busy) ahead_.streams_.erase(stream_);
  }

  Result<std::size_t> read(std::span<std::uint8_t> into) override {
    if (at_ == piece_.size()) {
      std::unique_lock lock(ahead_.mutex_);
      ahead_.read_.wait(lock, [&] { return !stream_->pieces.empty() || stream_->ended; });
      if (stream_->pieces.empty()) {
        if (stream_->error) return *stream_->error;
        return std::size_t{0};
      }
      piece_ = std::move(stream_->pieces.front());
      stream_->pieces.pop_front();
      at_ = 0;
      lock.unlock();
      ahead_.wanted_.notify_one();
    }
    const std::size_t count = std::min(into.size(), piece_.size() - at_);
    if (count > 0) std::memcpy(into.data(), piece_.data() + at_, count);
    at_ += count;
    return count;
  }

 private:
  ReadAhead& ahead_;
  std::list<Stream>::iterator stream_;
  Piece piece_;
  std::size_t at_ = 0;
};

ReadAhead::ReadAhead(unsigned threads) {
  for (unsigned i = 0; i < std::clamp(threads, 1u, kMaxThreads); ++i) {
    threads_.emplace_back([this] { work(); });
  }
}

ReadAhead::~ReadAhead() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wanted_.notify_all();
}

std::unique_ptr<ByteSource> ReadAhead::add(Open open) {
  const std::lock_guard lock(mutex_);
  streams_.push_back({.open = std::move(open)});
  wanted_.notify_one();
  return std::make_unique<Source>(*this, std::prev(streams_.end()));
}

std::list<ReadAhead::Stream>::iterator ReadAhead::next_stream() {
  return std::find_if(streams_.begin(), streams_.end(), [](const Stream& stream) {
    return !stream.busy && !stream.ended && stream.pieces.size() < kPieces;
  });
}

// Fills the piece as far as the source goes; without the lock.
void ReadAhead::read_piece(Stream& stream, Piece& piece, std::optional<Error>& error, bool& ended) {
  if (stream.source == nullptr) {
    Result<std::unique_ptr<ByteSource>> opened = stream.open();
    if (!opened) {
      error = opened.error();
      ended = true;
      return;
    }
    stream.source = std::move(*opened);
  }
  piece.resize(kPieceBytes);
  std::size_t size = 0;
  while (size < piece.size() && !ended) {
    const Result<std::size_t> got = stream.source->read(std::span(piece).subspan(size));
    if (!got) error = got.error();
    ended = !got || *got == 0;
    if (got) size += *got;
  }
  piece.resize(size);
}

void ReadAhead::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    wanted_.wait(lock, [&] { return stop_ || next_stream() != streams_.end(); });
    if (stop_) return;
    const auto stream = next_stream();
    stream->busy = true;
    lock.unlock();
    Piece piece;
    std::optional<Error> error;
    bool ended = false;
    read_piece(*stream, piece, error, ended);
    lock.lock();
    stream->busy = false;
    stream->ended = ended;
    stream->error = std::move(error);
    if (!piece.empty()) stream->pieces.push_back(std::move(piece));
    if (ended) stream->source.reset();
    if (stream->dropped) streams_.erase(stream);
    read_.notify_all();
  }
}

}  // namespace lightsout::mrt
