// SPDX-License-Identifier: Apache-2.0
#include "compress/bzip2_source.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <thread>
#include <utility>
#include <vector>

#include "compress/bzip2_library.h"
#include "compress/bzip2_team.h"
#include "compress/bzip2_window.h"
#include "compress/stream_place.h"
#include "core/check.h"

namespace lightsout {
namespace {

using State = Bzip2Block::State;

constexpr std::uint64_t kEndBits = kBzip2MagicBits + 32;  // magic and checksum
constexpr std::size_t kStreamHeader = 4;                  // "BZh9"
// How far beyond what was accepted blocks are looked for: 16 of those that do not compress.
constexpr std::uint64_t kLookAheadBytes = 16u << 20;

unsigned team_of(const DecompressLimits& limits) {
  const unsigned wanted = limits.threads > 0 ? limits.threads : std::thread::hardware_concurrency();
  return std::clamp(wanted, 1u, kMostBzip2Threads);
}

class Bzip2Source final : public ByteSource {
 public:
  Bzip2Source(std::unique_ptr<ByteSource> source, std::string name, const DecompressLimits& limits)
      : window_(std::move(source)),
        name_(std::move(name)),
        limits_(limits),
        most_tasks_(2 * std::size_t{team_of(limits)}),
        team_(team_of(limits)) {}

  // An Error waits until everything before it was handed out.
  Result<std::size_t> read(std::span<std::uint8_t> into) override {
    std::size_t done = 0;
    while (done < into.size() && !failed_ && !ended_) {
      const std::size_t count = deliver(into.subspan(done));
      done += count;
      decompressed_ += count;
      if (count > 0) {
        failed_ = beyond_limits(limits_, place(at_ / 8));
      } else if (!failed_) {
        between_streams_ ? begin_stream() : next_in_stream();
      }
    }
    if (done == 0 && failed_) return *failed_;
    return done;
  }

 private:
  std::size_t deliver(std::span<std::uint8_t> into);
  void begin_stream();
  void next_in_stream();
  void skip_padding();
  void end_stream();
  std::unique_ptr<Bzip2Task> task_of(std::uint64_t begin, std::uint64_t end);
  void look_ahead();
  std::unique_ptr<Bzip2Task> block_here();
  void accept(std::unique_ptr<Bzip2Task> task);

  void put_back(std::unique_ptr<Bzip2Task> task) {
    if (spare_.size() < most_tasks_) spare_.push_back(std::move(task));
  }
  StreamPlace place(std::uint64_t compressed) const {
    return {name_, "bzip2", compressed, decompressed_};
  }
  void fail(std::string_view reason) {
    failed_ = stream_error(ErrorKind::malformed, reason, place(at_ / 8));
  }
  void fail_at_end() {
    failed_ = window_.error()
                  ? *window_.error()
                  : stream_error(ErrorKind::malformed, "cut short", place(window_.read_to(0)));
  }

