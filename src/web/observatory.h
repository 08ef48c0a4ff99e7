// Observatory: what the store knows, ready to be shown.
//
// Pages and the API ask it and nobody else. What costs time (reading a year, judging each series
// again for its normal band) is done once for a generation of the data and kept, within limits;
// changed() begins the next generation. Safe from any thread; two that ask for the same wait for
// one.
//
//   const Result<std::vector<Incident>> open = observatory.incidents({});
//   const Result<std::shared_ptr<const Report>> picture =
//       observatory.picture(*Entity::parse("country:KZ"), {t0, t1});
//
// Incidents are those that the store keeps, never new ones: what a page says is what was concluded
// and versioned, with the time it was known at.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/clock.h"
#include "report/report.h"
#include "store/store.h"

namespace lightsout {

// How one source is doing, from its newest numbers and arrivals.
struct SourceHealth {
  std::string source;  // "ioda-probing", as in SignalId
  std::size_t signals = 0;
  std::size_t entities = 0;
  Time data_through;  // the end of its newest bin
  Time last_arrival;
  Seconds step{0};  // its most common one
  Seconds lag{0};   // now less data_through
};

class Observatory {
 public:
  using Zones = std::function<Result<Zone>(const std::string& iana_name)>;

  // All must outlive it. `software_version` is what every answer says it was made by.
  Observatory(Store& store, Clock& clock, Zones zones, std::string software_version);

  Time now() { return clock_.now(); }
  const std::string& software_version() const { return software_version_; }
  Store& store() { return store_; }

  // Counts up with each change of the data; what was made of an earlier one is stale.
  std::uint64_t generation() const { return generation_.load(); }
  void changed();

  // By IANA name; empty: the clock in the capital of the entity's country, else UTC.
  Result<Zone> zone(const std::string& iana_name, const std::optional<Entity>& entity);

  // As of a time, or now: one version of each, the latest onset first.
  Result<std::vector<Incident>> incidents(const IncidentQuery& query);
  // By id; with `version` 0 the newest. not_found with a sentence that says where to look.
  Result<Incident> incident(const std::string& id, std::uint32_t version = 0);

  Result<std::shared_ptr<const std::vector<SignalSummary>>> signals();
  std::vector<SignalSummary> signals_of(const Entity& entity, bool with_parts);

  // The entity's series and those of its parts over the range, each judged with its history so that
  // the normal band is known, and the incidents of the store that overlap it. Numbers that arrived
  // after `as_of` are not in it. not_found when the store has no series and no incident of it.
  Result<std::shared_ptr<const Report>> picture(const Entity& entity, const TimeRange& range,
                                                std::optional<Time> as_of = std::nullopt);

  Result<std::vector<SourceHealth>> sources();
  // The end of the newest bin of any signal; nullopt for an empty store.
  std::optional<Time> data_through();

 private:
  Result<std::shared_ptr<const Report>> draw(const Entity& entity, const TimeRange& range,
                                             std::optional<Time> as_of);

  struct Picture {
    std::string key;
    std::uint64_t generation = 0;
    std::shared_ptr<const Report> report;  // nullptr while it is drawn
  };

  Store& store_;
  Clock& clock_;
  Zones zones_;
  std::string software_version_;
  std::atomic<std::uint64_t> generation_{1};

  std::mutex mutex_;
  std::condition_variable drawn_;
  std::list<Picture> pictures_;  // the one asked for last in front
  std::map<std::string, Zone> known_zones_;
  std::shared_ptr<const std::vector<SignalSummary>> signals_;
  std::uint64_t signals_generation_ = 0;
};

inline constexpr std::size_t kMaxPictures = 64;                   // kept
inline constexpr std::size_t kMaxSeriesOfPicture = 400;           // of one entity and its parts
inline constexpr Seconds kHistory = std::chrono::hours(24 * 45);  // before a range, to learn from

}  // namespace lightsout
