// The pieces of a line that dump writes: numbers, addresses, paths, communities, as text.
//
// Text is written into a Slab. A writer asks once for room for all that it is going to say, and
// from then on stores without looking: stores are 8 or 16 bytes wide and may run past what they
// mean, up to Slab::kSlack, because eight bytes cost as much as one.
//
//   Slab slab;
//   char* at = slab.room(kMaxNumber + 1);
//   at = put_number(at, 64500);
//   *at++ = '\n';
//   slab.end_at(at);
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>

#include "bgp/update.h"
#include "net/prefix.h"

namespace lightsout::mrt {

class Slab {
 public:
  static constexpr std::size_t kSlack = 128;  // bytes that a store may run past the room

  explicit Slab(std::size_t bytes = 4096);

  char* room(std::size_t bytes) {
    if (capacity_ - size_ < bytes + kSlack) grow(bytes);
    return data_.get() + size_;
  }
  void end_at(const char* end) { size_ = static_cast<std::size_t>(end - data_.get()); }
  void add(std::string_view text);

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  std::string_view text() const { return {data_.get(), size_}; }
  void clear() { size_ = 0; }

 private:
  void grow(std::size_t bytes);

  std::unique_ptr<char[]> data_;
  std::size_t capacity_ = 0;
  std::size_t size_ = 0;
};

// Every number of 16 bits as text: octets, half communities, old ASNs, most of a dump. 512 KiB.
struct NumberCell {
  char text[7];  // the digits, then a blank
  std::uint8_t size;
};
struct NumberTable {
  NumberCell cells[65536];
};
extern const NumberTable kNumbers;

// How much room they need at most.
constexpr std::size_t kMaxNumber = 20;
constexpr std::size_t kMaxAddress = 46;
constexpr std::size_t kMaxPrefix = kMaxAddress + 4;
// A path or communities as text, for so many bytes of attributes: "65535," for two bytes, brackets
// around each segment, "no-advertise " for four.
constexpr std::size_t max_text_of(std::size_t attribute_bytes) {
  return 4 * attribute_bytes + 64;
}

char* put_large_number(char* at, std::uint64_t number);

inline char* put_number(char* at, std::uint64_t number) {
  if (number >= 65536) return put_large_number(at, number);
  const NumberCell& cell = kNumbers.cells[number];
  std::memcpy(at, &cell, sizeof cell);
  return at + cell.size;
}

inline char* put_text(char* at, std::string_view text) {
  if (!text.empty()) std::memcpy(at, text.data(), text.size());  // an empty one may lie nowhere
  return at + text.size();
}

inline char* put_v4(char* at, const std::uint8_t* bytes) {
  at = put_number(at, bytes[0]);
  *at++ = '.';
  at = put_number(at, bytes[1]);
  *at++ = '.';
  at = put_number(at, bytes[2]);
  *at++ = '.';
  return put_number(at, bytes[3]);
}

// bgpdump's spelling is not that of RFC 5952: it shortens a single group of zeros too.
enum class Spelling { bgpdump, rfc5952 };
char* put_address(char* at, const IpAddress& address, Spelling spelling);
char* put_prefix(char* at, const Prefix& prefix, Spelling spelling);

// As bgpdump spells them: "1 2 {3,4}", "(1 2)" and "[1,2]" for confederations; "1:2 no-export".
char* put_path(char* at, const bgp::AsPath& path);
char* put_communities(char* at, Bytes communities);
char* put_large_communities(char* at, Bytes communities);  // "1:2:3 4:5:6"

// As JSON: [1,2,[3,4]], [[1,2]], and for large communities [[1,2,3]].
char* put_json_path(char* at, const bgp::AsPath& path);
char* put_json_numbers(char* at, Bytes bytes, std::size_t width, std::size_t count);

}  // namespace lightsout::mrt
