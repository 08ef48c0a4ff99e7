// SPDX-License-Identifier: Apache-2.0
#include "store/duckdb_samples.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace lightsout {

namespace {

constexpr std::size_t kRowsPerAppend = 100'000;  // memory for columns: 34 bytes a row

// The states' numbers are part of the format.
static_assert(static_cast<int>(SampleState::number) == 0);
static_assert(static_cast<int>(SampleState::missing) == 1);
static_assert(static_cast<int>(SampleState::suppressed) == 2);
static_assert(static_cast<int>(SampleState::source_down) == 3);

constexpr std::string_view kTables[] = {
    "CREATE TABLE tracks (track INTEGER NOT NULL, signal VARCHAR NOT NULL, entity VARCHAR NOT NULL,"
    " country VARCHAR NOT NULL, step BIGINT NOT NULL, phase BIGINT NOT NULL, unit VARCHAR NOT "
    "NULL)",
    "CREATE TABLE puts (put BIGINT NOT NULL, track INTEGER NOT NULL, arrived BIGINT NOT NULL,"
    " first BIGINT NOT NULL, last BIGINT NOT NULL, origin BIGINT NOT NULL, plane VARCHAR NOT NULL,"
    " worse VARCHAR NOT NULL)",
    "CREATE TABLE samples (track INTEGER NOT NULL, time BIGINT NOT NULL, put BIGINT NOT NULL,"
    " state UTINYINT NOT NULL, value DOUBLE, trials FLOAT, coverage FLOAT)",
    "CREATE VIEW all_samples AS SELECT t.signal, make_timestamp(s.time * 1000000) AS time,"
    " ['number', 'missing', 'suppressed', 'source_down'][s.state + 1] AS state, s.value, t.unit,"
    " t.step AS step_s, s.trials, s.coverage, make_timestamp(p.arrived * 1000000) AS arrived, s.put"
    " FROM samples s JOIN tracks t USING (track)"
    " JOIN (SELECT DISTINCT put, arrived FROM puts) p USING (put)",
    "CREATE VIEW latest_samples AS SELECT * FROM all_samples QUALIFY row_number() OVER"
    " (PARTITION BY signal, step_s, unit, time"
    "  ORDER BY state = 'missing', arrived DESC, put DESC) = 1",
};

std::int64_t seconds_of(Time time) {
  return time.time_since_epoch().count();
}

std::int64_t phase_of(const Series& series) {
  const std::int64_t step = series.step.count();
  return (seconds_of(series.begin) % step + step) % step;
}

Status check_series(const Series& series) {
  const auto refuse = [&](std::string_view why) {
    return Error{ErrorKind::usage, fmt::format("{} cannot be stored: {}", series.id.text(), why)};
  };
  if (series.step.count() <= 0) return refuse("its step is not above zero");
  if (series.size() > kMaxBins) {
    return Error{ErrorKind::limit, fmt::format("{} has {} bins; a series of {} is the longest kept",
                                               series.id.text(), series.size(), kMaxBins)};
  }
  const auto fits = [&](std::size_t size) { return size == 0 || size == series.size(); };
  if (!fits(series.trials.size())) return refuse("it has not one count of trials for each sample");
  if (!fits(series.coverage.size())) return refuse("it has not one coverage for each sample");
  if (series.step.count() > kLastSecond || seconds_of(series.begin) < 0 ||
      series.samples.size() > static_cast<std::size_t>(kLastSecond / series.step.count()) ||
      seconds_of(series.end()) > kLastSecond) {
    return refuse("it leaves the years 1970 to 2105");
  }
  for (const Lineage& input : series.lineage) {
    if (input.sha256.empty()) return refuse("one of its inputs has no SHA-256");
  }
  return {};
}

StoredSample stored(const Series& series, std::size_t bin, ArrivalKey key) {
  StoredSample row{
      .time = seconds_of(series.time_of(bin)), .key = key, .sample = series.samples[bin]};
  if (!series.trials.empty()) row.trials = series.trials[bin];
  if (!series.coverage.empty()) row.coverage = series.coverage[bin];
  return row;
}

}  // namespace

