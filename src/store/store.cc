// SPDX-License-Identifier: Apache-2.0
#include "store/store.h"

#include <fmt/format.h>

#include "core/sha256.h"
#include "store/custody.h"
#include "store/incident_json.h"

namespace lightsout {

namespace {

// What makes two versions the same statement: all but the numbering and how far the data reached.
std::string statement_of(Incident incident) {
  incident.version = 1;
  incident.supersedes.reset();
  incident.known_at = Time{};
  return to_json(incident);
}

}  // namespace

Result<Incident> revise_incident(Store& store, Incident incident) {
  const Result<std::vector<Incident>> versions = store.incident_versions(incident.id);
  if (!versions && versions.error().kind != ErrorKind::not_found) return versions.error();

  incident.version = 1;
  incident.supersedes.reset();
  if (versions) {
    const Incident& newest = versions->back();
    if (statement_of(newest) == statement_of(incident)) return newest;
    incident.version = newest.version + 1;
    incident.supersedes = newest.version;
  }
  const Status put = store.put_incident(incident);
  if (!put) return put.error();
  return incident;
}

std::string custody_hash(std::string_view previous, const CustodyEntry& entry) {
  // Each part is preceded by its length, so that no two entries run together to the same text.
  std::string text(previous);
  for (const std::string& part : {std::to_string(entry.number), format_time(entry.at), entry.actor,
                                  entry.action, entry.subject, entry.note}) {
    text += fmt::format("\n{}:{}", part.size(), part);
  }
  return sha256_hex(text);
}

Status verify_custody(std::span<const CustodyEntry> log) {
  std::string previous;
  for (std::size_t i = 0; i < log.size(); ++i) {
    if (log[i].number != i + 1) {
      return Error{ErrorKind::malformed,
                   fmt::format("custody entry {} is missing: entry {} stands in its place", i + 1,
                               log[i].number)};
    }
    if (custody_hash(previous, log[i]) != log[i].hash) {
      return Error{ErrorKind::malformed,
                   fmt::format("custody entry {} was altered, or one before it was", i + 1)};
    }
    previous = log[i].hash;
  }
  return {};
}

}  // namespace lightsout
