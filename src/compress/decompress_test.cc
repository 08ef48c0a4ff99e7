// SPDX-License-Identifier: Apache-2.0
#include "compress/decompress.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include "compress/codec.h"
#include "compress/test_compress.h"
#include "core/test_data.h"

namespace lightsout {
namespace {

// Delivers at most `piece` bytes at a time, as a slow pipe does.
class PieceSource final : public ByteSource {
 public:
  PieceSource(std::string_view text, std::size_t piece) : rest_(text), piece_(piece) {}
  Result<std::size_t> read(std::span<std::uint8_t> into) override {
    const std::size_t count = std::min({piece_, into.size(), rest_.size()});
    std::copy_n(rest_.begin(), count, into.begin());
    rest_.remove_prefix(count);
    return count;
  }

 private:
  std::string_view rest_;
  std::size_t piece_;
};

struct Outcome {
  std::string text;
  std::string error;  // empty: none
};

Outcome unpack(std::string_view packed, std::size_t piece_in = 1 << 20,
               std::size_t piece_out = 1 << 16, const DecompressLimits& limits = {}) {
  Outcome outcome;
  Result<std::unique_ptr<ByteSource>> source =
      decompress(std::make_unique<PieceSource>(packed, piece_in), "x", limits);
  if (!source) return {.error = source.error().message};
  std::vector<std::uint8_t> into(piece_out);
  for (;;) {
    const Result<std::size_t> count = (*source)->read(into);
    if (!count) {
      outcome.error = count.error().message;
      return outcome;
    }
    if (*count == 0) return outcome;
    outcome.text.append(reinterpret_cast<const char*>(into.data()), *count);
  }
}

// Text that compresses about as well as measurements do.
std::string sample(std::size_t size) {
  std::mt19937 random(20220105);
  std::string text;
  while (text.size() < size)
    text += "2022-01-05T10:30:00Z," + std::to_string(random() % 5000) + "\n";
  text.resize(size);
  return text;
}

TEST(Decompress, ReadsWhatTheLibrariesWrote) {
  for (const PackedForm& format : kFormats) {
    for (const std::size_t size : {0, 1, 1000, 300'000, 3'000'000}) {
      const std::string text = sample(size);
      const Outcome outcome = unpack(format.compress(text));
      EXPECT_EQ(outcome.error, "") << name_of(format.compression) << size;
      EXPECT_TRUE(outcome.text == text) << name_of(format.compression) << size;
    }
  }
}

TEST(Decompress, TheSizeOfThePiecesChangesNothing) {
  const std::string text = sample(20'000);
  for (const PackedForm& format : kFormats) {
    const std::string packed = format.compress(text) + format.compress("and more");
    for (const std::size_t in : {1, 2, 7, 4096}) {
      for (const std::size_t out : {1, 3, 511, 65'536}) {
        const Outcome outcome = unpack(packed, in, out);
        EXPECT_EQ(outcome.error, "") << name_of(format.compression) << in << " " << out;
        EXPECT_TRUE(outcome.text == text + "and more")
            << name_of(format.compression) << in << " " << out;
      }
    }
  }
}

TEST(Decompress, MembersThatFollowEachOtherAreOneText) {
  for (const PackedForm& format : kFormats) {
    std::string packed;
    std::string text;
    for (int i = 0; i < 50; ++i) {
      const std::string part = std::string(static_cast<std::size_t>(i % 5), 'x') + "\n";
      packed += format.compress(part) + format.compress("");
      text += part;
    }
    const Outcome outcome = unpack(packed);
    EXPECT_EQ(outcome.error, "") << name_of(format.compression);
    EXPECT_EQ(outcome.text, text) << name_of(format.compression);
  }
}

TEST(Decompress, WhatIsNotCompressedPassesThrough) {
  for (const std::string& text :
       {std::string(), std::string("B"), std::string("BZh9 is how a bzip2 file begins"),
        std::string("\x1f\x8b", 2), std::string("time,value\n")}) {
    const Outcome outcome = unpack(text, 1);
    EXPECT_EQ(outcome.text, text);
    EXPECT_EQ(outcome.error, "");
  }
}

TEST(Decompress, CutShortAnywhereDeliversABeginningAndSaysWhere) {
  const std::string text = sample(4000);
  for (const PackedForm& format : kFormats) {
    const std::string packed = format.compress(text);
    for (std::size_t cut = 10; cut < packed.size(); ++cut) {
      const Outcome outcome = unpack(std::string_view(packed).substr(0, cut));
      EXPECT_TRUE(text.starts_with(outcome.text)) << name_of(format.compression) << cut;
      EXPECT_EQ(outcome.error, "x: " + std::string(name_of(format.compression)) +
                                   " stream: cut short (at compressed byte " + std::to_string(cut) +
                                   ", decompressed " + std::to_string(outcome.text.size()) + ")");
    }
  }
}

TEST(Decompress, CutShortInTheSecondMemberKeepsTheFirstWhole) {
  const std::string text = sample(4000);
  for (const PackedForm& format : kFormats) {
    const std::string packed = format.compress(text);
    const Outcome outcome = unpack(packed + packed.substr(0, packed.size() - 5));
    EXPECT_TRUE(outcome.text.starts_with(text)) << name_of(format.compression);
    EXPECT_NE(outcome.error, "") << name_of(format.compression);
  }
}

TEST(Decompress, AFlippedBitIsFoundWherever) {
  const std::string text = sample(6000);
  for (const PackedForm& format : kFormats) {
    const std::string packed = format.compress(text);
    for (std::size_t at = 12; at < packed.size(); at += 3) {
      std::string flipped = packed;
      flipped[at] = static_cast<char>(flipped[at] ^ (1 << (at % 8)));
      const Outcome outcome = unpack(flipped);
      // All four carry a checksum, so a wrong text never passes for a right one.
      EXPECT_TRUE(!outcome.error.empty() || outcome.text == text)
          << name_of(format.compression) << at;
    }
  }
}

TEST(Decompress, ZerosBehindTheEndArePaddingAndAnythingElseIsDamage) {
  const std::string packed = gzip_of("measured");
  EXPECT_EQ(unpack(packed + std::string(200'000, '\0')).error, "");
  const Outcome outcome = unpack(packed + "garbage that is no gzip");
  EXPECT_EQ(outcome.text, "measured");
  EXPECT_NE(outcome.error.find("invalid gzip header"), std::string::npos) << outcome.error;
  EXPECT_NE(unpack(packed + std::string("\0\0x", 3)).error, "");
}

TEST(Decompress, TwiceIsFollowedAndThreeTimesRefused) {
  EXPECT_EQ(unpack(gzip_of(bzip2_of("deep"))).text, "deep");
  EXPECT_EQ(unpack(xz_of(zstd_of(gzip_of("deeper")))).error,
            "x: compressed more than 2 times over; unpack it first");
}

TEST(Decompress, BothGzipReadersDeliverTheSame) {
  const std::string text = sample(30'000);
  const std::string packed = gzip_of(text);
  for (std::size_t cut = 0; cut < packed.size(); cut += 11) {
    std::string delivered[2];
    std::unique_ptr<Codec> codecs[2] = {gzip_codec(), gzip_codec_zlib()};
    for (int i = 0; i < 2; ++i) {
      std::vector<std::uint8_t> out(text.size() + 1);
      const CodecStep step =
          codecs[i]->step({reinterpret_cast<const std::uint8_t*>(packed.data()), cut}, out);
      delivered[i].assign(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(step.produced));
    }
    // Both stop within the same symbol; the longest one stands for 258 bytes (RFC 1951 3.2.5).
    EXPECT_TRUE(text.starts_with(delivered[0]));
    EXPECT_LE(delivered[1].size(), delivered[0].size() + 258) << cut;
  }
}

// Leaves the bytes of another life where the next function has its variables.
__attribute__((noinline)) void dirty_the_stack() {
  std::array<volatile std::uint8_t, 16384> bytes;
  for (volatile std::uint8_t& byte : bytes) byte = 0xff;
}

// With its optional fields in the header (RFC 1952 section 2.3), a byte at a time.
TEST(Decompress, AGzipHeaderMayComeInPieces) {
  std::string bytes = gzip_of("2022-01-05,country:KZ,2\n");
  bytes[3] = 0x1c;  // FEXTRA, FNAME, FCOMMENT
  bytes.insert(10, std::string_view("\3\0"
                                    "abc"
                                    "kz.csv\0of five January\0",
                                    28));
  for (const bool isal : {true, false}) {
    const std::unique_ptr<Codec> codec = isal ? gzip_codec() : gzip_codec_zlib();
    std::vector<std::uint8_t> out(100);
    std::size_t size = 0;
    CodecStep step;
    for (const char byte : bytes) {
      const auto in = static_cast<std::uint8_t>(byte);
      dirty_the_stack();
      step = codec->step(Bytes(&in, 1), std::span(out).subspan(size));
      ASSERT_NE(step.state, CodecStep::State::damaged) << step.reason;
      ASSERT_EQ(step.consumed, 1u);
      size += step.produced;
    }
    EXPECT_EQ(step.state, CodecStep::State::member_end);
    EXPECT_EQ(std::string(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(size)),
              "2022-01-05,country:KZ,2\n");
  }
}

// Found by the fuzz target: a gzip stream whose reference reaches before the beginning, after which
// ISA-L says that more input is left than it was given.
TEST(Decompress, ABadReferenceDoesNotUnreadInput) {
  const std::string_view bytes(
      "\x1f\x8b\x08\x00\x5c\x54\x04\x6b\x02\xff\x33\x32\x30\x32\xd2\x35\x30\xd4\x35"
      "\x30\x95\x18\x95\x18\x95\x19\x2e\x12\x00\xb3\x47\xb9\x1d\xe8\x03\x00\x00",
      37);
  const Outcome outcome = unpack(bytes);
  EXPECT_NE(outcome.error.find("reference to before the beginning"), std::string::npos)
      << outcome.error;
  EXPECT_TRUE(outcome.text.starts_with("2022-01-05"));
}

// Both formats carry checksums, so reading to the end without an Error means the right bytes.
TEST(Decompress, RealArchivesAreReadToTheEndAndCutOnesToTheCut) {
  REQUIRE_DATA(folder, "mrt");
  int whole = 0;
  int cut = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (!name.ends_with(".gz") && !name.ends_with(".bz2")) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    Result<std::unique_ptr<ByteSource>> source =
        decompress(std::make_unique<MemorySource>(std::string_view(bytes)), name);
    ASSERT_TRUE(source.ok()) << name;
    std::vector<std::uint8_t> into(1 << 18);
    std::uint64_t total = 0;
    Result<std::size_t> count = (*source)->read(into);
    for (; count.ok() && *count > 0; count = (*source)->read(into)) total += *count;
    EXPECT_GT(total, 0u) << name;
    const bool is_cut = name.find("firstMB") != std::string::npos;
    EXPECT_EQ(count.ok(), !is_cut) << name << (count.ok() ? "" : ": " + count.error().message);
    ++(is_cut ? cut : whole);
  }
  EXPECT_GE(whole, 20);
  EXPECT_GE(cut, 2);
}

// The greatest resident set of a process of its own that does `work`, which says if it went well.
template <typename Work>
long peak_kib(Work work) {
  const pid_t child = fork();
  if (child == 0) _exit(work() ? 0 : 1);
  int status = 0;
  rusage usage{};
  wait4(child, &status, 0, &usage);
  EXPECT_EQ(status, 0);
  return usage.ru_maxrss;
}

// What unpacking adds to what a child inherits from this process, whose compressors leave their
// mark.
long peak_kib_of(const std::string& bomb, const DecompressLimits& limits, std::uint64_t expected) {
  const long inherited = peak_kib([] { return true; });
  return peak_kib([&] {
           Result<std::unique_ptr<ByteSource>> source =
               decompress(std::make_unique<MemorySource>(std::string_view(bomb)), "bomb", limits);
           std::vector<std::uint8_t> into(64 * 1024);
           std::uint64_t total = 0;
           for (;;) {
             const Result<std::size_t> count = (*source)->read(into);
             if (!count || *count == 0) break;
             total += *count;
           }
           return total == expected;
         }) -
         inherited;
}

constexpr std::uint64_t kGibibyte = 1ull << 30;

std::string zeros_1gib(std::string (*compress)(std::string_view)) {
  const std::string member = compress(std::string(std::size_t{1} << 24, '\0'));
  std::string bomb;
  for (int i = 0; i < 64; ++i) bomb += member;
  return bomb;
}

TEST(Decompress, AGibibyteOfZerosStaysWithin50MiB) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || defined(LIGHTSOUT_SANITIZED)
  GTEST_SKIP() << "a sanitizer's own memory is counted too";
#endif
  for (const PackedForm& format : kFormats) {
    const std::string bomb = zeros_1gib(format.compress);
    EXPECT_LT(peak_kib_of(bomb, {.ratio = 1u << 30}, kGibibyte), 50 * 1024)
        << name_of(format.compression);
  }
}

TEST(Decompress, WhatSwellsBeyondMeasureIsStopped) {
  const std::string bomb = gzip_of(std::string(1'000'000, '\0'));  // 1 : 990 or so
  const DecompressLimits strict{.ratio = 500, .free_bytes = 999'999};
  EXPECT_NE(unpack(bomb, 1 << 20, 1 << 16, strict).error.find("swells to more than 500 times"),
            std::string::npos);
  EXPECT_EQ(unpack(bomb, 1 << 20, 1 << 16, {.ratio = 500, .free_bytes = 1'000'000}).error, "");
  EXPECT_EQ(unpack(bomb, 1 << 20, 1 << 16, {.bytes = 1'000'000}).error, "");
  EXPECT_NE(unpack(bomb, 1 << 20, 1 << 16, {.bytes = 999'999}).error.find("more than 999999 bytes"),
            std::string::npos);
}

}  // namespace
}  // namespace lightsout
