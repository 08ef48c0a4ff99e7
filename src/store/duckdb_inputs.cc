// SPDX-License-Identifier: Apache-2.0
#include "store/duckdb_inputs.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/sha256.h"
#include "store/incident_json.h"
#include "store/store.h"

namespace lightsout {

namespace {

constexpr std::size_t kHashesAQuery = 1000;

constexpr std::string_view kTables[] = {
    "CREATE TABLE inputs (input BIGINT NOT NULL, sha256 VARCHAR NOT NULL, name VARCHAR NOT NULL,"
    " format VARCHAR NOT NULL, arrived BIGINT NOT NULL, semi_synthetic BIGINT NOT NULL)",
    "CREATE TABLE origins (origin BIGINT NOT NULL, hash VARCHAR NOT NULL)",
    "CREATE TABLE origin_inputs (origin BIGINT NOT NULL, input BIGINT NOT NULL)",
};

Status check_texts(const Lineage& input) {
  for (const std::string* text : {&input.sha256, &input.name, &input.format}) {
    if (text->size() > kMaxTextBytes) {
      return Error{ErrorKind::limit, fmt::format("an input's name, format or hash has {} bytes; {} "
                                                 "is the most that is kept",
                                                 text->size(), kMaxTextBytes)};
    }
  }
  return {};
}

struct KnownInput {
  std::int64_t number = 0;
  bool semi_synthetic = false;
};

// Adds those of the hashes that are known.
Status find_known(SqlConnection& connection, std::span<const std::string> hashes,
                  std::map<std::string, KnownInput>& known) {
  while (!hashes.empty()) {
    const std::size_t count = std::min(hashes.size(), kHashesAQuery);
    std::string places;
    std::vector<SqlValue> parameters;
    for (const std::string& hash : hashes.first(count)) {
      places += places.empty() ? "?" : ",?";
      parameters.emplace_back(hash);
    }
    Result<SqlRows> rows = connection.query(
        "SELECT sha256, min(input), max(semi_synthetic) FROM inputs WHERE sha256 IN (" + places +
            ") GROUP BY sha256",
        parameters);
    if (!rows) return rows.error();
    while (rows->next()) {
      for (std::size_t i = 0; i < rows->size(); ++i) {
        known[rows->text(0, i)] = {rows->column<std::int64_t>(1)[i],
                                   rows->column<std::int64_t>(2)[i] != 0};
      }
    }
    hashes = hashes.subspan(count);
  }
  return {};
}

// An input is received before anybody has read it: that it was scripted may only be known later.
// The mark is only ever set, never taken away.
Status mark_scripted(SqlConnection& connection, std::span<const std::string> hashes) {
  while (!hashes.empty()) {
    const std::size_t count = std::min(hashes.size(), kHashesAQuery);
    std::string places;
    std::vector<SqlValue> parameters;
    for (const std::string& hash : hashes.first(count)) {
      places += places.empty() ? "?" : ",?";
      parameters.emplace_back(hash);
    }
    const Result<SqlRows> done = connection.query(
        "UPDATE inputs SET semi_synthetic = 1 WHERE sha256 IN (" + places + ")", parameters);
    if (!done) return done.error();
    hashes = hashes.subspan(count);
  }
  return {};
}

// Rows for the table of inputs.
struct NewInputs {
  std::vector<std::int64_t> number, arrived, semi_synthetic;
  std::vector<std::string> sha256, name, format;

  void add(std::int64_t next, const std::string& hash, const Lineage& input) {
    number.push_back(next);
    sha256.push_back(hash);
    name.push_back(as_utf8(input.name));
    format.push_back(as_utf8(input.format));
    arrived.push_back(input.arrived.time_since_epoch().count());
    semi_synthetic.push_back(input.semi_synthetic);
  }

