// SPDX-License-Identifier: Apache-2.0
#include "serve/webhook.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "core/sha256.h"

namespace lightsout {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class SetClock final : public Clock {
 public:
  Time now() override { return time; }
  void sleep(std::chrono::milliseconds) override {}
  Time time = *parse_time("2022-01-05T10:30:00Z");
};

// A receiver of which each test says what it answers: a status, or 0 for no answer.
class Receiver final : public Http {
 public:
  Result<HttpAnswer> get(const HttpRequest&) override {
    return Error{ErrorKind::unsupported, "nobody asks"};
  }
  Result<HttpAnswer> post(const HttpPost& request) override {
    tried.push_back(request);
    const int status = answer(request);
    if (status == 0) return Error{ErrorKind::world, "the server does not take the connection"};
    if (status >= 200 && status < 300) taken.push_back(request.body);
    return HttpAnswer{.status = status, .retry_after = retry_after};
  }
  std::function<int(const HttpPost&)> answer = [](const HttpPost&) { return 200; };
  std::optional<std::chrono::seconds> retry_after;
  std::vector<HttpPost> tried;
  std::vector<std::string> taken;
};

std::string event(const std::string& incident, const std::string& change) {
  return "{\"event\":\"" + change + "\",\"incident\":\"" + incident + "\"}";
}

struct Hooked {
  SetClock clock;
  Hub hub{clock};
  Receiver receiver;
  std::vector<std::string> said;
  Webhook webhook{{.url = "http://127.0.0.1:1/hook", .secret = "s3cret"},
                  hub,
                  receiver,
                  clock,
                  [this](std::string_view text) { said.emplace_back(text); }};

