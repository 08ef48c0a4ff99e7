// The compressed bytes of a bzip2 file that are still needed, and where blocks may begin in them.
//
// Offsets count from the beginning of the file. read_to() and next_candidate() read on from the
// source as far as they must; forget() lets go of what lies before a byte, also unseen.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "core/byte_source.h"

namespace lightsout {

class Bzip2Window {
 public:
  explicit Bzip2Window(std::unique_ptr<ByteSource> source) : source_(std::move(source)) {}

  // Where a block may begin, and one past the last bit that is known to be in it: the next place
  // where one may begin, the end of the file, or as far as a block can reach.
  struct Candidate {
    std::uint64_t begin;
    std::uint64_t end;
  };
  // The next one that begins before `until_byte`; each is told once.
  std::optional<Candidate> next_candidate(std::uint64_t until_byte);

  // Tries to have the bytes before `end_byte`; says up to which byte there are some.
  std::uint64_t read_to(std::uint64_t end_byte);
  // 1 to 56 bits from bit `at` on, which must be there.
  std::uint64_t bits(std::uint64_t at, unsigned count) const;
  Bytes bytes() const { return Bytes(bytes_); }
  std::uint64_t begin_byte() const { return begin_; }  // of bytes()
  void forget(std::uint64_t before_byte);

  const std::optional<Error>& error() const { return error_; }  // of the source

 private:
  std::uint64_t end() const { return begin_ + bytes_.size(); }
  bool read_more();
  std::optional<std::uint64_t> next_magic(std::uint64_t until_byte);

  std::unique_ptr<ByteSource> source_;
  std::vector<std::uint8_t> bytes_;
  std::uint64_t begin_ = 0;
  std::uint64_t searched_ = 0;         // no magic begins before this byte but those told
  std::optional<std::uint64_t> open_;  // a magic that was found, but not yet what comes behind it
  bool at_end_ = false;
  std::optional<Error> error_;
};

}  // namespace lightsout