// Rows on their way to the two tables.
struct SampleWriter::Batch {
  SqlAppender& appender;
  SqlAppender& puts_appender;

  std::vector<std::int32_t> track;
  std::vector<std::int64_t> time, put;
  std::vector<std::uint8_t> state, has_value, has_trials, has_coverage;
  std::vector<double> value;
  std::vector<float> trials, coverage;

  std::vector<std::int32_t> put_track;
  std::vector<std::int64_t> put_number, put_arrived, put_first, put_last, put_origin;
  std::vector<std::string> put_plane, put_worse;

  std::set<std::int32_t> touched;  // tracks that this call has put
  bool waiting = false;            // something was added that queries do not see yet

  void add_put(std::int32_t track_number, ArrivalKey key, std::int64_t first, std::int64_t last,
               std::int64_t origin, const Series& series) {
    touched.insert(track_number);
    waiting = true;
    put_number.push_back(key.put);
    put_track.push_back(track_number);
    put_arrived.push_back(key.arrived);
    put_first.push_back(first);
    put_last.push_back(last);
    put_origin.push_back(origin);
    put_plane.emplace_back(name_of(series.plane));
    put_worse.emplace_back(name_of(series.worse));
  }

  Status add(std::int32_t track_number, const StoredSample& row) {
    const Sample& sample = row.sample;
    track.push_back(track_number);
    time.push_back(row.time);
    put.push_back(row.key.put);
    state.push_back(static_cast<std::uint8_t>(sample.state()));
    has_value.push_back(sample.is_number());
    value.push_back(sample.is_number() ? sample.value() : 0);
    has_trials.push_back(row.trials.has_value());
    trials.push_back(row.trials.value_or(0));
    has_coverage.push_back(row.coverage.has_value());
    coverage.push_back(row.coverage.value_or(0));
    return track.size() < kRowsPerAppend ? Status() : append();
  }

  Status append() {
    if (track.empty()) return {};
    const SqlColumn columns[] = {
        {.values = std::span<const std::int32_t>(track)},
        {.values = std::span<const std::int64_t>(time)},
        {.values = std::span<const std::int64_t>(put)},
        {.values = std::span<const std::uint8_t>(state)},
        {.values = std::span<const double>(value), .present = has_value},
        {.values = std::span<const float>(trials), .present = has_trials},
        {.values = std::span<const float>(coverage), .present = has_coverage},
    };
    const Status done = appender.append(columns);
    track.clear(), time.clear(), put.clear(), state.clear(), value.clear();
    has_value.clear(), trials.clear(), has_trials.clear(), coverage.clear(), has_coverage.clear();
    return done;
  }

  Status append_puts() {
    if (put_number.empty()) return {};
    const SqlColumn columns[] = {
        {.values = std::span<const std::int64_t>(put_number)},
        {.values = std::span<const std::int32_t>(put_track)},
        {.values = std::span<const std::int64_t>(put_arrived)},
        {.values = std::span<const std::int64_t>(put_first)},
        {.values = std::span<const std::int64_t>(put_last)},
        {.values = std::span<const std::int64_t>(put_origin)},
        {.values = std::span<const std::string>(put_plane)},
        {.values = std::span<const std::string>(put_worse)},
    };
    const Status done = puts_appender.append(columns);
    put_number.clear(), put_track.clear(), put_arrived.clear(), put_first.clear();
    put_last.clear(), put_origin.clear(), put_plane.clear(), put_worse.clear();
    return done;
  }

  // From here on queries see all that was added.
  Status flush() {
    waiting = false;
    if (Status done = append(); !done) return done;
    if (Status done = append_puts(); !done) return done;
    if (Status done = appender.flush(); !done) return done;
    return puts_appender.flush();
  }
};

Status SampleWriter::create_tables(SqlConnection& connection) {
  if (Status made = InputWriter::create_tables(connection); !made) return made;
  for (const std::string_view sql : kTables) {
    if (Status made = connection.run(sql); !made) return made;
  }
  return {};
}

