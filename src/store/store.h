// Store: what was measured and what was concluded, kept so that nothing acknowledged is ever lost.
//
// Nothing here is edited. A later arrival that says something else about a bin is kept beside the
// earlier one, with the time it arrived: reads give the latest, and reads `as_of` a time give what
// was known then. An incident has versions; a detection has later ones. Bytes that were ingested
// before change nothing, not even an export's last digit.
//
//   const Result<std::unique_ptr<Store>> store = open_duckdb_store("lightsout.db", {});
//   const Result<PutSummary> put = (*store)->put_series(reading.series);
//   const Result<Series> series = (*store)->read_series(id, {.range = {t0, t1}});
//
// Of two arrivals the later one holds, with one exception: a bin that is *missing* in it takes
// nothing away, because that an export lacks a bin is no denial of what an earlier one had.
// Suppressed and source_down are statements, and do replace a number.
//
// put_...() returns when the data was written and synced; whatever then happens to the process, it
// is there. A put is kept whole or not at all. Every function may be called from any thread;
// writers take turns, readers do not wait for them. docs/formats/store.md describes the tables.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "detect/anomaly.h"
#include "geo/entity.h"
#include "incident/incident.h"
#include "signal/series.h"

namespace lightsout {

// Named maximums. One more is an Error of kind limit, and nothing of that call is kept.
inline constexpr std::size_t kMaxBins = 2'000'000;  // of a series, put or read: 19 years of 5 min
inline constexpr std::size_t kMaxLineagePerRead = 1'000;  // above: the oldest are summed up in one
inline constexpr std::size_t kMaxDocumentBytes = 16 << 20;  // one incident or detection as JSON
inline constexpr std::size_t kMaxTextBytes = 4'096;         // a name, a hash, a custody note
inline constexpr std::size_t kMaxRowsPerList = 1'000'000;   // incidents, inputs, custody entries

struct PutSummary {
  std::uint64_t stored = 0;     // samples written: new bins, and bins that now say something else
  std::uint64_t corrected = 0;  // of these, bins that said something else before
  std::uint64_t unchanged = 0;  // samples that said what was known already
};

struct SeriesQuery {
  std::optional<TimeRange> range;  // bins that begin inside; nullopt: all
  std::optional<Time> as_of;       // only what had arrived by then (inclusive); nullopt: all
  std::optional<Seconds> step;     // nullopt: the finest step that has anything in the range
};

// One signal on one grid: a source that changed its step has two of these.
struct SignalSummary {
  SignalId id;
  Plane plane = Plane::traffic;
  Unit unit = Unit::count;
  Worse worse = Worse::low;
  Seconds step{0};
  TimeRange range;    // from its first bin to the end of its last
  Time last_arrival;  // of the newest input
};

// Which entities: the one named, or all that lie in or are seen from a country
// ("asn:9198@country:KZ" and "service:telegram@country:KZ" belong to KZ). Nothing set: all.
struct EntityFilter {
  std::optional<Entity> entity;
  std::optional<std::string> country;  // alpha-2
};

struct DetectionRecord {
  Detection detection;  // without `expected`: detect() recomputes it from the series, exactly
  Time made_at;
};

struct IncidentQuery {
  EntityFilter who;
  std::optional<TimeRange> range;  // incidents that overlap it; an open one reaches to known_at
  std::optional<Time> as_of;  // the newest version whose known_at is not later; nullopt: newest
};

// Who did what with the evidence: each entry carries the hash of the one before, so that a removed
// or altered one shows (verify_custody).
struct CustodyEntry {
  std::uint64_t number = 0;  // 1, 2, 3 ...; set by the store
  Time at;
  std::string actor;    // "lightsout ingest"; never a person's name unless they gave it
  std::string action;   // "received", "read", "exported"
  std::string subject;  // SHA-256 of an input, an incident's id, a file's name
  std::string note;
  std::string hash;  // SHA-256 over the previous hash and this entry; set by the store
};

class Store {
 public:
  virtual ~Store() = default;

  // Keeps the series, all or none. Each arrives at `arrived`, or, when that is not given, when the
  // newest of its lineage did (which must then not be empty). A series all of whose inputs were put
  // for this signal before keeps their arrival and adds only bins that were not read then.
  virtual Result<PutSummary> put_series(std::span<const Series> series,
                                        std::optional<Time> arrived = std::nullopt) = 0;
  // The samples of the range that were ever put, from the first to the last of them; bins between
  // that never were are missing, with coverage 0. not_found when there is none.
  // Where only a part of the inputs gave trials, they are NaN for the rest.
  virtual Result<Series> read_series(const SignalId& id, const SeriesQuery& query) = 0;
  // By signal, then by step; each pair once, and read_series() with that step gives it.
  virtual Result<std::vector<SignalSummary>> list_signals(const EntityFilter& who) = 0;

  // Keeps what a detector said of one signal. The same again changes nothing.
  virtual Status put_detection(const Detection& detection, Time made_at) = 0;
  // The newest of each signal (by made_at, then by order of arrival), by signal.
  virtual Result<std::vector<DetectionRecord>> detections(const EntityFilter& who,
                                                          std::optional<Time> as_of) = 0;

  // Keeps one version. It must be the next of its id and say so in `supersedes`; the very same
  // version again changes nothing, and another text for a version that exists is refused.
  virtual Status put_incident(const Incident& incident) = 0;
  // One version of each, the newest known: the latest onset first, then by id.
  virtual Result<std::vector<Incident>> incidents(const IncidentQuery& query) = 0;
  // Every version, the first one first; not_found when there is none.
  virtual Result<std::vector<Incident>> incident_versions(const std::string& id) = 0;

  // An input that was read, whether or not a series came of it. Known bytes change nothing.
  // put_series() notes the lineage of its series by itself.
  virtual Status put_input(const Lineage& input) = 0;
  virtual Result<bool> has_input(const std::string& sha256) = 0;
  // The same for many at once, a folder of them: those that are new are noted, each with an entry
  // of the custody log like `how`, its hash as the subject and its name as the note. All or none;
  // how many were new.
  virtual Result<std::size_t> receive_inputs(std::span<const Lineage> inputs,
                                             const CustodyEntry& how) = 0;
  virtual Result<std::vector<Lineage>> inputs() = 0;  // in the order they were first noted

  virtual Result<CustodyEntry> append_custody(const CustodyEntry& entry) = 0;
  virtual Result<std::vector<CustodyEntry>> custody_log() = 0;
};

// The next version of an incident that was investigated again: when nothing but its version numbers
// and known_at differ from the newest one kept, that one is returned and nothing is written;
// otherwise it is numbered, put, and returned as it was kept.
Result<Incident> revise_incident(Store& store, Incident incident);

// Follows the chain of hashes; the Error names the first entry that does not fit.
Status verify_custody(std::span<const CustodyEntry> log);

}  // namespace lightsout
