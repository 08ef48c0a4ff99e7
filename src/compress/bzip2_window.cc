// SPDX-License-Identifier: Apache-2.0
#include "compress/bzip2_window.h"

#include <algorithm>

#include "compress/bzip2_block.h"
#include "compress/bzip2_find.h"
#include "core/check.h"

namespace lightsout {
namespace {

constexpr std::size_t kReadBytes = 128 * 1024;
constexpr std::size_t kMagicBytes = 7;  // that 48 bits at any bit may touch

}  // namespace

bool Bzip2Window::read_more() {
  if (at_end_) return false;
  const std::size_t size = bytes_.size();
  bytes_.resize(size + kReadBytes);
  const Result<std::size_t> count = source_->read(std::span(bytes_).subspan(size));
  bytes_.resize(size + (count ? *count : 0));
  if (!count) error_ = count.error();
  at_end_ = !count || *count == 0;
  return !at_end_;
}

std::uint64_t Bzip2Window::read_to(std::uint64_t end_byte) {
  while (end() < end_byte && read_more()) {
  }
  return end();
}

std::uint64_t Bzip2Window::bits(std::uint64_t at, unsigned count) const {
  CHECK(at / 8 >= begin_ && (at + count + 7) / 8 <= end());
  std::uint64_t value = 0;
  for (std::uint64_t byte = at / 8; byte < (at + count + 7) / 8; ++byte) {
    value = value << 8 | bytes_[byte - begin_];
  }
  const auto behind = static_cast<unsigned>((8 - (at + count) % 8) % 8);
  return (value >> behind) & ((std::uint64_t{1} << count) - 1);
}

// The next magic that begins before `until_byte`.
std::optional<std::uint64_t> Bzip2Window::next_magic(std::uint64_t until_byte) {
  while (searched_ < until_byte) {
    const Bytes have = Bytes(bytes_).first(
        std::min<std::size_t>(bytes_.size(), until_byte - begin_ + kMagicBytes - 1));
    const auto found = find_bzip2_block(have, searched_ - begin_);
    if (found) {
      // Another one may begin in the same byte's other bits, but not within 48 bits: pi's digits
      // do not begin like their own end.
      searched_ = begin_ + *found / 8 + 1;
      return begin_ * 8 + *found;
    }
    // A magic may stand half in what is not read yet.
    searched_ = std::max(searched_, begin_ + have.size() - std::min(have.size(), kMagicBytes - 1));
    if (searched_ >= until_byte || !read_more()) break;
  }
  return std::nullopt;
}

std::optional<Bzip2Window::Candidate> Bzip2Window::next_candidate(std::uint64_t until_byte) {
  if (!open_) open_ = next_magic(until_byte);
  if (!open_) return std::nullopt;
  const std::uint64_t begin = *open_;
  const std::uint64_t furthest = begin / 8 + kMaxBzip2BlockBytes;
  open_ = next_magic(furthest);
  if (open_) return Candidate{begin, *open_};
  return Candidate{begin, std::min(furthest, end()) * 8};
}

void Bzip2Window::forget(std::uint64_t before_byte) {
  searched_ = std::max(searched_, before_byte);
  if (open_ && *open_ / 8 < before_byte) open_.reset();
  // Seldom enough that moving what stays costs no more than what goes has cost.
  if (before_byte - begin_ < bytes_.size() / 2) return;
  bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(before_byte - begin_));
  begin_ = before_byte;
}

}  // namespace lightsout
