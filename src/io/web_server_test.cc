// The web server over the loopback: every limit at it and one past it, and what attackers try.
// SPDX-License-Identifier: Apache-2.0
#include "io/web_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <thread>

#include "io/test_folder.h"

namespace lightsout {
namespace {

using namespace std::chrono_literals;

std::shared_ptr<const std::string> text(std::string value) {
  return std::make_shared<const std::string>(std::move(value));
}

// A stream that says what it is given.
class TestStream final : public WebStream {
 public:
  std::optional<std::string> take() override {
    const std::lock_guard lock(mutex_);
    return std::exchange(news_, {});
  }
  std::string_view heartbeat() const override { return ":\n\n"; }
  void wake_with(std::function<void()> wake) override {
    const std::lock_guard lock(mutex_);
    wake_ = std::move(wake);
  }
  void say(const std::string& news) {
    const std::lock_guard lock(mutex_);
    news_ += news;
    if (wake_) wake_();
  }

 private:
  std::mutex mutex_;
  std::string news_;
  std::function<void()> wake_;
};

class TestHandler final : public WebHandler {
 public:
  std::optional<WebReply> at_once(const WebAsk& ask) override {
    if (ask.target != "/ready") return std::nullopt;
    return reply(200, "ready");
  }
  WebReply in_time(const WebAsk& ask) override {
    if (ask.target == "/slow") {
      std::unique_lock lock(mutex_);
      ++working;
      changed_.notify_all();
      changed_.wait_for(lock, 20s, [&] { return released_; });
      return reply(200, "slow but sure");
    }
    if (ask.target == "/long") return reply(200, std::string(20 << 20, 'x'));
    if (ask.target == "/throw") throw std::bad_alloc();
    if (ask.target == "/stream") {
      WebReply streamed = reply(200, "");
      streamed.body = nullptr;
      streamed.stream = stream;
      return streamed;
    }
    return reply(200, "you asked " + ask.target);
  }
  WebReply refusal(int status, std::string_view sentence, std::string_view) override {
    return reply(status, std::string(sentence) + "\n");
  }
  void served(std::string_view, const WebReply&, std::uint64_t bytes,
              std::chrono::microseconds) override {
    ++answers;
    sent += bytes;
  }
  void wait_for_work() {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, 20s, [&] { return working > 0; });
  }
  void release() {
    const std::lock_guard lock(mutex_);
    released_ = true;
    changed_.notify_all();
  }

  std::shared_ptr<TestStream> stream = std::make_shared<TestStream>();
  std::atomic<int> answers{0};
  std::atomic<std::uint64_t> sent{0};
  int working = 0;

 private:
  static WebReply reply(int status, std::string body) {
    return {.status = status,
            .head = text("Content-Type: text/plain\r\n"),
            .body = text(std::move(body)),
            .stream = nullptr,
            .route = "/test"};
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  bool released_ = false;
};

// A client that sends exactly the bytes it is told to.
class Line {
 public:
  explicit Line(const std::string& address) {
    const std::size_t colon = address.rfind(':');
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in to{
        .sin_family = AF_INET,
        .sin_port = htons(static_cast<std::uint16_t>(std::stoi(address.substr(colon + 1))))};
    inet_pton(AF_INET, address.substr(0, colon).c_str(), &to.sin_addr);
    connected_ = ::connect(socket_, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0;
  }
  ~Line() { ::close(socket_); }
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  bool connected() const { return connected_; }
  int number() const { return socket_; }
  bool send(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  }
  // Until `until` is in what came, the other side closes, or the time is up.
  std::string read(std::string_view until = {}, std::chrono::milliseconds time = 10s) {
    std::string all;
    const auto end = std::chrono::steady_clock::now() + time;
    while (until.empty() || all.find(until) == std::string::npos) {
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
          end - std::chrono::steady_clock::now());
      pollfd wanted{.fd = socket_, .events = POLLIN, .revents = 0};
      if (left <= 0ms || ::poll(&wanted, 1, static_cast<int>(left.count())) <= 0) {
        timed_out = true;
        break;
      }
      char block[65536];
      const ssize_t count = ::recv(socket_, block, sizeof block, 0);
      if (count <= 0) {
        closed = true;
        break;
      }
      all.append(block, static_cast<std::size_t>(count));
    }
    return all;
  }

