// SPDX-License-Identifier: Apache-2.0
#include "mrt/record_reader.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <random>
#include <sstream>

#include "core/test_data.h"
#include "mrt/test_archive.h"

namespace lightsout::mrt {
namespace {

struct Seen {
  std::uint64_t records = 0;
  std::uint64_t bytes = 0;    // of frames delivered
  std::uint64_t damaged = 0;  // bytes passed over
  std::vector<std::uint64_t> offsets;
  std::vector<DamagedPart> parts;
  std::map<std::string, std::uint64_t> types;
};

// Reads through a source that gives few bytes at a time, as a socket does.
class Dribble final : public ByteSource {
 public:
  Dribble(Bytes bytes, std::size_t most) : inner_(bytes), most_(most) {}
  Result<std::size_t> read(std::span<std::uint8_t> into) override {
    return inner_.read(into.first(std::min(into.size(), most_)));
  }

 private:
  MemorySource inner_;
  std::size_t most_;
};

Seen read_through(ByteSource& source) {
  Seen seen;
  RecordReader reader(source);
  while (true) {
    const RecordReader::Step step = reader.next();
    if (step == RecordReader::Step::end) return seen;
    if (step == RecordReader::Step::damaged) {
      seen.damaged += reader.damaged().bytes;
      seen.parts.push_back(reader.damaged());
      continue;
    }
    ++seen.records;
    const Record& record = reader.record();
    seen.bytes += record.body.size() + 12 + (record.type == kBgp4mpEt ? 4 : 0);
    seen.offsets.push_back(record.offset);
    ++seen.types[name_of(record.type, record.subtype)];
  }
}

Bytes bytes_of(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

Seen read_through(const std::string& text) {
  MemorySource source(bytes_of(text));
  return read_through(source);
}

constexpr const char* kSample = "mrt/rrc06.updates.20150401.0000.gz";  // 795 records

TEST(RecordReader, GivesTheSameRecordsInPiecesOfAnySize) {
  REQUIRE_DATA(path, kSample);
  const std::string file = archive_bytes(path);
  const Seen whole = read_through(file);
  EXPECT_EQ(whole.records, 795u);
  EXPECT_EQ(whole.bytes, file.size());
  for (const std::size_t most : {1u, 11u, 4096u, 65537u}) {
    Dribble source(bytes_of(file), most);
    EXPECT_EQ(read_through(source).offsets, whole.offsets) << most;
  }
}

TEST(RecordReader, AccountsForEveryByteOfATruncatedFile) {
  REQUIRE_DATA(path, kSample);
  const std::string file = archive_bytes(path);
  const Seen whole = read_through(file);
  for (std::size_t size = 0; size < file.size(); size += size < 2000 ? 1 : 997) {
    const Seen seen = read_through(file.substr(0, size));
    ASSERT_EQ(seen.bytes + seen.damaged, size);
    // Everything before the cut is there.
    const auto before = std::upper_bound(whole.offsets.begin(), whole.offsets.end(), size);
    const auto complete = static_cast<std::uint64_t>(before - whole.offsets.begin());
    ASSERT_GE(seen.records + 1, complete) << size;
  }
}

// One byte broken in each field of the header of record 400: how many records may be lost.
TEST(RecordReader, LosesAtMostTwoRecordsToOneBrokenHeader) {
  REQUIRE_DATA(path, kSample);
  const std::string file = archive_bytes(path);
  const Seen whole = read_through(file);
  const std::size_t at = whole.offsets[400];
  for (std::size_t byte = 0; byte < 12; ++byte) {
    for (const unsigned flip : {0x01u, 0x10u, 0x80u, 0xffu}) {
      std::string broken = file;
      broken[at + byte] = static_cast<char>(broken[at + byte] ^ flip);
      const Seen seen = read_through(broken);
      EXPECT_GE(seen.records, whole.records - 2) << "byte " << byte << " flip " << flip;
      EXPECT_EQ(seen.bytes + seen.damaged, file.size());
    }
  }
}

TEST(RecordReader, FindsItsWayThroughBytesThatWereLostOrAdded) {
  REQUIRE_DATA(path, kSample);
  const std::string file = archive_bytes(path);
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    std::string broken = file;
    const std::size_t at = random() % file.size();
    const std::size_t count = 1 + random() % 300;
    if (round % 2 == 0) {
      broken.erase(at, count);
    } else {
      broken.insert(at, std::string(count, static_cast<char>(random())));
    }
    const Seen seen = read_through(broken);
    // 300 bytes hold at most five records; two more are the neighbours of the break.
    EXPECT_GE(seen.records, 795u - 8u) << round;
    EXPECT_EQ(seen.bytes + seen.damaged, broken.size());
  }
}

TEST(RecordReader, NeverBelievesARecordLongerThanTheLimit) {
  // TABLE_DUMP_V2/2 that claims one byte more than kMaxRecordBytes, and one that claims just that.
  for (const std::uint32_t extra : {0u, 1u}) {
    const std::uint32_t length = kMaxRecordBytes + extra;
    std::string file = {0x52, 0, 0, 0, 0, 13, 0, 2};
    for (int shift = 24; shift >= 0; shift -= 8) file += static_cast<char>(length >> shift);
    file.resize(12 + length);
    const Seen seen = read_through(file);
    EXPECT_EQ(seen.records, extra == 0 ? 1u : 0u);
    EXPECT_EQ(seen.damaged, extra == 0 ? 0u : file.size());
  }
}

class FailingSource final : public ByteSource {
 public:
  explicit FailingSource(Bytes bytes) : inner_(bytes) {}
  Result<std::size_t> read(std::span<std::uint8_t> into) override {
    const Result<std::size_t> got = inner_.read(into);
    if (*got > 0) return got;
    return Error{ErrorKind::malformed, "gzip stream cut short"};
  }

