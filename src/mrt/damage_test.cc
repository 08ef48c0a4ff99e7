// Damaged files, by rule: whatever is broken, every record that is whole comes out, and what does
// not is counted.
//
// The files are our own of every form (made_files.h) and, where they are, the real archives. Of
// large archives a fixed sample is broken; LIGHTSOUT_DAMAGE=all breaks every record and cuts at
// every kilobyte of all of them (some minutes).
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <set>

#include "core/test_data.h"
#include "mrt/made_files.h"
#include "mrt/record_reader.h"
#include "mrt/test_archive.h"

namespace lightsout::mrt {
namespace {

struct Frame {
  std::size_t offset = 0;
  std::size_t size = 0;  // header and all
};

struct Reading {
  std::vector<Frame> frames;
  std::uint64_t damaged_bytes = 0;
  std::uint64_t damaged_parts = 0;
};

Reading read(std::string_view bytes) {
  MemorySource source(bytes);
  RecordReader reader(source);
  Reading reading;
  std::size_t covered = 0;
  for (auto step = reader.next(); step != RecordReader::Step::end; step = reader.next()) {
    if (step == RecordReader::Step::damaged) {
      EXPECT_EQ(reader.damaged().offset, covered);
      covered += reader.damaged().bytes;
      reading.damaged_bytes += reader.damaged().bytes;
      ++reading.damaged_parts;
      continue;
    }
    const Record& record = reader.record();
    EXPECT_EQ(record.offset, covered);
    // Microseconds are taken from a body that has them; a flipped length may leave none.
    const auto* const at = reinterpret_cast<const std::uint8_t*>(bytes.data()) + record.offset;
    const bool has_microseconds = record.type == kBgp4mpEt && number_at<std::uint32_t>(at + 8) >= 4;
    const std::size_t size = 12 + (has_microseconds ? 4 : 0) + record.body.size();
    reading.frames.push_back({static_cast<std::size_t>(record.offset), size});
    covered += size;
  }
  EXPECT_EQ(covered, bytes.size());
  return reading;
}

// How many of `frames` [begin, end), moved by `shift`, did not come out.
std::size_t missing(const std::vector<Frame>& frames, std::size_t begin, std::size_t end,
                    std::size_t shift, const Reading& reading) {
  std::set<std::pair<std::size_t, std::size_t>> found;
  for (const Frame& frame : reading.frames) found.insert({frame.offset, frame.size});
  std::size_t count = 0;
  for (std::size_t i = begin; i < end; ++i) {
    count += found.count({frames[i].offset - shift, frames[i].size}) == 0;
  }
  return count;
}

// A few records around a place say all: the reader looks no farther than its chain.
constexpr std::size_t kAround = 8;

struct Broken {
  std::uint64_t tried = 0;
  std::uint64_t lost = 0;  // whole records that did not come out
  std::string first = {};  // where the first of them was lost

