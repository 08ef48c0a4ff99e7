// circumvention: did the use of a tool jump or collapse, and did connectivity go with it?
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cmath>

#include "app/commands.h"
#include "app/pipeline.h"
#include "app/run.h"
#include "app/table.h"
#include "core/parallel.h"
#include "detect/circumvention.h"
#include "detect/detector.h"
#include "store/store.h"

namespace lightsout {

namespace {

TableWriter::Cell number(double value) {
  return TableWriter::Cell(std::round(value * 100) / 100);
}

std::string day_of(Time time) {
  return format_time(time).substr(0, 10);
}

void write_row(TableWriter& table, const ToolRow& row) {
  const std::string entity = row.signal.entity().text();
  const std::string tool =
      row.signal.source() == "tor" ? "tor " + row.signal.metric() : row.signal.source();
  if (!row.change) {
    const std::string said = row.note.empty() ? "nothing stands out" : "cannot tell: " + row.note;
    table.row({entity, tool, name_of(row.kind), TableWriter::Cell(), TableWriter::Cell(),
               TableWriter::Cell(), TableWriter::Cell(), TableWriter::Cell(), said});
    return;
  }
  const UseChange& change = *row.change;
  table.row({entity, tool, name_of(row.kind), change.label(), day_of(change.range.begin),
             change.open ? TableWriter::Cell() : TableWriter::Cell(day_of(change.range.end)),
             number(change.usual), name_of(row.connectivity), row.reading});
}

}  // namespace

int circumvention_command(const Options& options, World& world) {
  Result<std::unique_ptr<Store>> store = open_store(options, world);
  if (!store) return fail(world, store.error());
  Result<Gathered> gathered = gather(options, world, store->get());
  if (!gathered) return fail(world, gathered.error());
  const int code = say_damage(options, world, *gathered);
  const std::vector<Detection> detections =
      parallel_map(gathered->series, [](const Series& series) { return detect(series); });
  std::vector<ToolRow> rows = circumvention_table(gathered->series, detections);
  std::erase_if(rows, [&](const ToolRow& row) {
    if (options.entity && !belongs_to(row.signal.entity(), *options.entity)) return true;
    if (!row.change) return false;
    return (options.from && row.change->range.end <= *options.from) ||
           (options.until && row.change->range.begin >= *options.until);
  });
  if (rows.empty()) {
    return fail(world, {ErrorKind::not_found,
                        "no use of a circumvention tool by that entity in these inputs"});
  }
  TableWriter table(
      world, options,
      {"entity", "tool", "counted", "change", "from", "until", "usual", "connectivity", "reading"});
  for (const ToolRow& row : rows) write_row(table, row);
  const Status finished = table.finish();
  return finished ? code : fail(world, finished.error());
}

}  // namespace lightsout