 private:
  MemorySource inner_;
};

TEST(RecordReader, TellsWhatTheSourceComplainedAboutAfterAllThatCouldBeRead) {
  REQUIRE_DATA(path, kSample);
  const std::string file = archive_bytes(path);
  FailingSource source(bytes_of(file));
  const Seen seen = read_through(source);
  EXPECT_EQ(seen.records, 795u);
  ASSERT_EQ(seen.parts.size(), 1u);
  EXPECT_EQ(seen.parts[0].reason, "gzip stream cut short");
}

TEST(RecordReader, KnowsMrtFromText) {
  EXPECT_FALSE(looks_like_mrt(bytes_of("")));
  EXPECT_FALSE(looks_like_mrt(bytes_of("time,value\n2022-01-05T00:00:00Z,17\n")));
  EXPECT_FALSE(looks_like_mrt(bytes_of(std::string(65536, '\0'))));
  EXPECT_FALSE(looks_like_mrt(bytes_of(std::string(65536, '\xff'))));
}

std::vector<std::string> columns_of(const std::string& line) {
  std::vector<std::string> columns;
  std::stringstream stream(line);
  for (std::string cell; std::getline(stream, cell, '|');) {
    const auto first = cell.find_first_not_of(' ');
    const auto last = cell.find_last_not_of(' ');
    columns.push_back(first == std::string::npos ? "" : cell.substr(first, last - first + 1));
  }
  return columns;
}

// Every archive whose framing the catalogue calls clean has the number of records that two other
// parsers counted.
TEST(RecordReader, CountsTheRecordsThatTheCatalogueOfTheArchivesSays) {
  REQUIRE_DATA(manifest, "MANIFEST.md");
  std::ifstream lines(manifest);
  int files = 0;
  for (std::string line; std::getline(lines, line);) {
    const std::vector<std::string> columns = columns_of(line);
    // | file | bytes | raw bytes | records | types | time | peers | RIB | ann, wd | status | ...
    if (columns.size() < 11 || !columns[1].starts_with("mrt/") || columns[10] != "clean") continue;
    const auto path = test_data(columns[1]);
    if (!path) continue;
    const Seen seen = read_through(archive_bytes(*path));
    EXPECT_EQ(std::to_string(seen.records), columns[4]) << columns[1];
    EXPECT_EQ(seen.damaged, 0u) << columns[1];
    ++files;
  }
  EXPECT_GE(files, 60);
}

}  // namespace
}  // namespace lightsout::mrt
