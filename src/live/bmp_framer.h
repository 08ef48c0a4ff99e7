// BmpFramer cuts a stream of bytes into BMP messages, and finds its way again after damage.
//
// Bytes are pushed in pieces of any size; a message is given out as soon as it is whole, since a
// quiet router may send the next one in an hour. BMP has a version and a length but no marker, so a
// length is believed only when the parts of the message fit into it (decode_bmp). When they do not,
// the framer looks for the next place where messages follow each other, inside the doubtful message
// first, and reports what it passed over as one damaged part.
//
//   framer.push(bytes);
//   while (true) {
//     switch (framer.next()) {
//       case BmpFramer::Step::message: use(framer.message()); break;
//       case BmpFramer::Step::damaged: damage.add(framer.damaged()); break;
//       case BmpFramer::Step::more: return;      // push again, or finish()
//     }
//   }
//
// Memory: what was pushed and not yet taken, at most kMaxBmpBytes and one piece.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/damage.h"
#include "live/bmp_message.h"

namespace lightsout::live {

class BmpFramer {
 public:
  // So many messages in a row, or one and then the end, make a place to go on from.
  static constexpr int kChain = 3;

  enum class Step { message, damaged, more };

  void push(Bytes bytes);
  // No more bytes will come: what is left is a message, or damage.
  void finish() { finished_ = true; }
  // Bytes that never arrived: packets missing from a capture. To be called after Step::more.
  void lose(std::uint64_t bytes);

  Step next();
  const BmpMessage& message() const { return message_; }   // until next() or push()
  const DamagedPart& damaged() const { return damaged_; }  // no file name
  std::uint64_t offset() const { return offset_; }         // of the last message, in the stream
  std::uint64_t size() const { return size_; }             // of the last message
  std::uint64_t messages() const { return messages_; }
  bool is_lost() const { return lost_from_.has_value(); }  // looking for the next message
  std::size_t waiting() const { return buffer_.size() - at_; }

 private:
  enum class Look { whole, partial, no };

  Look look_at(std::size_t at, std::size_t& size);
  Look chain_at(std::size_t at);
  Step start_recovery(std::string reason);
  Step recover();
  Step take(std::size_t size);
  std::uint64_t here() const { return base_ + at_; }

  std::vector<std::uint8_t> buffer_;
  std::size_t at_ = 0;
  std::uint64_t base_ = 0;  // offset in the stream of the first byte of the buffer
  bool finished_ = false;
  std::optional<std::uint64_t> lost_from_;  // recovery is under way, and began here
  std::string reason_;                      // of it
  std::uint64_t offset_ = 0;
  std::uint64_t size_ = 0;
  std::uint64_t messages_ = 0;
  BmpMessage message_, looked_;
  DamagedPart damaged_;
};

// Whether a stream that begins like this is BMP. A stream that was joined in the middle of a
// message is, when messages follow each other after it.
bool looks_like_bmp(Bytes head);

}  // namespace lightsout::live
