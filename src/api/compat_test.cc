// Shapes and rules of /compat/ioda/v2. That our own reader of IODA's answers reads them is tested
// where both may be included: app/compat_ioda_test.cc.
// SPDX-License-Identifier: Apache-2.0
#include <set>

#include "api/test_api.h"

namespace lightsout::api {
namespace {

using testing::HasSubstr;

const std::string kBase = "/compat/ioda/v2";
const std::string kWeek = "from=1641340800&until=1641945600";  // 5 to 12 January 2022

std::set<std::string> keys_of(const Json& object) {
  std::set<std::string> keys;
  for (const auto& [key, value] : object.items()) keys.insert(key);
  return keys;
}

TEST(CompatIoda, EveryAnswerStandsInTheEnvelope) {
  const std::set<std::string> envelope = {"type", "metadata", "requestParameters", "error",
                                          "perf", "data",     "copyright"};
  const struct {
    std::string target;
    std::string type;
  } kCases[] = {
      {"/datasources/", "datasources"},
      {"/datasources/bgp", "datasources"},
      {"/entities/query?entityType=country", "entities.lookup"},
      {"/signals/raw/country/KZ?" + kWeek, "signals"},
      {"/signals/events/country/KZ?" + kWeek, "signals"},
      {"/outages/alerts?" + kWeek, "outages.alerts"},
      {"/outages/events?" + kWeek, "outages.events"},
      {"/outages/summary?" + kWeek, "outages.summary"},
  };
  for (const auto& each : kCases) {
    SCOPED_TRACE(each.target);
    const Json json = json_of(get(kBase + each.target));
    EXPECT_EQ(keys_of(json), envelope);
    EXPECT_EQ(json["type"], each.type);
    EXPECT_TRUE(json["error"].is_null());
    EXPECT_TRUE(json["data"].is_array());
    EXPECT_THAT(json["copyright"].get<std::string>(), HasSubstr("not by IODA"));
    EXPECT_THAT(json["metadata"]["requestTime"].get<std::string>(), HasSubstr("+00:00"));
  }
}

TEST(CompatIoda, RawSignalsAreListsOfListsWithNullForMissing) {
  const Json data = data_of(kBase + "/signals/raw/country/NL?" + kWeek + "&datasource=merit-nt");
  ASSERT_EQ(data.size(), 1u);
  ASSERT_EQ(data[0].size(), 1u);
  const Json& series = data[0][0];
  EXPECT_EQ(keys_of(series), (std::set<std::string>{"entityType", "entityCode", "entityName",
                                                    "entityFqid", "datasource", "subtype", "from",
                                                    "until", "step", "nativeStep", "values"}));
  EXPECT_EQ(series["step"], 3600);
  EXPECT_EQ(series["values"].size(), 168u);
  EXPECT_TRUE(series["values"][48].is_null());  // 7 January 00:00: missing
  EXPECT_TRUE(series["values"][96].is_null());  // 9 January 00:00: the source was down
  EXPECT_TRUE(series["values"][0].is_number());
  EXPECT_EQ(data_of(kBase + "/signals/raw/country/ZZ?" + kWeek), Json::parse("[[]]"));
}

TEST(CompatIoda, MaxPointsChoosesAStepOfTheirTableAndRoundsFromDown) {
  const Json data =
      data_of(kBase +
              "/signals/raw/country/KZ?from=1641340801&until=1641945600&datasource=bgp&"
              "maxPoints=100");
  const Json& series = data[0][0];
  EXPECT_EQ(series["step"], 7200);
  EXPECT_EQ(series["nativeStep"], 600);
  EXPECT_EQ(series["from"], 1641340800);
  EXPECT_EQ(series["values"].size(), 84u);
}

TEST(CompatIoda, AHundredDaysAreTooMany) {
  const auto target = [](std::int64_t seconds) {
    return kBase +
           "/signals/raw/country/KZ?from=1641340800&until=" + std::to_string(1641340800 + seconds);
  };
  EXPECT_EQ(get(target(8'640'000 - 1)).status, 200);
  EXPECT_EQ(get(target(8'640'000)).status, 400);
}

TEST(CompatIoda, AWrongQuestionIsStatus400WithErrorSetAndDataNull) {
  for (const std::string target :
       {"/signals/raw/country/KZ", "/signals/raw/country/KZ?from=1&until=x",
        "/signals/raw/country/KZ?from=1641945600&until=1641340800",
        "/signals/raw/planet/Mars?from=1641340800&until=1641945600",
        "/signals/raw/country/KZ?from=1641340800&until=1641945600&datasource=nothing",
        "/outages/events", "/outages/events?from=1641340800&until=1641945600&orderBy=luck",
        "/outages/events?from=1641340800&until=1641945600&format=xml",
        "/outages/alerts?from=1641340800&until=1641945600&limit=2001",
        "/entities/query?entityCode=KZ&search=a", "/topo/country"}) {
    SCOPED_TRACE(target);
    const WebResponse response = get(kBase + target);
    EXPECT_TRUE(response.status == 400 || response.status == 404) << response.status;
    const Json json = Json::parse(response.body, nullptr, false);
    ASSERT_FALSE(json.is_discarded()) << response.body;
    if (response.content_type == "application/problem+json") continue;  // no such parameter at all
    EXPECT_TRUE(json["data"].is_null());
    EXPECT_TRUE(json["error"].is_string());
  }
}

TEST(CompatIoda, EventsComeInBothFormatsAndOrders) {
  const Json codf =
      data_of(kBase + "/outages/events?" + kWeek + "&entityType=country&entityCode=KZ");
  ASSERT_FALSE(codf.empty());
  for (const Json& event : codf) {
    EXPECT_EQ(event["location"], "country/KZ");
    EXPECT_EQ(event["location_name"], "Kazakhstan");
    EXPECT_TRUE(event["fraction"].is_null());
    EXPECT_GT(event["score"].get<double>(), 0);
  }
  const Json ioda = data_of(kBase + "/outages/events?" + kWeek +
                            "&entityCode=KZ&entityType=country&format=ioda&includeAlerts=true");
  ASSERT_EQ(ioda.size(), codf.size());
  EXPECT_EQ(ioda[0]["entity"]["code"], "KZ");
  EXPECT_EQ(ioda[0]["alerts"][0]["level"], "critical");
  EXPECT_LT(ioda[0]["alerts"][0]["value"].get<double>(),
            ioda[0]["alerts"][0]["historyValue"].get<double>());
  const Json sorted = data_of(kBase + "/outages/events?" + kWeek + "&orderBy=score/desc");
  for (std::size_t i = 1; i < sorted.size(); ++i) {
    EXPECT_GE(sorted[i - 1]["score"].get<double>(), sorted[i]["score"].get<double>());
  }
  // The one that answers 500 there.
  EXPECT_FALSE(data_of(kBase + "/outages/events?" + kWeek + "&overall=true").empty());
}

TEST(CompatIoda, SummaryCountsEventsAndLeavesOutIgnoredMethods) {
  const Json summary = data_of(kBase + "/outages/summary?" + kWeek + "&entityType=country");
  ASSERT_FALSE(summary.empty());
  double last = 1e300;
  for (const Json& row : summary) {
    EXPECT_GE(row["event_cnt"].get<int>(), 1);
    EXPECT_LE(row["scores"]["overall"].get<double>(), last);
    last = row["scores"]["overall"];
  }
  EXPECT_TRUE(data_of(kBase + "/outages/summary?" + kWeek +
                      "&ignoreMethods=bgp.*,ping-slash24.*,"
                      "merit-nt.*")
                  .empty());
}

TEST(CompatIoda, OutagesEchoTimesAsTextAndSignalsAsNumbers) {
  EXPECT_TRUE(
      json_of(get(kBase + "/outages/summary?" + kWeek))["requestParameters"]["from"].is_string());
  EXPECT_TRUE(json_of(get(kBase + "/signals/raw/country/KZ?" + kWeek))["requestParameters"]["from"]
                  .is_number());
}

TEST(CompatIoda, PagesHoldWhatTheLimitSays) {
  const Json first = data_of(kBase + "/outages/events?" + kWeek + "&limit=2");
  const Json second = data_of(kBase + "/outages/events?" + kWeek + "&limit=2&page=1");
  EXPECT_EQ(first.size(), 2u);
  EXPECT_NE(first, second);
  EXPECT_EQ(data_of(kBase + "/outages/events?" + kWeek + "&limit=0").size(), 0u);
}

}  // namespace
}  // namespace lightsout::api
