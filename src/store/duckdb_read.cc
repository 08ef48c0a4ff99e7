// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>

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

// Finds puts by their number: where the put stands in the list, or -1.
class PutIndex {
 public:
  explicit PutIndex(const std::vector<PutOfTrack>& puts) {
    for (std::size_t i = 0; i < puts.size(); ++i) {
      // A put that was continued later stands twice; its first place is its rank.
      ranks_.try_emplace(puts[i].range.key.put, static_cast<std::int64_t>(i));
    }
  }
  std::int64_t rank_of(std::int64_t put) {
    if (put == last_put_) return last_rank_;
    const auto found = ranks_.find(put);
    last_put_ = put;
    return last_rank_ = found == ranks_.end() ? -1 : found->second;
  }

 private:
  std::unordered_map<std::int64_t, std::int64_t> ranks_;
  std::int64_t last_put_ = 0;
  std::int64_t last_rank_ = -1;
};

// Calls use(time, rank of the put, sample, trials, coverage) with each row of the track whose bin
// begins in [first, last] and that is of one of these puts, in any order.
template <typename Use>
Status each_row(SqlConnection& connection, std::int64_t track, std::int64_t first,
                std::int64_t last, const std::vector<PutOfTrack>& puts, std::size_t limit,
                const Use& use) {
  Result<SqlRows> rows = connection.query(
      "SELECT time, put, state, value, trials, coverage FROM samples"
      " WHERE track = ? AND time >= ? AND time <= ? LIMIT ?",
      {track, first, last, static_cast<std::int64_t>(limit) + 1});
  if (!rows) return rows.error();
  PutIndex index(puts);
  std::size_t count = 0;
  const auto given = [](const std::uint64_t* valid, std::span<const float> values, std::size_t i) {
    const bool there = valid == nullptr || (valid[i / 64] >> (i % 64) & 1) != 0;
    return there ? std::optional(values[i]) : std::nullopt;
  };
  while (rows->next()) {
    const auto time = rows->column<std::int64_t>(0);
    const auto put = rows->column<std::int64_t>(1);
    const auto state = rows->column<std::uint8_t>(2);
    const auto value = rows->column<double>(3);
    const auto trials = rows->column<float>(4);
    const auto coverage = rows->column<float>(5);
    const std::uint64_t* has_trials = rows->validity(4);
    const std::uint64_t* has_coverage = rows->validity(5);
    for (std::size_t i = 0; i < time.size(); ++i) {
      if (state[i] > 3) {
        return Error{
            ErrorKind::malformed,
            fmt::format("the sample of track {} at {} has the state {}, which does not exist",
                        track, format_time(time_at(time[i])), state[i])};
      }
      const std::int64_t rank = index.rank_of(put[i]);
      if (rank < 0) continue;
      use(time[i], rank, Sample::of(static_cast<SampleState>(state[i]), value[i]),
          given(has_trials, trials, i), given(has_coverage, coverage, i));
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

Result<std::vector<PutOfTrack>> read_puts(SqlConnection& connection, std::int64_t track,
                                          std::int64_t first, std::int64_t last,
                                          std::int64_t as_of) {
  Result<SqlRows> rows = connection.query(
      "SELECT put, arrived, first, last, origin, plane, worse FROM puts"
      " WHERE track = ? AND arrived <= ? AND first <= ? AND last >= ?",
      {track, as_of, last, first});
  if (!rows) return rows.error();
  std::vector<PutOfTrack> puts;
  while (rows->next()) {
    for (std::size_t i = 0; i < rows->size(); ++i) {
      const auto at = [&](std::size_t column) { return rows->column<std::int64_t>(column)[i]; };
      const Result<Plane> plane = parse_plane(rows->text(5, i));
      const Result<Worse> worse = parse_worse(rows->text(6, i));
      if (!plane) return plane.error();
      if (!worse) return worse.error();
      puts.push_back({{{at(1), at(0)}, at(2), at(3)}, at(4), *plane, *worse});
    }
  }
  std::stable_sort(puts.begin(), puts.end(), [](const PutOfTrack& a, const PutOfTrack& b) {
    return a.range.key < b.range.key;
  });
  return puts;
}

Result<std::vector<StoredSample>> read_rows(SqlConnection& connection, std::int64_t track,
                                            std::int64_t first, std::int64_t last,
                                            const std::vector<PutOfTrack>& puts,
                                            std::size_t limit) {
  std::vector<StoredSample> found;
  const Status read =
      each_row(connection, track, first, last, puts, limit,
               [&](std::int64_t time, std::int64_t rank, const Sample& sample,
                   const std::optional<float>& trials, const std::optional<float>& coverage) {
                 found.push_back({time, puts[static_cast<std::size_t>(rank)].range.key, sample,
                                  trials, coverage});
               });
  if (!read) return read.error();
  return found;
}

namespace {

// One grid of a signal with the puts that overlap the range.
struct Grid {
  std::int64_t track = 0;
  std::int64_t step = 0;
  Unit unit = Unit::count;
  std::vector<PutOfTrack> puts;
};

// The grid to read: the finest step with anything in the range; of equals the one put last.
Result<Grid> choose_grid(SqlConnection& connection, const SignalId& id, const SeriesQuery& query,
                         std::int64_t first, std::int64_t last, std::int64_t as_of) {
  Result<SqlRows> rows = connection.query(
      "SELECT track::BIGINT, step, unit FROM tracks WHERE signal = ? ORDER BY step, track",
      {id.text()});
  if (!rows) return rows.error();
  Grid best;
  while (rows->next()) {
    for (std::size_t i = 0; i < rows->size(); ++i) {
      Grid grid{.track = rows->column<std::int64_t>(0)[i],
                .step = rows->column<std::int64_t>(1)[i]};
      if (grid.step <= 0) {
        return Error{ErrorKind::malformed, fmt::format("the track {} of {} has the step {} s",
                                                       grid.track, id.text(), grid.step)};
      }
      if (query.step && query.step->count() != grid.step) continue;
      if (!best.puts.empty() && grid.step > best.step) return best;
      const Result<Unit> unit = parse_unit(rows->text(2, i));
      if (!unit) return unit.error();
      Result<std::vector<PutOfTrack>> puts = read_puts(connection, grid.track, first, last, as_of);
      if (!puts) return puts.error();
      grid.unit = *unit;
      grid.puts = std::move(*puts);
      if (grid.puts.empty()) continue;
      if (best.puts.empty() || best.puts.back().range.key < grid.puts.back().range.key) {
        best = std::move(grid);
      }
    }
  }
  if (!best.puts.empty()) return best;
  return Error{ErrorKind::not_found,
               fmt::format("nothing is stored of {} in that range", id.text())};
}

Lineage lineage_at(const SqlRows& rows, std::size_t column, std::size_t row) {
  return {rows.text(column, row), rows.text(column + 1, row), rows.text(column + 2, row),
          time_at(rows.column<std::int64_t>(column + 3)[row]),
          rows.column<std::int64_t>(column + 4)[row] != 0};
}

// Adds the inputs of one origin, by their number.
Status inputs_of(SqlConnection& connection, std::int64_t origin,
                 std::map<std::int64_t, Lineage>& inputs) {
  Result<SqlRows> rows = connection.query(
      "SELECT i.input, i.sha256, i.name, i.format, i.arrived, i.semi_synthetic"
      " FROM inputs i WHERE i.input IN (SELECT input FROM origin_inputs WHERE origin = ?)",
      {origin});
  if (!rows) return rows.error();
  while (rows->next()) {
    for (std::size_t i = 0; i < rows->size(); ++i) {
      inputs.try_emplace(rows->column<std::int64_t>(0)[i], lineage_at(*rows, 1, i));
    }
  }
  return {};
}

// The same for many origins at once.
Status inputs_of_all(SqlConnection& connection, const std::set<std::int64_t>& origins,
                     std::map<std::int64_t, Lineage>& inputs) {
  Result<SqlRows> rows = connection.query(
      "SELECT o.origin, i.input, i.sha256, i.name, i.format, i.arrived, i.semi_synthetic"
      " FROM origin_inputs o JOIN inputs i USING (input) WHERE o.origin >= ? AND o.origin <= ?",
      {*origins.begin(), *origins.rbegin()});
  if (!rows) return rows.error();
  while (rows->next()) {
    for (std::size_t i = 0; i < rows->size(); ++i) {
      if (!origins.contains(rows->column<std::int64_t>(0)[i])) continue;
      inputs.try_emplace(rows->column<std::int64_t>(1)[i], lineage_at(*rows, 2, i));
    }
  }
  return {};
}

// The inputs of these origins, by arrival; above the limit the oldest become one.
Result<std::vector<Lineage>> lineage_of(SqlConnection& connection,
                                        const std::set<std::int64_t>& origins) {
  std::map<std::int64_t, Lineage> inputs;
  if (origins.size() == 1) {
    if (Status read = inputs_of(connection, *origins.begin(), inputs); !read) return read.error();
  } else if (!origins.empty()) {
    if (Status read = inputs_of_all(connection, origins, inputs); !read) return read.error();
  }
  std::vector<Lineage> lineage;
  for (auto& [number, input] : inputs) lineage.push_back(std::move(input));
  std::sort(lineage.begin(), lineage.end(), [](const Lineage& a, const Lineage& b) {
    return std::tie(a.arrived, a.sha256) < std::tie(b.arrived, b.sha256);
  });
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

}  // namespace

Result<Series> read_series(SqlConnection& connection, const SignalId& id,
                           const SeriesQuery& query) {
  const std::int64_t first = query.range ? seconds_of(query.range->begin) : 0;
  const std::int64_t last = query.range ? seconds_of(query.range->end) - 1 : kLastSecond;
  const std::int64_t as_of = query.as_of ? seconds_of(*query.as_of) : kLastSecond;
  const Result<Grid> grid = choose_grid(connection, id, query, first, last, as_of);
  if (!grid) return grid.error();

  const auto nothing =
      Error{ErrorKind::not_found, fmt::format("nothing is stored of {} in that range", id.text())};
  std::int64_t begin = kLastSecond;
  std::int64_t end = 0;
  for (const PutOfTrack& put : grid->puts) {
    begin = std::min(begin, put.range.first);
    end = std::max(end, put.range.last);
  }
  // The first bin of the grid that begins inside the range.
  if (begin < first) begin += (first - begin + grid->step - 1) / grid->step * grid->step;
  end = std::min(end, last);
  if (begin > end) return nothing;
  const auto bins = static_cast<std::size_t>((end - begin) / grid->step) + 1;
  if (bins > kMaxBins) {
    return Error{ErrorKind::limit, fmt::format("{} has {} bins in that range; one read gives {}",
                                               id.text(), bins, kMaxBins)};
  }
  Holding holding(begin, grid->step, bins);
  const Status read =
      each_row(connection, grid->track, begin, end, grid->puts, 4 * kMaxBins,
               [&](std::int64_t time, std::int64_t rank, const Sample& sample,
                   const std::optional<float>& trials, const std::optional<float>& coverage) {
                 holding.add(time, static_cast<std::uint32_t>(rank), sample, trials, coverage);
               });
  if (!read) return read.error();

  const PutOfTrack& newest = grid->puts.back();
  Series series{.id = id,
                .plane = newest.plane,
                .unit = grid->unit,
                .worse = newest.worse,
                .step = Seconds{grid->step}};
  std::vector<bool> used(grid->puts.size());
  if (!holding.finish(series, used)) return nothing;

  std::set<std::int64_t> origins;
  for (std::size_t i = 0; i < used.size(); ++i) {
    if (used[i] && grid->puts[i].origin != 0) origins.insert(grid->puts[i].origin);
  }
  Result<std::vector<Lineage>> lineage = lineage_of(connection, origins);
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
          " GROUP BY t.track, t.signal, t.step, t.unit"
          " ORDER BY t.signal, t.step, max(p.arrived) DESC, max(p.put) DESC",
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
      // Of two grids with one step, read_series() gives the one put last.
      if (!signals.empty() && signals.back().id == *id && signals.back().step.count() == at(1)) {
        continue;
      }
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
      inputs.push_back(lineage_at(*rows, 0, i));
    }
  }
  if (inputs.size() > kMaxRowsPerList) {
    return Error{ErrorKind::limit, fmt::format("more than {} inputs are stored", kMaxRowsPerList)};
  }
  return inputs;
}

}  // namespace lightsout