  void add(std::size_t count, const char* how, std::size_t record, std::size_t place) {
    ++tried;
    if (count > 0 && lost == 0) {
      first = std::string(how) + " " + std::to_string(record) + " at " + std::to_string(place);
    }
    lost += count;
  }
};

Broken flip_bits(const std::string& bytes, const std::vector<Frame>& frames, std::size_t stride) {
  Broken broken;
  for (std::size_t i = 0; i < frames.size(); i += stride) {
    const std::size_t first = i < kAround ? 0 : i - kAround;
    const std::size_t last = std::min(frames.size(), i + kAround + 1);
    const std::size_t begin = frames[first].offset;
    const std::size_t end = frames[last - 1].offset + frames[last - 1].size;
    std::string window = bytes.substr(begin, end - begin);
    // Each record has another bit, the headers first: those are what framing hangs on.
    const std::size_t bits = frames[i].size * 8;
    const std::size_t bit = i % 2 == 0 ? (i / 2 * 37) % 96 : (i * 7919) % bits;
    char& byte = window[frames[i].offset - begin + bit / 8];
    byte = static_cast<char>(byte ^ 1 << bit % 8);
    const Reading reading = read(window);
    ++broken.tried;
    broken.lost +=
        missing(frames, first, i, begin, reading) + missing(frames, i + 1, last, begin, reading);
  }
  return broken;
}

// A batched TABLE_DUMP that ends where its length says lacks four bytes: its last route shows it.
bool ends_early(const std::string& bytes, std::size_t begin, const Reading& reading) {
  const Frame& last = reading.frames.back();
  const std::string text = bytes.substr(begin + last.offset, last.size);
  if (text[5] != kTableDump) return false;
  const auto* const at = reinterpret_cast<const std::uint8_t*>(text.data());
  const Record record{
      .type = kTableDump, .subtype = at[7], .body = Bytes(at, last.size).subspan(12)};
  OldRibReader routes(record);
  for (OldRibRecord route; routes.next(route);) {
  }
  return routes.decoded() == Decoded::damaged;
}

Broken cut(const std::string& bytes, const std::vector<Frame>& frames, std::size_t step) {
  Broken broken;
  for (std::size_t size = 1024; size < bytes.size(); size += step) {
    const auto after = std::upper_bound(
        frames.begin(), frames.end(), size,
        [](std::size_t at, const Frame& frame) { return at < frame.offset + frame.size; });
    const auto whole = static_cast<std::size_t>(after - frames.begin());  // records before the cut
    const std::size_t first = whole < kAround ? 0 : whole - kAround;
    const std::size_t begin = frames[std::min(first, frames.size() - 1)].offset;
    if (begin >= size) continue;
    const Reading reading = read(std::string_view(bytes).substr(begin, size - begin));
    broken.add(missing(frames, first, whole, begin, reading), "cut in record", whole, size);
    const bool between = whole > 0 && frames[whole - 1].offset + frames[whole - 1].size == size;
    const bool short_by_four = !reading.frames.empty() && ends_early(bytes, begin, reading);
    EXPECT_EQ(reading.damaged_parts == 0 && !short_by_four, between) << "cut at " << size;
  }
  return broken;
}

Broken swap(const std::string& bytes, const std::vector<Frame>& frames, std::size_t stride) {
  Broken broken;
  for (std::size_t i = 0; i + 1 < frames.size(); i += stride) {
    const std::size_t j = std::min(frames.size() - 1, i + 1 + i % 5);
    const auto text = [&](std::size_t k) { return bytes.substr(frames[k].offset, frames[k].size); };
    std::string window = text(j);
    for (std::size_t k = i + 1; k < j; ++k) window += text(k);
    window += text(i);
    const Reading reading = read(window);
    broken.add(reading.frames.size() == j - i + 1 ? 0 : 1, "swapped record", i, j);
    EXPECT_EQ(reading.damaged_parts, 0u);
  }
  return broken;
}

bool everything() {
  const char* asked = std::getenv("LIGHTSOUT_DAMAGE");
  return asked != nullptr && std::string_view(asked) == "all";
}

TEST(Damage, CostsNoWholeRecordOfOurOwnFiles) {
  for (const auto& [name, bytes] : MadeFiles::all()) {
    const Reading whole = read(bytes);
    ASSERT_GE(whole.frames.size(), 12u) << name;
    ASSERT_EQ(whole.damaged_parts, 0u) << name;
    EXPECT_EQ(flip_bits(bytes, whole.frames, 1).first, "") << name;
    EXPECT_EQ(cut(bytes, whole.frames, 1024).first, "") << name;
    EXPECT_EQ(cut(bytes, whole.frames, 7).first, "") << name;
    EXPECT_EQ(swap(bytes, whole.frames, 1).first, "") << name;
  }
}

// Every bit of every header and each tenth of the rest, in whole files.
TEST(Damage, OfOneBitCostsOneRecordOfOurOwnFiles) {
  for (const auto& [name, bytes] : MadeFiles::all()) {
    const Reading whole = read(bytes);
    for (std::size_t i = 0; i < whole.frames.size(); i += 7) {
      for (std::size_t bit = 0; bit < whole.frames[i].size * 8; bit += bit < 96 ? 1 : 10) {
        std::string broken = bytes;
        char& byte = broken[whole.frames[i].offset + bit / 8];
        byte = static_cast<char>(byte ^ 1 << bit % 8);
        const Reading reading = read(broken);
        EXPECT_EQ(missing(whole.frames, 0, i, 0, reading), 0u) << name << " " << i << " " << bit;
        EXPECT_EQ(missing(whole.frames, i + 1, whole.frames.size(), 0, reading), 0u)
            << name << " record " << i << " bit " << bit;
      }
    }
  }
}

TEST(Damage, CostsNoWholeRecordOfTheArchives) {
  REQUIRE_DATA(folder, "mrt");
  std::set<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    const std::string name = entry.path().string();
    const bool archive = entry.is_regular_file() && name.find("golden") == std::string::npos &&
                         name.find(".txt") == std::string::npos &&
                         name.find(".conf.") == std::string::npos;
    // One of the 35 files of a morning is like the others.
    const bool one_of_many = name.find("rrc06-20210102") != std::string::npos;
    if (archive && (!one_of_many || everything() || name.find(".0720") != std::string::npos)) {
      paths.insert(entry.path());
    }
  }
  ASSERT_GE(paths.size(), 30u);
  Broken all;
  for (const std::filesystem::path& path : paths) {
    const std::string bytes = archive_bytes(path);
    const Reading whole = read(bytes);
    if (whole.frames.size() < 2) continue;
    const std::size_t stride = everything() ? 1 : 1 + whole.frames.size() / 150;
    const std::size_t step = everything() ? 1024 : 1024 * (1 + bytes.size() / 1024 / 60);
    for (const Broken& part :
         {flip_bits(bytes, whole.frames, stride), swap(bytes, whole.frames, stride),
          whole.damaged_parts == 0 ? cut(bytes, whole.frames, step) : Broken{}}) {
      EXPECT_EQ(part.lost, 0u) << path.filename() << " of " << part.tried << ": " << part.first;
      all.tried += part.tried;
    }
  }
  EXPECT_GT(all.tried, 1000u);
}

// What a fuzz target starts from is what the Writer makes. LIGHTSOUT_WRITE_SEEDS=1 writes it anew.
TEST(MadeFiles, AreTheSeedsOfTheFuzzTargets) {
#ifdef __clang__
  GTEST_SKIP() << "clang draws the arguments of a call in another order than g++, which wrote them";
#endif
  const std::filesystem::path folder =
      std::filesystem::path(LIGHTSOUT_SOURCE_DIR) / "testdata/fuzz/mrt_record_reader_fuzz";
  const bool write = std::getenv("LIGHTSOUT_WRITE_SEEDS") != nullptr;
  if (write) std::filesystem::create_directories(folder);
  for (const auto& [name, bytes] : MadeFiles::all()) {
    const auto path = folder / (name + ".mrt");
    if (write) std::ofstream(path, std::ios::binary) << bytes;
    std::ifstream in(path, std::ios::binary);
    const std::string kept{std::istreambuf_iterator<char>(in), {}};
    EXPECT_EQ(kept == bytes, true) << path;
  }
}

}  // namespace
}  // namespace lightsout::mrt
