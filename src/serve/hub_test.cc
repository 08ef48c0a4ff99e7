// SPDX-License-Identifier: Apache-2.0
#include "serve/hub.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace lightsout {
namespace {

using testing::ElementsAre;

class SetClock final : public Clock {
 public:
  Time now() override { return time; }
  void sleep(std::chrono::milliseconds) override {}
  Time time = *parse_time("2022-01-05T10:30:00Z");
};

std::vector<std::string> data_of(const HubNews& news) {
  std::vector<std::string> data;
  for (const auto& event : news.events) data.push_back(event->data);
  return data;
}

TEST(Hub, WhoComesBackGetsWhatCameSince) {
  SetClock clock;
  Hub hub(clock);
  const std::uint64_t start = hub.since(std::nullopt).last;
  const std::uint64_t one = hub.publish(kEventOpened, "country:KZ", "1");
  hub.publish(kEventUpdated, "country:KZ", "2");
  EXPECT_THAT(data_of(hub.since(start)), ElementsAre("1", "2"));
  EXPECT_THAT(data_of(hub.since(one)), ElementsAre("2"));
  EXPECT_TRUE(hub.since(one).complete);
  EXPECT_TRUE(hub.since(std::nullopt).events.empty()) << "who never listened missed nothing";
  EXPECT_TRUE(hub.since(hub.since(one).last).events.empty());
}

TEST(Hub, AFrameIsWhatAnEventSourceReads) {
  SetClock clock;
  Hub hub(clock);
  const std::uint64_t id = hub.publish(kEventOpened, "country:KZ", "{\"a\":1}");
  const HubNews news = hub.since(id - 1);
  EXPECT_EQ(news.events[0]->frame,
            "id: " + std::to_string(id) + "\nevent: incident.opened\ndata: {\"a\":1}\n\n");
  EXPECT_EQ(Hub::parse_id(std::to_string(id)), id);
  for (const char* text : {"", "x", "-1", "1 ", "99999999999999999999999"}) {
    EXPECT_EQ(Hub::parse_id(text), std::nullopt) << text;
  }
}

TEST(Hub, WhatWasLostIsSaid) {
  SetClock clock;
  Hub hub(clock, 2);
  const std::uint64_t start = hub.since(std::nullopt).last;
  hub.publish(kEventDetection, "", "1");
  hub.publish(kEventDetection, "", "2");
  EXPECT_TRUE(hub.since(start).complete) << "at the limit";
  hub.publish(kEventDetection, "", "3");
  EXPECT_FALSE(hub.since(start).complete) << "one past it";
  EXPECT_THAT(data_of(hub.since(start)), ElementsAre("2", "3"));
  EXPECT_TRUE(hub.since(start + 1).complete);
  EXPECT_FALSE(hub.since(start + 1'000'000).complete) << "an id of the future";
  EXPECT_THAT(data_of(hub.since(start + 1'000'000)), ElementsAre("2", "3"));
}

TEST(Hub, IdsGrowOverARestartAndAnEarlierLifeCannotBeResumed) {
  SetClock clock;
  std::uint64_t before = 0;
  {
    Hub hub(clock);
    for (int i = 0; i < 1000; ++i) before = hub.publish(kEventDetection, "", "x");
  }
  clock.time += Seconds{1};
  Hub hub(clock);
  EXPECT_GT(hub.publish(kEventDetection, "", "y"), before);
  EXPECT_FALSE(hub.since(before).complete);
  EXPECT_THAT(data_of(hub.since(before)), ElementsAre("y"));
}

TEST(Hub, BytesAreBoundedToo) {
  SetClock clock;
  Hub hub(clock);
  const std::uint64_t start = hub.since(std::nullopt).last;
  for (int i = 0; i < 200; ++i) {
    hub.publish(kEventDetection, "", std::string(kMaxHubEventBytes, 'x'));
  }
  EXPECT_LE(hub.since(start).events.size(), kMaxHubBytes / kMaxHubEventBytes);
  EXPECT_FALSE(hub.since(start).complete);
}

TEST(Hub, OneListenerTooManyIsTurnedAwayAndALeavingOneMakesRoom) {
  SetClock clock;
  Hub hub(clock);
  std::vector<std::unique_ptr<Hub::Subscription>> all;
  for (std::size_t i = 0; i < kMaxHubListeners; ++i) all.push_back(hub.subscribe([] {}));
  EXPECT_NE(all.back(), nullptr);
  EXPECT_EQ(hub.subscribe([] {}), nullptr);
  all.pop_back();
  EXPECT_NE(hub.subscribe([] {}), nullptr);
}

TEST(Hub, ListenersComeAndGoWhileOthersPublish) {
  SetClock clock;
  Hub hub(clock);
  const std::uint64_t start = hub.since(std::nullopt).last;
  std::atomic<int> woken = 0;
  std::atomic<bool> done = false;
  std::jthread visitors([&] {
    while (!done) {
      const auto listening = hub.subscribe([&] { ++woken; });
      (void)hub.since(start);
    }
  });
  {
    const auto listening = hub.subscribe([&] { ++woken; });
    std::jthread one([&] {
      for (int i = 0; i < 500; ++i) hub.publish(kEventDetection, "", "a");
    });
    for (int i = 0; i < 500; ++i) hub.publish(kEventDetection, "", "b");
  }
  done = true;
  visitors.join();
  EXPECT_GE(woken, 1000);
  const HubNews news = hub.since(start);
  ASSERT_EQ(news.events.size(), 1000u);
  for (std::size_t i = 0; i < news.events.size(); ++i) EXPECT_EQ(news.events[i]->id, start + 1 + i);
  EXPECT_EQ(hub.listeners(), 0u);
}

}  // namespace
}  // namespace lightsout
