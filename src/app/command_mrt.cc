// SPDX-License-Identifier: Apache-2.0
#include "app/command_mrt.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "live/live_source.h"

namespace lightsout {

Result<std::vector<mrt::Archive>> open_archives(const Options& options, World& world) {
  Result<WorldInputs> opened = world.open_inputs(options.arguments);
  if (!opened) return opened.error();
  if (!options.quiet) {
    for (const std::string& note : opened->notes) world.err(note + "\n");
  }
  std::vector<mrt::Archive> archives;
  for (Input& input : opened->inputs) {
    archives.push_back(
        {.name = input.lineage.name,
         .open = live::live_opener(std::move(input.open), {.name = input.lineage.name})});
  }
  if (archives.empty()) return Error{ErrorKind::not_found, "there is no file in these folders"};
  return archives;
}

unsigned threads_of(const Options& options) {
  return options.threads != 0 ? options.threads : std::max(1u, std::thread::hardware_concurrency());
}

mrt::DumpFormat dump_format_of(const Options& options) {
  if (options.format == Format::jsonl) return mrt::DumpFormat::jsonl;
  return options.format == Format::text ? mrt::DumpFormat::text : mrt::DumpFormat::bgpdump;
}

int say_mrt_damage(const Options& options, World& world, const Damage& damage) {
  if (damage.empty()) return kOk;
  for (const DamagedPart& part : damage.parts()) {
    world.err(fmt::format("damaged: {}, offset {}: {}\n", part.file, part.offset, part.reason));
  }
  if (damage.count() > damage.parts().size()) {
    world.err(fmt::format("damaged: and {} more parts, {} bytes in all\n",
                          damage.count() - damage.parts().size(), damage.bytes()));
  }
  return options.strict ? kRuntimeError : kDamaged;
}

}  // namespace lightsout
