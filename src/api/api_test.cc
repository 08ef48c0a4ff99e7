// What must be true of /api/v1 whoever asks.
// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <set>

#include "api/test_api.h"

namespace lightsout::api {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

TEST(Entities, ListWhoIsMeasuredAndPageWithoutRepeating) {
  std::set<std::string> seen;
  std::string target = "/api/v1/entities?limit=5";
  std::size_t total = 0;
  for (int page = 0; page < 20 && !target.empty(); ++page) {
    const Json json = json_of(get(target));
    total = json["total"];
    for (const Json& row : json["data"]) {
      EXPECT_TRUE(seen.insert(row["entity"]).second) << row["entity"];
    }
    target = json["next"].is_null() ? std::string()
                                    : "/api/v1/entities?limit=5&cursor=" +
                                          percent_encode(json["next"].get<std::string>());
  }
  EXPECT_EQ(seen.size(), total);
  EXPECT_TRUE(seen.contains("country:KZ"));
  EXPECT_FALSE(seen.contains("country:KP"));
}

TEST(Entities, AreFoundByNameInALanguageAndByPlace) {
  const Json russian = json_of(get("/api/v1/entities?type=country&lang=ru"));
  std::set<std::string> names;
  for (const Json& row : russian["data"]) names.insert(row["name"]);
  EXPECT_TRUE(names.contains("Казахстан"));
  const Json near = json_of(get("/api/v1/entities?related_to=country/UZ"));
  ASSERT_FALSE(near["data"].empty());
  for (const Json& row : near["data"]) EXPECT_EQ(row["country"], "UZ");
  EXPECT_EQ(json_of(get("/api/v1/entities?q=kazakh&type=country"))["total"], 1);
  EXPECT_EQ(json_of(get("/api/v1/entities?q=nobody"))["total"], 0);
}

TEST(SeriesAnswer, OneDeadBinNeverAveragesAway) {
  // Half an hour of the six days of the cut, in steps of ten days.
  const Json json = json_of(
      get("/api/v1/series/country/KZ?signal=traffic/requests&from=2021-12-20&until=2022-01-12&"
          "step=10d"));
  double least = 1e9;
  for (const Json& low : json["data"][0]["low"]) {
    if (low.is_number()) least = std::min(least, low.get<double>());
  }
  const Json fine = json_of(
      get("/api/v1/series/country/KZ?signal=traffic/requests&from=2021-12-20&until=2022-01-12"));
  double native = 1e9;
  for (const Json& value : fine["data"][0]["values"]) {
    if (value.is_number()) native = std::min(native, value.get<double>());
  }
  EXPECT_EQ(least, native);
}

TEST(SeriesAnswer, EveryColumnIsAsLongAsTheRangeAndTheStateSaysWhy) {
  const Json json =
      json_of(get("/api/v1/series/country/NL?signal=telescope/unique_source_ips&from=2022-01-06&"
                  "until=2022-01-10"));
  const Json& series = json["data"][0];
  EXPECT_EQ(series["step"], 3600);
  for (const char* column : {"values", "low", "high", "n", "state"}) {
    EXPECT_EQ(series[column].size(), 96u) << column;
  }
  EXPECT_EQ(series["state"][24], "missing");
  EXPECT_TRUE(series["values"][24].is_null());
  EXPECT_EQ(series["state"][72], "source_down");
  EXPECT_EQ(series["state"][0], "ok");
}

TEST(SeriesAnswer, TheTwinsInCsvAndJsonlHoldTheSameNumbers) {
  const std::string query = "?signal=bgp/visible_slash24&from=2022-01-05&until=2022-01-06&step=2h";
  const Json json = json_of(get("/api/v1/series/country/KZ" + query));
  const std::vector<std::string> csv = lines_of(get("/api/v1/series/country/KZ.csv" + query).body);
  const std::vector<std::string> lines =
      lines_of(get("/api/v1/series/country/KZ" + query + "&format=jsonl").body);
  const Json& values = json["data"][0]["values"];
  ASSERT_EQ(values.size(), 12u);
  ASSERT_EQ(csv.size(), 13u);
  ASSERT_EQ(lines.size(), 12u);
  for (std::size_t i = 0; i < values.size(); ++i) {
    EXPECT_EQ(Json::parse(lines[i])["value"], values[i]);
    EXPECT_THAT(csv[i + 1], HasSubstr("," + values[i].dump() + ","));
  }
}

TEST(SeriesAnswer, WhatWasExpectedIsNearWhatWasMeasuredBeforeTheCut) {
  const Json json =
      json_of(get("/api/v1/series/country/KZ?signal=bgp/visible_slash24&from=2022-01-04&"
                  "until=2022-01-05&norm=baseline&step=1h"));
  EXPECT_EQ(json["data"][0]["unit"], "share_of_expected");
  for (const Json& value : json["data"][0]["values"]) {
    ASSERT_TRUE(value.is_number());
    EXPECT_NEAR(value.get<double>(), 1, 0.05);
  }
}

TEST(SeriesAnswer, ComparesOnTheOnset) {
  const Json json = json_of(get(
      "/api/v1/series/compare?e=country/KZ&e=country/IR&align=onset&before=6h&after=3h&step=30m"));
  ASSERT_EQ(json["onsets"].size(), 2u);
  EXPECT_EQ(json["onsets"][0], "2022-01-05T10:30:00Z");
  EXPECT_EQ(json["data"].size(), 2u);
  EXPECT_EQ(json["data"][0]["begin"], "2022-01-05T04:30:00Z");
  EXPECT_EQ(json["data"][0]["signal"], json["data"][1]["signal"]);
}

TEST(AsOf, AnswersDifferBeforeAndAfterALaterArrival) {
  const std::string series =
      "/api/v1/series/country/KZ?signal=bgp/visible_slash24&from=2022-01-06&"
      "until=2022-01-08&step=12h";
  const Json now = json_of(get(series));
  const Json then = json_of(get(series + "&asof=2022-01-07T00:00:00Z"));
  EXPECT_EQ(now["data"][0]["state"][3], "ok");
  EXPECT_EQ(then["data"][0]["state"][3], "missing");
  EXPECT_EQ(then["data"][0]["state"][0], "ok");

  const std::string incident = "/api/v1/incidents/" + made_id();
  EXPECT_EQ(json_of(get(incident))["data"]["version"], 2);
  EXPECT_EQ(json_of(get(incident + "?asof=2022-01-07T00:00:00Z"))["data"]["version"], 1);
  EXPECT_THAT(refused(get(incident + "?asof=2022-01-02"), 404), HasSubstr("not known at"));

  const std::string list = "/api/v1/incidents?entity=country/KZ&grade=nationwide";
  EXPECT_EQ(json_of(get(list))["data"][0]["status"], "ended");
  EXPECT_EQ(json_of(get(list + "&asof=2022-01-07T00:00:00Z"))["data"][0]["status"], "open");
  EXPECT_EQ(json_of(get(list + "&asof=2022-01-01"))["total"], 0);
  EXPECT_NE(get("/api/v1/feeds/country/KZ.atom").body,
            get("/api/v1/feeds/country/KZ.atom?asof=2022-01-07T00:00:00Z").body);
}

TEST(Tiers, DetectionsMakeEventsMakeIncidents) {
  const Json detections = json_of(get("/api/v1/detections?entity=country/KZ"));
  const Json events = json_of(get("/api/v1/events?entity=country/KZ"));
  const Json incidents = json_of(get("/api/v1/incidents?entity=country/KZ"));
  EXPECT_GT(detections["total"].get<int>(), events["total"].get<int>());
  EXPECT_GT(events["total"].get<int>(), incidents["total"].get<int>());
  for (const Json& row : data_of("/api/v1/detections?plane=control")) {
    EXPECT_EQ(row["plane"], "control");
  }
}

TEST(Tiers, FiltersAndOrdersHold) {
  for (const Json& row : data_of("/api/v1/incidents?status=open")) {
    EXPECT_EQ(row["status"], "open");
    EXPECT_TRUE(row["end"].is_null());
  }
  double last = 2;
  for (const Json& row : data_of("/api/v1/incidents?order_by=depth")) {
    EXPECT_LE(row["depth"].get<double>(), last);
    last = row["depth"];
  }
  EXPECT_EQ(json_of(get("/api/v1/incidents?min_depth=1"))["total"], 0);
  EXPECT_EQ(json_of(get("/api/v1/incidents?from=2022-01-01&until=2022-01-02"))["total"], 0);
}

TEST(IncidentAnswer, ItsPartsTellOneStory) {
  const std::string base = "/api/v1/incidents/" + made_id();
  const Json incident = json_of(get(base));
  EXPECT_EQ(json_of(get(base + "/windows"))["total"], incident["data"]["windows"].size());
  EXPECT_EQ(json_of(get(base + "/versions"))["total"], 2);
  EXPECT_EQ(json_of(get(base + "/versions/1"))["data"]["version"], 1);
  EXPECT_THAT(json_of(get(base + "/coordination"))["data"]["sentence"].get<std::string>(),
              HasSubstr("5 of 6 providers"));
  EXPECT_THAT(get(base + "/windows.ics").body, HasSubstr("BEGIN:VEVENT"));
  EXPECT_THAT(get(base + ".md").body, HasSubstr("# Kazakhstan"));
  EXPECT_THAT(get(base + ".html").content_type, HasSubstr("text/html"));
  EXPECT_GT(json_of(get(base + "/evidence"))["data"]["anomalies"].size(), 0u);
  EXPECT_GT(json_of(get(base + "/similar"))["data"].size(), 0u);
  EXPECT_THAT(refused(get(base + "/versions/3"), 404), HasSubstr("versions 1 to 2"));
  EXPECT_THAT(refused(get(base + "/versions/x"), 400), HasSubstr("no version"));
}

TEST(Why, NamesWhatWasWeighedAtThatMoment) {
  const Json json = json_of(get("/api/v1/why/country/KZ?at=2022-01-05T12:00:00Z"));
  EXPECT_THAT(json["data"]["incidents"], Contains(made_id()));
  bool stepped = false;
  for (const Json& signal : json["data"]["signals"]) stepped = stepped || !signal["trace"].empty();
  EXPECT_TRUE(stepped);
  EXPECT_THAT(get("/api/v1/why/country/NL.txt").body, HasSubstr("no anomaly"));
}

TEST(Sources, SayHowFarTheyReachAndWhereTheySaidNothing) {
  const Json sources = json_of(get("/api/v1/sources"));
  EXPECT_EQ(sources["total"], 6);
  EXPECT_THAT(refused(get("/api/v1/sources/nobody/health"), 404), HasSubstr("/api/v1/sources"));
  std::set<std::string> states;
  for (const Json& row : data_of("/api/v1/gaps?entity=country/NL")) {
    states.insert(row["state"]);
  }
  EXPECT_EQ(states, (std::set<std::string>{"missing", "source_down"}));
}

TEST(Refusals, SayWhatToDo) {
  const struct {
    const char* target;
    int status;
    const char* word;
  } kCases[] = {
      {"/api/v1/nothing", 404, "openapi.json"},
      {"/api/v1/incidents.xlsx", 406, "json|jsonl|csv|tsv"},
      {"/api/v1/incidents?format=pdf", 406, "json|jsonl|csv|tsv"},
      {"/api/v1/incidents?form=2022-01-01", 400, "it knows"},
      {"/api/v1/incidents?grade=awful", 400, "nationwide"},
      {"/api/v1/incidents?limit=0", 400, "1 to 1000"},
      {"/api/v1/incidents?limit=1001", 400, "1 to 1000"},
      {"/api/v1/incidents?cursor=never", 400, "without a cursor"},
      {"/api/v1/incidents?entity=country/ZZ", 404, "/api/v1/entities"},
      {"/api/v1/incidents?entity=planet/Mars", 400, "country/KZ"},
      {"/api/v1/incidents/nobody", 404, "nobody"},
      {"/api/v1/series/country/KP", 404, "/api/v1/entities"},
      {"/api/v1/series/country/KZ?from=2022-01-06&until=2022-01-05", 400, "before"},
      {"/api/v1/series/country/KZ?from=1975-01-01", 400, "20 years"},
      {"/api/v1/series/country/KZ?from=2003-01-01&until=2022-01-05", 413, "step="},
      {"/api/v1/series/country/KZ?step=0", 400, "1d"},
      {"/api/v1/series/country/KZ?step=9999999999999d", 400, "1d"},
      {"/api/v1/series/country/KZ?agg=median", 400, "mean|min|max"},
      {"/api/v1/series/country/KZ?signal=bgp/nothing", 404, "bgp/visible_slash24"},
      {"/api/v1/series/compare", 400, "e="},
      {"/api/v1/series/compare?e=country/KZ&e=country/NL&align=onset", 404, "align=time"},
      {"/api/v1/gaps", 400, "entity"},
      {"/api/v1/entities?lang=tlh", 400, "en|ru|kk"},
      {"/api/v1/why/country/KZ?at=yesterday", 400, "at:"},
  };
  for (const auto& each : kCases) {
    SCOPED_TRACE(each.target);
    EXPECT_THAT(refused(get(each.target), each.status), HasSubstr(each.word));
  }
}

TEST(Limits, ASampleMoreThanAnAnswerHoldsIsRefused) {
  // Six bins an hour.
  const auto target = [](std::int64_t hours) {
    return "/api/v1/series/country/KZ?signal=bgp/visible_slash24&from=1641340800&until=" +
           std::to_string(1641340800 + hours * 3600);
  };
  EXPECT_EQ(get(target(83'333)).status, 200);  // 499,999 with the one that may be cut
  EXPECT_THAT(refused(get(target(83'334)), 413), HasSubstr("500000"));
}

TEST(Limits, ARangeOverTwentyYearsIsRefused) {
  const auto target = [](std::int64_t days) {
    return "/api/v1/series/country/KZ?step=1d&from=1641340800&until=" +
           std::to_string(1641340800 + days * 86400);
  };
  EXPECT_EQ(get(target(366 * 20)).status, 200);
  EXPECT_EQ(get(target(366 * 20 + 1)).status, 400);
}

TEST(HostileNames, StayTextInEveryFormat) {
  const std::string id = made_id("UZ");
  const std::string csv = get("/api/v1/incidents/" + id + "/providers.csv").body;
  EXPECT_THAT(csv, Not(HasSubstr(",=HYPERLINK")));
  EXPECT_THAT(csv, Not(HasSubstr("\"=HYPERLINK")));
  EXPECT_THAT(csv, HasSubstr("HYPERLINK"));
  const std::string tsv = get("/api/v1/incidents/" + id + "/providers.tsv").body;
  EXPECT_THAT(tsv, Not(HasSubstr("\t=")));
  const std::string stop = get("/api/v1/export/stop.csv?incident=" + id).body;
  EXPECT_THAT(stop, Not(HasSubstr(",=")));
  for (const std::string& target :
       {"/api/v1/incidents/" + id, "/api/v1/incidents/" + id + "/providers",
        "/api/v1/incidents/" + id + "/coordination", "/api/v1/incidents/" + id + "/hypotheses",
        "/api/v1/incidents/" + id + "/evidence", std::string("/api/v1/feeds/country/UZ.json"),
        std::string("/api/v1/export/geojson"), std::string("/api/v1/grafana/annotations"),
        std::string("/api/v1/entities?q=cmd")}) {
    SCOPED_TRACE(target);
    const WebResponse response = get(target);
    json_of(response);
    EXPECT_EQ(response.body.find("\xe2\x80\xae"), std::string::npos);
  }
  const std::string atom = get("/api/v1/feeds/country/UZ.atom").body;
  EXPECT_THAT(atom, Not(HasSubstr("<script")));
  EXPECT_THAT(get("/api/v1/incidents/" + id + ".html").body, Not(HasSubstr("<script")));
}

TEST(HostileNames, AreRefusedAsEntitiesWithTheirTextEscaped) {
  for (const char* name : kHostileNames) {
    const std::string target = "/api/v1/series/country/" + percent_encode(name);
    const Result<WebRequest> request = parse_target(target);
    if (!request) continue;
    const WebResponse response = get(target);
    EXPECT_TRUE(response.status == 400 || response.status == 404) << response.status;
    EXPECT_EQ(response.content_type, "application/problem+json");
    EXPECT_FALSE(Json::parse(response.body, nullptr, false).is_discarded()) << response.body;
  }
}

TEST(Table, EveryEndpointSaysWhatItIsAndNoPathStandsTwice) {
  std::set<std::string> paths;
  for (const Endpoint& each : all_endpoints()) {
    EXPECT_TRUE(paths.insert(std::string(each.path)).second) << each.path;
    EXPECT_GT(each.summary.size(), 15u) << each.path;
    EXPECT_EQ(static_cast<std::size_t>(std::count(each.path.begin(), each.path.end(), '{')),
              each.path_parameters.size())
        << each.path;
  }
}

TEST(Table, AnswersAreOpenToOtherPages) {
  const WebResponse response = get("/api/v1/sources");
  EXPECT_THAT(response.headers,
              Contains(std::pair<std::string, std::string>("access-control-allow-origin", "*")));
  EXPECT_FALSE(
      answer_api(shared_made_observatory().observatory, *parse_target("/country/KZ")).has_value());
}

}  // namespace
}  // namespace lightsout::api
