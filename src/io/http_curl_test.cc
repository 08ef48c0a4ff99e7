// SPDX-License-Identifier: Apache-2.0
#include "io/http_curl.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "io/loopback_server.h"

namespace lightsout {
namespace {

using testing::HasSubstr;

class HttpCurl : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    ::setenv("no_proxy", "127.0.0.1", 1);  // whatever proxy the machine uses for the outside
  }
  std::unique_ptr<Http> http_ = make_http();
};

LoopbackServer::Answer always(std::string bytes) {
  return [bytes](int connection, const std::string&) { LoopbackServer::write(connection, bytes); };
}

TEST_F(HttpCurl, DeliversTheAnswerAsItCame) {
  std::string request;
  const LoopbackServer server([&](int connection, const std::string& text) {
    request = text;
    LoopbackServer::write(connection,
                          "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                          "Content-Length: 7\r\n\r\n{\"a\":1}");
  });
  const Result<HttpAnswer> answer = http_->get({.url = server.url("/v2?from=1")});
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->content_type, "application/json");
  EXPECT_EQ(answer->body, "{\"a\":1}");
  EXPECT_FALSE(answer->retry_after.has_value());
  EXPECT_THAT(request, HasSubstr("GET /v2?from=1 HTTP/1.1\r\n"));
  EXPECT_THAT(request, HasSubstr("User-Agent: lightsout/"));
}

TEST_F(HttpCurl, AnAnswerThatSaysNoIsAnAnswer) {
  const LoopbackServer server(
      always("HTTP/1.1 503 Busy\r\nRetry-After: 17\r\nContent-Length: 4\r\n\r\nbusy"));
  const Result<HttpAnswer> answer = http_->get({.url = server.url()});
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(answer->status, 503);
  EXPECT_EQ(answer->retry_after, std::chrono::seconds{17});
  EXPECT_EQ(answer->body, "busy");
}

TEST_F(HttpCurl, FollowsRedirectsAndOnlyToTheWeb) {
  const LoopbackServer server([&](int connection, const std::string& request) {
    const auto redirect = [&](const std::string& to) {
      LoopbackServer::write(
          connection, "HTTP/1.1 302 Found\r\nLocation: " + to + "\r\nContent-Length: 0\r\n\r\n");
    };
    if (request.starts_with("GET /file")) return redirect("file:///etc/hostname");
    if (request.starts_with("GET /ftp")) return redirect("ftp://127.0.0.1/");
    if (request.starts_with("GET /circle")) return redirect("/circle");
    if (request.starts_with("GET /start")) return redirect("/end");
    LoopbackServer::write(connection, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nend");
  });
  EXPECT_EQ(http_->get({.url = server.url("/start")})->body, "end");
  for (const char* path : {"/file", "/ftp"}) {
    const Result<HttpAnswer> answer = http_->get({.url = server.url(path)});
    ASSERT_FALSE(answer.ok()) << path;
    EXPECT_EQ(answer.error().kind, ErrorKind::unsupported);
    EXPECT_THAT(answer.error().message, HasSubstr("only http and https addresses are followed"));
  }
  EXPECT_THAT(http_->get({.url = server.url("/circle")}).error().message,
              HasSubstr("more than 5 redirects"));
  EXPECT_FALSE(http_->get({.url = "file:///etc/hostname"}).ok());
}

TEST_F(HttpCurl, ABodyAtTheLimitIsTakenAndOnePastItIsNot) {
  const LoopbackServer server(
      always("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
             "5\r\n12345\r\n5\r\n67890\r\n0\r\n\r\n"));
  EXPECT_EQ(http_->get({.url = server.url(), .body_limit = 10})->body, "1234567890");
  const Result<HttpAnswer> answer = http_->get({.url = server.url(), .body_limit = 9});
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().kind, ErrorKind::limit);
  EXPECT_THAT(answer.error().message, HasSubstr("longer than 9 bytes"));
}

TEST_F(HttpCurl, HalfAnAnswerIsNoAnswer) {
  const LoopbackServer server(always("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"));
  const Result<HttpAnswer> answer = http_->get({.url = server.url()});
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().kind, ErrorKind::world);
  EXPECT_THAT(answer.error().message, HasSubstr("cut short"));
}

TEST_F(HttpCurl, NoAnswerAtAllIsSaidInPlainWords) {
  const LoopbackServer closing(always(""));
  EXPECT_THAT(http_->get({.url = closing.url()}).error().message,
              HasSubstr("the connection was closed without an answer"));
  std::string refused;
  {
    const LoopbackServer gone(always(""));
    refused = gone.url();
  }
  EXPECT_THAT(http_->get({.url = refused}).error().message,
              HasSubstr("the server does not take the connection"));
  EXPECT_EQ(http_->get({.url = "http://[oops"}).error().kind, ErrorKind::usage);
}

TEST_F(HttpCurl, ASlowServerIsLeftAfterTheTimeout) {
  const LoopbackServer server([](int connection, const std::string&) {
    LoopbackServer::write(connection, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
    std::this_thread::sleep_for(std::chrono::milliseconds(400));
  });
  const Result<HttpAnswer> answer =
      http_->get({.url = server.url(), .timeout = std::chrono::milliseconds{100}});
  ASSERT_FALSE(answer.ok());
  EXPECT_THAT(answer.error().message, HasSubstr("no complete answer within 0.1 s"));
}

TEST_F(HttpCurl, ADamagedAnswerIsNoAnswer) {
  for (const char* bytes : {"garbage\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nx",
                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nx"}) {
    const LoopbackServer server(always(bytes));
    EXPECT_FALSE(http_->get({.url = server.url()}).ok()) << bytes;
  }
}

TEST_F(HttpCurl, APostIsSentOnceWithItsHeadersAndFollowsNoRedirect) {
  std::string request;
  int connections = 0;
  const LoopbackServer server([&](int connection, const std::string& text) {
    request = text;
    ++connections;
    char rest[64];
    while (!request.ends_with("{\"a\":1}")) {
      const ssize_t count = ::recv(connection, rest, sizeof rest, 0);
      if (count <= 0) break;
      request.append(rest, static_cast<std::size_t>(count));
    }
    LoopbackServer::write(
        connection, "HTTP/1.1 307 Over there\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n");
  });
  const Result<HttpAnswer> answer = http_->post({.url = server.url("/hook"),
                                                 .content_type = "application/json",
                                                 .body = "{\"a\":1}",
                                                 .headers = {{"Lightsout-Event", "opened"}}});
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer->status, 307);
  EXPECT_EQ(connections, 1);
  EXPECT_THAT(request, HasSubstr("POST /hook HTTP/1.1\r\n"));
  EXPECT_THAT(request, HasSubstr("Content-Type: application/json\r\n"));
  EXPECT_THAT(request, HasSubstr("Lightsout-Event: opened\r\n"));
  EXPECT_THAT(request, HasSubstr("Content-Length: 7\r\n"));
  EXPECT_THAT(request, testing::EndsWith("\r\n\r\n{\"a\":1}"));
}

}  // namespace
}  // namespace lightsout
