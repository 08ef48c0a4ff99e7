// SPDX-License-Identifier: Apache-2.0
#include "mrt/dump_text.h"

#include <algorithm>
#include <charconv>

namespace lightsout::mrt {

namespace {

// Every number of up to three digits as text: most of a dump is octets and small ASNs.
struct SmallNumbers {
  char digits[1000][3];
  std::uint8_t sizes[1000];

  constexpr SmallNumbers() : digits(), sizes() {
    for (int number = 0; number < 1000; ++number) {
      int size = 0;
      if (number >= 100) digits[number][size++] = static_cast<char>('0' + number / 100);
      if (number >= 10) digits[number][size++] = static_cast<char>('0' + number / 10 % 10);
      digits[number][size++] = static_cast<char>('0' + number % 10);
      sizes[number] = static_cast<std::uint8_t>(size);
    }
  }
};
constexpr SmallNumbers kSmall;

}  // namespace

void append_number(std::string& out, std::uint64_t number) {
  if (number < 1000) {
    out.append(kSmall.digits[number], kSmall.sizes[number]);
    return;
  }
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  out.append(digits, end);
}

namespace {

// bgpdump shortens the first of the longest runs of zero groups, be it a single group, which RFC
// 5952 section 4.2.2 forbids; and it writes mapped addresses with dots.
void append_address6(std::string& out, const IpAddress& address) {
  unsigned groups[8];
  std::size_t longest = 0, longest_at = 8;
  for (std::size_t i = 0; i < 8; ++i) {
    groups[i] = static_cast<unsigned>(address.bytes[2 * i] << 8 | address.bytes[2 * i + 1]);
  }
  for (std::size_t i = 0; i < 8; ++i) {
    std::size_t run = 0;
    while (i + run < 8 && groups[i + run] == 0) ++run;
    if (run > longest) {
      longest = run;
      longest_at = i;
    }
  }
  const bool dotted = longest_at == 0 && (longest == 6 || (longest == 5 && groups[5] == 0xffff));
  for (std::size_t i = 0; i < (dotted ? 6u : 8u); ++i) {
    if (i == longest_at) out += "::";
    if (i >= longest_at && i < longest_at + longest) continue;
    if (i != 0 && i != longest_at + longest) out += ':';
    char digits[4];
    out.append(digits, std::to_chars(digits, digits + 4, groups[i], 16).ptr);
  }
  if (!dotted) return;
  if (longest == 5) out += ':';
  IpAddress four;
  std::copy_n(address.bytes.begin() + 12, 4, four.bytes.begin());
  append_address(out, four);
}

}  // namespace

void append_address(std::string& out, const IpAddress& address) {
  if (address.family == Family::v6) return append_address6(out, address);
  for (std::size_t i = 0; i < 4; ++i) {
    if (i > 0) out += '.';
    append_number(out, address.bytes[i]);
  }
}

namespace {

struct Brackets {
  const char* open;
  char between;
  const char* close;
};

Brackets brackets_of(bgp::SegmentType type) {
  switch (type) {
    case bgp::SegmentType::set:
      return {"{", ',', "}"};
    case bgp::SegmentType::confed_sequence:
      return {"(", ' ', ")"};
    case bgp::SegmentType::confed_set:
      return {"[", ',', "]"};
    default:
      return {"", ' ', ""};
  }
}

}  // namespace

void append_path(std::string& out, const bgp::AsPath& path) {
  bool first = true;
  path.for_each_segment([&](const bgp::Segment& segment) {
    const Brackets brackets = brackets_of(segment.type);
    if (!first) out += ' ';
    first = false;
    out += brackets.open;
    for (std::size_t i = 0; i < segment.size(); ++i) {
      if (i > 0) out += brackets.between;
      append_number(out, segment.at(i).number);
    }
    out += brackets.close;
  });
}

void append_communities(std::string& out, Bytes communities) {
  ByteReader reader(communities);
  bool first = true;
  while (!reader.empty()) {
    if (!first) out += ' ';
    first = false;
    const std::uint16_t high = reader.u16();
    const std::uint16_t low = reader.u16();
    // RFC 1997 "Well-known communities".
    if (high == 0xffff && low >= 0xff01 && low <= 0xff03) {
      static constexpr const char* kNames[] = {"no-export", "no-advertise", "local-AS"};
      out += kNames[low - 0xff01];
      continue;
    }
    append_number(out, high);
    out += ':';
    append_number(out, low);
  }
}

void append_json_path(std::string& out, const bgp::AsPath& path) {
  out += '[';
  bool first = true;
  path.for_each_segment([&](const bgp::Segment& segment) {
    const bool set = segment.type != bgp::SegmentType::sequence;
    if (set && !first) out += ',';
    if (set) {
      out += '[';
      first = true;
    }
    for (std::size_t i = 0; i < segment.size(); ++i) {
      if (!first) out += ',';
      first = false;
      append_number(out, segment.at(i).number);
    }
    if (set) out += ']';
    first = false;
  });
  out += ']';
}

void append_json_numbers(std::string& out, Bytes bytes, std::size_t width, std::size_t count) {
  ByteReader reader(bytes);
  out += '[';
  for (bool first = true; reader.remaining() >= width * count; first = false) {
    out += first ? "[" : ",[";
    for (std::size_t i = 0; i < count; ++i) {
      if (i > 0) out += ',';
      append_number(out, width == 2 ? reader.u16() : reader.u32());
    }
    out += ']';
  }
  out += ']';
}

}  // namespace lightsout::mrt
