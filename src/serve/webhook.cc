// SPDX-License-Identifier: Apache-2.0
#include "serve/webhook.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/sha256.h"

namespace lightsout {

namespace {

bool may_try_again(int status) {
  return status == 408 || status == 425 || status == 429 || status >= 500;
}

std::string text_field(const nlohmann::json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

Status check_webhook(const WebhookOptions& options) {
  if (!options.url.starts_with("http://") && !options.url.starts_with("https://")) {
    return Error{ErrorKind::usage,
                 fmt::format("--webhook needs an http or https address, not '{}'", options.url)};
  }
  if (options.url.find_first_of(" \r\n\t") != std::string::npos) {
    return Error{ErrorKind::usage, "--webhook: an address has no blanks"};
  }
  if (options.secret.empty()) {
    return Error{ErrorKind::usage, "--webhook needs a secret to sign with: --webhook-secret FILE"};
  }
  return {};
}

std::string webhook_signature(std::string_view secret, Time at, std::string_view body) {
  const std::string seconds = std::to_string(at.time_since_epoch().count());
  return fmt::format("t={},v1={}", seconds,
                     hmac_sha256_hex(secret, fmt::format("{}.{}", seconds, body)));
}

Webhook::Webhook(WebhookOptions options, Hub& hub, Http& http, Clock& clock, Say say)
    : options_(std::move(options)),
      hub_(hub),
      http_(http),
      clock_(clock),
      say_(std::move(say)),
      seen_(hub.since(std::nullopt).last),
      listening_(hub.subscribe([this] {
        const std::lock_guard lock(mutex_);
        news_ = true;
        woken_.notify_one();
      })) {}

void Webhook::take_news() {
  const HubNews news = hub_.since(seen_);
  seen_ = news.last;
  if (!news.complete) {
    ++lost_;
    say_("the webhook is so far behind that events were lost; read the incidents again");
  }
  for (const auto& event : news.events) {
    if (!event->kind.starts_with("incident.")) continue;
    const auto json = nlohmann::json::parse(event->data, nullptr, false);
    if (waiting_ >= kMaxWebhookWaiting) {
      if (lost_++ == 0) say_("too many events wait for the webhook; further ones are lost");
      continue;
    }
    ++waiting_;
    lanes_[text_field(json, "incident")].push_back(
        {.event = event, .change = text_field(json, "event")});
  }
}

std::optional<Seconds> Webhook::step() {
  take_news();
  std::optional<Seconds> wait;
  for (auto lane = lanes_.begin(); lane != lanes_.end();) {
    std::deque<Delivery>& queue = lane->second;
    while (!queue.empty() && queue.front().due <= clock_.now()) {
      bool done = false;
      send(queue.front(), done);
      if (!done) break;
      queue.pop_front();
      --waiting_;
    }
    if (!queue.empty()) {
      const Seconds left = std::max(queue.front().due - clock_.now(), Seconds{0});
      wait = wait ? std::min(*wait, left) : left;
    }
    lane = queue.empty() ? lanes_.erase(lane) : std::next(lane);
  }
  return wait;
}

// `done`: taken, or never to be.
void Webhook::send(Delivery& delivery, bool& done) {
  const Time now = clock_.now();
  if (delivery.tries++ == 0) delivery.first_try = now;
  const std::string& body = delivery.event->data;
  const Result<HttpAnswer> answer = http_.post(
      {.url = options_.url,
       .content_type = "application/json",
       .body = body,
       .headers = {{"Lightsout-Event", delivery.change},
                   {"Lightsout-Delivery", std::to_string(delivery.event->id)},
                   {"Lightsout-Signature", webhook_signature(options_.secret, now, body)}},
       .timeout = options_.timeout});
  if (!answer) return postpone(delivery, std::nullopt, answer.error().message, done);
  if (answer->status >= 200 && answer->status < 300) {
    ++delivered_;
    done = true;
    return;
  }
  const std::string why = fmt::format("the receiver answered {}", answer->status);
  if (may_try_again(answer->status)) return postpone(delivery, answer->retry_after, why, done);
  say_(fmt::format("the webhook's event {} was refused for good: {}", delivery.event->id, why));
  ++lost_;
  done = true;
}

void Webhook::postpone(Delivery& delivery, std::optional<Seconds> asked, std::string_view why,
                       bool& done) {
  const Time now = clock_.now();
  if (now - delivery.first_try >= kWebhookPatience) {
    say_(fmt::format("the webhook's event {} was given up after a day: {}", delivery.event->id,
                     why));
    ++lost_;
    done = true;
    return;
  }
  Seconds wait = kWebhookFirstWait;
  for (int i = 1; i < delivery.tries && wait < kWebhookLongestWait; ++i) wait *= 2;
  wait = std::min(wait, kWebhookLongestWait);
  if (asked) wait = std::clamp(*asked, wait, std::max(wait, Seconds{std::chrono::hours{1}}));
  delivery.due = now + wait;
  if (delivery.tries == 1)
    say_(fmt::format("the webhook was not taken and is tried again: {}", why));
}

void Webhook::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const std::optional<Seconds> wait = step();
    std::unique_lock lock(mutex_);
    const auto something = [&] { return news_; };
    if (wait) {
      woken_.wait_for(lock, stop, std::max(*wait, Seconds{1}), something);
    } else {
      woken_.wait(lock, stop, something);
    }
    news_ = false;
  }
  (void)step();
  if (waiting_ > 0) {
    say_(fmt::format("{} events were not taken by the webhook and are lost", waiting_.load()));
  }
}

}  // namespace lightsout
