// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "core/sha256.h"
#include "store/duckdb_samples.h"
#include "store/incident_json.h"

namespace lightsout {

namespace {

std::int64_t seconds_of(Time time) {
  return time.time_since_epoch().count();
}

Time time_at(std::int64_t seconds) {
  return Time{Seconds{seconds}};
}

Sample sample_of(std::uint8_t state, double value) {
  switch (static_cast<SampleState>(state)) {
    case SampleState::number:
      return Sample::of(value);
    case SampleState::suppressed:
      return Sample::suppressed();
    case SampleState::source_down:
      return Sample::source_down();
    case SampleState::missing:
      break;
  }
  return Sample::missing();
}

// Calls the function with each row of one track whose bin begins in [first, last] and that arrived
// by `as_of`, in any order.
template <typename Use>
Status each_row(SqlConnection& connection, std::int64_t track, std::int64_t first,
                std::int64_t last, std::int64_t as_of, std::size_t limit, const Use& use) {
  Result<SqlRows> rows = connection.query(
      "SELECT time, arrived, put, state, value, trials, coverage FROM samples"
      " WHERE track = ? AND time >= ? AND time <= ? AND arrived <= ? LIMIT ?",
      {track, first, last, as_of, static_cast<std::int64_t>(limit) + 1});
  if (!rows) return rows.error();
  std::size_t count = 0;
  while (rows->next()) {
    const auto time = rows->column<std::int64_t>(0);
    const auto arrived = rows->column<std::int64_t>(1);
    const auto put = rows->column<std::int64_t>(2);
    const auto state = rows->column<std::uint8_t>(3);
    const auto value = rows->column<double>(4);
    const auto trials = rows->column<float>(5);
    const auto coverage = rows->column<float>(6);
    const auto is_there = [](const std::uint64_t* valid, std::size_t i) {
      return valid == nullptr || (valid[i / 64] >> (i % 64) & 1) != 0;
    };
    const std::uint64_t* has_trials = rows->validity(5);
    const std::uint64_t* has_coverage = rows->validity(6);
    for (std::size_t i = 0; i < time.size(); ++i) {
      if (state[i] > 3) {
        return Error{
            ErrorKind::malformed,
            fmt::format("the sample of track {} at {} has the state {}, which does not exist",
                        track, format_time(time_at(time[i])), state[i])};
      }
      StoredSample row{time[i], {arrived[i], put[i]}, sample_of(state[i], value[i])};
      if (is_there(has_trials, i)) row.trials = trials[i];
      if (is_there(has_coverage, i)) row.coverage = coverage[i];
      use(row);
    }
    count += time.size();
  }
  if (count > limit) {
    return Error{ErrorKind::limit,
                 fmt::format("more than {} samples lie in that range; ask for less of it", limit)};
  }
  return {};
}

}  // namespace

Result<std::vector<StoredSample>> read_rows(SqlConnection& connection, std::int64_t track,
                                            std::int64_t first, std::int64_t last,
                                            std::size_t limit) {
  std::vector<StoredSample> found;
  const Status read = each_row(connection, track, first, last, kLastSecond, limit,
                               [&](const StoredSample& row) { found.push_back(row); });
  if (!read) return read.error();
  return found;
}

namespace {

// One grid of a signal, and what the puts that overlap the range say of it.
struct Grid {
  std::int64_t track = 0;
  std::int64_t step = 0;
  Unit unit = Unit::count;
  std::int64_t first = 0;  // begin of their first bin, perhaps before the range
  std::int64_t last = 0;   // begin of their last bin, perhaps after it
  Plane plane = Plane::traffic;
  Worse worse = Worse::low;
};

// The grid to read: the finest step with anything in the range; of equals the one put last.
Result<Grid> choose_grid(SqlConnection& connection, const SignalId& id, const SeriesQuery& query,
                         std::int64_t first, std::int64_t last, std::int64_t as_of) {
  Result<SqlRows> rows = connection.query(
      "SELECT t.track::BIGINT, t.step, min(p.first), max(p.last), t.unit,"
      " arg_max(p.plane, (p.arrived, p.put)), arg_max(p.worse, (p.arrived, p.put))"
      " FROM tracks t JOIN puts p USING (track)"
      " WHERE t.signal = ? AND p.arrived <= ? AND p.first <= ? AND p.last >= ?"
      " GROUP BY t.track, t.step, t.unit"
      " ORDER BY t.step, max(p.arrived) DESC, max(p.put) DESC, t.track",
      {id.text(), as_of, last, first});
  if (!rows) return rows.error();
  while (rows->next()) {
    for (std::size_t i = 0; i < rows->size(); ++i) {
      const auto at = [&](std::size_t column) { return rows->column<std::int64_t>(column)[i]; };
      if (query.step && query.step->count() != at(1)) continue;
      const Result<Unit> unit = parse_unit(rows->text(4, i));
      const Result<Plane> plane = parse_plane(rows->text(5, i));
      const Result<Worse> worse = parse_worse(rows->text(6, i));
      if (!unit) return unit.error();
      if (!plane) return plane.error();
      if (!worse) return worse.error();
      return Grid{at(0), at(1), *unit, at(2), at(3), *plane, *worse};
    }
  }
  return Error{ErrorKind::not_found,
               fmt::format("nothing is stored of {} in that range", id.text())};
}

// The inputs of the puts that hold a sample, by arrival; above the limit the oldest become one.
Result<std::vector<Lineage>> lineage_of(SqlConnection& connection, std::int64_t track,
                                        std::int64_t as_of, const std::set<std::int64_t>& puts) {
  Result<SqlRows> rows = connection.query(
      "SELECT p.put, i.input, i.sha256, i.name, i.format, i.arrived, i.semi_synthetic"
      " FROM puts p JOIN origin_inputs o USING (origin) JOIN inputs i USING (input)"
      " WHERE p.track = ? AND p.arrived <= ? ORDER BY i.arrived, i.sha256",
      {track, as_of});
  if (!rows) return rows.error();
  std::vector<Lineage> lineage;
  std::set<std::int64_t> seen;
  while (rows->next()) {
    for (std::size_t i = 0; i < rows->size(); ++i) {
      if (!puts.contains(rows->column<std::int64_t>(0)[i])) continue;
      if (!seen.insert(rows->column<std::int64_t>(1)[i]).second) continue;
      lineage.push_back({rows->text(2, i), rows->text(3, i), rows->text(4, i),
                         time_at(rows->column<std::int64_t>(5)[i]),
                         rows->column<std::int64_t>(6)[i] != 0});
    }
  }
  if (lineage.size() <= kMaxLineagePerRead) return lineage;

  const auto kept = lineage.end() - static_cast<std::ptrdiff_t>(kMaxLineagePerRead - 1);
  Lineage rest{.name = fmt::format("{} earlier inputs", kept - lineage.begin()),
               .format = "several"};
  std::string hashes;
  for (auto each = lineage.begin(); each != kept; ++each) {
    hashes += each->sha256 + "\n";
    rest.arrived = each->arrived;
    rest.semi_synthetic = rest.semi_synthetic || each->semi_synthetic;
  }
  rest.sha256 = sha256_hex(hashes);
  lineage.erase(lineage.begin(), kept);
  lineage.insert(lineage.begin(), rest);
  return lineage;
}

// The bins from the first to the last of which anything was ever said; false: there is none.
bool fill_series(Series& series, const Holding& holding) {
  std::size_t begin = 0;
  std::size_t end = holding.bins();
  while (begin < end && holding.at(begin) == nullptr) ++begin;
  while (begin < end && holding.at(end - 1) == nullptr) --end;
  if (begin == end) return false;
  bool has_trials = false;
  bool has_coverage = false;
  series.begin += series.step * static_cast<std::int64_t>(begin);
  series.samples.assign(end - begin, Sample::missing());
  for (std::size_t bin = begin; bin < end; ++bin) {
    const StoredSample* row = holding.at(bin);
    if (row != nullptr) series.samples[bin - begin] = row->sample;
    has_trials = has_trials || (row != nullptr && row->trials);
    // A bin that nobody ever put was not covered; one that was put without a coverage was, in full.
    has_coverage = has_coverage || row == nullptr || row->coverage;
  }
  for (std::size_t bin = begin; (has_trials || has_coverage) && bin < end; ++bin) {
    const StoredSample* row = holding.at(bin);
    if (has_coverage) series.coverage.push_back(row ? row->coverage.value_or(1) : 0);
    if (has_trials) series.trials.push_back(row ? row->trials.value_or(std::nanf("")) : 0);
  }
  return true;
}

}  // namespace

Result<Series> read_series(SqlConnection& connection, const SignalId& id,
                           const SeriesQuery& query) {
  const std::int64_t first = query.range ? seconds_of(query.range->begin) : 0;
  const std::int64_t last = query.range ? seconds_of(query.range->end) - 1 : kLastSecond;
  const std::int64_t as_of = query.as_of ? seconds_of(*query.as_of) : kLastSecond;
  const Result<Grid> grid = choose_grid(connection, id, query, first, last, as_of);
  if (!grid) return grid.error();

  // The first bin of the grid that begins inside the range.
  const std::int64_t skipped =
      first > grid->first ? (first - grid->first + grid->step - 1) / grid->step : 0;
  const std::int64_t begin = grid->first + skipped * grid->step;
  const std::int64_t end = std::min(grid->last, last);
  const auto nothing =
      Error{ErrorKind::not_found, fmt::format("nothing is stored of {} in that range", id.text())};
  if (begin > end) return nothing;
  const auto bins = static_cast<std::size_t>((end - begin) / grid->step) + 1;
  if (bins > kMaxBinsPerRead) {
    return Error{ErrorKind::limit, fmt::format("{} has {} bins in that range; one read gives {}",
                                               id.text(), bins, kMaxBinsPerRead)};
  }
  Holding holding(begin, grid->step, bins);
  const Status read = each_row(connection, grid->track, begin, end, as_of, 4 * kMaxBinsPerRead,
                               [&](const StoredSample& row) { holding.add(row); });
  if (!read) return read.error();
  Series series{.id = id,
                .plane = grid->plane,
                .unit = grid->unit,
                .worse = grid->worse,
                .begin = time_at(begin),
                .step = Seconds{grid->step}};
  if (!fill_series(series, holding)) return nothing;

  std::set<std::int64_t> puts;
  std::int64_t previous = 0;
  for (std::size_t bin = 0; bin < bins; ++bin) {
    const StoredSample* row = holding.at(bin);
    if (row != nullptr && row->key.put != previous) puts.insert(previous = row->key.put);
  }
  Result<std::vector<Lineage>> lineage = lineage_of(connection, grid->track, as_of, puts);
  if (!lineage) return lineage.error();
  series.lineage = std::move(*lineage);
  return series;
}

std::string where_entity(const EntityFilter& who, std::vector<SqlValue>& parameters) {
  std::string sql = "true";
  if (who.entity) {
    sql += " AND entity = ?";
    parameters.emplace_back(who.entity->text());
  }
  if (who.country) {
    sql += " AND country = ?";
    parameters.emplace_back(as_utf8(*who.country));
  }
  return sql;
}

Result<std::vector<SignalSummary>> list_signals(SqlConnection& connection,
                                                const EntityFilter& who) {
  std::vector<SqlValue> parameters;
  const std::string where = where_entity(who, parameters);
  Result<SqlRows> rows = connection.query(
      "SELECT t.signal, t.step, t.unit, min(p.first), max(p.last), max(p.arrived),"
      " arg_max(p.plane, (p.arrived, p.put)), arg_max(p.worse, (p.arrived, p.put))"
      " FROM tracks t JOIN puts p USING (track) WHERE " +
          where +
          " GROUP BY t.track, t.signal, t.step, t.unit ORDER BY t.signal, t.step, t.unit, t.track",
      parameters);
  if (!rows) return rows.error();
  std::vector<SignalSummary> signals;
  while (rows->next()) {
    for (std::size_t i = 0; i < rows->size(); ++i) {
      const auto at = [&](std::size_t column) { return rows->column<std::int64_t>(column)[i]; };
      const Result<SignalId> id = SignalId::parse(rows->text(0, i));
      const Result<Unit> unit = parse_unit(rows->text(2, i));
      const Result<Plane> plane = parse_plane(rows->text(6, i));
      const Result<Worse> worse = parse_worse(rows->text(7, i));
      if (!id) return id.error();
      if (!unit) return unit.error();
      if (!plane) return plane.error();
      if (!worse) return worse.error();
      signals.push_back({*id,
                         *plane,
                         *unit,
                         *worse,
                         Seconds{at(1)},
                         {time_at(at(3)), time_at(at(4) + at(1))},
                         time_at(at(5))});
    }
  }
  return signals;
}

Result<bool> has_input(SqlConnection& connection, const std::string& sha256) {
  const Result<std::optional<std::int64_t>> found =
      connection.number("SELECT input FROM inputs WHERE sha256 = ? LIMIT 1", {as_utf8(sha256)});
  if (!found) return found.error();
  return found->has_value();
}

Result<std::vector<Lineage>> list_inputs(SqlConnection& connection) {
  Result<SqlRows> rows = connection.query(
      "SELECT sha256, name, format, arrived, semi_synthetic FROM inputs ORDER BY input LIMIT ?",
      {static_cast<std::int64_t>(kMaxRowsPerList) + 1});
  if (!rows) return rows.error();
  std::vector<Lineage> inputs;
  while (rows->next()) {
    for (std::size_t i = 0; i < rows->size(); ++i) {
      inputs.push_back({rows->text(0, i), rows->text(1, i), rows->text(2, i),
                        time_at(rows->column<std::int64_t>(3)[i]),
                        rows->column<std::int64_t>(4)[i] != 0});
    }
  }
  if (inputs.size() > kMaxRowsPerList) {
    return Error{ErrorKind::limit, fmt::format("more than {} inputs are stored", kMaxRowsPerList)};
  }
  return inputs;
}

}  // namespace lightsout