  bool closed = false;
  bool timed_out = false;

 private:
  int socket_ = -1;
  bool connected_ = false;
};

int status_of(const std::string& answer) {
  return answer.starts_with("HTTP/1.1 ") ? std::stoi(answer.substr(9, 3)) : 0;
}

std::string get(const std::string& path, const std::string& more = {}) {
  return "GET " + path + " HTTP/1.1\r\nHost: a\r\n" + more + "\r\n";
}

struct Served {
  explicit Served(WebLimits limits = {}, std::string certificate = {}, std::string key = {}) {
    Result<std::unique_ptr<WebServer>> started =
        start_web_server({.listen = "127.0.0.1:0",
                          .tls_certificate = std::move(certificate),
                          .tls_key = std::move(key),
                          .threads = 2,
                          .workers = 2,
                          .limits = limits},
                         handler);
    CHECK(started.ok());
    server = std::move(*started);
  }
  std::string ask(const std::string& bytes) const {
    Line line(server->address());
    line.send(bytes);
    return line.read();
  }

  TestHandler handler;
  std::unique_ptr<WebServer> server;
};

TEST(WebServer, AnswersAtOnceAndInTimeOnOneLine) {
  Served served;
  Line line(served.server->address());
  line.send(get("/ready"));
  EXPECT_TRUE(line.read("ready").starts_with("HTTP/1.1 200 OK\r\nDate: "));
  line.send(get("/b?c=d"));
  EXPECT_NE(line.read("/b?c=d").find("Content-Length: 16"), std::string::npos);
  // Asked before the answer to the one before: answered in their order.
  line.send(get("/1") + get("/ready") + get("/3"));
  const std::string three = line.read("/3");
  EXPECT_LT(three.find("/1"), three.find("ready"));
  EXPECT_LT(three.find("ready"), three.find("/3"));
  EXPECT_EQ(served.server->counters().connections, 1u);
}

TEST(WebServer, HeadHasTheHeadersOfGetAndNoBody) {
  Served served;
  const std::string whole = served.ask(get("/x", "Connection: close\r\n"));
  const std::string head = served.ask("HEAD /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(head.ends_with("\r\n\r\n"));
  EXPECT_NE(head.find("Content-Length: 12"), std::string::npos);
  EXPECT_TRUE(whole.ends_with("you asked /x"));
  EXPECT_EQ(whole.size(), head.size() + 12);
}

TEST(WebServer, OtherMethodsAreRefusedAndTheLineIsClosed) {
  Served served;
  for (const std::string method : {"POST", "PUT", "DELETE", "TRACE", "CONNECT", "OPTIONS", "X-Y"}) {
    EXPECT_EQ(
        status_of(served.ask(method + " / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc")),
        405)
        << method;
  }
}

TEST(WebServer, WhatCouldSmuggleARequestClosesTheLine) {
  Served served;
  const std::string hidden = "GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n";
  for (const std::string attack :
       {"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: "
        "chunked\r\n\r\n0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 33\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n X: y\r\n\r\n", "GET / HTTP/1.1\nHost: a\n\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: y\n\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"}) {
    const std::string answer = served.ask(attack + hidden);
    EXPECT_EQ(status_of(answer), 400) << attack;
    EXPECT_EQ(answer.find("/hidden"), std::string::npos) << attack;
  }
}

TEST(WebServer, AHeadIsTakenUpToItsLimitAndNotPastIt) {
  WebLimits limits;
  limits.head_bytes = 1'024;
  limits.header_fields = 5;
  Served served(limits);
  const std::string begin = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX: ";
  const std::string fill(1'024 - begin.size() - 4, 'x');
  EXPECT_EQ(status_of(served.ask(begin + fill + "\r\n\r\n")), 200);
  EXPECT_EQ(status_of(served.ask(begin + fill + "x\r\n\r\n")), 431);
  EXPECT_EQ(status_of(served.ask(get("/", "A: 1\r\nB: 2\r\nC: 3\r\nConnection: close\r\n"))), 200);
  EXPECT_EQ(status_of(served.ask(get("/", "A: 1\r\nB: 2\r\nC: 3\r\nD: 4\r\nE: 5\r\n"))), 431);
  // One that never ends is not read for ever.
  Line line(served.server->address());
  line.send("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(4'000, 'x'));
  EXPECT_EQ(status_of(line.read()), 431);
  Served usual;
  EXPECT_EQ(
      status_of(usual.ask("GET /" + std::string(9'000, 'x') + " HTTP/1.1\r\nHost: a\r\n\r\n")),
      414);
}

TEST(WebServer, ABodyIsDroppedUpToItsLimitAndRefusedPastIt) {
  WebLimits limits;
  limits.body_bytes = 100;
  Served served(limits);
  Line line(served.server->address());
  line.send(get("/a", "Content-Length: 100\r\n") + std::string(100, 'b') + get("/c"));
  EXPECT_NE(line.read("/c").find("/a"), std::string::npos);
  EXPECT_EQ(status_of(served.ask(get("/", "Content-Length: 101\r\n") + std::string(101, 'b'))),
            413);
}

TEST(WebServer, AGigabyteIsRefusedBeforeItIsRead) {
  Served served;
  Line line(served.server->address());
  line.send(get("/", "Content-Length: 1073741824\r\n"));
  const std::string block(1 << 20, 'x');
  std::size_t taken = 0;
  for (; taken < (1u << 30) && line.send(block); taken += block.size()) {
  }
  EXPECT_LT(taken, 64u << 20);  // what lies in the buffers of both sides
  Line other(served.server->address());
  other.send(get("/", "Content-Length: 1073741824\r\n") + "abc");
  EXPECT_EQ(status_of(other.read()), 413);
}

TEST(WebServer, WhoSendsTooSlowlyIsToldAndClosed) {
  WebLimits limits;
  limits.head_time = 400ms;
  limits.idle_time = 400ms;
  Served served(limits);
  std::vector<std::unique_ptr<Line>> slow;
  for (int i = 0; i < 200; ++i) {
    slow.push_back(std::make_unique<Line>(served.server->address()));
    slow.back()->send("GET / HTTP/1.1\r\nX-a: b\r\n");
  }
  // Others are answered meanwhile, and a byte now and then buys no time.
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(status_of(served.ask(get("/", "Connection: close\r\n"))), 200);
  for (int i = 0; i < 3; ++i) {
    std::this_thread::sleep_for(100ms);
    for (const auto& line : slow) line->send("X");
  }
  for (const auto& line : slow) {
    EXPECT_EQ(status_of(line->read()), 408);
    EXPECT_TRUE(line->closed);
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
  // A line that asks nothing (more) is closed without a word.
  Line idle(served.server->address());
  idle.send(get("/ready"));
  idle.read("ready");
  EXPECT_EQ(idle.read(), "");
  EXPECT_TRUE(idle.closed);
}

TEST(WebServer, WhoReadsTooSlowlyIsCutOff) {
  WebLimits limits;
  limits.write_time = 300ms;
  Served served(limits);
  Line line(served.server->address());
  line.send(get("/long"));
  for (int i = 0; i < 100 && served.server->counters().connections > 0; ++i) {
    std::this_thread::sleep_for(50ms);
  }
  EXPECT_EQ(served.server->counters().connections, 0u);
  // At a usual pace the same answer arrives whole.
  EXPECT_GT(served.ask(get("/long", "Connection: close\r\n")).size(), 20u << 20);
}

TEST(WebServer, OneConnectionTooManyIsToldSo) {
  WebLimits limits;
  limits.connections = 3;
  Served served(limits);
  std::vector<std::unique_ptr<Line>> lines;
  for (int i = 0; i < 3; ++i) {
    lines.push_back(std::make_unique<Line>(served.server->address()));
    lines.back()->send(get("/ready"));
    EXPECT_EQ(status_of(lines.back()->read("ready")), 200);
  }
  Line fourth(served.server->address());
  const std::string answer = fourth.read();
  EXPECT_EQ(status_of(answer), 503);
  EXPECT_NE(answer.find("Too many connections"), std::string::npos);
  EXPECT_EQ(answer.size() - answer.find("\r\n\r\n") - 4, 59u);
  EXPECT_EQ(served.server->counters().refused, 1u);
  lines.pop_back();
  for (int i = 0; i < 100 && served.server->counters().connections > 2; ++i) {
    std::this_thread::sleep_for(20ms);
  }
  EXPECT_EQ(status_of(served.ask(get("/ready", "Connection: close\r\n"))), 200);
}

TEST(WebServer, AsksPastTheLimitOfAConnectionGetANewOne) {
  WebLimits limits;
  limits.asks = 2;
  Served served(limits);
  const std::string answers = served.ask(get("/1") + get("/2") + get("/3"));
  EXPECT_NE(answers.find("/2"), std::string::npos);
  EXPECT_NE(answers.find("Connection: close"), std::string::npos);
  EXPECT_EQ(answers.find("/3"), std::string::npos);
}

TEST(WebServer, WorkPastTheLimitIsTurnedAwayAndWhatLiesReadyIsNot) {
  WebLimits limits;
  limits.waiting = 1;
  Served served(limits);
  Line slow(served.server->address());
  slow.send(get("/slow"));
  served.handler.wait_for_work();
  EXPECT_EQ(status_of(served.ask(get("/other", "Connection: close\r\n"))), 503);
  EXPECT_EQ(status_of(served.ask(get("/ready", "Connection: close\r\n"))), 200);
  served.handler.release();
  EXPECT_NE(slow.read("sure").find("slow but sure"), std::string::npos);
}

TEST(WebServer, AnAnswerThatCannotBeMadeIsOneAnswerOnly) {
  Served served;
  EXPECT_EQ(status_of(served.ask(get("/throw", "Connection: close\r\n"))), 500);
  EXPECT_EQ(status_of(served.ask(get("/fine", "Connection: close\r\n"))), 200);
}

TEST(WebServer, StreamsSayWhatComesAndKeepTheLineWarm) {
  WebLimits limits;
  limits.heartbeat = 100ms;
  limits.streams = 1;
  Served served(limits);
  Line line(served.server->address());
  line.send(get("/stream"));
  EXPECT_NE(line.read(":\n\n").find("HTTP/1.1 200 OK"), std::string::npos);
  served.handler.stream->say("data: one\n\n");
  EXPECT_NE(line.read("one\n\n").find("data: one"), std::string::npos);
  EXPECT_EQ(served.server->counters().streams, 1u);
  EXPECT_EQ(status_of(served.ask(get("/stream", "Connection: close\r\n"))), 503);
  EXPECT_TRUE(served.ask("HEAD /stream HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                  .ends_with("\r\n\r\n"));
}

TEST(WebServer, DrainFinishesWhatRunsAndTakesNothingNew) {
  Served served;
  const std::string address = served.server->address();
  Line slow(address);
  slow.send(get("/slow"));
  served.handler.wait_for_work();
  Line idle(address);
  idle.send(get("/ready"));
  idle.read("ready");
  Line streamed(address);
  streamed.send(get("/stream"));
  streamed.read("\r\n\r\n");
  EXPECT_FALSE(served.server->wait(0ms));
  served.server->stop();
  EXPECT_TRUE(served.server->wait(0ms));
  std::thread drain([&] { served.server->drain(); });
  EXPECT_EQ(idle.read(), "");
  EXPECT_TRUE(idle.closed);
  streamed.read();
  EXPECT_TRUE(streamed.closed);
  EXPECT_FALSE(Line(address).connected());
  served.handler.release();
  const std::string answer = slow.read();
  EXPECT_TRUE(answer.ends_with("slow but sure"));
  EXPECT_NE(answer.find("Connection: close"), std::string::npos);
  drain.join();
}

TEST(WebServer, DrainIsBounded) {
  WebLimits limits;
  limits.drain_time = 200ms;
  Served served(limits);
  Line line(served.server->address());
  line.send(get("/long"));  // and never reads it
  std::this_thread::sleep_for(100ms);
  const auto begin = std::chrono::steady_clock::now();
  served.server->drain();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
}

// Client and server each need a file for a connection, so the clients are another process.
TEST(WebServer, TenThousandConnectionsAndItKeepsAnswering) {
#ifdef LIGHTSOUT_SANITIZED
  GTEST_SKIP() << "ten thousand coroutines under a sanitizer take minutes";
#endif
  rlimit files{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &files), 0);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  const std::size_t wanted = std::min<std::size_t>(10'000, files.rlim_max - 512);
  RecordProperty("connections", static_cast<int>(wanted));
  Served served;
  const std::string address = served.server->address();
  int ready[2];
  int done[2];
  ASSERT_EQ(::pipe(ready), 0);
  ASSERT_EQ(::pipe(done), 0);
  const pid_t client = ::fork();
  if (client == 0) {
    ::close(done[1]);
    std::vector<std::unique_ptr<Line>> lines;
    std::size_t open = 0;
    for (std::size_t i = 0; i < wanted; ++i) {
      lines.push_back(std::make_unique<Line>(address));
      open += lines.back()->connected() && lines.back()->send("GET / HTTP/1.1\r\n") ? 1 : 0;
    }
    if (::write(ready[1], &open, sizeof open) < 0) ::_exit(1);
    char byte;
    if (::read(done[0], &byte, 1) < 0) ::_exit(1);
    ::_exit(0);
  }
  std::size_t open = 0;
  ASSERT_EQ(::read(ready[0], &open, sizeof open), static_cast<ssize_t>(sizeof open));
  EXPECT_EQ(open, wanted);
  for (int i = 0; i < 100 && served.server->counters().connections < wanted; ++i) {
    std::this_thread::sleep_for(50ms);
  }
  EXPECT_EQ(served.server->counters().connections, wanted);
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(status_of(served.ask(get("/fine", "Connection: close\r\n"))), 200);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 1s);
  ::close(done[1]);
  ::waitpid(client, nullptr, 0);
  for (const int each : {ready[0], ready[1], done[0]}) ::close(each);
}

TEST(WebServer, SpeaksTlsWithACertificateOfItsOwn) {
  const TestFolder folder;
  const std::string certificate = (folder.path() / "cert.pem").string();
  const std::string key = (folder.path() / "key.pem").string();
  ASSERT_EQ(
      std::system(("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes "
                   "-days 1 -subj /CN=localhost -keyout " +
                   key + " -out " + certificate + " >/dev/null 2>&1")
                      .c_str()),
      0);
  Served served({}, certificate, key);
  const std::string answer = (folder.path() / "answer").string();
  ASSERT_EQ(
      std::system(("printf 'GET /tls HTTP/1.1\\r\\nHost: a\\r\\nConnection: close\\r\\n\\r\\n' | "
                   "openssl s_client -quiet -connect " +
                   served.server->address() + " -CAfile " + certificate +
                   " -verify_return_error >" + answer + " 2>/dev/null")
                      .c_str()),
      0);
  const std::string said = folder.get("answer");
  EXPECT_NE(said.find("you asked /tls"), std::string::npos) << said;
  // Plain words on that port, and a client that says nothing, hurt nobody.
  EXPECT_EQ(served.ask(get("/")).find("you asked"), std::string::npos);
}

TEST(WebServer, WhatCannotBeServedIsSaidAtTheStart) {
  TestHandler handler;
  for (const std::string listen : {"", "8080", "127.0.0.1", "127.0.0.1:99999", "::1:80", "a:80"}) {
    const auto server = start_web_server({.listen = listen}, handler);
    ASSERT_FALSE(server.ok()) << listen;
    EXPECT_EQ(server.error().kind, ErrorKind::usage) << listen;
  }
  const Served served;
  const auto taken = start_web_server({.listen = served.server->address()}, handler);
  ASSERT_FALSE(taken.ok());
  EXPECT_NE(taken.error().message.find("in use"), std::string::npos) << taken.error().message;
  const auto half = start_web_server({.listen = "127.0.0.1:0", .tls_key = "x"}, handler);
  EXPECT_FALSE(half.ok());
  const auto none = start_web_server(
      {.listen = "127.0.0.1:0", .tls_certificate = "/none", .tls_key = "/none"}, handler);
  EXPECT_FALSE(none.ok());
}

}  // namespace
}  // namespace lightsout
