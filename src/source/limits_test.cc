// Each limit of limits.h, with an input at it and one past it, and the memory of an enormous input.
//
// SPDX-License-Identifier: Apache-2.0
#include "source/limits.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <fstream>

#include "source/collector.h"
#include "source/json_items.h"
#include "source/seen.h"
#include "source/test_input.h"

namespace lightsout {
namespace {

using testing::HasSubstr;

// Rows of a tidy CSV about five countries, made as they are read and never kept.
class EndlessRows final : public ByteSource {
 public:
  explicit EndlessRows(std::uint64_t rows) : rows_(rows) {}

  Result<std::size_t> read(std::span<std::uint8_t> into) override {
    std::size_t filled = 0;
    while (filled < into.size()) {
      if (at_ == line_.size() && !next_line()) break;
      const std::size_t count = std::min(into.size() - filled, line_.size() - at_);
      std::memcpy(into.data() + filled, line_.data() + at_, count);
      filled += count;
      at_ += count;
    }
    return filled;
  }

 private:
  bool next_line() {
    if (row_ == rows_) return false;
    constexpr const char* kCodes[] = {"KZ", "IR", "SY", "CD", "VE"};
    line_ = fmt::format("{},country:{},a/b,{}\n", 1'000'000'000 + row_ / 5 * 60, kCodes[row_ % 5],
                        row_ % 1000);
    ++row_;
    at_ = 0;
    return true;
  }

  std::uint64_t rows_;
  std::uint64_t row_ = 0;
  std::string line_ = "time,entity,signal,value\n";
  std::size_t at_ = 0;
};

std::size_t peak_megabytes() {
  std::ifstream status("/proc/self/status");
  std::string line;
  while (std::getline(status, line)) {
    if (line.starts_with("VmHWM:")) return std::stoul(line.substr(6)) / 1024;
  }
  return 0;
}

bool is_sanitized() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || defined(LIGHTSOUT_SANITIZED)
  return true;
#else
  return false;
#endif
}

TEST(Limits, AnEnormousInputIsReadUpToTheLimitInBoundedMemory) {
  const std::size_t past = 1000;
  const Input input{
      .lineage = {.name = "enormous.csv"}, .open = [&]() -> Result<std::unique_ptr<ByteSource>> {
        return std::unique_ptr<ByteSource>(std::make_unique<EndlessRows>(kMostSamples + past));
      }};
  const Reading reading = read_one(input);
  ASSERT_EQ(reading.series.size(), 5u);
  std::size_t samples = 0;
  for (const Series& series : reading.series) samples += series.size();
  EXPECT_EQ(samples, kMostSamples);
  ASSERT_EQ(reading.damage.count(), 1u);
  EXPECT_THAT(reading.damage.parts()[0].reason, HasSubstr("1000 samples past the limit"));
  if (!is_sanitized()) {
    RecordProperty("peak_megabytes", static_cast<int>(peak_megabytes()));
    EXPECT_LT(peak_megabytes(), 400u);
  }
}

Collector::Handle series_of(Collector& collector, int number) {
  return *collector.series(spec_of(*SignalId::parse(fmt::format("asn:{}/a/b", number))));
}

TEST(Limits, BinsOfOneSeries) {
  const Input input = text_input("a", "");
  for (const std::size_t past : {std::size_t{0}, std::size_t{1}}) {
    Collector collector({&input, 1});
    const auto handle = series_of(collector, 1);
    for (std::size_t i = 0; i < kMostBins + past; ++i) {
      collector.add(handle, 0, Time{Seconds{60 * static_cast<std::int64_t>(i)}}, Sample::of(1));
    }
    const Reading reading = collector.finish();
    EXPECT_EQ(reading.series.at(0).size(), kMostBins);
    EXPECT_EQ(reading.damage.count(), past);
  }
}

TEST(Limits, NumberOfSeries) {
  const Input input = text_input("a", "");
  Collector collector({&input, 1});
  for (std::size_t i = 1; i <= kMostSeries; ++i) series_of(collector, static_cast<int>(i));
  EXPECT_FALSE(collector.series(spec_of(*SignalId::parse("asn:4000000000/a/b"))));
  EXPECT_TRUE(collector.series(spec_of(*SignalId::parse("asn:1/a/b"))));  // known already
}

// A text that is counted may hold a name from the input, so there is a last one, and then "others".
TEST(Limits, TextsThatAreCounted) {
  constexpr std::size_t kTexts = 1000;
  const Input input = text_input("a", "");
  for (const std::size_t past : {std::size_t{0}, std::size_t{1}}) {
    Collector collector({&input, 1});
    for (std::size_t i = 0; i < kTexts + past; ++i) collector.count(0, fmt::format("x{:04}", i));
    collector.count(0, "x0000");  // known, whatever the limit
    const Reading reading = collector.finish();
    const std::vector<std::string>& notes = reading.inputs.at(0).notes;
    EXPECT_EQ(notes.size(), kTexts + past);
    EXPECT_EQ(std::count(notes.begin(), notes.end(), "2 x0000"), 1);
    EXPECT_EQ(std::count(notes.begin(), notes.end(), "1 others"), past == 0 ? 0 : 1);
  }
}

std::vector<std::string> items_of(const std::string& text, Damage& damage,
                                  JsonItems::Where where = JsonItems::Where::in_lists) {
  MemorySource source(text);
  JsonItems items(source, "a", where, damage);
  std::vector<std::string> found;
  JsonItem item;
  while (items.next(item)) found.push_back(item.text);
  return found;
}

TEST(Limits, LengthOfAnItem) {
  for (const std::size_t past : {std::size_t{0}, std::size_t{1}}) {
    const std::string item = "{\"a\":\"" + std::string(kLongestItem - 8 + past, 'x') + "\"}";
    Damage damage;
    EXPECT_EQ(items_of("[" + item + ",{\"b\":1}]", damage).size(), past == 0 ? 2u : 1u);
    ASSERT_EQ(damage.count(), past);
    if (past > 0) EXPECT_THAT(damage.parts()[0].reason, HasSubstr("longer than"));
  }
}

TEST(Limits, DepthOfBrackets) {
  for (const std::size_t past : {std::size_t{0}, std::size_t{1}}) {
    const std::size_t inner = kDeepestJson - 2 + past;
    const std::string item = "{\"a\":" + std::string(inner, '[') + std::string(inner, ']') + "}";
    Damage damage;
    EXPECT_EQ(items_of("[" + item + "]", damage).size(), past == 0 ? 1u : 0u);
    EXPECT_EQ(damage.empty(), past == 0);
  }
}

TEST(JsonItems, FindsRecordsWhereTheyStand) {
  using Items = std::vector<std::string>;
  const std::pair<const char*, Items> kInLists[] = {
      {R"([{"a":1},{"b":[{"c":2}]}])", {R"({"a":1})", R"({"b":[{"c":2}]})"}},
      {R"({"x":{"y":[[{"a":1}],[]]},"z":{}})", {R"({"a":1})"}},
      {R"({"AS1":[{"a":"]}"}],"AS2":[{"b":"\""}]})", {R"({"a":"]}"})", R"({"b":"\""})"}},
      {"[1,2,null]", {}},
      {"", {}},
  };
  for (const auto& [text, expected] : kInLists) {
    Damage damage;
    EXPECT_EQ(items_of(text, damage), expected) << text;
    EXPECT_TRUE(damage.empty()) << text;
  }
  Damage damage;
  EXPECT_EQ(items_of("{\"a\":1}\n{\"b\":\n 2}\n", damage, JsonItems::Where::at_top),
            (Items{"{\"a\":1}", "{\"b\":\n 2}"}));
  EXPECT_TRUE(damage.empty());
}

