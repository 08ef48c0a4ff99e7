// Seen: has this text come before? 8 to 16 bytes a text whatever its length, up to a limit.
//
// It remembers 64-bit names, so among two million different texts the chance that any two are taken
// for one is about 1 in 10 million.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace lightsout {

class Seen {
 public:
  enum class Answer { fresh, known, full };

  explicit Seen(std::size_t limit) : limit_(limit) {}

  Answer add(std::string_view text);

 private:
  void grow();
  void put(std::uint64_t name);

  std::size_t limit_;
  std::size_t count_ = 0;
  std::vector<std::uint64_t> table_;  // open addressing; 0 is empty
};

}  // namespace lightsout