  void publish(const std::string& incident, const std::string& change) {
    hub.publish(kEventUpdated, "country:KZ", event(incident, change));
  }
  // Time passes until nothing waits, or for as long as given.
  Seconds wait(Seconds longest = std::chrono::hours{30}) {
    const Time begun = clock.time;
    for (auto next = webhook.step(); next && clock.time - begun < longest; next = webhook.step()) {
      clock.time += *next;
    }
    return clock.time - begun;
  }
};

TEST(Webhook, EachEventIsSentOnceSignedAndNamed) {
  Hooked hooked;
  hooked.hub.publish(kEventDetection, "country:KZ", "{}");
  hooked.publish("kz-1", "opened");
  EXPECT_EQ(hooked.webhook.step(), std::nullopt);
  ASSERT_THAT(hooked.receiver.tried, SizeIs(1)) << "detections are not sent";
  const HttpPost& post = hooked.receiver.tried[0];
  EXPECT_EQ(post.url, "http://127.0.0.1:1/hook");
  EXPECT_EQ(post.content_type, "application/json");
  EXPECT_THAT(post.headers,
              Contains(std::pair<std::string, std::string>("Lightsout-Event", "opened")));
  EXPECT_THAT(post.headers,
              Contains(std::pair<std::string, std::string>(
                  "Lightsout-Signature",
                  "t=1641378600,v1=" + hmac_sha256_hex("s3cret", "1641378600." + post.body))));
  EXPECT_EQ(hooked.webhook.step(), std::nullopt);
  EXPECT_THAT(hooked.receiver.tried, SizeIs(1));
  EXPECT_EQ(hooked.webhook.delivered(), 1u);
}

TEST(Webhook, AReceiverThatIsDownThenBrokenThenFineGetsEverythingInOrder) {
  Hooked hooked;
  int tries = 0;
  hooked.receiver.answer = [&](const HttpPost&) {
    ++tries;
    return tries <= 3 ? 0 : tries <= 5 ? 500 : 204;
  };
  for (const char* change : {"opened", "updated", "restored"}) hooked.publish("kz-1", change);
  const Seconds waited = hooked.wait();
  EXPECT_THAT(hooked.receiver.taken, ElementsAre(event("kz-1", "opened"), event("kz-1", "updated"),
                                                 event("kz-1", "restored")));
  EXPECT_EQ(tries, 5 + 3);
  EXPECT_EQ(waited, Seconds{2 + 4 + 8 + 16 + 32});
  EXPECT_EQ(hooked.webhook.waiting(), 0u);
  EXPECT_THAT(hooked.said, ElementsAre(HasSubstr("is tried again: the server does not take")));
}

TEST(Webhook, IncidentsDoNotWaitForEachOther) {
  Hooked hooked;
  hooked.receiver.answer = [](const HttpPost& post) {
    return post.body.find("ir-1") != std::string::npos ? 500 : 200;
  };
  hooked.publish("ir-1", "opened");
  hooked.publish("kz-1", "opened");
  hooked.publish("ir-1", "updated");
  hooked.publish("kz-1", "restored");
  EXPECT_NE(hooked.webhook.step(), std::nullopt);
  EXPECT_THAT(hooked.receiver.taken,
              ElementsAre(event("kz-1", "opened"), event("kz-1", "restored")));
  EXPECT_EQ(hooked.webhook.waiting(), 2u);
}

TEST(Webhook, WhatIsRefusedForGoodIsSaidAndDoesNotHoldUpTheNext) {
  Hooked hooked;
  for (const int status : {301, 400, 401, 404, 410}) {
    hooked.receiver.answer = [&](const HttpPost& post) {
      return post.body.find("opened") != std::string::npos ? status : 200;
    };
    hooked.publish("kz-1", "opened");
    hooked.publish("kz-1", "updated");
    EXPECT_EQ(hooked.webhook.step(), std::nullopt) << status;
    EXPECT_THAT(hooked.said.back(),
                HasSubstr("refused for good: the receiver answered " + std::to_string(status)));
  }
  EXPECT_EQ(hooked.webhook.lost(), 5u);
  EXPECT_EQ(hooked.webhook.delivered(), 5u);
}

TEST(Webhook, RetryAfterIsHeardAndADayIsTheEnd) {
  Hooked hooked;
  hooked.receiver.answer = [](const HttpPost&) { return 429; };
  hooked.receiver.retry_after = Seconds{90};
  hooked.publish("kz-1", "opened");
  EXPECT_EQ(hooked.webhook.step(), Seconds{90});
  hooked.receiver.retry_after.reset();
  hooked.clock.time += Seconds{90};
  const Seconds waited = hooked.wait() + Seconds{90};
  EXPECT_GE(waited, kWebhookPatience);
  EXPECT_LE(waited, kWebhookPatience + kWebhookLongestWait);
  EXPECT_THAT(hooked.said.back(), HasSubstr("given up after a day"));
  EXPECT_EQ(hooked.webhook.waiting(), 0u);
}

TEST(Webhook, OneEventTooManyIsLostAndSaid) {
  Hooked hooked;
  hooked.receiver.answer = [](const HttpPost&) { return 0; };
  for (std::size_t i = 0; i < kMaxWebhookWaiting; ++i) {
    hooked.publish("kz-1", "updated");
    if (i % 1000 == 999) (void)hooked.webhook.step();
  }
  EXPECT_EQ(hooked.webhook.waiting(), kMaxWebhookWaiting);
  EXPECT_EQ(hooked.webhook.lost(), 0u);
  hooked.publish("kz-1", "updated");
  (void)hooked.webhook.step();
  EXPECT_EQ(hooked.webhook.lost(), 1u);
}

TEST(Webhook, PublishingNeverWaitsForASlowReceiver) {
  Hooked hooked;
  std::atomic<bool> answering = false;
  std::atomic<bool> go_on = false;
  hooked.receiver.answer = [&](const HttpPost&) {
    answering = true;
    while (!go_on) std::this_thread::yield();
    return 200;
  };
  std::jthread thread([&](const std::stop_token& stop) { hooked.webhook.run(stop); });
  hooked.publish("kz-1", "opened");
  while (!answering) std::this_thread::yield();
  for (int i = 0; i < 100; ++i) hooked.publish("kz-1", "updated");  // would hang if it waited
  EXPECT_EQ(hooked.webhook.delivered(), 0u);
  go_on = true;
  while (hooked.webhook.delivered() < 101) std::this_thread::yield();
  thread.request_stop();
  thread.join();
  EXPECT_EQ(hooked.receiver.taken.size(), 101u);
}

TEST(Webhook, AnAddressAndASecretAreNeeded) {
  EXPECT_TRUE(check_webhook({.url = "https://x.example/h", .secret = "s"}).ok());
  for (const WebhookOptions& bad :
       {WebhookOptions{.url = "ftp://x", .secret = "s"}, WebhookOptions{.url = "", .secret = "s"},
        WebhookOptions{.url = "http://x /", .secret = "s"}, WebhookOptions{.url = "http://x"}}) {
    const Status refused = check_webhook(bad);
    ASSERT_FALSE(refused.ok()) << bad.url;
    EXPECT_EQ(refused.error().kind, ErrorKind::usage);
  }
}

}  // namespace
}  // namespace lightsout