  Status write(SqlConnection& connection) const {
    const SqlColumn columns[] = {
        {.values = std::span<const std::int64_t>(number)},
        {.values = std::span<const std::string>(sha256)},
        {.values = std::span<const std::string>(name)},
        {.values = std::span<const std::string>(format)},
        {.values = std::span<const std::int64_t>(arrived)},
        {.values = std::span<const std::int64_t>(semi_synthetic)},
    };
    return append_rows(connection, "inputs", columns);
  }
};

}  // namespace

Status InputWriter::create_tables(SqlConnection& connection) {
  for (const std::string_view sql : kTables) {
    if (Status made = connection.run(sql); !made) return made;
  }
  return {};
}

Status InputWriter::load(SqlConnection& connection) {
  origins_.clear();
  const std::pair<const char*, std::int64_t*> counters[] = {
      {"SELECT max(input) FROM inputs", &next_input_},
      {"SELECT max(origin) FROM origins", &next_origin_},
  };
  for (const auto& [sql, counter] : counters) {
    const Result<std::optional<std::int64_t>> greatest = connection.number(sql);
    if (!greatest) return greatest.error();
    *counter = greatest->value_or(0) + 1;
  }
  return {};
}

Result<std::vector<std::int64_t>> InputWriter::note(SqlConnection& connection,
                                                    std::span<const Lineage> inputs) {
  std::vector<std::string> hashes;
  for (const Lineage& input : inputs) {
    if (Status fits = check_texts(input); !fits) return fits.error();
    hashes.push_back(as_utf8(input.sha256));
  }
  std::map<std::string, KnownInput> known;
  if (Status found = find_known(connection, hashes, known); !found) return found.error();
  NewInputs fresh;
  std::vector<std::string> scripted;
  std::vector<std::int64_t> numbers;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const bool semi_synthetic = inputs[i].semi_synthetic;
    const auto [place, is_new] =
        known.try_emplace(hashes[i], KnownInput{next_input_, semi_synthetic});
    if (is_new) fresh.add(next_input_++, hashes[i], inputs[i]);
    if (semi_synthetic && !place->second.semi_synthetic) {
      place->second.semi_synthetic = true;
      scripted.push_back(hashes[i]);
    }
    numbers.push_back(place->second.number);
  }
  if (!fresh.number.empty()) {
    if (Status written = fresh.write(connection); !written) return written.error();
  }
  if (Status marked = mark_scripted(connection, scripted); !marked) return marked.error();
  return numbers;
}

Result<std::int64_t> InputWriter::origin_of(SqlConnection& connection,
                                            std::span<const Lineage> lineage) {
  if (lineage.empty()) return kNoOrigin;
  std::set<std::string> hashes;
  for (const Lineage& input : lineage) hashes.insert(as_utf8(input.sha256));
  std::string together;
  for (const std::string& hash : hashes) together += hash + "\n";
  const std::string hash = sha256_hex(together);
  if (const auto found = origins_.find(hash); found != origins_.end()) return found->second;

  const Result<std::optional<std::int64_t>> known =
      connection.number("SELECT origin FROM origins WHERE hash = ?", {hash});
  if (!known) return known.error();
  if (*known) return origins_[hash] = **known;
  const Result<std::int64_t> origin = new_origin(connection, lineage, hash);
  if (origin) origins_[hash] = *origin;
  return origin;
}

Result<std::int64_t> InputWriter::new_origin(SqlConnection& connection,
                                             std::span<const Lineage> lineage,
                                             const std::string& hash) {
  const Result<std::vector<std::int64_t>> noted = note(connection, lineage);
  if (!noted) return noted.error();
  const std::set<std::int64_t> once(noted->begin(), noted->end());
  const std::vector<std::int64_t> inputs(once.begin(), once.end());
  const std::vector<std::int64_t> origin(inputs.size(), next_origin_);
  const SqlColumn columns[] = {{.values = std::span<const std::int64_t>(origin)},
                               {.values = std::span<const std::int64_t>(inputs)}};
  if (Status linked = append_rows(connection, "origin_inputs", columns); !linked) {
    return linked.error();
  }
  const Status noted_origin =
      connection.run("INSERT INTO origins VALUES (?, ?)", {next_origin_, hash});
  if (!noted_origin) return noted_origin.error();
  return next_origin_++;
}

}  // namespace lightsout
