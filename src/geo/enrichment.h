// Enrichment: where an address lay and whose it was on a day, and which table says so.
//
// Tables of the registries, of origins and of geolocation differ, and each is true of its day. Of
// those of one kind (places, networks) the one nearest in time answers, one from before the day
// rather than one from after; every answer names its table, so that a reader can weigh it.
//
//   Enrichment enrichment;
//   enrichment.add(source, "delegated-ripencc-extended-20220104", damage);
//   const auto answer = enrichment.places(*Prefix::parse("2.72.0.0/24"), day);
//   answer.entities   // country:KZ
//   answer.table->name, answer.table->format, *answer.table->as_of
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "geo/prefix_table_file.h"

namespace lightsout {

class Enrichment {
 public:
  // A table for each month of five years; each may hold PrefixTable::kMaxRows.
  static constexpr std::size_t kMaxTables = 64;

  // Reads one more table, of any form that read_prefix_table() knows.
  Result<PrefixTableOrigin> add(ByteSource& source, const std::string& name, Damage& damage);

  struct Answer {
    std::vector<Entity> entities;              // of the longest matching prefix; may be empty
    const PrefixTableOrigin* table = nullptr;  // that was asked; nullptr: there is none
  };
  Answer places(const Prefix& prefix, Time day) const { return ask(prefix, day, false); }
  Answer networks(const Prefix& prefix, Time day) const { return ask(prefix, day, true); }
  // The table of places that answers for a day, for who counts by it (rib/visibility.h).
  const PrefixTable* places_table(Time day) const;

 private:
  struct Table {
    PrefixTableOrigin origin;
    PrefixTable rows;
  };
  const Table* nearest(Time day, bool networks) const;
  Answer ask(const Prefix& prefix, Time day, bool networks) const;

  std::vector<std::unique_ptr<Table>> tables_;
};

// Whether a table of day `a` speaks better for `day` than one of day `b`. One of no stated day is
// older than all others.
bool nearer_in_time(std::optional<Time> a, std::optional<Time> b, Time day);

}  // namespace lightsout