  Bzip2Window window_;
  std::string name_;
  DecompressLimits limits_;
  const std::size_t most_tasks_;  // in the team
  std::uint64_t at_ = 0;          // the bit behind the last block that was accepted
  std::uint64_t decompressed_ = 0;
  bool between_streams_ = true;
  std::size_t block_bytes_ = 0;  // that the level of this stream allows
  std::uint32_t crc_ = 0;        // of this stream so far
  std::vector<std::unique_ptr<Bzip2Task>> spare_;
  std::unique_ptr<Bzip2Task> current_;  // is being handed out
  std::size_t handed_out_ = 0;          // of its kept text
  std::unique_ptr<Codec> randomised_;   // decodes current_, when that is an old block
  Bytes randomised_rest_;
  bool ended_ = false;
  std::optional<Error> failed_;
  Bzip2Team team_;  // the last, so that its threads end first
};

std::size_t Bzip2Source::deliver(std::span<std::uint8_t> into) {
  if (!current_) return 0;
  std::size_t count = 0;
  if (randomised_) {
    const CodecStep step = randomised_->step(randomised_rest_, into);
    randomised_rest_ = randomised_rest_.subspan(step.consumed);
    count = step.produced;
    if (step.state == CodecStep::State::damaged) fail(step.reason);
    if (count == 0 && step.state == CodecStep::State::more) fail("a randomised block is damaged");
    if (step.state == CodecStep::State::member_end) randomised_.reset();
  } else if (handed_out_ < current_->text_size) {
    count = std::min(into.size(), current_->text_size - handed_out_);
    std::memcpy(into.data(), current_->text.data() + handed_out_, count);
    handed_out_ += count;
  } else {
    count = current_->rest.read(into);
  }
  if (count == 0) {
    put_back(std::move(current_));
  }
  return count;
}

// What follows a whole stream is another one, or padding with zeros (tapes, block devices), or
// bytes that do not belong there.
void Bzip2Source::begin_stream() {
  constexpr std::string_view kMagic = "BZh";
  const std::uint64_t byte = at_ / 8;
  const std::uint64_t have = window_.read_to(byte + kStreamHeader);
  if (have == byte) {
    ended_ = !window_.error();
    failed_ = window_.error();
    return;
  }
  const Bytes rest = window_.bytes().subspan(byte - window_.begin_byte());
  if (rest[0] == 0) return skip_padding();
  const std::size_t size = std::min(rest.size(), kMagic.size());
  if (!std::equal(kMagic.begin(), kMagic.begin() + size, rest.begin())) {
    return fail("invalid bzip2 header");
  }
  if (rest.size() < kStreamHeader) return fail_at_end();
  if (rest[3] < '1' || rest[3] > '9') return fail("invalid bzip2 header");
  block_bytes_ = (rest[3] - std::size_t{'0'}) * kBzip2LevelBytes;
  crc_ = 0;
  between_streams_ = false;
  at_ += kStreamHeader * 8;
}

void Bzip2Source::skip_padding() {
  while (window_.read_to(at_ / 8 + 1) > at_ / 8) {
    const Bytes rest = window_.bytes().subspan(at_ / 8 - window_.begin_byte());
    const auto other = std::find_if(rest.begin(), rest.end(), [](auto byte) { return byte != 0; });
    at_ += static_cast<std::uint64_t>(other - rest.begin()) * 8;
    if (other != rest.end()) return fail("bytes after the padding at the end");
    window_.forget(at_ / 8);
  }
  ended_ = !window_.error();
  failed_ = window_.error();
}

void Bzip2Source::next_in_stream() {
  if (window_.read_to(at_ / 8 + kBzip2MagicBits / 8 + 1) * 8 < at_ + kBzip2MagicBits) {
    return fail_at_end();
  }
  const std::uint64_t magic = window_.bits(at_, kBzip2MagicBits);
  if (magic == kBzip2BlockMagic) return accept(block_here());
  if (magic == kBzip2EndMagic) return end_stream();
  fail("neither a block nor the end of the stream");
}

void Bzip2Source::end_stream() {
  if (window_.read_to((at_ + kEndBits + 7) / 8) * 8 < at_ + kEndBits) return fail_at_end();
  if (window_.bits(at_ + kBzip2MagicBits, 32) != crc_) {
    return fail("the checksum of the stream does not match");
  }
  at_ = (at_ + kEndBits + 7) / 8 * 8;
  window_.forget(at_ / 8);
  between_streams_ = true;
}

std::unique_ptr<Bzip2Task> Bzip2Source::task_of(std::uint64_t begin, std::uint64_t end) {
  std::unique_ptr<Bzip2Task> task;
  if (spare_.empty()) {
    task = std::make_unique<Bzip2Task>();
  } else {
    task = std::move(spare_.back());
    spare_.pop_back();
  }
  task->begin = begin;
  const std::uint64_t first = window_.begin_byte() * 8;
  task->set_bits(window_.bytes(), begin - first, end - first);
  return task;
}

void Bzip2Source::look_ahead() {
  while (team_.size() < most_tasks_) {
    const auto candidate = window_.next_candidate(at_ / 8 + kLookAheadBytes);
    if (!candidate) return;
    if (candidate->begin >= at_) team_.add(task_of(candidate->begin, candidate->end));
  }
}

// The block that begins here, decoded in whatever way.
std::unique_ptr<Bzip2Task> Bzip2Source::block_here() {
  look_ahead();
  while (team_.size() > 0 && team_.front().begin < at_) {
    put_back(team_.drop_front());
    look_ahead();
  }
  if (team_.size() > 0 && team_.front().begin == at_) {
    std::unique_ptr<Bzip2Task> task = team_.finish_front();
    if (task->block.state != State::cut) return task;
    put_back(std::move(task));
  }
  // The next magic stands inside of this block, or the file ends.
  const std::uint64_t furthest = at_ / 8 + kMaxBzip2BlockBytes;
  const std::uint64_t end = std::min(window_.read_to(furthest), furthest);
  std::unique_ptr<Bzip2Task> task = task_of(at_, end * 8);
  team_.run_alone(*task);
  return task;
}

void Bzip2Source::accept(std::unique_ptr<Bzip2Task> task) {
  const Bzip2Block& block = task->block;
  if (block.state == State::cut) {
    const std::uint64_t furthest = at_ / 8 + kMaxBzip2BlockBytes;
    return window_.read_to(furthest) < furthest ? fail_at_end() : fail("a block without end");
  }
  if (block.state == State::damaged) return fail(block.reason);
  if (block.size > block_bytes_) return fail("a block of more bytes than its level allows");
  if (block.state == State::randomised) {
    task->input = bzip2_stream_of(
        {.bytes = task->input.data(), .begin = task->first_bit, .end = block.end}, block.crc);
    randomised_ = bzip2_codec();
    randomised_rest_ = task->input;
    task->rest = RunReader();
  }
  crc_ = std::rotl(crc_, 1) ^ block.crc;
  at_ = task->begin + (block.end - task->first_bit);
  window_.forget(at_ / 8);
  current_ = std::move(task);
  handed_out_ = 0;
}

}  // namespace

std::unique_ptr<ByteSource> bzip2_source(std::unique_ptr<ByteSource> source, std::string name,
                                         const DecompressLimits& limits) {
  return std::make_unique<Bzip2Source>(std::move(source), std::move(name), limits);
}

}  // namespace lightsout