Status SampleWriter::load(SqlConnection& connection) {
  tracks_.clear();
  if (Status loaded = inputs_.load(connection); !loaded) return loaded;
  Result<SqlRows> rows = connection.query(
      "SELECT t.track, t.signal, t.step, t.phase, t.unit, coalesce(min(p.first), 1),"
      " coalesce(max(p.last), 0), coalesce(max(p.arrived), 0)"
      " FROM tracks t LEFT JOIN puts p USING (track)"
      " GROUP BY t.track, t.signal, t.step, t.phase, t.unit");
  if (!rows) return rows.error();
  while (rows->next()) {
    for (std::size_t i = 0; i < rows->size(); ++i) {
      const auto at = [&](std::size_t column) { return rows->column<std::int64_t>(column)[i]; };
      const Result<Unit> unit = parse_unit(rows->text(4, i));
      if (!unit) return unit.error();
      tracks_[{rows->text(1, i), at(2), at(3), static_cast<int>(*unit)}] = {
          rows->column<std::int32_t>(0)[i], at(5), at(6), at(7)};
    }
  }
  std::int64_t track = 0;
  const std::pair<const char*, std::int64_t*> counters[] = {
      {"SELECT max(track)::BIGINT FROM tracks", &track},
      {"SELECT max(put) FROM puts", &next_put_},
  };
  for (const auto& [sql, counter] : counters) {
    const Result<std::optional<std::int64_t>> greatest = connection.number(sql);
    if (!greatest) return greatest.error();
    *counter = greatest->value_or(0) + 1;
  }
  next_track_ = static_cast<std::int32_t>(track);
  return {};
}

Result<SampleWriter::Track*> SampleWriter::track_of(SqlConnection& connection,
                                                    const Series& series) {
  const std::int64_t step = series.step.count();
  const TrackKey key{series.id.text(), step, phase_of(series), static_cast<int>(series.unit)};
  if (const auto found = tracks_.find(key); found != tracks_.end()) return &found->second;
  const Entity& entity = series.id.entity();
  const Status noted = connection.run(
      "INSERT INTO tracks VALUES (?, ?, ?, ?, ?, ?, ?)",
      {std::int64_t{next_track_}, series.id.text(), entity.text(), std::string(entity.country()),
       step, phase_of(series), std::string(name_of(series.unit))});
  if (!noted) return noted.error();
  return &(tracks_[key] = {.number = next_track_++, .first = 1, .last = 0});
}

Result<Difference> SampleWriter::compare(SqlConnection& connection, const Track& track,
                                         std::vector<StoredSample>& arrival, ArrivalKey key) {
  for (StoredSample& row : arrival) row.key = key;
  const std::int64_t first = arrival.front().time;
  const std::int64_t last = arrival.back().time;
  const Result<std::vector<PutOfTrack>> puts =
      read_puts(connection, track.number, first, last, kLastSecond);
  if (!puts) return puts.error();
  Result<std::vector<StoredSample>> rows =
      read_rows(connection, track.number, first, last, *puts, 4 * kMaxBins);
  if (!rows) return rows.error();
  std::vector<PutRange> later;
  for (const PutOfTrack& put : *puts) {
    if (key < put.range.key) later.push_back(put.range);
  }
  return difference(arrival, std::move(*rows), later);
}

// The same inputs again: they arrived when they first did, whatever the file's date says now.
Result<ArrivalKey> SampleWriter::key_of(SqlConnection& connection, const Track& track,
                                        std::int64_t origin, std::int64_t arrived) const {
  const ArrivalKey fresh{arrived, next_put_};
  const bool nothing_put = track.first > track.last;
  if (nothing_put || origin == kNoOrigin) return fresh;
  Result<SqlRows> before = connection.query(
      "SELECT arrived, put FROM puts WHERE track = ? AND origin = ? ORDER BY put DESC LIMIT 1",
      {std::int64_t{track.number}, origin});
  if (!before) return before.error();
  if (!before->next()) return fresh;
  return ArrivalKey{before->column<std::int64_t>(0)[0], before->column<std::int64_t>(1)[0]};
}

