// SPDX-License-Identifier: Apache-2.0
#include "store/duckdb_store.h"

#include <fmt/format.h>

#include <mutex>

#include "store/duckdb_custody.h"
#include "store/duckdb_samples.h"
#include "store/duckdb_sql.h"
#include "store/incident_json.h"
#include "store/store_lock.h"

namespace lightsout {

namespace {

constexpr std::string_view kTables[] = {
    "CREATE TABLE detections (entry BIGINT NOT NULL, made_at BIGINT NOT NULL, signal VARCHAR NOT "
    "NULL,"
    " entity VARCHAR NOT NULL, country VARCHAR NOT NULL, json VARCHAR NOT NULL)",
    "CREATE TABLE anomalies (entry BIGINT NOT NULL, signal VARCHAR NOT NULL, plane VARCHAR NOT "
    "NULL,"
    " detector VARCHAR NOT NULL, onset BIGINT NOT NULL, end_time BIGINT, depth DOUBLE NOT NULL,"
    " evidence DOUBLE NOT NULL)",
    "CREATE TABLE incidents (id VARCHAR NOT NULL, version BIGINT NOT NULL, known_at BIGINT NOT "
    "NULL,"
    " entity VARCHAR NOT NULL, country VARCHAR NOT NULL, grade VARCHAR NOT NULL,"
    " confidence VARCHAR NOT NULL, onset BIGINT NOT NULL, end_time BIGINT, depth DOUBLE NOT NULL,"
    " json VARCHAR NOT NULL)",
    // Last: a file with a version is a whole one.
    "CREATE TABLE store_format (version BIGINT NOT NULL, made_by VARCHAR NOT NULL)",
};

constexpr Time kForever{Seconds{4'291'747'199}};

std::int64_t seconds_of(Time time) {
  return time.time_since_epoch().count();
}

SqlValue end_of(const std::optional<TimeEstimate>& end) {
  return end ? SqlValue(seconds_of(end->value)) : SqlValue();
}

Error too_many(std::string_view what) {
  return Error{ErrorKind::limit, fmt::format("more than {} {} fit the question; ask for fewer",
                                             kMaxRowsPerList, what)};
}

class DuckdbStore : public Store {
 public:
  DuckdbStore(std::string path, std::unique_ptr<StoreLock> lock,
              std::unique_ptr<SqlDatabase> database, bool read_only)
      : path_(std::move(path)),
        lock_(std::move(lock)),
        database_(std::move(database)),
        read_only_(read_only) {}

  Status prepare();

  Result<PutSummary> put_series(std::span<const Series> series,
                                std::optional<Time> arrived) override;
  Result<Series> read_series(const SignalId& id, const SeriesQuery& query) override {
    return reading<Series>([&](SqlConnection& c) { return lightsout::read_series(c, id, query); });
  }
  Result<std::vector<SignalSummary>> list_signals(const EntityFilter& who) override {
    return reading<std::vector<SignalSummary>>(
        [&](SqlConnection& c) { return lightsout::list_signals(c, who); });
  }
  Status put_detection(const Detection& detection, Time made_at) override;
  Result<std::vector<DetectionRecord>> detections(const EntityFilter& who,
                                                  std::optional<Time> as_of) override;
  Status put_incident(const Incident& incident) override;
  Result<std::vector<Incident>> incidents(const IncidentQuery& query) override;
  Result<std::vector<Incident>> incident_versions(const std::string& id) override;
  Status put_input(const Lineage& input) override;
  Result<std::size_t> receive_inputs(std::span<const Lineage> inputs,
                                     const CustodyEntry& how) override;
  Result<bool> has_input(const std::string& sha256) override {
    return reading<bool>([&](SqlConnection& c) { return lightsout::has_input(c, sha256); });
  }
  Result<std::vector<Lineage>> inputs() override {
    return reading<std::vector<Lineage>>([](SqlConnection& c) { return list_inputs(c); });
  }
  Result<CustodyEntry> append_custody(const CustodyEntry& entry) override;
  Result<std::vector<CustodyEntry>> custody_log() override {
    return reading<std::vector<CustodyEntry>>([](SqlConnection& c) { return read_custody(c); });
  }

 private:
  Error about_file(const Error& error) const {
    return error.kind == ErrorKind::world
               ? Error{error.kind, fmt::format("{}: {}", path_, error.message)}
               : error;
  }

  // Runs the function on a connection of its own inside one transaction, so that all of its queries
  // see the same state.
  template <typename T, typename Read>
  Result<T> reading(const Read& read) {
    const Result<std::unique_ptr<SqlConnection>> connection = database_->connect();
    if (!connection) return about_file(connection.error());
    const auto transaction = SqlTransaction::begin(**connection);
    if (!transaction) return about_file(transaction.error());
    Result<T> result = read(**connection);
    if (!result) return about_file(result.error());
    return result;
  }

  // Runs the function on the writer's connection inside one transaction, and acknowledges only what
  // was committed.
  template <typename Write>
  Status writing(const Write& write) {
    const std::lock_guard guard(writer_);
    if (read_only_) {
      return Error{ErrorKind::usage, fmt::format("{} was opened for reading only", path_)};
    }
    Status done = writing_locked(write);
    if (done) return done;
    // What the writer remembers may be of the transaction that was rolled back.
    const Status loaded = samples_.load(*writer_connection_);
    static_cast<void>(loaded);  // should even this fail, so does every later put, and says why
    return about_file(done.error());
  }
  template <typename Write>
  Status writing_locked(const Write& write) {
    const auto transaction = SqlTransaction::begin(*writer_connection_);
    if (!transaction) return transaction.error();
    if (Status done = write(*writer_connection_); !done) return done;
    return (*transaction)->commit();
  }

  Result<std::vector<Incident>> incidents_of(SqlRows rows);
  Status put_anomalies(SqlConnection& connection, const Detection& detection, std::int64_t entry);

  std::string path_;
  std::unique_ptr<StoreLock> lock_;
  std::unique_ptr<SqlDatabase> database_;
  bool read_only_;
  std::mutex writer_;
  std::unique_ptr<SqlConnection> writer_connection_;  // used under writer_
  SampleWriter samples_;                              // used under writer_
};

Status DuckdbStore::prepare() {
  Result<std::unique_ptr<SqlConnection>> connection = database_->connect();
  if (!connection) return about_file(connection.error());
  writer_connection_ = std::move(*connection);

  const Result<std::optional<std::int64_t>> tables = writer_connection_->number(
      "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'main'"
      " AND table_catalog = current_database()");
  if (!tables) return about_file(tables.error());
  if (**tables == 0 && !read_only_) {
    const Status made = writing_locked([](SqlConnection& c) {
      if (Status samples = SampleWriter::create_tables(c); !samples) return samples;
      if (Status custody = create_custody_table(c); !custody) return custody;
      for (const std::string_view sql : kTables) {
        if (Status table = c.run(sql); !table) return table;
      }
      return c.run("INSERT INTO store_format VALUES (?, 'lightsout')",
                   {std::int64_t{kStoreSchemaVersion}});
    });
    if (!made) return about_file(made.error());
  }
  const Result<std::optional<std::int64_t>> version =
      writer_connection_->number("SELECT version FROM store_format");
  if (!version || !*version) {
    return Error{ErrorKind::malformed,
                 fmt::format("{} is a DuckDB file, but not one of Lightsout's stores", path_)};
  }
  if (**version != kStoreSchemaVersion) {
    return Error{
        ErrorKind::unsupported,
        fmt::format("{} has the store format {}, and this program knows {}; open it with the "
                    "program that made it, or a newer one",
                    path_, **version, kStoreSchemaVersion)};
  }
  if (read_only_) return {};
  const Status loaded = samples_.load(*writer_connection_);
  return loaded ? loaded : Status(about_file(loaded.error()));
}

Result<PutSummary> DuckdbStore::put_series(std::span<const Series> series,
                                           std::optional<Time> arrived) {
  PutSummary summary;
  const Status done = writing([&](SqlConnection& connection) -> Status {
    const Result<PutSummary> put = samples_.put(connection, series, arrived);
    if (!put) return put.error();
    summary = *put;
    return {};
  });
  if (!done) return done.error();
  return summary;
}

Status DuckdbStore::put_input(const Lineage& input) {
  return writing([&](SqlConnection& connection) -> Status {
    const auto noted = samples_.inputs().note(connection, {&input, 1});
    return noted ? Status() : Status(noted.error());
  });
}

Result<std::size_t> DuckdbStore::receive_inputs(std::span<const Lineage> inputs,
                                                const CustodyEntry& how) {
  std::vector<CustodyEntry> entries;
  const Status done = writing([&](SqlConnection& connection) -> Status {
    std::int64_t next = samples_.inputs().next();
    const auto numbers = samples_.inputs().note(connection, inputs);
    if (!numbers) return numbers.error();
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      if ((*numbers)[i] != next) continue;  // known, or named twice here
      ++next;
      entries.push_back(how);
      entries.back().subject = inputs[i].sha256;
      entries.back().note = inputs[i].name;
    }
    return chain_custody(connection, entries);
  });
  if (!done) return done.error();
  return entries.size();
}

Status DuckdbStore::put_anomalies(SqlConnection& connection, const Detection& detection,
                                  std::int64_t entry) {
  for (const Anomaly& anomaly : detection.anomalies) {
    const Status put =
        connection.run("INSERT INTO anomalies VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                       {entry, anomaly.signal.text(), std::string(name_of(anomaly.plane)),
                        as_utf8(anomaly.detector), seconds_of(anomaly.onset.value),
                        end_of(anomaly.end), anomaly.depth.value, anomaly.evidence});
    if (!put) return put;
  }
  return {};
}

Status DuckdbStore::put_detection(const Detection& detection, Time made_at) {
  const std::string json = to_json(detection);
  const std::string signal = detection.signal.text();
  if (json.size() > kMaxDocumentBytes) {
    return Error{ErrorKind::limit, fmt::format("the detection of {} takes {} bytes; {} is the most",
                                               signal, json.size(), kMaxDocumentBytes)};
  }
  if (const auto readable = detection_from_json(json); !readable) {
    return Error{ErrorKind::usage, "it cannot be stored: " + readable.error().message};
  }
  return writing([&](SqlConnection& connection) -> Status {
    Result<SqlRows> newest = connection.query(
        "SELECT json FROM detections WHERE signal = ? ORDER BY made_at DESC, entry DESC LIMIT 1",
        {signal});
    if (!newest) return newest.error();
    if (newest->next() && newest->text(0, 0) == json) return {};
    const auto last = connection.number("SELECT max(entry) FROM detections");
    if (!last) return last.error();
    const std::int64_t entry = last->value_or(0) + 1;
    const Entity& entity = detection.signal.entity();
    const Status put = connection.run(
        "INSERT INTO detections VALUES (?, ?, ?, ?, ?, ?)",
        {entry, seconds_of(made_at), signal, entity.text(), std::string(entity.country()), json});
    return put ? put_anomalies(connection, detection, entry) : put;
  });
}

Result<std::vector<DetectionRecord>> DuckdbStore::detections(const EntityFilter& who,
                                                             std::optional<Time> as_of) {
  using Records = std::vector<DetectionRecord>;
  return reading<Records>([&](SqlConnection& connection) -> Result<Records> {
    std::vector<SqlValue> parameters;
    const std::string where = where_entity(who, parameters);
    parameters.emplace_back(seconds_of(as_of.value_or(kForever)));
    parameters.emplace_back(static_cast<std::int64_t>(kMaxRowsPerList) + 1);
    Result<SqlRows> rows =
        connection.query("SELECT signal, made_at, json FROM detections WHERE " + where +
                             " AND made_at <= ? QUALIFY row_number() OVER (PARTITION BY signal"
                             " ORDER BY made_at DESC, entry DESC) = 1 ORDER BY signal LIMIT ?",
                         parameters);
    if (!rows) return rows.error();
    Records records;
    while (rows->next()) {
      for (std::size_t i = 0; i < rows->size(); ++i) {
        Result<Detection> detection = detection_from_json(rows->text(2, i));
        if (!detection) {
          return Error{ErrorKind::malformed,
                       fmt::format("{}: the stored detection of {} is damaged: {}", path_,
                                   rows->text(0, i), detection.error().message)};
        }
        records.push_back({std::move(*detection), Time{Seconds{rows->column<std::int64_t>(1)[i]}}});
      }
    }
    if (records.size() > kMaxRowsPerList) return too_many("detections");
    return records;
  });
}

Status DuckdbStore::put_incident(const Incident& incident) {
  const std::string json = to_json(incident);
  const std::string id = as_utf8(incident.id);
  if (id.empty() || id.size() > kMaxTextBytes) {
    return Error{ErrorKind::usage, "an incident needs an id of a reasonable length"};
  }
  if (json.size() > kMaxDocumentBytes) {
    return Error{ErrorKind::limit, fmt::format("incident {} takes {} bytes; {} is the most", id,
                                               json.size(), kMaxDocumentBytes)};
  }
  if (const auto readable = incident_from_json(json); !readable) {
    return Error{ErrorKind::usage, "it cannot be stored: " + readable.error().message};
  }
  return writing([&](SqlConnection& connection) -> Status {
    Result<SqlRows> same =
        connection.query("SELECT json FROM incidents WHERE id = ? AND version = ?",
                         {id, std::int64_t{incident.version}});
    if (!same) return same.error();
    if (same->next()) {
      if (same->text(0, 0) == json) return {};
      return Error{ErrorKind::usage,
                   fmt::format("version {} of incident {} is kept and is never edited; "
                               "put the next version",
                               incident.version, id)};
    }
    const auto newest = connection.number("SELECT max(version) FROM incidents WHERE id = ?", {id});
    if (!newest) return newest.error();
    const std::int64_t before = newest->value_or(0);
    const std::int64_t superseded = incident.supersedes.value_or(0);
    if (incident.version != before + 1 || superseded != before) {
      return Error{
          ErrorKind::usage,
          fmt::format("incident {} has {} versions; version {} that supersedes {} does not "
                      "follow",
                      id, before, incident.version, superseded)};
    }
    return connection.run(
        "INSERT INTO incidents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        {id, std::int64_t{incident.version}, seconds_of(incident.known_at), incident.entity.text(),
         std::string(incident.entity.country()), std::string(name_of(incident.grade)),
         std::string(name_of(incident.confidence)), seconds_of(incident.onset.value),
         end_of(incident.end), incident.depth.value, json});
  });
}

// Rows of id, version, json.
Result<std::vector<Incident>> DuckdbStore::incidents_of(SqlRows rows) {
  std::vector<Incident> incidents;
  while (rows.next()) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      Result<Incident> incident = incident_from_json(rows.text(2, i));
      const std::string id = rows.text(0, i);
      const auto version = rows.column<std::int64_t>(1)[i];
      if (!incident || as_utf8(incident->id) != id || incident->version != version) {
        return Error{
            ErrorKind::malformed,
            fmt::format("{}: version {} of incident {} is damaged: {}", path_, version, id,
                        incident ? "its text is of another one" : incident.error().message)};
      }
      incidents.push_back(std::move(*incident));
    }
  }
  if (incidents.size() > kMaxRowsPerList) return too_many("incidents");
  return incidents;
}

