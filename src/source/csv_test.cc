// SPDX-License-Identifier: Apache-2.0
#include "source/csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "source/limits.h"

namespace lightsout {
namespace {

using Rows = std::vector<std::vector<std::string>>;

Rows rows_of(std::string_view text, Damage& damage) {
  MemorySource source(text);
  CsvReader reader(source, "a.csv", damage);
  Rows rows;
  CsvRow row;
  while (reader.next(row)) {
    auto& copy = rows.emplace_back();
    for (const std::string_view field : row.fields) copy.emplace_back(field);
  }
  return rows;
}

struct SplitCase {
  const char* what;
  std::string_view text;
  Rows rows;
};

TEST(Csv, SplitsRows) {
  const SplitCase kCases[] = {
      {"plain", "a,b\n1,2\n", {{"a", "b"}, {"1", "2"}}},
      {"no line end at the end", "a,b\n1,2", {{"a", "b"}, {"1", "2"}}},
      {"CRLF", "a,b\r\n1,2\r\n", {{"a", "b"}, {"1", "2"}}},
      {"old line ends", "a,b\r1,2\r", {{"a", "b"}, {"1", "2"}}},
      {"byte order mark",
       "\xEF\xBB\xBF"
       "a,b\n",
       {{"a", "b"}}},
      {"semicolons", "a;b\n1,5;2\n", {{"a", "b"}, {"1,5", "2"}}},
      {"tabs", "a\tb\n1\t2\n", {{"a", "b"}, {"1", "2"}}},
      {"empty fields", ",\n,,\n", {{"", ""}, {"", "", ""}}},
      {"comments and blank lines", "#\n# x,y,z;\n\na,b\n\r\n1,2\n", {{"a", "b"}, {"1", "2"}}},
      {"quotes", "\"a\",\"b,c\"\n\"say \"\"hi\"\"\",2\n", {{"a", "b,c"}, {"say \"hi\"", "2"}}},
      {"a quoted line end", "\"a\nb\",2\n3,4\n", {{"a\nb", "2"}, {"3", "4"}}},
      {"quoted last field, CRLF", "a,\"b\"\r\nc,d\n", {{"a", "b"}, {"c", "d"}}},
      {"a quote inside a field", "5\" pipe,2\n", {{"5\" pipe", "2"}}},
      {"nothing", "", {}},
  };
  for (const SplitCase& one : kCases) {
    Damage damage;
    EXPECT_EQ(rows_of(one.text, damage), one.rows) << one.what;
    EXPECT_TRUE(damage.empty()) << one.what;
  }
}

TEST(Csv, AnOpenQuoteCostsOneLine) {
  Damage damage;
  EXPECT_EQ(rows_of("a,b\n\"1,2\n3,4\n5,6\n", damage), (Rows{{"a", "b"}, {"3", "4"}, {"5", "6"}}));
  ASSERT_EQ(damage.count(), 1u);
  EXPECT_EQ(damage.parts()[0].offset, 4u);
  EXPECT_EQ(damage.parts()[0].bytes, 5u);
  EXPECT_THAT(damage.parts()[0].reason, testing::HasSubstr("line 2"));
}

TEST(Csv, ANulByteCostsOneLine) {
  Damage damage;
  EXPECT_EQ(rows_of(std::string_view("a,b\n1\0,2\n3,4\n", 13), damage),
            (Rows{{"a", "b"}, {"3", "4"}}));
  ASSERT_EQ(damage.count(), 1u);
  EXPECT_EQ(damage.parts()[0].offset, 4u);
}

TEST(Csv, ARowAtTheLimitIsReadAndOnePastItIsDamage) {
  for (const std::size_t past : {std::size_t{0}, std::size_t{1}}) {
    std::string text = "a,b\n";
    text += std::string(kLongestRow - 3 + past, 'x') + ",1\n2,3\n";
    Damage damage;
    const Rows rows = rows_of(text, damage);
    EXPECT_EQ(rows.size(), past == 0 ? 3u : 2u);
    EXPECT_EQ(rows.back(), (std::vector<std::string>{"2", "3"}));
    EXPECT_EQ(damage.count(), past);
  }
}

TEST(Csv, ColumnsHaveALimit) {
  for (const std::size_t past : {std::size_t{0}, std::size_t{1}}) {
    const std::string text = std::string(kMostColumns - 1 + past, ',') + "\n1,2\n";
    Damage damage;
    EXPECT_EQ(rows_of(text, damage).size(), past == 0 ? 2u : 1u);
    EXPECT_EQ(damage.count(), past);
  }
}

TEST(Csv, ALineWithoutEndIsPassedOverWithoutKeepingIt) {
  std::string text = "a,b\n" + std::string(5 * kLongestRow, 'x') + "\n1,2\n";
  Damage damage;
  EXPECT_EQ(rows_of(text, damage), (Rows{{"a", "b"}, {"1", "2"}}));
  ASSERT_EQ(damage.count(), 1u);
  EXPECT_EQ(damage.bytes(), 5 * kLongestRow + 1);
}

TEST(Csv, OffsetsAreThoseOfTheInput) {
  const std::string_view text = "\xEF\xBB\xBF# c\na,b\n\"x\ny\",2\n3,4\n";
  MemorySource source(text);
  Damage damage;
  CsvReader reader(source, "a.csv", damage);
  CsvRow row;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> places;
  while (reader.next(row)) places.emplace_back(row.offset, row.line);
  EXPECT_EQ(places,
            (std::vector<std::pair<std::uint64_t, std::uint64_t>>{{7, 2}, {11, 3}, {19, 5}}));
}

TEST(CsvTable, FindsColumnsByNameAndNumberAndCountsUnevenRows) {
  MemorySource source("Time (UTC), Value\n1,2\n1,2,3\n4\n5,6\n");
  Damage damage;
  CsvTable table(source, "a.csv", damage);
  EXPECT_EQ(table.column("time (utc)"), 0u);
  EXPECT_EQ(table.column("Value"), 1u);
  EXPECT_EQ(table.column("2"), 1u);
  EXPECT_EQ(table.column("3"), std::nullopt);
  EXPECT_EQ(table.column("0"), std::nullopt);
  CsvRow row;
  int rows = 0;
  while (table.next(row)) ++rows;
  EXPECT_EQ(rows, 2);
  EXPECT_EQ(damage.count(), 2u);
  EXPECT_EQ(damage.parts()[0].reason, "line 3: 3 columns where the header has 2");
}

}  // namespace
}  // namespace lightsout