TEST(JsonItems, OneBrokenRecordCostsItselfAndIsCountedOnce) {
  using Items = std::vector<std::string>;
  const std::tuple<const char*, Items, std::uint64_t> kBroken[] = {
      // a lost '}', a lost quote, an unquoted word, a closing bracket of the wrong kind
      {R"([{"a":1},{"b":2,{"c":3},{"d":4}])", {R"({"a":1})", R"({"c":3})", R"({"d":4})"}, 9},
      {"[{\"a\":1},\n{\"b:2},\n{\"c\":3}]", {R"({"a":1})", R"({"c":3})"}, 10},
      {R"([{"a":1},{"b":oops},{"c":3}])", {R"({"a":1})", R"({"c":3})"}, 9},
      {R"([{"a":1},{"b":2],{"c":3}])", {R"({"a":1})", R"({"c":3})"}, 9},
  };
  for (const auto& [text, expected, offset] : kBroken) {
    Damage damage;
    EXPECT_EQ(items_of(text, damage), expected) << text;
    ASSERT_EQ(damage.count(), 1u) << text;
    EXPECT_EQ(damage.parts()[0].offset, offset) << text;
  }
}

TEST(Seen, KnowsWhatCameBeforeUpToItsLimit) {
  Seen seen(3000);
  for (int i = 0; i < 3000; ++i) EXPECT_EQ(seen.add(std::to_string(i)), Seen::Answer::fresh);
  for (int i = 0; i < 3000; ++i) EXPECT_EQ(seen.add(std::to_string(i)), Seen::Answer::known);
  EXPECT_EQ(seen.add("one more"), Seen::Answer::full);
}

}  // namespace
}  // namespace lightsout
