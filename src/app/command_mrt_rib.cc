// mrt rib: the routing table as it was at a moment.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "app/command_mrt.h"
#include "app/commands.h"
#include "app/run.h"
#include "mrt/table_at.h"

namespace lightsout {

namespace {

void read_all(const Options& options, std::vector<mrt::Archive> archives, mrt::TableAt& table,
              Damage& damage) {
  std::vector<std::string> names;
  for (const mrt::Archive& archive : archives) names.push_back(archive.name);
  mrt::MergedReader reader(std::move(archives), damage, {.threads = threads_of(options)});
  while (true) {
    const mrt::MergedReader::Step step = reader.next();
    if (step == mrt::MergedReader::Step::end) return;
    if (step == mrt::MergedReader::Step::file_end) {
      table.file_end(reader.file());
    } else if (!table.add(reader.file(), reader.record(), names[reader.file()], damage)) {
      return;
    }
  }
}

}  // namespace

int mrt_rib_command(const Options& options, World& world) {
  Result<mrt::Filter> filter = mrt::Filter::make(options.filter);
  if (!filter) return fail(world, filter.error());
  Result<std::vector<mrt::Archive>> archives = open_archives(options, world);
  if (!archives) return fail(world, archives.error());
  mrt::TableAt table(dump_format_of(options), std::move(*filter), *options.at);
  Damage damage;
  read_all(options, std::move(*archives), table, damage);
  Status written;
  const Result<mrt::TableTotals> totals = table.write([&](std::string_view text) {
    written = world.out(text);
    return written.ok();
  });
  if (!written) return fail(world, written.error());
  const int code = say_mrt_damage(options, world, damage);
  if (!totals) return fail(world, totals.error());
  if (!options.quiet) {
    world.err(fmt::format("{} routes of {} peers at {}, from {} tables, the last of {}\n",
                          totals->lines, totals->peers, format_time(*options.at), totals->tables,
                          format_time(*totals->last_table)));
    if (totals->peers_left_out > 0) {
      world.err(
          fmt::format("{} peers stand in no table and are left out\n", totals->peers_left_out));
    }
    if (totals->unsupported > 0) {
      world.err(fmt::format("{} records are of types that are not read\n", totals->unsupported));
    }
  }
  return code == kOk && totals->lines == 0 ? kNothing : code;
}

}  // namespace lightsout