Result<std::vector<Incident>> DuckdbStore::incidents(const IncidentQuery& query) {
  return reading<std::vector<Incident>>(
      [&](SqlConnection& connection) -> Result<std::vector<Incident>> {
        std::vector<SqlValue> parameters;
        const std::string where = where_entity(query.who, parameters);
        parameters.emplace_back(seconds_of(query.as_of.value_or(kForever)));
        const TimeRange range = query.range.value_or(TimeRange{Time{}, kForever});
        parameters.emplace_back(seconds_of(range.end));
        parameters.emplace_back(seconds_of(range.begin));
        parameters.emplace_back(static_cast<std::int64_t>(kMaxRowsPerList) + 1);
        Result<SqlRows> rows = connection.query(
            "SELECT id, version, json FROM (SELECT * FROM incidents WHERE " + where +
                " AND known_at <= ? QUALIFY row_number() OVER"
                " (PARTITION BY id ORDER BY version DESC) = 1)"
                " WHERE onset < ? AND coalesce(end_time, known_at) > ?"
                " ORDER BY onset DESC, id LIMIT ?",
            parameters);
        if (!rows) return rows.error();
        return incidents_of(std::move(*rows));
      });
}

Result<std::vector<Incident>> DuckdbStore::incident_versions(const std::string& id) {
  return reading<std::vector<Incident>>(
      [&](SqlConnection& connection) -> Result<std::vector<Incident>> {
        Result<SqlRows> rows = connection.query(
            "SELECT id, version, json FROM incidents WHERE id = ? ORDER BY version", {as_utf8(id)});
        if (!rows) return rows.error();
        Result<std::vector<Incident>> versions = incidents_of(std::move(*rows));
        if (versions.ok() && versions->empty()) {
          return Error{ErrorKind::not_found, fmt::format("there is no incident {}", as_utf8(id))};
        }
        return versions;
      });
}

