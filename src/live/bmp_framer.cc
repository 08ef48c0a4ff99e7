// SPDX-License-Identifier: Apache-2.0
#include "live/bmp_framer.h"

#include <fmt/format.h>

#include <algorithm>

namespace lightsout::live {
namespace {

constexpr std::size_t kBgpMarkerBytes = 16;

std::uint32_t length_at(const std::uint8_t* bytes) {
  return std::uint32_t{bytes[1]} << 24 | std::uint32_t{bytes[2]} << 16 |
         std::uint32_t{bytes[3]} << 8 | bytes[4];
}

// Whether a message is more than its length saying so: what recovery may believe. An Initiation of
// six bytes would be found everywhere.
bool is_convincing(const BmpMessage& message) {
  if (!message.known() || message.peer.type > 3) return false;
  if (message.type == BmpType::route_monitoring) {
    return std::all_of(message.bgp.begin(), message.bgp.begin() + kBgpMarkerBytes,
                       [](std::uint8_t byte) { return byte == 0xff; });
  }
  if (message.type == BmpType::initiation) {
    return message.information.size() >= 2 &&
           std::all_of(message.information.begin(), message.information.end(),
                       [](const Tlv& tlv) { return tlv.type <= 4; });
  }
  if (message.type == BmpType::termination) return false;
  if (message.type == BmpType::statistics) return !message.counters.empty();
  if (message.type == BmpType::peer_down) return message.reason >= 1 && message.reason <= 6;
  return true;
}

}  // namespace

void BmpFramer::push(Bytes bytes) {
  if (at_ > 0 && (at_ == buffer_.size() || at_ >= buffer_.size() / 2)) {
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(at_));
    base_ += at_;
    at_ = 0;
  }
  buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
}

void BmpFramer::lose(std::uint64_t bytes) {
  if (!lost_from_) lost_from_ = here();
  reason_ = fmt::format("{} bytes of the stream are missing", bytes);
  base_ += buffer_.size() + bytes;
  buffer_.clear();
  at_ = 0;
}

BmpFramer::Look BmpFramer::look_at(std::size_t at, std::size_t& size) {
  const Bytes rest = Bytes(buffer_).subspan(at_ + at);
  if (rest.empty()) return Look::partial;
  if (rest[0] != kBmpVersion) return Look::no;
  if (rest.size() < kBmpHeaderBytes) return Look::partial;
  size = length_at(rest.data());
  if (size < kBmpHeaderBytes || size > kMaxBmpBytes) return Look::no;
  // The length of a route says at once whether that of the message can be true: nobody waits for
  // a megabyte that a flipped bit promised.
  constexpr std::size_t kBgpLengthAt = kBmpHeaderBytes + kBmpPeerBytes + kBgpMarkerBytes;
  if (rest[5] == 0 && rest.size() >= kBgpLengthAt + 2) {
    const std::size_t bgp = std::size_t{rest[kBgpLengthAt]} << 8 | rest[kBgpLengthAt + 1];
    if (size != kBmpHeaderBytes + kBmpPeerBytes + bgp) return Look::no;
  }
  if (rest.size() < size) return Look::partial;
  return decode_bmp(rest.first(size), looked_) ? Look::whole : Look::no;
}

BmpFramer::Look BmpFramer::chain_at(std::size_t at) {
  for (int found = 0; found < kChain; ++found) {
    std::size_t size = 0;
    const Look look = look_at(at, size);
    if (look == Look::no) return Look::no;
    if (look == Look::partial) {
      if (found > 0) return Look::whole;
      return at_ + at + kBmpHeaderBytes <= buffer_.size() && buffer_[at_ + at + 5] > kLastBmpType
                 ? Look::no
                 : Look::partial;
    }
    if (!is_convincing(looked_)) return Look::no;
    at += size;
  }
  return Look::whole;
}

BmpFramer::Step BmpFramer::start_recovery(std::string reason) {
  lost_from_ = here();
  reason_ = std::move(reason);
  ++at_;  // what is here was looked at and is none
  return recover();
}

// Passes over bytes until a chain begins. Each byte is looked at once, or again when more came.
BmpFramer::Step BmpFramer::recover() {
  for (; at_ < buffer_.size(); ++at_) {
    if (buffer_[at_] != kBmpVersion) continue;
    const Look look = chain_at(0);
    if (look == Look::whole) break;
    if (look == Look::partial && !finished_) return Step::more;
  }
  if (at_ == buffer_.size() && !finished_) return Step::more;
  damaged_ = {.file = {},
              .offset = *lost_from_,
              .bytes = here() - *lost_from_,
              .reason = std::exchange(reason_, {})};
  lost_from_.reset();
  return Step::damaged;
}

BmpFramer::Step BmpFramer::take(std::size_t size) {
  std::swap(message_, looked_);
  offset_ = here();
  size_ = size;
  ++messages_;
  at_ += size;
  return Step::message;
}

BmpFramer::Step BmpFramer::next() {
  if (lost_from_) return recover();
  if (waiting() == 0) return Step::more;
  std::size_t size = 0;
  switch (look_at(0, size)) {
    case Look::whole:
      return take(size);
    case Look::partial:
      if (!finished_) return Step::more;
      return start_recovery(fmt::format("message cut short: {} of {} bytes", waiting(),
                                        std::max(size, kBmpHeaderBytes)));
    case Look::no:
      break;
  }
  return start_recovery(size == 0 ? "no BMP message begins here"
                                  : "the parts of the message do not fit its length");
}

bool looks_like_bmp(Bytes head) {
  BmpFramer framer;
  framer.push(head);
  BmpFramer::Step step = framer.next();
  if (step == BmpFramer::Step::message) {
    if (!framer.message().known()) return false;
    return framer.next() != BmpFramer::Step::damaged || is_convincing(framer.message());
  }
  if (step == BmpFramer::Step::more) {
    // One message longer than the head, if anything: a text never begins with a byte of 3.
    return head.size() >= kBmpHeaderBytes + kBmpPeerBytes && head[0] == kBmpVersion &&
           head[5] <= kLastBmpType && length_at(head.data()) <= kMaxBmpBytes;
  }
  for (int found = 0; found < BmpFramer::kChain; ++found) {
    if (framer.next() != BmpFramer::Step::message || !framer.message().known()) return false;
  }
  return true;
}

}  // namespace lightsout::live
