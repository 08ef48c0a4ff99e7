// SPDX-License-Identifier: Apache-2.0
#include "serve/site.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/endpoint.h"
#include "serve/event_stream.h"
#include "web/made_observatory.h"

namespace lightsout {
namespace {

using testing::HasSubstr;
using testing::Not;

SiteParts parts_of(MadeObservatory& made) {
  return {.observatory = made.observatory, .pages = all_pages()};
}

WebReply ask(Site& site, WebAsk question) {
  if (std::optional<WebReply> ready = site.at_once(question)) return *ready;
  return site.in_time(question);
}

WebReply ask(Site& site, const std::string& target) {
  return ask(site, WebAsk{.target = target});
}

std::string header(const WebReply& reply, const std::string& name) {
  const std::string lines = "\r\n" + *reply.head;
  const std::size_t at = lines.find("\r\n" + name + ": ");
  if (at == std::string::npos) return {};
  const std::size_t begin = at + name.size() + 4;
  return lines.substr(begin, lines.find("\r\n", begin) - begin);
}

std::string plain_path(std::string_view pattern) {
  std::string path(pattern);
  for (const auto& [part, value] : std::initializer_list<std::pair<std::string, std::string>>{
           {"{code}", "KZ"}, {"{country}", "KZ"}, {"{id}", "none"}, {"{version}", "1"}}) {
    for (std::size_t at = path.find(part); at != std::string::npos; at = path.find(part)) {
      path.replace(at, part.size(), value);
    }
  }
  for (std::size_t at = path.find('{'); at != std::string::npos; at = path.find('{')) {
    path.replace(at, path.find('}', at) - at + 1, "x");
  }
  return path;
}

// Every address that there is, with what stands in for its variable parts.
std::vector<std::string> all_paths() {
  std::vector<std::string> paths{"/healthz", "/metrics", "/none", "/api/v1/none"};
  for (const Page& page : all_pages()) paths.push_back(plain_path(page.path));
  for (const Endpoint& endpoint : all_endpoints()) paths.push_back(plain_path(endpoint.path));
  return paths;
}

TEST(Site, EveryAnswerProtectsWhoReadsAndFollowsNobody) {
  Site site(parts_of(shared_made_observatory()));
  for (const std::string& path : all_paths()) {
    const WebReply reply = ask(site, path);
    EXPECT_THAT(header(reply, "Content-Security-Policy"), HasSubstr("default-src 'none'")) << path;
    EXPECT_THAT(header(reply, "Content-Security-Policy"), HasSubstr("script-src 'self';")) << path;
    EXPECT_EQ(header(reply, "X-Content-Type-Options"), "nosniff") << path;
    EXPECT_EQ(header(reply, "Referrer-Policy"), "no-referrer") << path;
    EXPECT_EQ(header(reply, "Set-Cookie"), "") << path;
    EXPECT_NE(header(reply, "Cache-Control"), "") << path;
    if (path.starts_with("/api/")) {
      EXPECT_EQ(header(reply, "Access-Control-Allow-Origin"), "*") << path;
    }
    if (header(reply, "Content-Type").starts_with("text/html") && reply.body) {
      EXPECT_THAT(*reply.body, Not(HasSubstr("src=\"http"))) << path;
      EXPECT_THAT(*reply.body, Not(HasSubstr("src=\"//"))) << path;
      EXPECT_THAT(*reply.body, Not(HasSubstr(" style=\""))) << path;
      EXPECT_THAT(*reply.body, Not(HasSubstr("<style"))) << path;
      EXPECT_THAT(*reply.body, Not(HasSubstr(" onclick="))) << path;
    }
  }
}

TEST(Site, NothingThatIsEchoedBreaksOutOfItsPlace) {
  Site site(parts_of(shared_made_observatory()));
  const std::string attacks[] = {"%3Cscript%3Ealert(1)%3C%2Fscript%3E",
                                 "%22%3E%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E",
                                 "a%0d%0aSet-Cookie:%20a=b",
                                 "%E2%80%AEexe",
                                 "%00",
                                 "%ff",
                                 "%7B%7B7*7%7D%7D"};
  std::vector<std::string> names{"lang", "tz",   "from", "until",  "asof",  "theme", "mode",
                                 "q",    "type", "sort", "cursor", "limit", "e",     "format"};
  for (const Endpoint& endpoint : all_endpoints()) {
    for (const Parameter& each : endpoint.query_parameters) names.emplace_back(each.name);
  }
  for (const std::string& attack : attacks) {
    std::vector<std::string> targets{"/" + attack, "/country/" + attack, "/api/v1/" + attack,
                                     "/incident/" + attack};
    for (const std::string& name : names) {
      targets.push_back("/country/KZ?" + name + "=" + attack);
      targets.push_back("/api/v1/incidents?" + name + "=" + attack);
    }
    for (const std::string& target : targets) {
      const WebReply reply = ask(site, target);
      EXPECT_THAT(*reply.head, Not(HasSubstr("Set-Cookie"))) << target;
      for (std::size_t at = reply.head->find('\r'); at != std::string::npos;
           at = reply.head->find('\r', at + 1)) {
        ASSERT_EQ((*reply.head)[at + 1], '\n') << target;
      }
      if (header(reply, "Content-Type").starts_with("text/html")) {
        EXPECT_THAT(*reply.body, Not(HasSubstr("<script>alert"))) << target;
        EXPECT_THAT(*reply.body, Not(HasSubstr("<img src=x"))) << target;
      }
    }
  }
}

TEST(Site, WhatIsKnownAlreadyIsNotSentAgain) {
  Site site(parts_of(shared_made_observatory()));
  WebAsk question{.target = "/country/KZ"};
  const WebReply first = ask(site, question);
  ASSERT_EQ(first.status, 200);
  const std::string tag = header(first, "ETag");
  EXPECT_EQ(tag.size(), 34u);
  question.if_none_match = "\"other\", " + tag;
  const WebReply again = ask(site, question);
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.body, nullptr);
  EXPECT_EQ(header(again, "ETag"), tag);
  EXPECT_TRUE(site.at_once({.target = "/country/KZ"}).has_value());
  question.if_none_match = "\"other\"";
  EXPECT_EQ(ask(site, question).status, 200);
}

TEST(Site, GzipHasATagOfItsOwnAndIsSmaller) {
  Site site(parts_of(shared_made_observatory()));
  const WebReply plain = ask(site, "/country/KZ");
  const WebReply zipped = ask(site, WebAsk{.target = "/country/KZ", .accepts_gzip = true});
  EXPECT_EQ(header(zipped, "Content-Encoding"), "gzip");
  EXPECT_EQ(header(plain, "Content-Encoding"), "");
  EXPECT_NE(header(zipped, "ETag"), header(plain, "ETag"));
  EXPECT_LT(zipped.body->size() * 2, plain.body->size());
  EXPECT_EQ(zipped.body->substr(0, 2), "\x1f\x8b");
  EXPECT_EQ(ask(site, WebAsk{.target = "/country/KZ",
                             .if_none_match = header(zipped, "ETag"),
                             .accepts_gzip = true})
                .status,
            304);
  EXPECT_THAT(header(plain, "Vary"), HasSubstr("Accept-Encoding"));
  EXPECT_EQ(
      header(ask(site, WebAsk{.target = "/healthz", .accepts_gzip = true}), "Content-Encoding"),
      "");
}

TEST(Site, ALanguageIsNegotiatedChosenOrRefused) {
  Site site(parts_of(shared_made_observatory()));
  EXPECT_THAT(*ask(site, WebAsk{.target = "/", .accept_language = "ru"}).body,
              HasSubstr("lang=\"ru\""));
  EXPECT_THAT(*ask(site, WebAsk{.target = "/", .accept_language = "kk, ru;q=0.5"}).body,
              HasSubstr("lang=\"kk\""));
  EXPECT_THAT(*ask(site, WebAsk{.target = "/?lang=en", .accept_language = "ru"}).body,
              HasSubstr("lang=\"en\""));
  const WebReply none = ask(site, "/country/KZ?lang=tlh");
  EXPECT_EQ(none.status, 400);
  EXPECT_THAT(*none.body, HasSubstr("tlh"));
  EXPECT_THAT(*none.body, HasSubstr("русский"));
}

TEST(Site, WhatCannotBeAnsweredSaysWhatToDo) {
  Site site(parts_of(shared_made_observatory()));
  const struct {
    std::string target;
    int status;
    std::string word;
  } cases[] = {{"/none", 404, "/none"},
               {"/country/KZ?from=tomorrowish", 400, "tomorrowish"},
               {"/country/KZ?from=2022-01-05&until=2022-01-04", 400, "before"},
               {"/country/KZ?from=1990-01-01&until=2025-01-01", 400, "20 years"},
               {"/country/KZ?tz=Mars/Base", 400, "Mars/Base"},
               {"/../etc/passwd", 400, ".."},
               {"/%2e%2e/etc/passwd", 400, ".."},
               {"/a%00b", 400, "UTF-8"},
               {"/api/v1/none", 404, "openapi"},
               {"/stream?entity=nobody", 404, ""}};
  for (const auto& each : cases) {
    const WebReply reply = ask(site, each.target);
    EXPECT_EQ(reply.status, each.status) << each.target;
    EXPECT_THAT(*reply.body, HasSubstr(each.word)) << each.target;
    EXPECT_EQ(header(reply, "Cache-Control"), "no-store") << each.target;
  }
  EXPECT_THAT(header(site.refusal(405, "Only GET.", "/x"), "Allow"), HasSubstr("GET, HEAD"));
  EXPECT_EQ(header(site.refusal(400, "Bad.", "/api/v1/x"), "Content-Type"),
            "application/problem+json");
  EXPECT_NE(header(site.refusal(503, "Full.", ""), "Retry-After"), "");
}

TEST(Site, TheLogHasNoAddressNoQueryAndNoName) {
  std::string log;
  SiteParts parts = parts_of(shared_made_observatory());
  parts.log = [&](const std::string& line) { log += line; };
  Site site(std::move(parts));
  const WebReply reply = ask(site, "/country/KZ?q=my-secret");
  site.served("GET", reply, 1'234, std::chrono::microseconds(1'500));
  EXPECT_EQ(log, "GET /country/{code} 200 1234 1.5\n");
  const WebReply metrics = ask(site, "/metrics");
  EXPECT_THAT(*metrics.body,
              HasSubstr("lightsout_answers_total{route=\"/country/{code}\",status=\"200\"} 1\n"));
  EXPECT_THAT(*metrics.body, HasSubstr("lightsout_source_lag_seconds{source=\""));
  EXPECT_THAT(*metrics.body, Not(HasSubstr("my-secret")));
}

