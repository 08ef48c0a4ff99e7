// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "source/source.h"
#include "source/test_input.h"

namespace lightsout {
namespace {

using testing::HasSubstr;

constexpr std::string_view kHead = "time,entity,signal,value\n";

std::string hour(int number, double value) {
  return format_time(Time{Seconds{1'640'995'200 + 3600 * number}}) + ",country:KZ,a/b," +
         std::to_string(value) + "\n";
}

TEST(ReadInputs, RefusesWhatNobodyCouldReadAndSaysWhy) {
  using std::string_literals::operator""s;
  const std::pair<std::string, const char*> kCases[] = {
      {"", "empty"},
      {" \n\n", "blank"},
      {std::string(5000, '\0'), "all zero"},
      {"\xFF\xFEt\0i\0"s, "UTF-16"},
      {"t\0i\0m\0e\0,\0e\0n\0t\0i\0t\0y\0,\0s\0i\0g\0"s, "UTF-16"},
      {"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1"s, "binary"},
      {"{\"something\":[1,2]}", "JSON that begins with {"},
      {"a,b\n1,2\n", "the columns a, b"},
  };
  for (const auto& [text, reason] : kCases) {
    const Reading reading = read_one(text_input("odd.csv", text));
    EXPECT_TRUE(reading.series.empty());
    ASSERT_EQ(reading.damage.count(), 1u) << reason;
    EXPECT_EQ(reading.damage.parts()[0].file, "odd.csv");
    EXPECT_THAT(reading.damage.parts()[0].reason, HasSubstr(reason));
    EXPECT_EQ(reading.inputs.at(0).format, "");
  }
}

TEST(ReadInputs, ProseBesideTheDataIsNoDamage) {
  for (const char* text : {"# Read me\nThis folder holds data.\n",
                           "This folder, my friend,\nholds data.\n\nUse it.\n"}) {
    const Reading reading = read_one(text_input("README.md", text));
    EXPECT_TRUE(reading.damage.empty());
    EXPECT_THAT(reading.inputs[0].notes, testing::ElementsAre(HasSubstr("not recognised")));
  }
}

TEST(ReadInputs, WhatASimulationListsIsSemiSynthetic) {
  const Input unmarked = text_input("a.csv", std::string(kHead) + hour(0, 1));
  const Input list = text_input("SEMI-SYNTHETIC.json",
                                "{\n  \"label\": \"SEMI-SYNTHETIC\",\n  \"scenario\": {},\n"
                                "  \"files\": [{\"name\": \"a.csv\", \"sha256\": \"" +
                                    unmarked.lineage.sha256 + "\"}]\n}\n");
  EXPECT_FALSE(read_one(unmarked).series.at(0).semi_synthetic());
  const Input inputs[] = {unmarked, list};
  const Reading reading = read_inputs(inputs, {});
  EXPECT_TRUE(reading.series.at(0).semi_synthetic());
  EXPECT_TRUE(reading.inputs.at(0).semi_synthetic);
  EXPECT_TRUE(reading.damage.empty());
}

TEST(ReadInputs, TheSameBytesAreReadOnce) {
  const std::string text = std::string(kHead) + hour(0, 1) + hour(1, 2);
  const Input inputs[] = {text_input("a.csv", text), text_input("copy.csv", text)};
  const Reading reading = read_inputs(inputs, {});
  ASSERT_EQ(reading.series.size(), 1u);
  EXPECT_EQ(reading.series[0].lineage.size(), 1u);
  EXPECT_THAT(reading.inputs[1].notes, testing::ElementsAre(HasSubstr("the same as a.csv")));
}

TEST(ReadInputs, FilesOfOneSignalAreJoinedWhateverTheirOrder) {
  Input first = text_input("b.csv", std::string(kHead) + hour(0, 1) + hour(1, 2));
  Input second = text_input("a.csv", std::string(kHead) + hour(2, 3) + hour(4, 5));
  first.lineage.arrived = Time{Seconds{100}};
  second.lineage.arrived = Time{Seconds{200}};
  const Input forward[] = {first, second};
  const Input backward[] = {second, first};
  const Reading one = read_inputs(forward, {});
  const Reading two = read_inputs(backward, {});
  ASSERT_EQ(one.series.size(), 1u);
  EXPECT_EQ(one.series[0].samples, (std::vector<Sample>{Sample::of(1), Sample::of(2), Sample::of(3),
                                                        Sample::missing(), Sample::of(5)}));
  EXPECT_EQ(one.series[0].samples, two.series[0].samples);
  EXPECT_EQ(one.series[0].lineage, two.series[0].lineage);
  EXPECT_EQ(one.inputs[0].name, "b.csv");  // in the order in which they were given
  EXPECT_EQ(two.inputs[0].name, "a.csv");
}

TEST(ReadInputs, TheLaterArrivalWinsAndTheConflictIsSaid) {
  Input old = text_input("z-old.csv", std::string(kHead) + hour(0, 1) + hour(1, 2) + hour(2, 3));
  Input revised = text_input("a-new.csv", std::string(kHead) + hour(1, 7) + hour(2, 3));
  old.lineage.arrived = Time{Seconds{100}};
  revised.lineage.arrived = Time{Seconds{200}};
  const Input inputs[] = {old, revised};
  const Reading reading = read_inputs(inputs, {});
  EXPECT_EQ(reading.series.at(0).samples[1], Sample::of(7));
  EXPECT_TRUE(reading.damage.empty());
  EXPECT_THAT(reading.inputs[1].notes, testing::Contains(HasSubstr("1 values differ")));
}

TEST(ReadInputs, KeepsWhatCameBeforeTheInputBroke) {
  const Reading reading = read_one(
      broken_input("cut.csv.gz", std::string(kHead) + hour(0, 1) + hour(1, 2), "gzip cut short"));
  ASSERT_EQ(reading.series.size(), 1u);
  EXPECT_EQ(reading.series[0].size(), 2u);
  ASSERT_EQ(reading.damage.count(), 1u);
  EXPECT_EQ(reading.damage.parts()[0].reason, "gzip cut short");
  EXPECT_GT(reading.damage.parts()[0].offset, 0u);
}

TEST(ReadInputs, RangeKeepsWholeBinsInside) {
  const TimeRange range{Time{Seconds{1'640'995'200 + 3600}}, Time{Seconds{1'640'995'200 + 9000}}};
  const Reading reading = read_one(
      text_input("a", std::string(kHead) + hour(0, 1) + hour(1, 2) + hour(2, 3)), {.range = range});
  EXPECT_EQ(reading.series.at(0).samples, (std::vector<Sample>{Sample::of(2)}));
}

}  // namespace
}  // namespace lightsout
