// What is particular to a store over a socket; what a Store promises is tested over one by
// duckdb_store_test.cc and duckdb_records_test.cc.
// SPDX-License-Identifier: Apache-2.0
#include "store/remote_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

#include <chrono>
#include <condition_variable>
#include <deque>

#include "store/test_series.h"
#include "store/wire.h"

namespace lightsout {
namespace {

using testing::HasSubstr;

// A listener whose clients are made by connect().
class PairListener final : public LocalListener {
 public:
  Result<std::unique_ptr<LocalStream>> accept() override {
    std::unique_lock lock(mutex_);
    ready_.wait(lock, [&] { return stopped_ || !waiting_.empty(); });
    if (stopped_) return std::unique_ptr<LocalStream>{};
    auto next = std::move(waiting_.front());
    waiting_.pop_front();
    return next;
  }
  void stop() override {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    ready_.notify_all();
  }
  Result<std::unique_ptr<Store>> connect() {
    auto [ours, theirs] = stream_pair();
    {
      const std::lock_guard lock(mutex_);
      waiting_.push_back(std::move(theirs));
    }
    ready_.notify_all();
    return open_remote_store(std::move(ours), "obs.db");
  }

 private:
  std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<std::unique_ptr<LocalStream>> waiting_;
  bool stopped_ = false;
};

TEST(RemoteStore, TwoClientsAtOnceAreServedAndNothingIsMixedUp) {
  const auto store = open_duckdb_store(":memory:");
  PairListener listener;
  StoreService service(**store, listener, "test");
  std::vector<std::jthread> clients;
  for (int client = 0; client < 2; ++client) {
    clients.emplace_back([&, client] {
      auto remote = listener.connect();
      ASSERT_TRUE(remote.ok());
      const std::string signal = "asn:" + std::to_string(client + 1) + "/bgp/visible_slash24";
      for (int i = 0; i < 25; ++i) {
        put(**remote, series_of({num(client), num(i)}, 2 * i, signal.c_str()), test_time(i));
        EXPECT_EQ(samples_of(**remote, std::nullopt, signal.c_str()).size(), 2u * (i + 1));
      }
    });
  }
  clients.clear();
  EXPECT_EQ((*store)->list_signals({})->size(), 2u);
}

TEST(RemoteStore, OneClientTooManyIsToldSoAndALeavingOneMakesRoom) {
  const auto store = open_duckdb_store(":memory:");
  PairListener listener;
  StoreService service(**store, listener, "test");
  std::vector<std::unique_ptr<Store>> clients;
  for (std::size_t i = 0; i < kMaxStoreClients; ++i) clients.push_back(*listener.connect());
  const auto refused = listener.connect();
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().kind, ErrorKind::limit);
  EXPECT_THAT(refused.error().message, HasSubstr("16 programs use the store already"));
  clients.pop_back();
  for (int attempt = 0; attempt < 500; ++attempt) {  // its thread needs a moment to end
    if (listener.connect().ok()) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  FAIL() << "the place of the one that left stays taken";
}

TEST(RemoteStore, AMillionSamplesGoThroughAndComeBack) {
  const auto store = memory_store();
  const auto remote = StoreOverASocket::make(memory_store());
  std::vector<Sample> samples;
  for (int i = 0; i < 1'000'000; ++i) samples.push_back(i % 97 == 0 ? kMissing : num(i));
  const Series series = series_of(samples);
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_EQ(put(*remote, series, test_time(0)), 1'000'000u);
  EXPECT_EQ(samples_of(*remote), samples);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
  testing::Test::RecordProperty("seconds", std::to_string(took.count()));
}

// The server as a process of its own, killed in the middle of a put.
TEST(RemoteStore, AServerThatIsKilledLeavesTheClientWithASentence) {
  auto [ours, theirs] = stream_pair();
  const pid_t child = ::fork();
  if (child == 0) {  // reads the head of the put, and then no more
    const auto hello = receive_message(*theirs);
    WireWriter name;
    name.u8(1);
    name.text("test");
    (void)send_message(*theirs, {.answer = true, .call = StoreCall::hello, .body = name.take()});
    std::uint8_t some[100];
    (void)theirs->read(some);
    ::raise(SIGKILL);
  }
  theirs.reset();
  auto remote = open_remote_store(std::move(ours), "obs.db");
  ASSERT_TRUE(remote.ok()) << remote.error().message;
  const Series series = series_of(std::vector<Sample>(1'000'000, num(1)));
  const auto put = (*remote)->put_series({&series, 1}, test_time(0));
  ::waitpid(child, nullptr, 0);
  ASSERT_FALSE(put.ok());
  EXPECT_EQ(put.error().kind, ErrorKind::world);
  EXPECT_THAT(put.error().message, HasSubstr("the server that has obs.db open went away"));
  EXPECT_THAT(put.error().message, HasSubstr("run this again"));
  EXPECT_FALSE((*remote)->inputs().ok()) << "and so it stays";
}

TEST(RemoteStore, AClientThatVanishesInAPutHasPutNothing) {
  const auto store = open_duckdb_store(":memory:");
  auto [ours, theirs] = stream_pair();
  std::jthread server([&] { serve_store(**store, *theirs, "test"); });
  WireWriter body;
  body.put(std::optional<Time>(test_time(0)));
  const Series series = series_of(std::vector<Sample>(1000, num(1)));
  body.put_all(std::span(&series, 1));
  const std::string bytes = body.take();
  struct Recorder final : LocalStream {
    std::string sent;
    Result<std::size_t> read(std::span<std::uint8_t>) override { return std::size_t{0}; }
    Status write(Bytes more) override {
      sent.append(reinterpret_cast<const char*>(more.data()), more.size());
      return {};
    }
    void shut() override {}
  } recorder;
  ASSERT_TRUE(send_message(recorder, {.call = StoreCall::put_series, .body = bytes}).ok());
  const std::string half = recorder.sent.substr(0, recorder.sent.size() - 1);
  ASSERT_TRUE(ours->write({reinterpret_cast<const std::uint8_t*>(half.data()), half.size()}).ok());
  ours.reset();
  server.join();
  EXPECT_TRUE((*store)->list_signals({})->empty());
}

std::string head(const char* magic, int version, int kind, int call, std::uint64_t length) {
  std::string text = magic;
  text += static_cast<char>(version >> 8);
  text += static_cast<char>(version);
  text += static_cast<char>(kind);
  text += static_cast<char>(call);
  for (int shift = 56; shift >= 0; shift -= 8) text += static_cast<char>(length >> shift);
  return text;
}

TEST(StoreService, WhatCannotBeReadIsAnsweredWithASentenceAndTheEnd) {
  const struct {
    const char* what;
    std::string bytes;
    const char* sentence;
  } cases[] = {
      {"HTTP by mistake", "GET / HTTP/1.1\r\n\r\n", "not the store's protocol"},
      {"another version", head("LOST", 9, 0, 0, 0), "speaks version 9"},
      {"an unknown call", head("LOST", 1, 0, 99, 0), "damaged"},
      {"an answer", head("LOST", 1, 1, 0, 0), "where a question belongs"},
      {"a terabyte", head("LOST", 1, 0, 1, std::uint64_t{1} << 40), "too long"},
      {"cut short", head("LOST", 1, 0, 1, 100) + "x", "broke within a message"},
  };
  const auto store = open_duckdb_store(":memory:");
  for (const auto& each : cases) {
    auto [ours, theirs] = stream_pair();
    std::jthread server([&] { serve_store(**store, *theirs, "test"); });
    ASSERT_TRUE(
        ours->write({reinterpret_cast<const std::uint8_t*>(each.bytes.data()), each.bytes.size()})
            .ok());
    if (std::string_view(each.what) == "cut short") {
      ours.reset();
      continue;
    }
    const auto answer = receive_message(*ours);
    ASSERT_TRUE(answer.ok() && answer->has_value()) << each.what;
    EXPECT_THAT(result_of((*answer)->body).error().message, HasSubstr(each.sentence)) << each.what;
    EXPECT_FALSE(receive_message(*ours).ok() && receive_message(*ours)->has_value());
    server.join();
  }
}

TEST(StoreService, ADamagedBodyIsRefusedAndTheNextRequestAnswered) {
  const auto store = open_duckdb_store(":memory:");
  const Series series = with_input(series_of({num(1), kMissing, num(3)}), "sha", 10);
  WireWriter body;
  body.put(std::optional<Time>());
  body.put_all(std::span(&series, 1));
  const std::string whole = body.take();
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const WireMessage answer = answer_of(
        **store, {.call = StoreCall::put_series, .body = whole.substr(0, length)}, "test");
    ASSERT_FALSE(result_of(answer.body).ok()) << length;
  }
  const WireMessage longer =
      answer_of(**store, {.call = StoreCall::put_series, .body = whole + "x"}, "test");
  EXPECT_FALSE(result_of(longer.body).ok());
  EXPECT_TRUE((*store)->list_signals({})->empty()) << "nothing of it was put";
  const WireMessage good =
      answer_of(**store, {.call = StoreCall::put_series, .body = whole}, "test");
  EXPECT_TRUE(result_of(good.body).ok());
}

}  // namespace
}  // namespace lightsout
