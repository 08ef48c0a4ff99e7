// The tables of samples, puts and inputs: how series are written to and read from DuckDB.
//
// Writing needs a memory of which signals there are (SampleWriter, one per open store, used by one
// thread at a time and only inside a transaction); reading needs nothing but a connection, so any
// number of readers see whole puts only. docs/formats/store.md describes the tables.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "store/duckdb_inputs.h"
#include "store/duckdb_sql.h"
#include "store/overlay.h"
#include "store/store.h"

namespace lightsout {

class SampleWriter {
 public:
  static Status create_tables(SqlConnection& connection);

  // Reads what is needed for writing; again after a transaction was rolled back.
  Status load(SqlConnection& connection);

  // To be called inside a transaction; after a failure the caller rolls back and calls load().
  Result<PutSummary> put(SqlConnection& connection, std::span<const Series> series,
                         std::optional<Time> arrived);
  // Inputs have numbers whether or not a series came of them.
  InputWriter& inputs() { return inputs_; }

 private:
  struct Track {
    std::int32_t number = 0;
    std::int64_t first = 0;   // begin of the first bin that any put covered
    std::int64_t last = 0;    // begin of the last one
    std::int64_t newest = 0;  // the latest arrival
  };
  using TrackKey =
      std::tuple<std::string, std::int64_t, std::int64_t, int>;  // signal, step, phase, unit
  struct Batch;

  Result<Track*> track_of(SqlConnection& connection, const Series& series);
  Status put_one(SqlConnection& connection, const Series& series, std::int64_t arrived,
                 Batch& batch, PutSummary& summary);
  Result<ArrivalKey> key_of(SqlConnection& connection, const Track& track, std::int64_t origin,
                            std::int64_t arrived) const;
  Result<Difference> compare(SqlConnection& connection, const Track& track,
                             std::vector<StoredSample>& arrival, ArrivalKey key);
  Status correct(SqlConnection& connection, const Series& series, const Track& track,
                 ArrivalKey& key, Batch& batch, PutSummary& summary);

  InputWriter inputs_;
  std::map<TrackKey, Track> tracks_;
  std::int32_t next_track_ = 1;
  std::int64_t next_put_ = 1;
  std::int64_t first_new_origin_ = 1;  // from here on, origins of this call: nothing put has them
};

// 2105-12-31T23:59:59Z: the last second that parse_time() knows.
inline constexpr std::int64_t kLastSecond = 4'291'747'199;

// A put that covered bins of a track, whether or not it had to write rows.
struct PutOfTrack {
  PutRange range;
  std::int64_t origin = 0;
  Plane plane = Plane::traffic;
  Worse worse = Worse::low;
};

// Those that overlap [first, last] and arrived by `as_of`, by their keys.
Result<std::vector<PutOfTrack>> read_puts(SqlConnection& connection, std::int64_t track,
                                          std::int64_t first, std::int64_t last,
                                          std::int64_t as_of);
// Rows of the track whose bins begin in [first, last], of these puts, in any order.
Result<std::vector<StoredSample>> read_rows(SqlConnection& connection, std::int64_t track,
                                            std::int64_t first, std::int64_t last,
                                            const std::vector<PutOfTrack>& puts, std::size_t limit);

Result<Series> read_series(SqlConnection& connection, const SignalId& id, const SeriesQuery& query);
Result<std::vector<SignalSummary>> list_signals(SqlConnection& connection, const EntityFilter& who);
Result<bool> has_input(SqlConnection& connection, const std::string& sha256);
Result<std::vector<Lineage>> list_inputs(SqlConnection& connection);

// What all tables with an entity and a country column are filtered by: the SQL, and its parameters
// appended to the list.
std::string where_entity(const EntityFilter& who, std::vector<SqlValue>& parameters);

}  // namespace lightsout
