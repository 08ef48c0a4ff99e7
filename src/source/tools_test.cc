// SPDX-License-Identifier: Apache-2.0
//
// Users of circumvention tools from their files, and fingerprints of block pages.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/test_data.h"
#include "source/fingerprints_csv.h"
#include "source/psiphond_json.h"
#include "source/test_input.h"
#include "source/tool_csv.h"

namespace lightsout {
namespace {

using testing::HasSubstr;

TEST(ToolCsv, WhatWasCountedMakesTheSeries) {
  const Reading reading = read_one(text_input("a.csv",
                                              "date,country,tool,metric,value,source,method\n"
                                              "2022-01-04,KZ,psiphon,daily_unique,4800,x,press\n"
                                              "2022-01-05,kz,Psiphon,daily_unique,25000,x,press\n"
                                              "2022-01-05,KZ,psiphon,concurrent,900,x,press\n"
                                              "2022-01-05,KZ,vpn,demand,34.05,x,press\n"
                                              "2022-01-05,KZ,psiphon,users,900,x,press\n"
                                              "2022-01-05,??,psiphon,concurrent,900,x,press\n"));
  const Series* unique = find_series(reading, "country:KZ/psiphon/daily_unique_users");
  ASSERT_NE(unique, nullptr);
  EXPECT_EQ(unique->samples, (std::vector<Sample>{Sample::of(4800), Sample::of(25000)}));
  EXPECT_EQ(unique->plane, Plane::circumvention);
  ASSERT_NE(find_series(reading, "country:KZ/psiphon/concurrent_users"), nullptr);
  ASSERT_NE(find_series(reading, "country:KZ/vpn/demand"), nullptr);
  ASSERT_EQ(reading.damage.count(), 2u);
  EXPECT_THAT(reading.damage.parts()[0].reason, HasSubstr("does not say what was counted"));
  EXPECT_THAT(reading.damage.parts()[1].reason, HasSubstr("no country"));
}

TEST(PsiphondJson, PeopleOfADayAndTunnelsOfAMomentStayApart) {
  const Reading reading = read_one(text_input(
      "psiphond.log",
      R"({"event_name":"unique_user","timestamp":"2022-01-05T10:00:00Z","client_region":"KZ"})"
      "\n"
      R"({"event_name":"unique_user","timestamp":"2022-01-05T23:59:59Z","client_region":"KZ"})"
      "\n"
      R"({"event_name":"unique_user","timestamp":"2022-01-06T00:00:00Z","client_region":"KZ"})"
      "\n"
      R"({"event_name":"unique_user","timestamp":"2022-01-06T00:00:00Z","client_region":""})"
      "\n"
      R"({"event_name":"server_load","timestamp":"2022-01-05T10:00:00Z","host_id":"a","region":"KZ",)"
      R"("SSH":{"established_clients":3},"OSSH":{"established_clients":7}})"
      "\n"
      R"({"event_name":"server_load","timestamp":"2022-01-05T10:30:00Z","host_id":"a","region":"KZ",)"
      R"("SSH":{"established_clients":6},"OSSH":{"established_clients":14}})"
      "\n"
      R"({"event_name":"server_load","timestamp":"2022-01-05T10:10:00Z","host_id":"b","region":"KZ",)"
      R"("ALL":{"established_clients":100}})"
      "\n"
      R"({"event_name":"server_load","timestamp":"2022-01-05T10:10:00Z","region":"KZ"})"
      "\n"
      R"({"event_name":"start","timestamp":"2022-01-05T10:10:00Z"})"
      "\n"));
  const Series* unique = find_series(reading, "country:KZ/psiphon/daily_unique_users");
  const Series* now = find_series(reading, "country:KZ/psiphon/concurrent_users");
  ASSERT_NE(unique, nullptr);
  ASSERT_NE(now, nullptr);
  EXPECT_EQ(reading.series.size(), 2u);
  EXPECT_EQ(unique->samples, (std::vector<Sample>{Sample::of(2), Sample::of(1)}));
  EXPECT_EQ(now->samples, std::vector<Sample>{Sample::of(115)});  // (10 + 20) / 2 + 100
  ASSERT_EQ(reading.damage.count(), 1u);
  EXPECT_THAT(reading.damage.parts()[0].reason, HasSubstr("established_clients"));
}

TEST(FingerprintsCsv, TheLoadedListsCanBeUsed) {
  REQUIRE_DATA(dns, "lists/fingerprints_dns.csv");
  REQUIRE_DATA(http, "lists/fingerprints_http.csv");
  const Input inputs[] = {file_input(dns), file_input(http)};
  const FingerprintList known = read_fingerprints(inputs);
  EXPECT_GE(known.list.size(), 1'900u);
  EXPECT_LE(known.damage.count(), 15u);  // of 1,955 rows
  REQUIRE_DATA(page, "ooni/backend/web_connectivity_ir_fp.json");
  OoniMeasurementParser parser;
  std::string text = file_text(page);
  const auto measurement = parser.parse(text);
  ASSERT_TRUE(measurement.ok());
  const Fingerprints list(known.list);
  const auto hits = list.matches(*measurement);
  ASSERT_FALSE(hits.empty());  // 10.10.34.36, what Iran's resolvers give
  EXPECT_TRUE(hits[0]->expected_in("IR"));
  EXPECT_FALSE(hits[0]->expected_in("KZ"));
}

TEST(FingerprintsCsv, ABadRowCostsItself) {
  const Input input =
      text_input("f.csv",
                 "name,scope,location_found,pattern_type,pattern,expected_countries\n"
                 "a,nat,dns,full,192.0.2.1,\"AE,SA\"\n"
                 "b,nat,body,regexp,(a|b),AE\n");
  const FingerprintList known = read_fingerprints({&input, 1});
  ASSERT_EQ(known.list.size(), 1u);
  EXPECT_EQ(known.list[0].countries, (std::vector<std::string>{"AE", "SA"}));
  ASSERT_EQ(known.damage.count(), 1u);
  EXPECT_THAT(known.damage.parts()[0].reason, HasSubstr("regular expression"));
}

}  // namespace
}  // namespace lightsout
