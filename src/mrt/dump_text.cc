// SPDX-License-Identifier: Apache-2.0
#include "mrt/dump_text.h"

#include <algorithm>
#include <charconv>

namespace lightsout::mrt {
namespace {

constexpr NumberTable make_numbers() {
  NumberTable table{};
  for (std::uint32_t number = 0; number < 65536; ++number) {
    NumberCell& cell = table.cells[number];
    std::uint8_t size = number < 10 ? 1 : number < 100 ? 2 : number < 1000 ? 3 : 4;
    if (number >= 10'000) size = 5;
    std::uint32_t rest = number;
    for (int i = size; i-- > 0; rest /= 10) cell.text[i] = static_cast<char>('0' + rest % 10);
    for (int i = size; i < 7; ++i) cell.text[i] = ' ';
    cell.size = size;
  }
  return table;
}

}  // namespace

constinit const NumberTable kNumbers = make_numbers();

Slab::Slab(std::size_t bytes) {
  grow(bytes);
}

void Slab::grow(std::size_t bytes) {
  const std::size_t capacity = std::max(size_ + bytes + kSlack, capacity_ + capacity_ / 2);
  std::unique_ptr<char[]> larger(new char[capacity]);  // not cleared: it is written before read
  if (size_ > 0) std::memcpy(larger.get(), data_.get(), size_);
  data_ = std::move(larger);
  capacity_ = capacity;
}

void Slab::add(std::string_view text) {
  end_at(put_text(room(text.size()), text));
}

char* put_large_number(char* at, std::uint64_t number) {
  const std::uint64_t upper = number / 10'000;
  at = put_number(at, upper);
  // The cell of 10000 + n holds n with its leading zeros, behind a one.
  std::memcpy(at, kNumbers.cells[10'000 + number % 10'000].text + 1, 4);
  return at + 4;
}

namespace {

char* put_hex(char* at, unsigned group) {
  return std::to_chars(at, at + 4, group, 16).ptr;
}

// The longest run of zero groups, the first of equal ones: where it begins and how long it is.
struct ZeroRun {
  std::size_t begin = 8;
  std::size_t size = 0;
};

ZeroRun longest_zero_run(const unsigned (&groups)[8]) {
  ZeroRun longest;
  for (std::size_t i = 0; i < 8; ++i) {
    std::size_t run = 0;
    while (i + run < 8 && groups[i + run] == 0) ++run;
    if (run > longest.size) longest = {i, run};
  }
  return longest;
}

// bgpdump shortens the longest run be it a single group, which RFC 5952 section 4.2.2 forbids. Both
// write mapped addresses with dots.
char* put_v6(char* at, const IpAddress& address, Spelling spelling) {
  unsigned groups[8];
  for (std::size_t i = 0; i < 8; ++i) {
    groups[i] = static_cast<unsigned>(address.bytes[2 * i] << 8 | address.bytes[2 * i + 1]);
  }
  ZeroRun run = longest_zero_run(groups);
  if (spelling == Spelling::rfc5952 && run.size == 1) run = {};
  const bool dotted = run.begin == 0 && (run.size == 6 || (run.size == 5 && groups[5] == 0xffff));
  for (std::size_t i = 0; i < (dotted ? 6u : 8u); ++i) {
    if (i == run.begin) at = put_text(at, "::");
    if (i >= run.begin && i < run.begin + run.size) continue;
    if (i != 0 && i != run.begin + run.size) *at++ = ':';
    at = put_hex(at, groups[i]);
  }
  if (!dotted) return at;
  if (run.size == 5) *at++ = ':';
  return put_v4(at, address.bytes.data() + 12);
}

}  // namespace

char* put_address(char* at, const IpAddress& address, Spelling spelling) {
  if (address.family == Family::v6) return put_v6(at, address, spelling);
  return put_v4(at, address.bytes.data());
}

char* put_prefix(char* at, const Prefix& prefix, Spelling spelling) {
  at = put_address(at, prefix.address(), spelling);
  *at++ = '/';
  return put_number(at, prefix.length());
}

namespace {

struct Brackets {
  char open;  // 0: none
  char between;
  char close;
};

Brackets brackets_of(bgp::SegmentType type) {
  switch (type) {
    case bgp::SegmentType::set:
      return {'{', ',', '}'};
    case bgp::SegmentType::confed_sequence:
      return {'(', ' ', ')'};
    case bgp::SegmentType::confed_set:
      return {'[', ',', ']'};
    default:
      return {0, ' ', 0};
  }
}

}  // namespace

char* put_path(char* at, const bgp::AsPath& path) {
  bool first = true;
  path.for_each_segment([&](const bgp::Segment& segment) {
    const Brackets brackets = brackets_of(segment.type);
    if (!first) *at++ = ' ';
    first = false;
    if (brackets.open != 0) *at++ = brackets.open;
    for (std::size_t i = 0; i < segment.size(); ++i) {
      if (i > 0) *at++ = brackets.between;
      at = put_number(at, segment.at(i).number);
    }
    if (brackets.close != 0) *at++ = brackets.close;
  });
  return at;
}

char* put_communities(char* at, Bytes communities) {
  char* const begin = at;
  for (std::size_t i = 0; i + 4 <= communities.size(); i += 4) {
    const unsigned high = static_cast<unsigned>(communities[i] << 8 | communities[i + 1]);
    const unsigned low = static_cast<unsigned>(communities[i + 2] << 8 | communities[i + 3]);
    if (at != begin) *at++ = ' ';
    // RFC 1997 "Well-known communities".
    if (high == 0xffff && low >= 0xff01 && low <= 0xff03) {
      static constexpr std::string_view kNames[] = {"no-export", "no-advertise", "local-AS"};
      at = put_text(at, kNames[low - 0xff01]);
      continue;
    }
    at = put_number(at, high);
    *at++ = ':';
    at = put_number(at, low);
  }
  return at;
}

char* put_large_communities(char* at, Bytes communities) {
  ByteReader reader(communities);
  for (bool first = true; reader.remaining() >= 12; first = false) {
    if (!first) *at++ = ' ';
    at = put_number(at, reader.u32());
    *at++ = ':';
    at = put_number(at, reader.u32());
    *at++ = ':';
    at = put_number(at, reader.u32());
  }
  return at;
}

char* put_json_path(char* at, const bgp::AsPath& path) {
  *at++ = '[';
  bool first = true;
  path.for_each_segment([&](const bgp::Segment& segment) {
    const bool set = segment.type != bgp::SegmentType::sequence;
    if (set && !first) *at++ = ',';
    if (set) {
      *at++ = '[';
      first = true;
    }
    for (std::size_t i = 0; i < segment.size(); ++i) {
      if (!first) *at++ = ',';
      first = false;
      at = put_number(at, segment.at(i).number);
    }
    if (set) *at++ = ']';
    first = false;
  });
  *at++ = ']';
  return at;
}

char* put_json_numbers(char* at, Bytes bytes, std::size_t width, std::size_t count) {
  ByteReader reader(bytes);
  *at++ = '[';
  for (bool first = true; reader.remaining() >= width * count; first = false) {
    if (!first) *at++ = ',';
    *at++ = '[';
    for (std::size_t i = 0; i < count; ++i) {
      if (i > 0) *at++ = ',';
      at = put_number(at, width == 2 ? reader.u16() : reader.u32());
    }
    *at++ = ']';
  }
  *at++ = ']';
  return at;
}

}  // namespace lightsout::mrt
