// simulate: a scenario in, files out.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "app/commands.h"
#include "app/run.h"
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
        const std::string path = fmt::format("{}/{}", *options.out, name);
        if (name != kManifestName) return world.write_one_of_many(path, content);
        // The manifest names all the others, so it must not outlive them.
        const Status safe = world.sync_below(*options.out);
        return safe ? world.write_file(path, content) : safe;
      });
  if (!done) return fail(world, done.error());
  if (!options.quiet) {
    world.err(fmt::format("SEMI-SYNTHETIC: {} files, {:.1f} MB, in {}\n", files,
                          static_cast<double>(bytes) / 1e6, *options.out));
  }
  return kOk;
}

}  // namespace lightsout
