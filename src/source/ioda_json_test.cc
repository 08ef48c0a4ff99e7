// SPDX-License-Identifier: Apache-2.0
#include "source/ioda_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "source/test_input.h"

namespace lightsout {
namespace {

using testing::Contains;
using testing::HasSubstr;

std::string answer(std::string_view series) {
  return "{\"type\":\"signals\",\"metadata\":{\"requestTime\":\"2026-02-01T01:44:46+00:00\"},"
         "\"requestParameters\":{\"from\":1706745600},\"error\":null,"
         "\"perf\":[{\"datasource\":\"bgp\",\"timeUsed\":0.21}],\"data\":[[" +
         std::string(series) + "]],\"copyright\":\"\"}";
}

std::string one(std::string_view datasource, std::string_view values, std::string_view more = "") {
  return "{\"entityType\":\"country\",\"entityCode\":\"TR\",\"entityName\":\"Turkey\","
         "\"entityFqid\":\"geo.provider.EU.TR\",\"datasource\":\"" +
         std::string(datasource) + "\",\"subtype\":\"\"," + std::string(more) +
         "\"from\":1706745600,\"until\":1706832000,\"step\":300,\"nativeStep\":300,\"values\":" +
         std::string(values) + "}";
}

TEST(IodaJson, ReadsTheAnswerAsDocumented) {
  const Reading reading = read_one(text_input("bgp", answer(one("bgp", "[62200,62220,null,0]"))));
  EXPECT_TRUE(reading.damage.empty());
  EXPECT_EQ(reading.inputs[0].format, "ioda-json");
  ASSERT_EQ(reading.series.size(), 1u);
  const Series& series = reading.series[0];
  EXPECT_EQ(series.id.text(), "country:TR/ioda-bgp/visible_slash24");
  EXPECT_EQ(format_time(series.begin), "2024-02-01T00:00:00Z");
  EXPECT_EQ(series.step, Seconds{300});
  EXPECT_EQ(series.unit, Unit::count);
  EXPECT_EQ(series.samples, (std::vector<Sample>{Sample::of(62200), Sample::of(62220),
                                                 Sample::missing(), Sample::of(0)}));
}

TEST(IodaJson, KnowsTheDataSources) {
  const std::pair<std::string, const char*> kCases[] = {
      {one("ping-slash24", "[1,2]"), "country:TR/ioda-probing/slash24_up"},
      {one("merit-nt", "[1,2]"), "country:TR/ioda-telescope/unique_source_ips"},
      {one("ucsd-nt", "[1,2]"), "country:TR/ioda-telescope/unique_source_ips"},
      {one("gtr", "[1,2]"), "country:TR/ioda-google/search"},
      {one("gtr", "[{\"GMAIL\":3},{\"GMAIL\":4}]"), "country:TR/ioda-google/gmail"},
      {one("mozilla", "[1,2]"), "country:TR/ioda-mozilla/city_count"},
      {one("ping-slash24-loss", "[[{\"agg_values\":{\"loss_pct\":3}}],[]]"),
       "country:TR/ioda-probing/loss.loss_pct"},
      {one("brand-new", "[1,2]"), "country:TR/ioda-brand_new/value"},
  };
  for (const auto& [series, id] : kCases) {
    const Reading reading = read_one(text_input("a", answer(series)));
    EXPECT_TRUE(reading.damage.empty()) << id;
    EXPECT_NE(find_series(reading, id), nullptr) << id;
  }
}

TEST(IodaJson, NamesRegionsAndNetworks) {
  const std::pair<const char*, const char*> kCases[] = {
      {R"("entityType":"region","entityCode":"4107","entityName":"Izmir","entityFqid":"geo.netacuity.EU.TR.4107")",
       "region:TR-Izmir"},
      {R"("entityType":"asn","entityCode":"9121","entityName":"x","entityFqid":"asn.9121")",
       "asn:9121"},
      {R"("entityType":"geoasn","entityCode":"3269-IT","entityName":"x","entityFqid":"x")",
       "asn:3269@country:IT"},
  };
  for (const auto& [who, entity] : kCases) {
    const Reading reading = read_one(text_input(
        "a", "{\"data\":[[{" + std::string(who) +
                 ",\"datasource\":\"bgp\",\"from\":1706745600,\"step\":300,\"values\":[1,2]}]]}"));
    ASSERT_EQ(reading.series.size(), 1u) << entity;
    EXPECT_EQ(reading.series[0].id.entity().text(), entity);
  }
}

TEST(IodaJson, WhatChangedIsSaidClearly) {
  const std::pair<std::string, const char*> kCases[] = {
      {one("bgp", "{}"), "'values' is not a list"},
      {one("bgp", "[1,\"two\",3]"), "a value that is no number"},
      {one("bgp", "[1,-5,3]"), "2024-02-01T00:05:00Z: -5 is negative"},
      {"{\"entityType\":\"country\",\"entityCode\":\"TR\",\"datasource\":\"bgp\",\"step\":300,"
       "\"values\":[1]}",
       "'from' is not a time"},
      {"{\"entityType\":\"country\",\"entityCode\":\"TR\",\"datasource\":\"bgp\",\"from\":"
       "1706745600,\"step\":0,\"values\":[1]}",
       "'step' is not"},
      {"{\"entityType\":\"continent\",\"entityCode\":\"EU\",\"datasource\":\"bgp\",\"values\":[1]}",
       "series about 'continent EU' are not read"},
  };
  for (const auto& [series, reason] : kCases) {
    const Reading reading = read_one(text_input("a", answer(series)));
    ASSERT_EQ(reading.damage.count(), 1u) << reason;
    EXPECT_THAT(reading.damage.parts()[0].reason, HasSubstr(reason));
  }
  const Reading refused = read_one(text_input(
      "a",
      "{\"type\":\"signals\",\"requestParameters\":{},\"error\":\"span too long\",\"data\":null}"));
  ASSERT_EQ(refused.damage.count(), 1u);
  EXPECT_THAT(refused.damage.parts()[0].reason, HasSubstr("span too long"));
}

TEST(IodaJson, NamesInLatin1AreRead) {
  std::string text = answer(one("bgp", "[1,2]"));
  text.replace(text.find("Turkey"), 6, "T\xfcrkei");
  const Reading reading = read_one(text_input("a", text));
  EXPECT_TRUE(reading.damage.empty());
  EXPECT_EQ(reading.series.size(), 1u);
}

TEST(IodaJson, ATruncatedAnswerGivesTheSeriesBefore) {
  const std::string whole = answer(one("bgp", "[1,2,3]") + "," + one("mozilla", "[4,5,6]"));
  const Reading reading = read_one(text_input("a", whole.substr(0, whole.size() - 40)));
  ASSERT_EQ(reading.series.size(), 1u);
  ASSERT_EQ(reading.damage.count(), 1u);
  EXPECT_THAT(reading.damage.parts()[0].reason, HasSubstr("ends in the middle"));
  EXPECT_EQ(reading.damage.parts()[0].offset, whole.find("{\"entityType", whole.find("[1,2,3]")));
}

TEST(IodaJson, TwoTelescopesAreNotMixed) {
  const Reading reading = read_one(
      text_input("a", answer(one("merit-nt", "[1,2,3]") + "," + one("ucsd-nt", "[7,8,9]"))));
  ASSERT_EQ(reading.series.size(), 1u);
  EXPECT_EQ(reading.series[0].samples[0], Sample::of(1));
  ASSERT_EQ(reading.damage.count(), 1u);
  EXPECT_THAT(reading.damage.parts()[0].reason, HasSubstr("from merit-nt every 300 s already"));
}

}  // namespace
}  // namespace lightsout
