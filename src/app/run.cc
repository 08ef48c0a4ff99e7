// SPDX-License-Identifier: Apache-2.0
#include "app/run.h"

#include <fmt/format.h>

#include "app/commands.h"

namespace lightsout {

std::span<const Command> all_commands() {
  static constexpr Command kCommands[] = {
      {"investigate", investigate_command},
      {"ingest", ingest_command},
      {"series", series_command},
      {"detect", detect_command},
      {"circumvention", circumvention_command},
      {"incident list", incident_list_command},
      {"incident show", incident_show_command},
      {"windows", windows_command},
      {"why", why_command},
      {"report", report_command},
      {"simulate", simulate_command},
      {"cost", cost_command},
      {"events list", events_list_command},
      {"events test", events_test_command},
      {"score", score_command},
      {"mrt dump", mrt_dump_command},
      {"mrt stat", mrt_stat_command},
      {"mrt visibility", mrt_visibility_command},
      {"mrt rib", mrt_rib_command},
      {"listen bmp", listen_bmp_command},
      {"listen ris-live", listen_ris_live_command},
      {"bmp dump", bmp_dump_command},
      {"serve", serve_command},
      // Add yours here, and its options in cli.cc.
  };
  return kCommands;
}

int fail(World& world, const Error& error) {
  world.err(fmt::format("lightsout: {}\n", error.message));
  switch (error.kind) {
    case ErrorKind::usage:
      return kUsage;
    case ErrorKind::not_found:
      return kNothing;
    case ErrorKind::source_gap:
      return kCannotTell;
    default:
      return kRuntimeError;
  }
}

int run(const std::vector<std::string>& words, World& world) {
  const ParsedCommandLine parsed = parse_command_line(words);
  if (!parsed.options) {
    world.err(parsed.end.err);
    return world.out(parsed.end.out) ? parsed.end.code : kRuntimeError;
  }
  for (const Command& command : all_commands()) {
    if (command.name == parsed.options->command) return command.run(*parsed.options, world);
  }
  CHECK(false);  // cli.cc knows a command that this list does not
  return kRuntimeError;
}

}  // namespace lightsout
