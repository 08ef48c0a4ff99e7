// Watch: the same fetch on a timer, and incidents that open, grow and end as the data arrive.
//
// A round asks for each entity in turn, one fetch at a time: fetch -> put the series -> judge them
// -> investigate -> keep a new version of each incident that says something else than the newest
// one. All that a round knows of the past is in the store, so that stopping and starting again, or
// two rounds over the same data, change nothing.
//
// The surprising rule: an incident that is seen again keeps its id, even where later data move its
// onset (same_incident()). One that was open and is not found any more, though every source
// answered, gets a last version that is `retracted`; nothing is ever taken away.
//
// A source that does not answer is trouble with the source and never an outage: its bins stay
// missing, and after kRoundsUntilDown rounds the hub says source.down.
//
//   Watch watch({.entities = {kz}, .fetch = fetch_from_ioda}, store, hub, clock, say);
//   watch.run(stop);        // or watch.round() once, which gives how long to wait for the next
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "serve/hub.h"
#include "store/store.h"

namespace lightsout {

// What one fetch brought.
struct WatchReading {
  std::vector<Series> series;
  std::vector<Lineage> inputs;  // what was read, for the custody log
  struct Gap {
    std::string source;  // "ioda bgp"
    std::string reason;  // half a sentence: "the server answered 503"
  };
  std::vector<Gap> missing;          // sources that did not answer this time
  std::vector<std::string> sources;  // those that were asked
};

// An Error: nothing came at all. Called by one thread.
using WatchFetch =
    std::function<Result<WatchReading>(const Entity& entity, const TimeRange& range)>;

inline constexpr Seconds kWatchEvery = std::chrono::minutes{5};  // the finest step of the source
inline constexpr Seconds kWatchLongestWait = std::chrono::hours{1};
inline constexpr Seconds kWatchHistory =
    std::chrono::days{84};                                     // see kHistory in web/observatory.h
inline constexpr Seconds kWatchRecent = std::chrono::days{2};  // asked for again in each round
inline constexpr Seconds kWatchLooksBack = std::chrono::days{14};  // for new or changed incidents
inline constexpr Seconds kWatchStaleAfter =
    std::chrono::hours{1};  // an open one gets a new version
inline constexpr int kRoundsUntilDown = 3;
inline constexpr std::size_t kMaxWatched = 50;  // entities

struct WatchOptions {
  std::vector<Entity> entities;  // at most kMaxWatched
  WatchFetch fetch;
  std::string actor = "lightsout serve";  // of the custody log
  Seconds every = kWatchEvery;
};

class Watch {
 public:
  using Say = std::function<void(std::string_view sentence)>;  // standard error

  // All must outlive it. `store` is the one that publishes (serve/published_store.h).
  Watch(WatchOptions options, Store& store, Hub& hub, Clock& clock, Say say);

  // Each entity once. Returns how long to wait until the next round: longer after each failure.
  Seconds round();
  // Until asked to stop; the clock's sleep has to end then.
  void run(const std::stop_token& stop);

  // For /metrics.
  std::uint64_t rounds() const { return rounds_; }
  std::uint64_t failed_rounds() const { return failed_rounds_; }

 private:
  Status watch(const Entity& entity);
  Status keep(const WatchReading& reading);
  Status conclude(const Entity& entity, bool complete);
  Status keep_incident(Incident now, std::vector<Incident>& before);
  Status retract_unseen(const std::vector<Incident>& before, const TimeRange& range, Time known_at);
  void note_sources(const Entity& entity, const WatchReading& reading);

  struct Trouble {
    int rounds = 0;  // in a row
    bool said = false;
  };

  WatchOptions options_;
  Store& store_;
  Hub& hub_;
  Clock& clock_;
  Say say_;
  std::map<std::string, Trouble> troubles_;  // by entity and source
  std::map<std::string, bool> taught_;       // entities whose history was fetched
  int failures_ = 0;                         // rounds in a row in which nothing came at all
  std::atomic<std::uint64_t> rounds_ = 0;
  std::atomic<std::uint64_t> failed_rounds_ = 0;
};

}  // namespace lightsout
