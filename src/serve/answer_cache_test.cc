// SPDX-License-Identifier: Apache-2.0
#include "serve/answer_cache.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace lightsout {
namespace {

using namespace std::chrono_literals;

const Time kNow{Seconds(1'641'378'600)};

std::shared_ptr<const ReadyAnswer> answer_of(std::size_t bytes, Seconds keep = 60s) {
  ReadyAnswer answer;
  answer.body = std::make_shared<const std::string>(bytes, 'x');
  answer.keep = keep;
  return std::make_shared<const ReadyAnswer>(answer);
}

TEST(AnswerCache, AnAnswerIsGoodUntilItsTimeIsUpOrTheDataChange) {
  AnswerCache cache;
  int made = 0;
  const auto ask = [&](std::uint64_t generation, Time now) {
    return cache.find_or_make("a", generation, now, [&] {
      ++made;
      return answer_of(10);
    });
  };
  const auto first = ask(1, kNow);
  EXPECT_EQ(ask(1, kNow + 59s), first);
  EXPECT_EQ(cache.find("a", 1, kNow + 59s), first);
  EXPECT_EQ(cache.find("a", 1, kNow + 60s), nullptr);
  ask(1, kNow + 60s);
  EXPECT_EQ(made, 2);
  ask(2, kNow + 60s);
  EXPECT_EQ(made, 3);
}

TEST(AnswerCache, WhatMustNotBeKeptIsMadeEachTime) {
  AnswerCache cache;
  int made = 0;
  for (int i = 0; i < 3; ++i) {
    cache.find_or_make("a", 1, kNow, [&] {
      ++made;
      return answer_of(10, 0s);
    });
  }
  EXPECT_EQ(made, 3);
  EXPECT_EQ(cache.counters().entries, 0u);
}

TEST(AnswerCache, ItNeverHoldsMoreThanItsBytesAndTheOldestGoesFirst) {
  constexpr std::size_t kBytes = 8 * 100'000;  // eight shards
  AnswerCache cache(kBytes);
  for (int i = 0; i < 500; ++i) {
    cache.find_or_make("key " + std::to_string(i), 1, kNow, [] { return answer_of(10'000); });
    EXPECT_LE(cache.counters().bytes, kBytes);
    EXPECT_NE(cache.find("key " + std::to_string(i), 1, kNow), nullptr);
  }
  EXPECT_EQ(cache.find("key 0", 1, kNow), nullptr);
  EXPECT_GT(cache.counters().evicted, 0u);
  // At the limit of one answer, and one byte past it.
  AnswerCache roomy;
  ReadyAnswer bare;
  roomy.find_or_make("at", 1, kNow, [] { return answer_of(kMaxCachedAnswer - 512 - 2); });
  roomy.find_or_make("past", 1, kNow, [] { return answer_of(kMaxCachedAnswer - 512 - 3); });
  EXPECT_NE(roomy.find("at", 1, kNow), nullptr);
  EXPECT_EQ(roomy.find("past", 1, kNow), nullptr);
}

TEST(AnswerCache, ThoseWhoAskAtOnceShareOneMaking) {
  AnswerCache cache;
  std::atomic<int> made{0};
  std::vector<std::thread> askers;
  for (int i = 0; i < 8; ++i) {
    askers.emplace_back([&] {
      cache.find_or_make("a", 1, kNow, [&] {
        ++made;
        std::this_thread::sleep_for(50ms);
        return answer_of(10);
      });
    });
  }
  for (std::thread& asker : askers) asker.join();
  EXPECT_EQ(made, 1);
}

TEST(AnswerCache, AMakingThatFailsLeavesNobodyWaiting) {
  AnswerCache cache;
  EXPECT_THROW(
      cache.find_or_make("a", 1, kNow,
                         []() -> std::shared_ptr<const ReadyAnswer> { throw std::bad_alloc(); }),
      std::bad_alloc);
  EXPECT_NE(cache.find_or_make("a", 1, kNow, [] { return answer_of(1); }), nullptr);
}

TEST(AnswerCache, TagsAreComparedAsTheStandardSays) {
  EXPECT_TRUE(etag_matches("\"a\"", "\"a\""));
  EXPECT_TRUE(etag_matches("\"b\", W/\"a\"", "\"a\""));
  EXPECT_TRUE(etag_matches(" * ", "\"a\""));
  EXPECT_FALSE(etag_matches("\"b\"", "\"a\""));
  EXPECT_FALSE(etag_matches("", "\"a\""));
  EXPECT_FALSE(etag_matches("a", "\"a\""));
}

}  // namespace
}  // namespace lightsout
