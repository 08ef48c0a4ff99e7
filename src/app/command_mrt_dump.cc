// mrt dump: MRT files in, one line a route out.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "app/command_mrt.h"
#include "app/commands.h"
#include "app/run.h"
#include "mrt/dump.h"

namespace lightsout {

int mrt_dump_command(const Options& options, World& world) {
  Result<mrt::Filter> filter = mrt::Filter::make(options.filter);
  if (!filter) return fail(world, filter.error());
  Result<std::vector<mrt::Archive>> archives = open_archives(options, world);
  if (!archives) return fail(world, archives.error());
  const mrt::DumpOptions dump{.format = dump_format_of(options),
                              .filter = std::move(*filter),
                              .threads = threads_of(options)};
  Damage damage;
  Status written;
  const auto sink = [&](std::string_view text) {
    written = world.out(text);
    return written.ok();
  };
  const Result<mrt::DumpTotals> totals = mrt::dump_files(std::move(*archives), dump, sink, damage);
  if (!written) return fail(world, written.error());
  if (!totals) return fail(world, totals.error());
  if (!options.quiet) {
    for (const auto& [type, count] : totals->unsupported) {
      world.err(fmt::format("{} records of type {} have no lines here\n", count, type));
    }
  }
  const int code = say_mrt_damage(options, world, damage);
  return code == kOk && totals->lines == 0 ? kNothing : code;
}

}  // namespace lightsout
