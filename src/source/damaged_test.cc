// Damage made from real files at test time: cut off, bits flipped, lines shuffled, files joined.
//
// Whatever happens to a file, reading it ends, every series it still gives is well formed, and when
// something was lost the Damage says where.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "core/test_data.h"
#include "source/columns.h"
#include "source/test_input.h"

namespace lightsout {
namespace {

struct RealFile {
  const char* path;
  const char* columns;  // nullptr: recognised by itself
  const char* entity;
};

constexpr RealFile kFiles[] = {
    {"series/ioda-iran-20251201-20260129-normalized.csv", nullptr, "country:IR"},
    {"series/monash-ven-2019-07-22_gif.csv",
     "time=time_e,value=connectivity,entity=name_1,prefix=region:VE-,tz=-4,unit=percent",
     "country:VE"},
    {"tor/snowflake-userstats-bridge-transport.csv", nullptr, "country:IR"},
    {"telegram-india-2026/ooni/ooni_measurements_india_telegram_raw.json.gz", nullptr,
     "service:telegram@country:IN"},
    {"telegram-india-2026/ooni/ooni_aggregation_india_telegram_daily_per_asn.json", nullptr,
     "service:telegram@country:IN"},
    {"ooni/explorer/"
     "measurements__since-2026-06-11_until-2026-07-12_failure-false_limit-50_order-desc.json",
     nullptr, "country:ES"},
};

ReadOptions options_of(const RealFile& file) {
  ReadOptions options{.entity = *Entity::parse(file.entity)};
  if (file.columns != nullptr) options.columns = *parse_columns(file.columns);
  return options;
}

std::size_t numbers_in(const Reading& reading) {
  std::size_t numbers = 0;
  for (const Series& series : reading.series) {
    numbers += static_cast<std::size_t>(
        std::count_if(series.samples.begin(), series.samples.end(),
                      [](const Sample& sample) { return sample.is_number(); }));
  }
  return numbers;
}

void expect_well_formed(const Reading& reading, const std::string& what) {
  for (const Series& series : reading.series) {
    EXPECT_GT(series.step.count(), 0) << what;
    EXPECT_FALSE(series.samples.empty()) << what;
    EXPECT_TRUE(series.trials.empty() || series.trials.size() == series.size()) << what;
    EXPECT_TRUE(series.coverage.empty() || series.coverage.size() == series.size()) << what;
    EXPECT_FALSE(series.lineage.empty()) << what;
    for (const Sample& sample : series.samples) {
      if (sample.is_number()) EXPECT_TRUE(std::isfinite(sample.value())) << what;
    }
  }
  EXPECT_TRUE(std::is_sorted(reading.series.begin(), reading.series.end(),
                             [](const Series& a, const Series& b) { return a.id < b.id; }))
      << what;
  for (const DamagedPart& part : reading.damage.parts()) {
    EXPECT_FALSE(part.file.empty()) << what;
    EXPECT_FALSE(part.reason.empty()) << what;
  }
}

class Damaged : public testing::TestWithParam<RealFile> {};

TEST_P(Damaged, CutOffAnywhereGivesWhatCameBefore) {
  REQUIRE_DATA(path, GetParam().path);
  const std::string text = file_text(path);
  const ReadOptions options = options_of(GetParam());
  const std::size_t whole = numbers_in(read_one(text_input("whole", text), options));
  std::mt19937 random(20220105);
  for (int i = 0; i < 12; ++i) {
    const std::size_t size = random() % text.size();
    const Reading reading = read_one(text_input("cut", text.substr(0, size)), options);
    const std::string what = "cut at " + std::to_string(size);
    expect_well_formed(reading, what);
    EXPECT_LE(numbers_in(reading), whole) << what;
  }
}

TEST_P(Damaged, FlippedBitsCostLittleAndAreSaid) {
  REQUIRE_DATA(path, GetParam().path);
  const std::string text = file_text(path);
  const ReadOptions options = options_of(GetParam());
  std::mt19937 random(8246);
  for (int i = 0; i < 12; ++i) {
    std::string flipped = text;
    for (int bit = 0; bit < 20; ++bit) {
      flipped[random() % flipped.size()] ^= static_cast<char>(1 << random() % 8);
    }
    expect_well_formed(read_one(text_input("flipped", flipped), options),
                       "round " + std::to_string(i));
  }
}

TEST_P(Damaged, JoinedWithAnotherFileItStillEnds) {
  REQUIRE_DATA(path, GetParam().path);
  const std::string text = file_text(path);
  const ReadOptions options = options_of(GetParam());
  for (const RealFile& other : kFiles) {
    REQUIRE_DATA(other_path, other.path);
    const std::string joined = text.substr(0, text.size() / 2) + file_text(other_path);
    expect_well_formed(read_one(text_input("joined", joined), options), other.path);
  }
}

INSTANTIATE_TEST_SUITE_P(RealFiles, Damaged, testing::ValuesIn(kFiles));

TEST(DamagedRows, OneFlippedLetterInAHundredRowsLosesOneRow) {
  std::string text = "time,entity,signal,value\n";
  for (int i = 0; i < 100; ++i) {
    text += format_time(Time{Seconds{1'640'995'200 + 300 * i}}) + ",country:KZ,a/b,17\n";
  }
  text[text.find("17\n", 2000)] = 'x';
  const Reading reading = read_one(text_input("a", text));
  EXPECT_EQ(numbers_in(reading), 99u);
  EXPECT_EQ(reading.series.at(0).size(), 100u);
  ASSERT_EQ(reading.damage.count(), 1u);
  EXPECT_LT(reading.damage.parts()[0].offset, 2000u);
  EXPECT_GT(reading.damage.parts()[0].offset, 1900u);
}

TEST(DamagedRows, ShuffledRowsGiveTheSameSeries) {
  REQUIRE_DATA(path, "series/ioda-iran-20251201-20260129-normalized.csv");
  const std::string text = file_text(path) + "\n";  // the last line of the file has no end
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size() - 1);
    lines.push_back(text.substr(at, end + 1 - at));
    at = end + 1;
  }
  std::shuffle(lines.begin() + 1, lines.end(), std::mt19937(7));
  std::string shuffled;
  for (const std::string& line : lines) shuffled += line;
  const ReadOptions options{.entity = *Entity::parse("country:IR")};
  const Reading in_order = read_one(text_input("a", text), options);
  const Reading out_of_order = read_one(text_input("a", shuffled), options);
  ASSERT_EQ(in_order.series.size(), out_of_order.series.size());
  for (std::size_t i = 0; i < in_order.series.size(); ++i) {
    EXPECT_TRUE(in_order.series[i].samples == out_of_order.series[i].samples);
    EXPECT_EQ(in_order.series[i].begin, out_of_order.series[i].begin);
  }
}

}  // namespace
}  // namespace lightsout
