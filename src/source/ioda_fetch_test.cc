// SPDX-License-Identifier: Apache-2.0
#include "source/ioda_fetch.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <map>

#include "core/sha256.h"
#include "source/answer_manifest.h"
#include "source/patient_http.h"

namespace lightsout {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

class TestClock final : public Clock {
 public:
  explicit TestClock(std::string_view now) : now_(*parse_time(now)) {}
  Time now() override { return now_; }
  void sleep(std::chrono::milliseconds duration) override {
    slept.push_back(std::chrono::duration_cast<Seconds>(duration).count());
    now_ += std::chrono::duration_cast<Seconds>(duration);
  }
  void advance(Seconds by) { now_ += by; }
  std::vector<std::int64_t> slept;

 private:
  Time now_;
};

class MemoryStore final : public AnswerStore {
 public:
  Status put(std::string_view name, std::string_view bytes) override {
    EXPECT_TRUE(is_answer_name(name)) << name;
    if (full) return Error{ErrorKind::world, "no space left"};
    files[std::string(name)] = bytes;
    return {};
  }
  Result<std::optional<std::string>> get(std::string_view name) override {
    const auto found = files.find(name);
    if (found == files.end()) return std::optional<std::string>();
    return std::optional<std::string>(found->second);
  }
  std::map<std::string, std::string, std::less<>> files;
  bool full = false;
};

std::string parameter(const std::string& url, const std::string& name) {
  const std::size_t at = url.find(name + "=");
  if (at == std::string::npos) return "";
  const std::size_t begin = at + name.size() + 1;
  return url.substr(begin, url.find('&', begin) - begin);
}

// What IODA would say to the request.
std::string good_body(const std::string& url) {
  const std::string marker = "/signals/raw/";
  const std::size_t at = url.find(marker) + marker.size();
  const std::string path = url.substr(at, url.find('?') - at);
  return fmt::format(
      R"({{"type":"signals","metadata":{{}},"error":null,"data":[[{{"entityType":"{}",)"
      R"("entityCode":"{}","datasource":"{}","from":{},"until":{},"step":300,"nativeStep":300,)"
      R"("values":[1500,1501,null]}}]]}})",
      path.substr(0, path.find('/')), path.substr(path.find('/') + 1), parameter(url, "datasource"),
      parameter(url, "from"), parameter(url, "until"));
}

// Answers each request with the next line of a script, then as IODA would.
class ScriptedHttp final : public Http {
 public:
  Result<HttpAnswer> get(const HttpRequest& request) override {
    urls.push_back(request.url);
    for (auto& [part, script] : by_url) {
      if (request.url.find(part) == std::string::npos || script.empty()) continue;
      Result<HttpAnswer> answer = script.front();
      if (script.size() > 1) script.pop_front();  // the last line stays
      return answer;
    }
    return HttpAnswer{.status = 200, .body = good_body(request.url)};
  }
  void answer(const std::string& part_of_url, std::deque<Result<HttpAnswer>> script) {
    by_url[part_of_url] = std::move(script);
  }
  std::vector<std::string> urls;
  std::map<std::string, std::deque<Result<HttpAnswer>>> by_url;
};

Result<HttpAnswer> status(int code, std::string body = "") {
  return HttpAnswer{.status = code, .body = std::move(body)};
}
Result<HttpAnswer> retry_after(int code, Seconds wait) {
  return HttpAnswer{.status = code, .retry_after = wait};
}
Result<HttpAnswer> silence() {
  return Error{ErrorKind::world, "the server does not take the connection"};
}

IodaQuery query_of(std::string_view entity, std::vector<std::string> datasources) {
  return {.entity = *Entity::parse(entity),
          .range = {*parse_time("2021-11-22"), *parse_time("2022-01-12")},
          .datasources = std::move(datasources),
          .base = "http://test/v2"};
}

std::string text_of(const Input& input) {
  return *read_all(**input.open(), 1 << 20);
}

class IodaFetch : public testing::Test {
 protected:
  IodaFetched fetch(const IodaQuery& query) {
    Result<IodaFetched> fetched = fetch_ioda(query, http_, clock_, store_);
    EXPECT_TRUE(fetched.ok()) << fetched.error().message;
    return std::move(*fetched);
  }
  ScriptedHttp http_;
  TestClock clock_{"2022-06-01T00:00:00Z"};
  MemoryStore store_;
};

TEST_F(IodaFetch, AsksInPiecesOfTheGridOneDatasourceAtATime) {
  const IodaFetched fetched = fetch(query_of("country:KZ", {"bgp", "gtr"}));
  EXPECT_THAT(http_.urls,
              ElementsAre("http://test/v2/signals/raw/country/KZ?from=1635379200&until=1637798400"
                          "&datasource=bgp",
                          "http://test/v2/signals/raw/country/KZ?from=1637798400&until=1640217600"
                          "&datasource=bgp",
                          "http://test/v2/signals/raw/country/KZ?from=1640217600&until=1642636800"
                          "&datasource=bgp",
                          HasSubstr("from=1635379200&until=1637798400&datasource=gtr"),
                          HasSubstr("datasource=gtr"), HasSubstr("datasource=gtr")));
  EXPECT_TRUE(fetched.missing.empty());
  ASSERT_THAT(fetched.inputs, SizeIs(6));
  const Lineage& lineage = fetched.inputs[0].lineage;
  EXPECT_EQ(lineage.name, http_.urls[0]);
  EXPECT_EQ(lineage.arrived, clock_.now());
  EXPECT_EQ(lineage.sha256, sha256_hex(text_of(fetched.inputs[0])));
  EXPECT_EQ(text_of(fetched.inputs[0]), good_body(http_.urls[0]));
  EXPECT_EQ(text_of(fetched.inputs[0]), good_body(http_.urls[0]));  // again from the start
}

TEST_F(IodaFetch, KnowsHowIodaCallsAnEntity) {
  fetch(query_of("asn:9198", {"bgp"}));
  EXPECT_THAT(http_.urls.back(), HasSubstr("/signals/raw/asn/9198?"));
  fetch(query_of("asn:9198@country:KZ", {"bgp"}));
  EXPECT_THAT(http_.urls.back(), HasSubstr("/signals/raw/geoasn/9198-KZ?"));
  http_.answer("/entities/query", {status(200, R"({"data":[{"code":"4415","name":"Zulia"},)"
                                               R"({"code":"4416","name":"La Guaira"}]})")});
  fetch(query_of("region:VE-la_guaira", {"bgp"}));
  EXPECT_THAT(http_.urls.back(), HasSubstr("/signals/raw/region/4416?"));
  const Result<IodaFetched> unknown =
      fetch_ioda(query_of("region:VE-Atlantis", {"bgp"}), http_, clock_, store_);
  EXPECT_EQ(unknown.error().message,
            "IODA knows no region 'Atlantis' of VE; it knows Zulia, La Guaira");
  const Result<IodaFetched> service =
      fetch_ioda(query_of("service:telegram", {"bgp"}), http_, clock_, store_);
  EXPECT_EQ(service.error().kind, ErrorKind::usage);
}

TEST_F(IodaFetch, InShorterPiecesOnlyTheNewestIsAskedForAgain) {
  IodaQuery query = query_of("country:KZ", {"bgp"});
  query.range = {clock_.now() - std::chrono::hours{36}, clock_.now()};
  query.piece = std::chrono::days{1};
  clock_.advance(std::chrono::minutes{30});
  query.range.end += std::chrono::minutes{30};
  fetch(query);  // 30 and 31 May, 1 June
  EXPECT_THAT(http_.urls, ElementsAre(HasSubstr("from=1653868800&until=1653955200"),
                                      HasSubstr("from=1653955200&until=1654041600"),
                                      HasSubstr("from=1654041600&until=1654043400")));
  clock_.advance(std::chrono::minutes{10});
  query.range.end += std::chrono::minutes{10};
  fetch(query);  // 31 May may still change, 30 May not
  EXPECT_EQ(http_.urls.size(), 5u);
  query.piece = kIodaPiece;
  fetch(query);
  EXPECT_EQ(http_.urls.size(), 6u) << "a day is no answer for 28";
}

TEST_F(IodaFetch, ASecondRunAsksForNothingThatIsComplete) {
  const IodaQuery query = query_of("country:KZ", {"bgp", "gtr"});
  const IodaFetched first = fetch(query);
  const std::size_t asked = http_.urls.size();
  clock_.advance(std::chrono::days{400});
  const IodaFetched second = fetch(query);
  EXPECT_EQ(http_.urls.size(), asked);
  EXPECT_EQ(second.asked, 0u);
  EXPECT_EQ(second.kept, 6u);
  ASSERT_EQ(second.inputs.size(), first.inputs.size());
  for (std::size_t i = 0; i < first.inputs.size(); ++i) {
    EXPECT_EQ(second.inputs[i].lineage, first.inputs[i].lineage);
    EXPECT_EQ(text_of(second.inputs[i]), text_of(first.inputs[i]));
  }
}

TEST_F(IodaFetch, ARunThatBrokeOffGoesOnWhereItStopped) {
  const IodaQuery query = query_of("country:KZ", {"bgp", "gtr"});
  http_.answer("datasource=gtr", {status(404)});
  EXPECT_THAT(fetch(query).missing, SizeIs(3));
  http_.by_url.clear();
  http_.urls.clear();
  EXPECT_TRUE(fetch(query).missing.empty());
  EXPECT_THAT(http_.urls, SizeIs(3));
  EXPECT_THAT(http_.urls, testing::Each(HasSubstr("datasource=gtr")));
}

TEST_F(IodaFetch, WhatIsStillRunningIsAskedForAgainAndBothAnswersStay) {
  TestClock live("2022-01-06T03:02:00Z");
  const IodaQuery query{.entity = *Entity::parse("country:KZ"),
                        .range = {*parse_time("2022-01-05"), *parse_time("2022-02-01")},
                        .datasources = {"bgp"},
                        .base = "http://test/v2"};
  ASSERT_TRUE(fetch_ioda(query, http_, live, store_).ok());
  EXPECT_THAT(http_.urls.back(), HasSubstr("from=1640217600&until=1641438000"));  // 03:00
  live.advance(std::chrono::minutes{4});
  EXPECT_EQ(fetch_ioda(query, http_, live, store_)->kept, 1u);  // nothing new can be there yet
  live.advance(std::chrono::minutes{1});
  const Result<IodaFetched> again = fetch_ioda(query, http_, live, store_);
  EXPECT_EQ(again->asked, 1u);
  EXPECT_THAT(again->inputs, SizeIs(1));
  EXPECT_TRUE(store_.files.contains("ioda.country.KZ.bgp.20211223.20220106T030200Z.json"));
  EXPECT_TRUE(store_.files.contains("ioda.country.KZ.bgp.20211223.20220106T030700Z.json"));

  http_.answer("bgp", {silence()});
  live.advance(std::chrono::hours{1});
  const Result<IodaFetched> older = fetch_ioda(query, http_, live, store_);
  EXPECT_THAT(older->inputs, SizeIs(1));
  EXPECT_THAT(older->notes,
              ElementsAre("bgp, 23 December 2021 to 6 January 2022: the server does not take the "
                          "connection (4 times); the answer of 2022-01-06T03:07:00Z was used "
                          "instead"));
}

TEST_F(IodaFetch, APieceIsCompleteOneDayAfterItsEndAndNotBefore) {
  const IodaQuery query{.entity = *Entity::parse("country:KZ"),
                        .range = {*parse_time("2022-01-05"), *parse_time("2022-01-06")},
                        .datasources = {"bgp"},
                        .base = "http://test/v2"};
  for (const auto& [now, requests] :
       {std::pair{"2022-01-20T23:59:59Z", 2u}, std::pair{"2022-01-21T00:00:00Z", 1u}}) {
    http_.urls.clear();
    store_.files.clear();
    TestClock clock(now);
    ASSERT_TRUE(fetch_ioda(query, http_, clock, store_).ok());
    clock.advance(std::chrono::days{3});
    ASSERT_TRUE(fetch_ioda(query, http_, clock, store_).ok());
    EXPECT_EQ(http_.urls.size(), requests) << now;
  }
}

TEST_F(IodaFetch, OneDatasourceThatFailsDoesNotTakeTheOthersWithIt) {
  http_.answer("datasource=gtr", {status(400, R"({"error":"unknown datasource","data":null})")});
  const IodaFetched fetched = fetch(query_of("country:KZ", {"bgp", "gtr", "merit-nt"}));
  EXPECT_THAT(fetched.inputs, SizeIs(6));
  EXPECT_THAT(sentences_of(fetched.missing),
              ElementsAre("IODA's gtr is missing for 28 October 2021 to 19 January 2022: the "
                          "server answered 400: unknown datasource."));
  EXPECT_TRUE(store_.files.contains("failed.ioda.country.KZ.gtr.20211028.json"));  // kept as well
}

TEST_F(IodaFetch, WithoutAConnectionWhatWasKeptIsUsed) {
  TestClock live("2022-01-25T00:00:00Z");  // the last piece is not complete
  IodaQuery query = query_of("country:KZ", {"bgp", "gtr"});
  query.range.end = *parse_time("2022-01-24");
  http_.answer("gtr", {status(404)});
  ASSERT_THAT(fetch_ioda(query, http_, live, store_)->inputs, SizeIs(4));
  http_.urls.clear();
  live.advance(std::chrono::days{1});
  query.offline = true;
  const Result<IodaFetched> fetched = fetch_ioda(query, http_, live, store_);
  EXPECT_THAT(http_.urls, SizeIs(0));
  EXPECT_THAT(fetched->inputs, SizeIs(4));
  EXPECT_THAT(fetched->notes, ElementsAre(HasSubstr("there is no connection; the answer of "
                                                    "2022-01-25T00:00:00Z was used instead")));
  EXPECT_THAT(sentences_of(fetched->missing),
              ElementsAre("IODA's gtr is missing for 28 October 2021 to 25 January 2022: there is "
                          "no connection."));
}

TEST_F(IodaFetch, TemporaryTroubleIsTriedAgainWithGrowingPauses) {
  http_.answer("from=1635379200", {status(503), silence(), status(502), status(200, "")});
  http_.by_url["from=1635379200"].back() =
      status(200, good_body("http://test/v2/signals/raw/country/"
                            "KZ?from=1635379200&until=1637798400&datasource=bgp"));
  const IodaFetched fetched = fetch(query_of("country:KZ", {"bgp"}));
  EXPECT_TRUE(fetched.missing.empty());
  EXPECT_THAT(clock_.slept, ElementsAre(2, 4, 8));
  EXPECT_EQ(fetched.asked, 6u);
}

TEST_F(IodaFetch, AfterTheLastAttemptThePieceIsMissing) {
  http_.answer("from=1635379200", {status(503)});
  const IodaFetched fetched = fetch(query_of("country:KZ", {"bgp"}));
  ASSERT_THAT(fetched.missing, SizeIs(1));
  EXPECT_EQ(fetched.missing[0].reason, "the server answered 503 (4 times)");
  EXPECT_THAT(fetched.inputs, SizeIs(2));
}

TEST_F(IodaFetch, RetryAfterIsHonouredUpToItsLimit) {
  const auto good = status(200, good_body("/signals/raw/country/"
                                          "KZ?from=1635379200&until=1637798400&datasource=bgp"));
  http_.answer("from=1635379200", {retry_after(429, kFetchLongestWait), good});
  EXPECT_TRUE(fetch(query_of("country:KZ", {"bgp"})).missing.empty());
  EXPECT_THAT(clock_.slept, ElementsAre(120));

  store_.files.clear();
  http_.answer("from=1635379200", {retry_after(429, kFetchLongestWait + Seconds{1}), good});
  const IodaFetched fetched = fetch(query_of("country:KZ", {"bgp"}));
  ASSERT_THAT(fetched.missing, SizeIs(1));
  EXPECT_THAT(fetched.missing[0].reason,
              HasSubstr("the server answered 429 and asks to come back in 2 min"));
  EXPECT_THAT(clock_.slept, SizeIs(1));
}

TEST_F(IodaFetch, AllPausesTogetherHaveALimit) {
  http_.answer("bgp", {retry_after(503, Seconds{100})});
  fetch(query_of("country:KZ", {"bgp"}));
  EXPECT_THAT(clock_.slept, ElementsAre(100, 100, 100));  // 300 s, and then no more
}

TEST_F(IodaFetch, AServerThatIsSilentIsLeftAlone) {
  http_.answer("test", {silence()});
  const IodaFetched fetched = fetch(query_of("country:KZ", {"bgp", "gtr", "mozilla"}));
  EXPECT_EQ(fetched.asked, 5u);  // four times the first piece, once the second
  EXPECT_THAT(fetched.missing, SizeIs(9));
  EXPECT_EQ(fetched.missing.back().reason,
            "not asked for, because the server did not answer before");
}

struct ShapeCase {
  const char* what;
  std::string body;
  int attempts;  // 4 when it looks cut short
  const char* reason;
};

TEST_F(IodaFetch, WhatIsNotTheAnswerIsSaidInOneSentence) {
  const std::string url =
      "http://test/v2/signals/raw/country/KZ?from=1635379200&until=1637798400&datasource=bgp";
  const std::string good = good_body(url);
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string body = good;
    body.replace(body.find(from), from.size(), to);
    return body;
  };
  const ShapeCase cases[] = {
      {"empty", "", 4, "the answer is not whole JSON (4 times)"},
      {"cut short", good.substr(0, good.size() / 2), 4, "the answer is not whole JSON (4 times)"},
      {"login page", "<html>sign in</html>", 4,
       "the answer is a web page, not data; a login page "},
      {"renamed", with("\"values\"", "\"vals\""), 1,
       "the answer has no list of 'values'; IODA's format may have changed"},
      {"no data", with("\"data\"", "\"result\""), 1, "the answer has no list of 'data'; "},
      {"step is text", with("\"step\":300", "\"step\":\"5m\""), 1, "no whole 'step'"},
      {"flat", R"({"data":[{"values":[]}]})", 1, "no list of series for each entity"},
      {"other country", with("\"KZ\"", "\"KG\""), 1,
       "the answer is about 'country/KG, bgp' and not 'country/KZ, bgp'"},
      {"other source", with("\"bgp\"", "\"\\u001b[2Jbgp\""), 1, "'country/KZ, ?[2Jbgp'"},
      {"error", R"({"error":"span too long","data":null})", 1, "the server says: span too long"},
      {"too deep", std::string(100'000, '['), 1, "lists inside lists without end"},
      {"number", "17", 1, "no envelope"},
  };
  for (const ShapeCase& c : cases) {
    store_.files.clear();
    http_.urls.clear();
    http_.answer("from=1635379200", {status(200, c.body)});
    const IodaFetched fetched = fetch(query_of("country:KZ", {"bgp"}));
    ASSERT_THAT(fetched.missing, SizeIs(1)) << c.what;
    EXPECT_THAT(fetched.missing[0].reason, HasSubstr(c.reason)) << c.what;
    EXPECT_EQ(http_.urls.size(), 2u + static_cast<std::size_t>(c.attempts)) << c.what;
    EXPECT_EQ(store_.files["failed.ioda.country.KZ.bgp.20211028.json"], c.body) << c.what;
  }
}

TEST_F(IodaFetch, AnEmptyAnswerIsKeptAndReportedAsMissing) {
  http_.answer("mozilla", {status(200, R"({"error":null,"data":[[]]})")});
  const IodaFetched fetched = fetch(query_of("country:KZ", {"mozilla"}));
  ASSERT_THAT(fetched.missing, SizeIs(3));
  EXPECT_EQ(fetched.missing[0].reason, "IODA has no such measurements");
  EXPECT_EQ(fetch(query_of("country:KZ", {"mozilla"})).asked, 0u);
}

TEST_F(IodaFetch, AnAnswerThatWasChangedOnDiskIsAskedForAgain) {
  const IodaQuery query = query_of("country:KZ", {"bgp"});
  fetch(query);
  store_.files["ioda.country.KZ.bgp.20211028.json"] += " ";
  store_.files["manifest.jsonl"] += "{broken\n";
  const IodaFetched fetched = fetch(query);
  EXPECT_EQ(fetched.asked, 1u);
  EXPECT_THAT(fetched.notes, ElementsAre(HasSubstr("1 lines of manifest.jsonl could not be read")));
}

TEST_F(IodaFetch, AnswersOfAnotherServerAreNotTaken) {
  IodaQuery query = query_of("country:KZ", {"bgp"});
  fetch(query);
  query.base = "http://other/v2/";
  EXPECT_EQ(fetch(query).asked, 3u);
  EXPECT_THAT(http_.urls.back(), HasSubstr("http://other/v2/signals"));
}

TEST_F(IodaFetch, AnAnswerOfATestServerSaysThatItIsNoMeasurement) {
  std::string body = good_body(
      "http://test/v2/signals/raw/country/KZ?from=1635379200&until=1637798400&datasource=bgp");
  body.replace(body.find("\"metadata\":{}"), 13, "\"metadata\":{\"synthetic\":true}");
  http_.answer("from=1635379200", {status(200, body)});
  const IodaFetched fetched = fetch(query_of("country:KZ", {"bgp"}));
  EXPECT_TRUE(fetched.inputs[0].lineage.semi_synthetic);
  EXPECT_FALSE(fetched.inputs[1].lineage.semi_synthetic);
}

TEST_F(IodaFetch, WhatCannotBeKeptIsAnError) {
  store_.full = true;
  const Result<IodaFetched> fetched =
      fetch_ioda(query_of("country:KZ", {"bgp"}), http_, clock_, store_);
  ASSERT_FALSE(fetched.ok());
  EXPECT_EQ(fetched.error().message, "no space left");
}

TEST_F(IodaFetch, QuestionsThatMakeNoSenseAreRefusedBeforeAnythingIsAsked) {
  IodaQuery future = query_of("country:KZ", {"bgp"});
  future.range = {*parse_time("2023-01-01"), *parse_time("2023-01-02")};
  IodaQuery empty = query_of("country:KZ", {"bgp"});
  empty.range.end = empty.range.begin;
  IodaQuery unknown = query_of("country:KZ", {"bgp&datasource=x"});
  for (const IodaQuery& query : {future, empty, unknown}) {
    EXPECT_EQ(fetch_ioda(query, http_, clock_, store_).error().kind, ErrorKind::usage);
  }
  EXPECT_TRUE(http_.urls.empty());
}

TEST_F(IodaFetch, TheNumberOfRequestsHasALimit) {
  IodaQuery query = query_of("country:KZ", {"bgp"});
  query.range.begin = bin_begin(*parse_time("2022-01-01"), kIodaPiece) - kIodaPiece * 499;
  query.range.end = *parse_time("2022-01-02");
  http_.answer("test", {silence()});
  EXPECT_EQ(fetch(query).missing.size(), 500u);
  query.range.begin -= Seconds{1};
  EXPECT_EQ(fetch_ioda(query, http_, clock_, store_).error().kind, ErrorKind::limit);
}

TEST_F(IodaFetch, AllAnswersTogetherHaveALimit) {
  IodaQuery query = query_of("country:KZ", {"bgp"});
  std::size_t all = 0;
  for (const Input& input : fetch(query).inputs) all += text_of(input).size();
  query.total_limit = all;
  EXPECT_TRUE(fetch(query).missing.empty());
  query.total_limit = all - 1;
  const IodaFetched fetched = fetch(query);
  EXPECT_THAT(fetched.inputs, SizeIs(2));
  ASSERT_THAT(fetched.missing, SizeIs(1));
  EXPECT_THAT(fetched.missing[0].reason, HasSubstr("all answers together are more than"));
}

TEST_F(IodaFetch, TheManifestHasALimit) {
  std::string lines;
  for (std::size_t i = 0; i < kManifestLimit; ++i) {
    lines += fmt::format(
        R"({{"name":"{}","url":"u","status":200,"retrieved_at":"2022-01-05","sha256":"","bytes":0}})"
        "\n",
        i);
  }
  store_.files["manifest.jsonl"] = lines;
  Result<AnswerManifest> manifest = AnswerManifest::load(store_);
  ASSERT_EQ(manifest->answers().size(), kManifestLimit);
  EXPECT_TRUE(manifest->keep("0", "u", {.status = 200}, clock_.now()).ok());
  EXPECT_EQ(manifest->keep("new", "u", {.status = 200}, clock_.now()).error().kind,
            ErrorKind::limit);
}

TEST_F(IodaFetch, ReachableMeansThatItAnswers) {
  EXPECT_TRUE(ioda_reachable(http_, "http://test/v2").ok());
  EXPECT_EQ(http_.urls.back(), "http://test/v2/datasources/");
  http_.answer("test", {silence(), status(503), status(404)});
  EXPECT_FALSE(ioda_reachable(http_, "http://test/v2").ok());
  EXPECT_FALSE(ioda_reachable(http_, "http://test/v2").ok());
  EXPECT_TRUE(ioda_reachable(http_, "http://test/v2").ok());
}

}  // namespace
}  // namespace lightsout
