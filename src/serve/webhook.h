// Webhook: each incident event of the hub as one POST to one address, signed, in order, and tried
// again until it was taken.
//
// The events of an incident arrive in their order: a later one waits for the earlier ones.
// Incidents do not wait for each other. 2xx takes an event; 408, 425, 429, 5xx and no answer are
// tried again after 2 s, 4 s ... 10 min, or what Retry-After asks for, for a day; anything else
// refuses it for good, which is said. Nothing here holds up who publishes. What was not taken when
// the server ends is not kept: who needs every event reads the versions of the incidents.
//
//   Lightsout-Event: restored
//   Lightsout-Delivery: 1722...              the id of the event: the same each time it is tried
//   Lightsout-Signature: t=1641378600,v1=HEX  HMAC-SHA-256 with the secret over "1641378600.BODY"
//
// docs/formats/webhook.md has the payload and how to check the signature.
//
//   Webhook webhook({.url = url, .secret = secret}, hub, *http, clock, say);
//   std::jthread thread([&](std::stop_token stop) { webhook.run(stop); });
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "core/clock.h"
#include "core/http.h"
#include "serve/hub.h"

namespace lightsout {

inline constexpr Seconds kWebhookFirstWait{2};  // doubled each time
inline constexpr Seconds kWebhookLongestWait = std::chrono::minutes{10};
inline constexpr Seconds kWebhookPatience = std::chrono::hours{24};  // for one event
inline constexpr std::size_t kMaxWebhookWaiting = 10'000;  // events; one more is lost, and said

struct WebhookOptions {
  std::string url;     // http or https
  std::string secret;  // not empty
  std::chrono::milliseconds timeout{10'000};
};

// An Error of kind usage: not an address of the web, or no secret.
Status check_webhook(const WebhookOptions& options);

// What stands in Lightsout-Signature.
std::string webhook_signature(std::string_view secret, Time at, std::string_view body);

class Webhook {
 public:
  using Say = std::function<void(std::string_view sentence)>;

  // All must outlive it; `http` is used by the thread that calls step() or run() only.
  Webhook(WebhookOptions options, Hub& hub, Http& http, Clock& clock, Say say);

  // Takes what the hub has and sends what is due, one try each. How long until the next is due;
  // nullopt: nothing waits.
  std::optional<Seconds> step();
  // Until asked to stop; then what was not tried yet is tried once.
  void run(const std::stop_token& stop);

  std::size_t waiting() const { return waiting_; }
  std::uint64_t delivered() const { return delivered_; }
  std::uint64_t lost() const { return lost_; }

 private:
  struct Delivery {
    std::shared_ptr<const HubEvent> event;
    std::string change;  // "opened"
    int tries = 0;
    Time first_try{};
    Time due{};
  };

  void take_news();
  void send(Delivery& delivery, bool& done);
  void postpone(Delivery& delivery, std::optional<Seconds> asked, std::string_view why, bool& done);

  WebhookOptions options_;
  Hub& hub_;
  Http& http_;
  Clock& clock_;
  Say say_;
  std::uint64_t seen_;
  std::map<std::string, std::deque<Delivery>> lanes_;  // by incident

  std::mutex mutex_;
  std::condition_variable_any woken_;
  bool news_ = false;
  std::unique_ptr<Hub::Subscription> listening_;

  std::atomic<std::size_t> waiting_ = 0;
  std::atomic<std::uint64_t> delivered_ = 0;
  std::atomic<std::uint64_t> lost_ = 0;
};

}  // namespace lightsout