Result<CustodyEntry> DuckdbStore::append_custody(const CustodyEntry& entry) {
  CustodyEntry kept = entry;
  const Status done =
      writing([&](SqlConnection& connection) { return chain_custody(connection, {&kept, 1}); });
  if (!done) return done.error();
  return kept;
}

}  // namespace

Result<std::unique_ptr<Store>> open_duckdb_store(const std::string& path,
                                                 const DuckdbStoreOptions& options) {
  if (path.empty()) return Error{ErrorKind::usage, "a store needs the name of its file"};
  std::unique_ptr<StoreLock> lock;
  if (path != ":memory:") {
    Result<std::unique_ptr<StoreLock>> taken = StoreLock::take(path, options.read_only);
    if (!taken) return taken.error();
    lock = std::move(*taken);
  }
  Result<std::unique_ptr<SqlDatabase>> database =
      SqlDatabase::open(path, {.memory_limit_mb = options.memory_limit_mb,
                               .threads = options.threads,
                               .read_only = options.read_only});
  if (!database) {
    return Error{ErrorKind::world,
                 fmt::format("{} cannot be opened as a store: {}", path, database.error().message)};
  }
  auto store =
      std::make_unique<DuckdbStore>(path, std::move(lock), std::move(*database), options.read_only);
  if (Status prepared = store->prepare(); !prepared) return prepared.error();
  return std::unique_ptr<Store>(std::move(store));
}

}  // namespace lightsout