// Where something is kept already: adds rows only for what the series says anew.
Status SampleWriter::correct(SqlConnection& connection, const Series& series, const Track& track,
                             ArrivalKey& key, Batch& batch, PutSummary& summary) {
  std::vector<StoredSample> arrival;
  arrival.reserve(series.size());
  for (std::size_t bin = 0; bin < series.size(); ++bin) arrival.push_back(stored(series, bin, key));

  Result<Difference> difference = compare(connection, track, arrival, key);
  if (difference.ok() && difference->contradicts_itself) {
    // The same bytes, read differently: a better reader's word stands above its predecessor's.
    key.put = next_put_;
    difference = compare(connection, track, arrival, key);
  }
  if (!difference) return difference.error();
  summary.stored += difference->changed.size();
  summary.corrected += difference->corrected;
  summary.unchanged += series.size() - difference->changed.size();
  for (const StoredSample& row : difference->restated) {
    if (Status added = batch.add(track.number, row); !added) return added;
  }
  for (const std::size_t bin : difference->changed) {
    if (Status added = batch.add(track.number, arrival[bin]); !added) return added;
  }
  return {};
}

Status SampleWriter::put_one(SqlConnection& connection, const Series& series, std::int64_t arrived,
                             Batch& batch, PutSummary& summary) {
  if (series.samples.empty()) return {};
  const Result<Track*> found = track_of(connection, series);
  if (!found) return found.error();
  Track& track = **found;
  const Result<std::int64_t> origin = inputs_.origin_of(connection, series.lineage);
  if (!origin) return origin.error();
  const bool again = batch.touched.contains(track.number);
  if (again && batch.waiting) {
    if (Status flushed = batch.flush(); !flushed) return flushed;
  }
  const bool new_inputs = !again && *origin >= first_new_origin_;
  Result<ArrivalKey> key =
      new_inputs ? ArrivalKey{arrived, next_put_} : key_of(connection, track, *origin, arrived);
  if (!key) return key.error();

  const std::int64_t first = seconds_of(series.begin);
  const std::int64_t last = seconds_of(series.time_of(series.size() - 1));
  const std::uint64_t stored_before = summary.stored;
  if (track.first <= last && first <= track.last) {
    const Status corrected = correct(connection, series, track, *key, batch, summary);
    if (!corrected) return corrected;
  } else {
    for (std::size_t bin = 0; bin < series.size(); ++bin) {
      if (Status added = batch.add(track.number, stored(series, bin, *key)); !added) return added;
    }
    summary.stored += series.size();
  }
  const bool known_put = key->put != next_put_;
  if (known_put && summary.stored == stored_before) return {};
  track.first = track.first > track.last ? first : std::min(track.first, first);
  track.last = std::max(track.last, last);
  track.newest = std::max(track.newest, key->arrived);
  if (!known_put) ++next_put_;
  batch.add_put(track.number, *key, first, last, *origin, series);
  return {};
}

Result<PutSummary> SampleWriter::put(SqlConnection& connection, std::span<const Series> series,
                                     std::optional<Time> arrived) {
  for (const Series& each : series) {
    if (Status good = check_series(each); !good) return good.error();
    if (!arrived && each.lineage.empty()) {
      return Error{
          ErrorKind::usage,
          fmt::format("{} has no inputs, so when it arrived must be said", each.id.text())};
    }
  }
  inputs_.forget();
  first_new_origin_ = inputs_.next_origin();
  Result<std::unique_ptr<SqlAppender>> appender = connection.appender("samples");
  if (!appender) return appender.error();
  Result<std::unique_ptr<SqlAppender>> puts_appender = connection.appender("puts");
  if (!puts_appender) return puts_appender.error();
  Batch batch{.appender = **appender, .puts_appender = **puts_appender};
  PutSummary summary;
  for (const Series& each : series) {
    Time when = arrived.value_or(Time{});
    if (!arrived) {
      for (const Lineage& input : each.lineage) when = std::max(when, input.arrived);
    }
    if (Status done = put_one(connection, each, seconds_of(when), batch, summary); !done) {
      return done.error();
    }
  }
  if (Status flushed = batch.flush(); !flushed) return flushed.error();
  return summary;
}

}  // namespace lightsout
