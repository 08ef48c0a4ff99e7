// SPDX-License-Identifier: Apache-2.0
#include "source/prefix_table_source.h"

#include <fmt/format.h>

#include <set>

#include "geo/enrichment.h"

namespace lightsout {
namespace {

struct Loaded {
  std::size_t input;
  PrefixTable::Builder rows;
  PrefixTableOrigin origin;
};

std::string note_of(const PrefixTableOrigin& origin) {
  const std::string day =
      origin.as_of ? " as of " + format_time(*origin.as_of).substr(0, 10) : ", of no stated day";
  return fmt::format("prefix table ({}): {} rows{}", origin.format, origin.rows, day);
}

bool better(const Loaded& a, const Loaded& b, Time routes) {
  return nearer_in_time(a.origin.as_of, b.origin.as_of, routes);
}

}  // namespace

PrefixTables read_prefix_tables(std::span<const Input> inputs,
                                const std::vector<std::size_t>& members, std::optional<Time> routes,
                                Reading& reading) {
  std::vector<Loaded> own, lists;
  for (const std::size_t i : members) {
    const Result<std::unique_ptr<ByteSource>> source = inputs[i].open();
    Loaded loaded{.input = i};
    const Result<PrefixTableOrigin> origin =
        source ? read_prefix_table(**source, inputs[i].lineage.name, loaded.rows, reading.damage)
               : source.error();
    if (!origin) {
      reading.damage.add({.file = inputs[i].lineage.name, .reason = origin.error().message});
      continue;
    }
    loaded.origin = *origin;
    if (origin->networks) {
      reading.inputs[i].notes.push_back(
          note_of(*origin) + "; it names networks, which the routes themselves name: not used");
      continue;
    }
    (origin->format == "prefix-csv" ? own : lists).push_back(std::move(loaded));
  }
  while (lists.size() > 1) {
    const bool first = better(lists[0], lists[1], routes.value_or(Time::max()));
    const std::size_t dropped = first ? 1 : 0;
    reading.inputs[lists[dropped].input].notes.push_back(
        note_of(lists[dropped].origin) + "; not used, another is nearer to the routes in time");
    lists.erase(lists.begin() + static_cast<std::ptrdiff_t>(dropped));
  }

  PrefixTables tables;
  PrefixTable::Builder all;
  std::set<std::string, std::less<>> described;
  for (const Loaded& loaded : own) {
    loaded.rows.for_each([&](const PrefixTable::Row& row, const Entity& entity) {
      described.emplace(entity.country());
      all.add_row(row, entity);
    });
  }
  for (const Loaded& loaded : lists) {
    loaded.rows.for_each([&](const PrefixTable::Row& row, const Entity& entity) {
      if (!described.contains(entity.country())) all.add_row(row, entity);
    });
  }
  for (const auto* group : {&own, &lists}) {
    for (const Loaded& loaded : *group) {
      reading.inputs[loaded.input].notes.push_back(note_of(loaded.origin));
      tables.used.push_back(loaded.input);
    }
  }
  tables.table = all.build();
  return tables;
}

}  // namespace lightsout
