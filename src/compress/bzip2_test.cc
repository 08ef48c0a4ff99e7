// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "compress/bzip2_crc.h"
#include "compress/bzip2_find.h"
#include "compress/bzip2_library.h"
#include "compress/bzip2_runs.h"
#include "compress/bzip2_source.h"
#include "compress/test_compress.h"
#include "core/test_data.h"

namespace lightsout {
namespace {

Bytes bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

struct Outcome {
  std::string text;
  std::string error;  // empty: none
  bool operator==(const Outcome&) const = default;
};

Outcome read_to_end(ByteSource& source, std::size_t piece = 1 << 18) {
  Outcome outcome;
  std::vector<std::uint8_t> into(piece);
  for (;;) {
    const Result<std::size_t> count = source.read(into);
    if (!count) outcome.error = count.error().message;
    if (!count || *count == 0) return outcome;
    outcome.text.append(reinterpret_cast<const char*>(into.data()), *count);
  }
}

Outcome unpack(std::string_view packed, unsigned threads = 2) {
  const auto source =
      bzip2_source(std::make_unique<MemorySource>(packed), "x", {.threads = threads});
  return read_to_end(*source);
}

// What libbz2 makes of it, up to the end or the first damage.
Outcome unpack_by_library(std::string_view packed) {
  Outcome outcome;
  const std::unique_ptr<Codec> codec = bzip2_codec();
  std::vector<std::uint8_t> out(1 << 20);
  Bytes rest = bytes_of(packed);
  for (;;) {
    const CodecStep step = codec->step(rest, out);
    outcome.text.append(reinterpret_cast<const char*>(out.data()), step.produced);
    rest = rest.subspan(step.consumed);
    if (step.state == CodecStep::State::damaged) outcome.error = step.reason;
    if (step.state == CodecStep::State::more && step.produced == 0 && rest.empty()) {
      outcome.error = "cut short";
    }
    if (!outcome.error.empty()) return outcome;
    if (step.state != CodecStep::State::member_end) continue;
    if (rest.empty()) return outcome;
    codec->next_member();
  }
}

std::string random_text(std::size_t size, unsigned letters, unsigned seed) {
  std::mt19937 random(seed);
  std::string text(size, '\0');
  for (char& c : text) c = static_cast<char>(random() % letters);
  return text;
}

// About what routing tables look like: records that share much and differ a little.
std::string table_text(std::size_t size) {
  std::mt19937 random(7);
  std::string text;
  for (unsigned i = 0; text.size() < size; ++i) {
    text += std::string("\x4b\x10\x00\x00\x00\x0d\x00\x02\x00\x00\x00\x3e", 12);
    text += static_cast<char>(i >> 8);
    text += static_cast<char>(i);
    text += random_text(random() % 24, 5 + random() % 200, i);
  }
  text.resize(size);
  return text;
}

struct Sample {
  std::string name;
  std::string text;
};

// Whatever the coding of runs, the sizes of blocks and the sorting might stumble over.
std::vector<Sample> samples() {
  std::vector<Sample> all;
  all.push_back({"nothing", ""});
  all.push_back({"one byte", "x"});
  std::string every;
  for (int i = 0; i < 256; ++i) every += static_cast<char>(i);
  all.push_back({"every byte", every});
  for (unsigned byte : {0u, 97u, 255u}) {
    all.push_back({"two of a byte", std::string(2, static_cast<char>(byte))});
  }
  std::string runs;
  for (std::size_t length = 1; length <= 530; ++length) {
    runs += std::string(length, static_cast<char>('a' + length % 3));
  }
  all.push_back({"runs of 1 to 530", runs});
  for (std::size_t length : {3, 4, 5, 254, 255, 256, 258, 259, 260, 518}) {
    all.push_back({"a run of " + std::to_string(length), std::string(length, 'r')});
    all.push_back({"runs that follow each other " + std::to_string(length),
                   std::string(length, 'r') + std::string(length, 's') + "t"});
  }
  all.push_back({"one byte for ever", std::string(3'000'000, 'a')});
  std::string pairs;
  for (int i = 0; i < 400'000; ++i) pairs += "ab";
  all.push_back({"a text that repeats itself", pairs});
  std::string thirds;
  for (int i = 0; i < 100'000; ++i) thirds += "abcabd" + std::string(i % 2, 'x');
  all.push_back({"a text that nearly repeats itself", thirds});
  for (std::size_t size : {99'980, 99'981, 100'000, 100'001, 199'962, 900'000, 1'000'000}) {
    all.push_back({"random of " + std::to_string(size), random_text(size, 256, 1)});
  }
  all.push_back({"two letters", random_text(700'000, 2, 2)});
  all.push_back({"seventeen letters", random_text(300'000, 17, 3)});
  all.push_back({"a table", table_text(2'500'000)});
  return all;
}

TEST(Bzip2Crc, IsTheOneOfTheCatalogueAndTheSameInPieces) {
  EXPECT_EQ(bzip2_crc(0, bytes_of("123456789")), 0xfc891918u);  // "CRC-32/BZIP2", its check value
  const std::string text = random_text(5000, 256, 4);
  for (std::size_t size = 0; size < text.size(); size += 1 + size / 3) {
    const std::string_view part = std::string_view(text).substr(3, size);
    const std::uint32_t whole = bzip2_crc(0, bytes_of(part));
    EXPECT_EQ(whole, bzip2_crc_tables(0, bytes_of(part))) << size;
    const std::size_t half = part.size() / 2;
    EXPECT_EQ(whole,
              bzip2_crc(bzip2_crc(0, bytes_of(part.substr(0, half))), bytes_of(part.substr(half))));
  }
}

struct RunCase {
  std::string_view name;
  std::string packed;
  std::string text;
  bool damaged = false;
};

TEST(Bzip2Runs, FourEqualBytesAndACount) {
  const RunCase cases[] = {
      {"nothing", "", ""},
      {"three are no run", "aaab", "aaab"},
      {"four and none", std::string("aaaa\0b", 6), "aaaab"},
      {"four and one", "aaaa\x01", "aaaaa"},
      {"four and 255", "aaaa\xff", std::string(259, 'a')},
      {"the count is no part of the next run", std::string("aaaa\0aaaa\2", 10), "aaaaaaaaaa"},
      {"the count as a byte like the others", "\x04\x04\x04\x04\x04\x04", std::string(9, '\x04')},
      {"after many", std::string("abcdefghijklmnopqrstuvwxyzzzz\0", 30),
       "abcdefghijklmnopqrstuvwxyzzzz"},
      {"no count", "xaaaa", "xaaaa", true},
      {"three at the end", "abcdefghijklaaa", "abcdefghijklaaa"},
  };
  for (const RunCase& c : cases) {
    for (std::size_t piece : {1, 2, 3, 7, 8, 9, 1000}) {
      RunReader reader(bytes_of(c.packed));
      std::string text;
      std::vector<std::uint8_t> room(piece);
      while (const std::size_t count = reader.read(room)) {
        EXPECT_TRUE(count == piece || reader.finished()) << c.name;
        text.append(reinterpret_cast<const char*>(room.data()), count);
      }
      EXPECT_EQ(text, c.text) << c.name << piece;
      EXPECT_EQ(reader.damaged(), c.damaged) << c.name;
      EXPECT_TRUE(reader.finished()) << c.name;
    }
  }
}

TEST(Bzip2Find, AtAnyBitAndUpToTheLastByte) {
  const std::string magic = "\x31\x41\x59\x26\x53\x59";
  for (std::size_t before : {0, 1, 5, 100}) {
    for (std::size_t behind : {0, 1, 2, 9}) {
      for (unsigned shift = 0; shift < 8; ++shift) {
        std::string text =
            std::string(before, '\x31') + magic + std::string(behind + (shift > 0), '\0');
        std::string shifted;
        unsigned carry = 0;
        for (const char c : text) {
          const unsigned wide = (carry << 8 | static_cast<std::uint8_t>(c)) >> shift;
          shifted += static_cast<char>(wide);
          carry = static_cast<std::uint8_t>(c);
        }
        const auto found = find_bzip2_block(bytes_of(shifted), 0);
        ASSERT_TRUE(found.has_value()) << before << " " << behind << " " << shift;
        EXPECT_EQ(*found, before * 8 + shift);
        EXPECT_EQ(find_bzip2_block(bytes_of(shifted), before), found);
        EXPECT_FALSE(find_bzip2_block(bytes_of(shifted), before + 1).has_value());
        const std::size_t touched = before + magic.size() + (shift > 0);
        EXPECT_FALSE(find_bzip2_block(bytes_of(std::string_view(shifted).substr(0, touched - 1)), 0)
                         .has_value());
      }
    }
  }
}

TEST(Bzip2, ReadsWhatLibbz2Wrote) {
  for (const Sample& sample : samples()) {
    const std::string packed = bzip2_of(sample.text);
    for (unsigned threads : {1u, 2u, 8u}) {
      const Outcome outcome = unpack(packed, threads);
      EXPECT_EQ(outcome.error, "") << sample.name;
      EXPECT_TRUE(outcome.text == sample.text) << sample.name << " with " << threads;
    }
  }
}

TEST(Bzip2, EveryLevel) {
  const std::string text = table_text(400'000) + random_text(650'000, 256, 5);
  for (int level = 1; level <= 9; ++level) {
    const Outcome outcome = unpack(bzip2_of_level(text, level));
    EXPECT_EQ(outcome.error, "") << level;
    EXPECT_TRUE(outcome.text == text) << level;
  }
}

TEST(Bzip2, ABlockThatIsLargerThanItsLevelIsRefused) {
  std::string packed = bzip2_of_level(random_text(150'000, 256, 6), 2);
  packed[3] = '1';
  EXPECT_EQ(unpack(packed).error,
            "x: bzip2 stream: a block of more bytes than its level allows (at compressed byte 4, "
            "decompressed 0)");
  EXPECT_NE(unpack_by_library(packed).error, "");
}

TEST(Bzip2, StreamsThatFollowEachOther) {
  std::string packed;
  std::string text;
  for (unsigned i = 0; i < 60; ++i) {
    const std::string part = random_text(i % 7 * 1000 * (i % 3), 30, i);
    packed += bzip2_of_level(part, static_cast<int>(1 + i % 9)) + bzip2_of("");
    text += part;
  }
  for (unsigned threads : {1u, 2u, 8u}) {
    const Outcome outcome = unpack(packed + std::string(1000, '\0'), threads);
    EXPECT_EQ(outcome.error, "");
    EXPECT_TRUE(outcome.text == text);
  }
}

TEST(Bzip2, WhatStandsBehindTheEndIsDamageAndSaidWhere) {
  const std::string packed = bzip2_of("measured");
  const std::string at =
      " (at compressed byte " + std::to_string(packed.size()) + ", decompressed 8)";
  const struct {
    std::string behind;
    std::string error;
  } cases[] = {
      {"", ""},
      {std::string(300'000, '\0'), ""},
      {"garbage", "x: bzip2 stream: invalid bzip2 header" + at},
      {"BZh0", "x: bzip2 stream: invalid bzip2 header" + at},
      {"BZ", "x: bzip2 stream: cut short (at compressed byte " + std::to_string(packed.size() + 2) +
                 ", decompressed 8)"},
      {std::string("\0\0x", 3),
       "x: bzip2 stream: bytes after the padding at the end (at compressed byte " +
           std::to_string(packed.size() + 2) + ", decompressed 8)"},
      {"BZh9 is no block",
       "x: bzip2 stream: neither a block nor the end of the stream (at compressed byte " +
           std::to_string(packed.size() + 4) + ", decompressed 8)"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(unpack(packed + c.behind), (Outcome{"measured", c.error}));
  }
}

// The ends of the blocks of `text`, as the reader sees them.
constexpr std::size_t kThreeBlocks = 250'000;

// Delivered is what stands in whole blocks before the place, whatever the damage.
void expect_whole_blocks(const Outcome& outcome, const std::string& text, std::size_t where) {
  EXPECT_TRUE(text.starts_with(outcome.text)) << where;
  EXPECT_TRUE(outcome.text.size() == text.size() || !outcome.error.empty()) << where;
}

TEST(Bzip2, CutAnywhereDeliversTheWholeBlocksBefore) {
  const std::string text = random_text(kThreeBlocks, 16, 8);
  const std::string packed = bzip2_of_level(text, 1);
  std::size_t longest = 0;
  for (std::size_t cut = 4; cut < packed.size(); cut += 1 + cut % 997) {
    const Outcome outcome = unpack(std::string_view(packed).substr(0, cut), 1 + cut % 3);
    expect_whole_blocks(outcome, text, cut);
    EXPECT_EQ(outcome.error, "x: bzip2 stream: cut short (at compressed byte " +
                                 std::to_string(cut) + ", decompressed " +
                                 std::to_string(outcome.text.size()) + ")");
    EXPECT_GE(outcome.text.size(), longest) << cut;  // more bytes, never less text
    longest = outcome.text.size();
    EXPECT_GE(outcome.text.size() + 2 * 100'000,
              unpack_by_library(std::string_view(packed).substr(0, cut)).text.size());
  }
  EXPECT_EQ(unpack(std::string_view(packed).substr(0, packed.size() - 1)).text, text);
}

TEST(Bzip2, AFlippedBitCostsItsBlockAndWhatFollows) {
  const std::string text = random_text(kThreeBlocks, 16, 9);
  const std::string packed = bzip2_of_level(text, 1);
  for (std::size_t at = 0; at < packed.size(); at += 1 + at % 997) {
    std::string flipped = packed;
    flipped[at] = static_cast<char>(flipped[at] ^ (1 << (at % 8)));
    const Outcome outcome = unpack(flipped, 1 + at % 3);
    expect_whole_blocks(outcome, text, at);
    // Two thirds before the place are in whole blocks once it is in the third.
    if (at > packed.size() * 9 / 10) EXPECT_GT(outcome.text.size(), kThreeBlocks * 3 / 5) << at;
  }
}

TEST(Bzip2, TheNumberOfThreadsChangesNothingNotEvenTheError) {
  const std::string text = table_text(1'200'000);
  std::string packed = bzip2_of_level(text, 1) + bzip2_of_level(text, 3);
  packed[packed.size() * 4 / 5] = static_cast<char>(~packed[packed.size() * 4 / 5]);
  const Outcome alone = unpack(packed, 1);
  EXPECT_NE(alone.error, "");
  EXPECT_GT(alone.text.size(), text.size());
  for (unsigned threads : {2u, 3u, 8u, 100u}) EXPECT_EQ(unpack(packed, threads), alone) << threads;
}

// Bits as a text of '0' and '1', to build what no encoder writes.
std::string bits_of(std::string_view bytes) {
  std::string bits;
  for (const char byte : bytes) {
    for (int bit = 7; bit >= 0; --bit) bits += (byte >> bit & 1) != 0 ? '1' : '0';
  }
  return bits;
}

std::string bytes_of_bits(const std::string& bits) {
  std::string bytes((bits.size() + 7) / 8, '\0');
  for (std::size_t i = 0; i < bits.size(); ++i) {
    if (bits[i] == '1') bytes[i / 8] = static_cast<char>(bytes[i / 8] | 0x80 >> (i % 8));
  }
  return bytes;
}

std::string number(std::uint64_t value, int bits) {
  std::string text;
  while (bits-- > 0) text += (value >> bits & 1) != 0 ? '1' : '0';
  return text;
}

constexpr std::size_t kRandomisedBit = 32 + 48 + 32;  // stream header, magic, checksum
constexpr std::size_t kBitmapBit = kRandomisedBit + 1 + 24;

// Where the number of tables of the first block stands.
std::size_t tables_bit(const std::string& bits) {
  const std::string parts = bits.substr(kBitmapBit, 16);
  return kBitmapBit + 16 +
         16 * static_cast<std::size_t>(std::count(parts.begin(), parts.end(), '1'));
}

// The same text with the magic of a block `times` times inside its first block: as code selectors
// that are never used, which encoders may write and readers must pass over. The magic's ones stand
// at most two in a row, so three tables do.
std::string with_false_magics(const std::string& packed, std::size_t times) {
  std::string bits = bits_of(packed);
  const std::size_t at = tables_bit(bits);
  EXPECT_GE(std::stoul(bits.substr(at, 3), nullptr, 2), 3u);
  const std::size_t selectors = std::stoul(bits.substr(at + 3, 15), nullptr, 2);
  std::size_t end = at + 18;
  for (std::size_t i = 0; i < selectors; ++i) end = bits.find('0', end) + 1;
  const std::string magic = number(kBzip2BlockMagic, 48) + "0";
  const auto in_magic = static_cast<std::size_t>(std::count(magic.begin(), magic.end(), '0'));
  std::string inside;
  for (std::size_t i = 0; i < times; ++i) inside += magic;
  bits.replace(at + 3, 15, number(selectors + times * in_magic, 15));
  bits.insert(end, inside);
  bits.resize(bits.rfind(number(kBzip2EndMagic, 48)) + 80);  // another end needs other padding
  return bytes_of_bits(bits);
}

TEST(Bzip2, AMagicInsideABlockIsPassedOver) {
  const std::string first = random_text(20'000, 200, 10);
  const std::string second = table_text(50'000);
  for (std::size_t times : {1, 2, 7, 400}) {
    const std::string packed = with_false_magics(bzip2_of(first), times) + bzip2_of(second);
    EXPECT_EQ(unpack_by_library(packed), (Outcome{first + second, ""})) << times;
    for (unsigned threads : {1u, 2u, 8u}) {
      EXPECT_EQ(unpack(packed, threads), (Outcome{first + second, ""})) << times;
    }
  }
}

// Nobody writes randomised blocks any more, so one is made: an ordinary block gets the bit, libbz2
// says what that means, and the checksum is corrected.
std::string randomised(const std::string& packed, std::string& text) {
  std::string bits = bits_of(packed);
  bits[kRandomisedBit] = '1';
  text = unpack_by_library(bytes_of_bits(bits)).text;
  const std::string old_crc = bits.substr(32 + 48, 32);
  const std::string crc = number(bzip2_crc(0, bytes_of(text)), 32);
  bits.replace(32 + 48, 32, crc);
  bits.replace(bits.rfind(number(kBzip2EndMagic, 48)) + 48, 32, crc);
  return bytes_of_bits(bits);
}

TEST(Bzip2, ARandomisedBlockOfOldIsReadByLibbz2) {
  const std::string plain = random_text(60'000, 90, 11);
  std::string text;
  const std::string packed = randomised(bzip2_of(plain), text);
  ASSERT_NE(text, plain);
  const std::string both = packed + bzip2_of(plain) + packed;
  for (unsigned threads : {1u, 2u}) {
    const Outcome outcome = unpack(both, threads);
    EXPECT_EQ(outcome.error, "");
    EXPECT_TRUE(outcome.text == text + plain + text);
  }
  std::string wrong = packed;
  wrong[20'000] = static_cast<char>(wrong[20'000] ^ 4);
  EXPECT_NE(unpack(wrong).error, "");
}

TEST(Bzip2, MayBeLeftInTheMiddle) {
  const std::string packed = bzip2_of_level(table_text(3'000'000), 1);
  for (unsigned threads : {1u, 2u, 8u}) {
    for (std::size_t count : {0, 1, 150'000, 2'000'000}) {
      const auto source = bzip2_source(std::make_unique<MemorySource>(std::string_view(packed)),
                                       "x", {.threads = threads});
      std::vector<std::uint8_t> into(count);
      const Result<std::size_t> got = source->read(into);
      ASSERT_TRUE(got.ok());
      EXPECT_EQ(*got, count);
    }
  }
}

TEST(Bzip2, EveryRealFileAsLibbz2ReadsIt) {
  REQUIRE_DATA(folder, "mrt");
  int files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.parent_path())) {
    if (!entry.is_regular_file() || entry.path().extension() != ".bz2") continue;
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string packed{std::istreambuf_iterator<char>(file), {}};
    const Outcome ours = unpack(packed);
    const Outcome theirs = unpack_by_library(packed);
    EXPECT_EQ(ours.error.empty(), theirs.error.empty()) << entry.path() << ours.error;
    EXPECT_TRUE(theirs.text.starts_with(ours.text)) << entry.path();
    if (theirs.error.empty()) EXPECT_EQ(ours.text.size(), theirs.text.size()) << entry.path();
    ++files;
  }
  EXPECT_GE(files, 8);
}

}  // namespace
}  // namespace lightsout
