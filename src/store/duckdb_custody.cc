// SPDX-License-Identifier: Apache-2.0
#include "store/duckdb_custody.h"

#include <fmt/format.h>

#include "store/custody.h"
#include "store/incident_json.h"

namespace lightsout {

namespace {

Status make_storable(CustodyEntry& entry) {
  for (std::string* text : {&entry.actor, &entry.action, &entry.subject, &entry.note}) {
    *text = as_utf8(*text);
    if (text->size() > kMaxTextBytes) {
      return Error{ErrorKind::limit,
                   fmt::format("a text of a custody entry has {} bytes; {} is the most",
                               text->size(), kMaxTextBytes)};
    }
  }
  return {};
}

// The entries by columns, as the table has them.
struct CustodyColumns {
  std::vector<std::int64_t> number, happened;
  std::vector<std::string> actor, action, subject, note, hash;

  void add(const CustodyEntry& entry) {
    number.push_back(static_cast<std::int64_t>(entry.number));
    happened.push_back(entry.at.time_since_epoch().count());
    actor.push_back(entry.actor);
    action.push_back(entry.action);
    subject.push_back(entry.subject);
    note.push_back(entry.note);
    hash.push_back(entry.hash);
  }

  Status write(SqlConnection& connection) const {
    const SqlColumn columns[] = {
        {.values = std::span<const std::int64_t>(number)},
        {.values = std::span<const std::int64_t>(happened)},
        {.values = std::span<const std::string>(actor)},
        {.values = std::span<const std::string>(action)},
        {.values = std::span<const std::string>(subject)},
        {.values = std::span<const std::string>(note)},
        {.values = std::span<const std::string>(hash)},
    };
    return append_rows(connection, "custody", columns);
  }
};

}  // namespace

Status create_custody_table(SqlConnection& connection) {
  return connection.run(
      "CREATE TABLE custody (number BIGINT NOT NULL, happened BIGINT NOT NULL, actor VARCHAR NOT "
      "NULL, action VARCHAR NOT NULL, subject VARCHAR NOT NULL, note VARCHAR NOT NULL,"
      " hash VARCHAR NOT NULL)");
}

Status chain_custody(SqlConnection& connection, std::span<CustodyEntry> entries) {
  if (entries.empty()) return {};
  Result<SqlRows> last =
      connection.query("SELECT number, hash FROM custody ORDER BY number DESC LIMIT 1");
  if (!last) return last.error();
  std::uint64_t number = 0;
  std::string previous;
  if (last->next()) {
    number = static_cast<std::uint64_t>(last->column<std::int64_t>(0)[0]);
    previous = last->text(1, 0);
  }
  CustodyColumns columns;
  for (CustodyEntry& entry : entries) {
    if (Status fits = make_storable(entry); !fits) return fits;
    entry.number = ++number;
    entry.hash = custody_hash(previous, entry);
    previous = entry.hash;
    columns.add(entry);
  }
  return columns.write(connection);
}

Result<std::vector<CustodyEntry>> read_custody(SqlConnection& connection) {
  Result<SqlRows> rows = connection.query(
      "SELECT number, happened, actor, action, subject, note, hash FROM custody ORDER BY number "
      "LIMIT ?",
      {static_cast<std::int64_t>(kMaxRowsPerList) + 1});
  if (!rows) return rows.error();
  std::vector<CustodyEntry> log;
  while (rows->next()) {
    for (std::size_t i = 0; i < rows->size(); ++i) {
      log.push_back({static_cast<std::uint64_t>(rows->column<std::int64_t>(0)[i]),
                     Time{Seconds{rows->column<std::int64_t>(1)[i]}}, rows->text(2, i),
                     rows->text(3, i), rows->text(4, i), rows->text(5, i), rows->text(6, i)});
    }
  }
  if (log.size() > kMaxRowsPerList) {
    return Error{ErrorKind::limit,
                 fmt::format("more than {} custody entries are stored", kMaxRowsPerList)};
  }
  return log;
}

}  // namespace lightsout
