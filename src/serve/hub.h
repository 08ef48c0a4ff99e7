// Hub: what happens, told to everybody who listens, and kept for a while for those who were away.
//
// Events have ids that only grow, also over a restart (the second in which the hub was made is the
// upper part). Who comes back with the id of the last event he saw gets what came since; when that
// is no longer known (too long ago, or before a restart) he is told so, and should read the pages
// again rather than believe that nothing happened.
//
//   Hub hub(clock);
//   const auto listening = hub.subscribe([&] { post(io_context, [this] { write_more(); }); });
//   ...
//   HubNews news = hub.since(last_id);   // never waits
//   if (!news.complete) say_that_events_are_lost();
//   for (const auto& event : news.events) write(event->frame);
//
// publish() never waits for a listener: it calls each wake-up, which must return at once, not throw
// and not call the hub. Safe from any thread.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"

namespace lightsout {

inline constexpr std::size_t kMaxHubEvents = 4'096;         // kept for those who come back
inline constexpr std::size_t kMaxHubBytes = 8 << 20;        // of their frames together
inline constexpr std::size_t kMaxHubListeners = 10'000;     // one more gets no subscription
inline constexpr std::size_t kMaxHubEventBytes = 64 << 10;  // of one; above: a bug of ours

// The kinds, in the words of the stream: what an EventSource listens for.
inline constexpr std::string_view kEventDetection = "detection";
inline constexpr std::string_view kEventOpened = "incident.opened";
inline constexpr std::string_view kEventUpdated = "incident.updated";
inline constexpr std::string_view kEventRestored = "incident.restored";
inline constexpr std::string_view kEventSourceDown = "source.down";
inline constexpr std::string_view kEventSourceUp = "source.up";

struct HubEvent {
  std::uint64_t id = 0;
  Time at;
  std::string kind;
  std::string entity;  // "country:KZ", for filters; empty when it is about none
  std::string data;    // a JSON object on one line
  std::string frame;   // the whole as text/event-stream: "id: ..\nevent: ..\ndata: ..\n\n"
};

struct HubNews {
  std::vector<std::shared_ptr<const HubEvent>> events;  // oldest first
  bool complete = true;    // false: events between the id asked for and these are lost
  std::uint64_t last = 0;  // ask for what comes after this one next time
};

class Hub {
 public:
  explicit Hub(Clock& clock) : Hub(clock, kMaxHubEvents) {}
  Hub(Clock& clock, std::size_t events_kept);
  Hub(const Hub&) = delete;
  Hub& operator=(const Hub&) = delete;

  // `data` is one line of JSON. Returns the id.
  std::uint64_t publish(std::string_view kind, std::string_view entity, std::string data);

  // What came after `id`; with nullopt nothing, and `last` says from where to go on.
  HubNews since(std::optional<std::uint64_t> id) const;

  // As Last-Event-ID has it; nullopt for what is no id of ours.
  static std::optional<std::uint64_t> parse_id(std::string_view text);

  // Its end ends the subscription: afterwards `wake` is not called again. nullptr: too many listen.
  class Subscription;
  std::unique_ptr<Subscription> subscribe(std::function<void()> wake);
  std::size_t listeners() const;

 private:
  Clock& clock_;
  const std::size_t events_kept_;

  mutable std::mutex mutex_;
  std::deque<std::shared_ptr<const HubEvent>> events_;
  std::size_t bytes_ = 0;
  std::uint64_t first_known_;  // everything after this id is in events_
  std::uint64_t last_;
  std::map<std::uint64_t, std::function<void()>> listeners_;
  std::uint64_t next_listener_ = 1;
};

class Hub::Subscription {
 public:
  Subscription(Hub& hub, std::uint64_t number) : hub_(hub), number_(number) {}
  ~Subscription();
  Subscription(const Subscription&) = delete;
  Subscription& operator=(const Subscription&) = delete;

 private:
  Hub& hub_;
  std::uint64_t number_;
};

}  // namespace lightsout
