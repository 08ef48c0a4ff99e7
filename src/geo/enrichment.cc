// SPDX-License-Identifier: Apache-2.0
#include "geo/enrichment.h"

#include <fmt/format.h>

namespace lightsout {

bool nearer_in_time(std::optional<Time> a, std::optional<Time> b, Time day) {
  const auto rank = [&](std::optional<Time> of) {
    const Time time = of.value_or(Time{});
    return std::pair(time > day, time > day ? time - day : day - time);
  };
  return rank(a) < rank(b);
}

Result<PrefixTableOrigin> Enrichment::add(ByteSource& source, const std::string& name,
                                          Damage& damage) {
  if (tables_.size() >= kMaxTables) {
    return Error{ErrorKind::limit, fmt::format("{}: more than {} prefix tables", name, kMaxTables)};
  }
  PrefixTable::Builder builder;
  const Result<PrefixTableOrigin> origin = read_prefix_table(source, name, builder, damage);
  if (!origin) return origin;
  tables_.push_back(std::make_unique<Table>(Table{*origin, builder.build()}));
  return origin;
}

const Enrichment::Table* Enrichment::nearest(Time day, bool networks) const {
  const Table* best = nullptr;
  for (const auto& table : tables_) {
    if (table->origin.networks != networks) continue;
    if (best == nullptr || nearer_in_time(table->origin.as_of, best->origin.as_of, day)) {
      best = table.get();
    }
  }
  return best;
}

const PrefixTable* Enrichment::places_table(Time day) const {
  const Table* table = nearest(day, false);
  return table == nullptr ? nullptr : &table->rows;
}

Enrichment::Answer Enrichment::ask(const Prefix& prefix, Time day, bool networks) const {
  const Table* table = nearest(day, networks);
  if (table == nullptr) return {};
  return {table->rows.find(prefix), &table->origin};
}

}  // namespace lightsout
