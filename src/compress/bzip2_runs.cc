// SPDX-License-Identifier: Apache-2.0
#include "compress/bzip2_runs.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace lightsout {
namespace {

constexpr std::size_t kRun = 4;

std::uint64_t load_little_endian(const std::uint8_t* bytes) {
  std::uint64_t word;
  std::memcpy(&word, bytes, sizeof word);
  return std::endian::native == std::endian::little ? word : __builtin_bswap64(word);
}

// How many of the first six bytes stand before four equal ones; looks at nine bytes.
std::size_t plain_bytes(const std::uint8_t* at) {
  constexpr std::uint64_t kLow7 = 0x7f7f7f7f7f7f7f7f;
  const std::uint64_t differs = load_little_endian(at) ^ load_little_endian(at + 1);
  // The top bit of each byte: is it equal to the one behind it? Exact, there is no carry.
  const std::uint64_t equal = ~(((differs & kLow7) + kLow7) | differs | kLow7);
  const std::uint64_t run = equal & (equal >> 8) & (equal >> 16);
  return run == 0 ? 6 : static_cast<std::size_t>(std::countr_zero(run)) / 8;
}

}  // namespace

// Copies up to the next four equal bytes, or to the last few of the block or of the room.
std::uint8_t* RunReader::copy_plain(std::uint8_t* out, const std::uint8_t* out_end) {
  while (end_ - at_ >= 9 && out_end - out >= 8) {
    const std::size_t plain = plain_bytes(at_);
    std::memcpy(out, at_, 8);
    at_ += plain;
    out += plain;
    if (plain < 6) break;
  }
  return out;
}

std::size_t RunReader::read(std::span<std::uint8_t> into) {
  std::uint8_t* out = into.data();
  std::uint8_t* const out_end = out + into.size();
  while (out != out_end) {
    if (left_ > 0) {
      const std::size_t count = std::min(left_, static_cast<std::size_t>(out_end - out));
      std::memset(out, repeated_, count);
      out += count;
      left_ -= count;
      continue;
    }
    if (at_ == end_) break;
    out = copy_plain(out, out_end);
    if (at_ == end_ || out == out_end) continue;
    // One byte, or a run that begins here.
    const auto rest = static_cast<std::size_t>(end_ - at_);
    repeated_ = *at_;
    if (rest >= kRun && at_[1] == repeated_ && at_[2] == repeated_ && at_[3] == repeated_) {
      damaged_ = rest == kRun;
      left_ = damaged_ ? kRun : kRun + at_[kRun];
      at_ += damaged_ ? kRun : kRun + 1;
    } else {
      *out++ = *at_++;
    }
  }
  return static_cast<std::size_t>(out - into.data());
}

}  // namespace lightsout