TEST(Site, AssetsAreKeptAYearWhenTheirNameNamesTheirContent) {
  SiteParts parts = parts_of(shared_made_observatory());
  ASSERT_TRUE(parts.assets.add("/assets/app-0123456789ab.js", "let x;").ok());
  ASSERT_TRUE(parts.assets.add("/assets/bootstrap-theming.js", "let y;").ok());
  EXPECT_FALSE(parts.assets.add("/assets/app.exe", "MZ").ok());
  EXPECT_FALSE(parts.assets.add("/assets/big.js", std::string(kMaxAssetBytes + 1, 'x')).ok());
  Site site(std::move(parts));
  const WebReply app = ask(site, "/assets/app-0123456789ab.js");
  EXPECT_THAT(header(app, "Cache-Control"), HasSubstr("max-age=31536000"));
  EXPECT_THAT(header(app, "Cache-Control"), HasSubstr("immutable"));
  EXPECT_THAT(header(app, "Content-Type"), HasSubstr("text/javascript"));
  EXPECT_THAT(header(ask(site, "/assets/bootstrap-theming.js"), "Cache-Control"),
              HasSubstr("max-age=300"));
  EXPECT_EQ(ask(site, "/assets/none.js").status, 404);
}

TEST(EventStream, SaysWhatCameSinceAndThatSomethingIsLost) {
  MadeClock clock(kMadeNow);
  Hub hub(clock, 3);
  const std::uint64_t first = hub.publish(kEventOpened, "country:KZ", "{\"n\":1}");
  hub.publish(kEventUpdated, "country:IR", "{\"n\":2}");
  EventStream fresh(hub, std::nullopt, "");
  EXPECT_EQ(*fresh.take(), "retry: 5000\n\n");
  EXPECT_EQ(*fresh.take(), "");
  EventStream resumed(hub, first, "");
  const std::string news = *resumed.take();
  EXPECT_THAT(news, HasSubstr("\"n\":2"));
  EXPECT_THAT(news, Not(HasSubstr("\"n\":1")));
  EventStream narrow(hub, first - 1, "country:KZ");
  EXPECT_THAT(*narrow.take(), Not(HasSubstr("\"n\":2")));
  for (int i = 3; i < 8; ++i) hub.publish(kEventUpdated, "country:KZ", "{}");
  EXPECT_THAT(*EventStream(hub, first, "").take(), HasSubstr("event: lost"));
  int woken = 0;
  fresh.wake_with([&] { ++woken; });
  hub.publish(kEventUpdated, "country:KZ", "{}");
  EXPECT_EQ(woken, 1);
  fresh.wake_with({});
  EXPECT_EQ(hub.listeners(), 0u);
}

TEST(Site, TheStreamResumesByTheIdOfTheLastEvent) {
  MadeClock clock(kMadeNow);
  Hub hub(clock);
  const std::uint64_t first = hub.publish(kEventOpened, "country:KZ", "{\"n\":1}");
  hub.publish(kEventUpdated, "country:KZ", "{\"n\":2}");
  SiteParts parts = parts_of(shared_made_observatory());
  parts.hub = &hub;
  Site site(std::move(parts));
  const WebReply reply =
      ask(site, WebAsk{.target = "/stream", .last_event_id = std::to_string(first)});
  ASSERT_NE(reply.stream, nullptr);
  EXPECT_EQ(header(reply, "Content-Type"), "text/event-stream");
  EXPECT_THAT(*reply.stream->take(), HasSubstr("\"n\":2"));
  EXPECT_EQ(ask(site, WebAsk{.target = "/stream", .last_event_id = "x"}).status, 400);
  EXPECT_EQ(ask(site, "/stream?entity=nobody").status, 400);
}

}  // namespace
}  // namespace lightsout
