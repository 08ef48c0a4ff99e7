// Observatory: what the store knows, ready to be shown.
//
// Pages and the API ask it and nobody else. What costs time (reading a year, judging each series
// again for its normal band) is done once and kept, within limits, until changed() says that the
// data of that country is not the same any more. Safe from any thread; two that ask for the same
// wait for one.
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
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "cases/cost.h"
#include "core/clock.h"
#include "report/report.h"
#include "store/store.h"
#include "web/kept.h"

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

  // The tables of a data folder's econ/, where there is one; set before anybody asks.
  void know_economy(EconomyTables tables) { economy_ = std::move(tables); }
  const EconomyTables& economy() const { return economy_; }
  Store& store() { return store_; }

  // Counts up with each change of the data; what was made of an earlier one is stale.
  std::uint64_t generation() const { return generation_.load(); }
  // Of one country only (alpha-2), the same; what shows more than one country needs generation().
  std::uint64_t generation_of(std::string_view country) const;
  // The data of the country changed; nullopt: of any or all of them.
  void changed(const std::optional<std::string>& country = std::nullopt);

  // By IANA name; empty: the clock in the capital of the entity's country, else UTC.
  Result<Zone> zone(const std::string& iana_name, const std::optional<Entity>& entity);

  // As of a time, or now: one version of each, the latest onset first.
  Result<std::vector<Incident>> incidents(const IncidentQuery& query);
  // The same where nothing is to be changed, without a copy: an incident names every input that it
  // rests on, and those can be many thousand. A range is widened as it is for picture().
  Result<std::shared_ptr<const std::vector<Incident>>> listing(const IncidentQuery& query);
  // By id; with `version` 0 the newest. not_found with a sentence that says where to look.
  Result<Incident> incident(const std::string& id, std::uint32_t version = 0);
  // Every version, the first one first.
  Result<std::shared_ptr<const std::vector<Incident>>> versions(const std::string& id);

  Result<std::shared_ptr<const std::vector<SignalSummary>>> signals();
  std::vector<SignalSummary> signals_of(const Entity& entity, bool with_parts);

  // The entity's series and those of its parts over the range, each judged with its history so that
  // the normal band is known, and the incidents of the store that overlap it. Numbers that arrived
  // after `as_of` are not in it. not_found when the store has no series and no incident of it.
  // The range is widened to whole multiples of kPictureGrain, so that those who ask for "until now"
  // a second apart share one picture. A series reaches back to what it was judged by, kHistory
  // before the range.
  Result<std::shared_ptr<const Report>> picture(const Entity& entity, const TimeRange& range,
                                                std::optional<Time> as_of = std::nullopt);

  Result<std::vector<SourceHealth>> sources();
  // The end of the newest bin of any signal; nullopt for an empty store.
  std::optional<Time> data_through();

 private:
  Result<std::shared_ptr<const Report>> draw(const Entity& entity, const TimeRange& range,
                                             std::optional<Time> as_of);
  Status read_series_of(const Entity& entity, const TimeRange& range, std::optional<Time> as_of,
                        Report& report);
  Status read_incidents_of(const Entity& entity, const TimeRange& range, std::optional<Time> as_of,
                           Report& report);

  Store& store_;
  Clock& clock_;
  Zones zones_;
  std::string software_version_;
  EconomyTables economy_;
  std::atomic<std::uint64_t> generation_{1};

  mutable std::mutex mutex_;
  std::map<std::string, std::uint64_t, std::less<>> generations_;  // of single countries
  std::map<std::string, Zone> known_zones_;

  Kept<Report> pictures_;
  Kept<std::vector<Incident>> listings_;
  Kept<std::vector<Incident>> versions_;
  Kept<std::vector<SignalSummary>> signals_;
};

inline constexpr std::size_t kMaxPictures = 512;            // kept, and of these no more than
inline constexpr std::size_t kMaxPictureBytes = 256 << 20;  // together
inline constexpr std::size_t kMaxListingBytes = 64 << 20;  // of lists of incidents, and of versions
inline constexpr std::size_t kMaxListings = 256;           // kept
inline constexpr std::size_t kMaxSeriesOfPicture = 400;    // of one entity and its parts
inline constexpr Seconds kPictureGrain = std::chrono::minutes{5};  // the finest step there is
// Before a range, to learn from: the detectors know the hour of the week from 56 days on, and level
// with a memory of 28 (detect/parameters.h). So the band is held against the same as in
// `investigate`, which reads everything.
inline constexpr Seconds kHistory = std::chrono::hours(24 * 84);

}  // namespace lightsout
