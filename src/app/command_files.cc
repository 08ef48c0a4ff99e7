// simulate, mrt dump: files in, files or text out.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "app/commands.h"
#include "app/run.h"
#include "mrt/dump.h"
#include "simulate/simulate.h"

namespace lightsout {

int simulate_command(const Options& options, World& world) {
  if (!options.out) return fail(world, {ErrorKind::usage, "say where the files go: --out DIR"});
  const Result<std::string> text = world.read_file(options.arguments.front());
  if (!text) return fail(world, text.error());
  const Result<Scenario> scenario = parse_scenario(*text);
  if (!scenario) {
    return fail(world, {ErrorKind::usage, fmt::format("{}: {}", options.arguments.front(),
                                                      scenario.error().message)});
  }
  std::size_t files = 0;
  std::size_t bytes = 0;
  const Status done =
      simulate(*scenario, ResidualPool{}, [&](std::string_view name, std::string_view content) {
        world.progress(fmt::format("writing {}", name));
        ++files;
        bytes += content.size();
        return world.write_file(fmt::format("{}/{}", *options.out, name), content);
      });
  if (!done) return fail(world, done.error());
  if (!options.quiet) {
    world.err(fmt::format("SEMI-SYNTHETIC: {} files, {:.1f} MB, in {}\n", files,
                          static_cast<double>(bytes) / 1e6, *options.out));
  }
  return kOk;
}

int mrt_dump_command(const Options& options, World& world) {
  Result<WorldInputs> opened = world.open_inputs(options.arguments);
  if (!opened) return fail(world, opened.error());
  for (const std::string& note : opened->notes) world.err(note + "\n");
  Damage damage;
  Status written;
  const mrt::DumpFormat format =
      options.format == Format::jsonl ? mrt::DumpFormat::jsonl : mrt::DumpFormat::bgpdump;
  for (const Input& input : opened->inputs) {
    Result<std::unique_ptr<ByteSource>> bytes = input.open();
    if (!bytes) return fail(world, bytes.error());
    const auto sink = [&](std::string_view text) {
      if (written.ok()) written = world.out(text);
    };
    const Result<mrt::DumpTotals> totals =
        mrt::dump(**bytes, format, sink, damage, input.lineage.name);
    if (!totals) return fail(world, totals.error());
    for (const auto& [type, count] : totals->unsupported) {
      world.err(fmt::format("{}: {} records of type {} have no lines here\n", input.lineage.name,
                            count, type));
    }
    if (!written) return fail(world, written.error());
  }
  for (const DamagedPart& part : damage.parts()) {
    world.err(fmt::format("damaged: {}, offset {}: {}\n", part.file, part.offset, part.reason));
  }
  if (damage.empty()) return kOk;
  return options.strict ? kRuntimeError : kDamaged;
}

}  // namespace lightsout
