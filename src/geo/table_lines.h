// TableLines cuts a stream into lines; of a line longer than kMaxLineBytes only its beginning is
// kept.
//
//   TableLines lines([&](std::span<std::uint8_t> into) { return source.read(into); });
//   for (std::string line, broken; lines.next(line, broken);) ...
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "core/result.h"

namespace lightsout {

class TableLines {
 public:
  static constexpr std::size_t kMaxLineBytes = 1024;
  using Read = std::function<Result<std::size_t>(std::span<std::uint8_t>)>;
  explicit TableLines(Read read) : read_(std::move(read)) {}

  // false at the end; `broken` then says why, if the stream did not end well.
  bool next(std::string& line, std::string& broken) {
    line.clear();
    bool any = false;
    while (true) {
      for (; at_ < end_; ++at_) {
        const char c = static_cast<char>(chunk_[at_]);
        any = true;
        if (c == '\n') {
          ++at_;
          return true;
        }
        if (line.size() < kMaxLineBytes) line += c;
      }
      const Result<std::size_t> got = read_(chunk_);
      if (!got) broken = got.error().message;
      if (!got || *got == 0) return any;
      at_ = 0;
      end_ = *got;
    }
  }

 private:
  Read read_;
  std::array<std::uint8_t, 16384> chunk_;
  std::size_t at_ = 0, end_ = 0;
};

inline std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace lightsout
