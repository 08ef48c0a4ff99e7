// What MRT records say, as short texts for tests: "A 203.0.113.0/24 192.0.2.1 64500: 64500 9198".
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "core/byte_source.h"
#include "core/damage.h"
#include "live/live_source.h"
#include "live/test_bmp.h"
#include "mrt/dump.h"
#include "mrt/record_reader.h"

namespace lightsout::live {

// The lines of `mrt dump --format bgpdump-m`.
inline std::vector<std::string> dump_lines(const std::string& records, Damage* damage = nullptr) {
  MemorySource source(records);
  Damage ignored;
  std::string text;
  (void)mrt::dump(
      source, {},
      [&](std::string_view piece) {
        text += piece;
        return true;
      },
      damage != nullptr ? *damage : ignored, "records");
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

struct Converted {
  std::string records;
  LiveNotes notes;
};

// A whole feed as the records made of it, read in pieces of `piece` bytes.
inline Converted converted(const std::string& feed, std::size_t piece = 4096) {
  // Gives out at most `piece` bytes at a time, as a pipe does.
  class Pieces final : public ByteSource {
   public:
    Pieces(std::string_view text, std::size_t most) : source_(text), most_(most) {}
    Result<std::size_t> read(std::span<std::uint8_t> into) override {
      return source_.read(into.first(std::min(into.size(), most_)));
    }

   private:
    MemorySource source_;
    std::size_t most_;
  };
  const auto notes = std::make_shared<LiveNotes>();
  const std::unique_ptr<ByteSource> source =
      open_live(std::make_unique<Pieces>(feed, piece), {.name = "feed", .notes = notes});
  Result<std::string> records = read_all(*source, std::size_t{1} << 30);
  CHECK(records.ok());
  return {std::move(*records), *notes};
}

}  // namespace lightsout::live
