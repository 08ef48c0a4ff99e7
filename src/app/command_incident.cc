// incident list, incident show: what a store knows.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "app/commands.h"
#include "app/pipeline.h"
#include "app/run.h"
#include "app/table.h"
#include "app/zones.h"
#include "store/incident_json.h"
#include "store/store.h"

namespace lightsout {

int incident_list_command(const Options& options, World& world) {
  const Result<TimeCells> time = TimeCells::of(options, world);
  if (!time) return fail(world, time.error());
  const Result<std::unique_ptr<Store>> store = open_store(options, world);
  if (!store) return fail(world, store.error());
  IncidentQuery query;
  if (options.from || options.until) {
    query.range = TimeRange{options.from.value_or(Time{}),
                            options.until.value_or(Time{Seconds{4'291'747'200}})};
  }
  const Result<std::vector<Incident>> incidents = (*store)->incidents(query);
  if (!incidents) return fail(world, incidents.error());
  TableWriter table(world, options,
                    {"id", "version", "entity", "grade", "onset", "end", "depth", "confidence"});
  for (const Incident& incident : *incidents) {
    table.row({incident.id, std::size_t{incident.version}, incident.entity.text(),
               name_of(incident.grade), (*time)(incident.onset.value),
               incident.end ? TableWriter::Cell((*time)(incident.end->value)) : TableWriter::Cell(),
               incident.depth.value, name_of(incident.confidence)});
  }
  if (const Status finished = table.finish(); !finished) return fail(world, finished.error());
  return incidents->empty() ? kNothing : kOk;
}

int incident_show_command(const Options& options, World& world) {
  const Result<std::unique_ptr<Store>> store = open_store(options, world);
  if (!store) return fail(world, store.error());
  const Result<std::vector<Incident>> versions =
      (*store)->incident_versions(options.arguments.front());
  if (!versions) return fail(world, versions.error());
  const Incident& newest = versions->back();
  Status written;
  switch (options.format) {
    case Format::json:
      written = world.out(to_json(newest) + "\n");
      break;
    case Format::jsonl:
      for (const Incident& version : *versions) {
        if (written.ok()) written = world.out(to_json(version) + "\n");
      }
      break;
    default: {
      Result<Zone> zone = zone_of(options, newest.entity, world);
      if (!zone) return fail(world, zone.error());
      const Report report{.investigation = {.entity = newest.entity,
                                            .range = newest.range(),
                                            .incidents = {newest},
                                            .could_judge = true},
                          .zone = std::move(*zone)};
      const Terminal terminal = world.terminal();
      written = world.out(render_terminal(
          report, {.width = terminal.width, .color = terminal.color, .utf8 = terminal.utf8}));
    }
  }
  return written ? kOk : fail(world, written.error());
}

}  // namespace lightsout
