// SPDX-License-Identifier: Apache-2.0
#include "serve/hub.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/check.h"

namespace lightsout {

namespace {

// A million events a second for as long as it runs would be needed to reach the next start's ids.
constexpr unsigned kCounterBits = 20;

}  // namespace

Hub::Hub(Clock& clock, std::size_t events_kept)
    : clock_(clock),
      events_kept_(events_kept),
      first_known_(static_cast<std::uint64_t>(
                       std::max<std::int64_t>(clock.now().time_since_epoch().count(), 0))
                   << kCounterBits),
      last_(first_known_) {}

std::uint64_t Hub::publish(std::string_view kind, std::string_view entity, std::string data) {
  // A line break would end the field, and what follows could be anything.
  CHECK(data.find_first_of("\r\n") == std::string::npos);
  CHECK(kind.find_first_of("\r\n") == std::string_view::npos);
  CHECK(data.size() <= kMaxHubEventBytes);
  auto event = std::make_shared<HubEvent>();
  event->at = clock_.now();
  event->kind = kind;
  event->entity = entity;
  event->data = std::move(data);

  const std::lock_guard lock(mutex_);
  event->id = ++last_;
  event->frame =
      fmt::format("id: {}\nevent: {}\ndata: {}\n\n", event->id, event->kind, event->data);
  bytes_ += event->frame.size();
  events_.push_back(std::move(event));
  while (events_.size() > events_kept_ || bytes_ > kMaxHubBytes) {
    first_known_ = events_.front()->id;
    bytes_ -= events_.front()->frame.size();
    events_.pop_front();
  }
  for (const auto& [number, wake] : listeners_) wake();
  return last_;
}

HubNews Hub::since(std::optional<std::uint64_t> id) const {
  const std::lock_guard lock(mutex_);
  HubNews news{.events = {}, .complete = true, .last = last_};
  if (!id) return news;
  news.complete = *id >= first_known_ && *id <= last_;
  // An id from the future (of another server, of a clock set back) is as unknown as an old one.
  const std::uint64_t after = *id > last_ ? 0 : *id;
  const auto begin = std::partition_point(events_.begin(), events_.end(),
                                          [&](const auto& event) { return event->id <= after; });
  news.events.assign(begin, events_.end());
  return news;
}

std::optional<std::uint64_t> Hub::parse_id(std::string_view text) {
  std::uint64_t id = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), id);
  if (text.empty() || parsed.ec != std::errc{} || parsed.ptr != text.data() + text.size()) {
    return std::nullopt;
  }
  return id;
}

std::unique_ptr<Hub::Subscription> Hub::subscribe(std::function<void()> wake) {
  const std::lock_guard lock(mutex_);
  if (listeners_.size() >= kMaxHubListeners) return nullptr;
  listeners_.emplace(next_listener_, std::move(wake));
  return std::make_unique<Subscription>(*this, next_listener_++);
}

std::size_t Hub::listeners() const {
  const std::lock_guard lock(mutex_);
  return listeners_.size();
}

Hub::Subscription::~Subscription() {
  const std::lock_guard lock(hub_.mutex_);
  hub_.listeners_.erase(number_);
}

}  // namespace lightsout
