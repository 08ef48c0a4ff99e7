// run: one command line against one world; the exit code.
//
//   return run({argv, argv + argc}, *real_world());
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/options.h"
#include "app/world.h"

namespace lightsout {

int run(const std::vector<std::string>& words, World& world);

// A command: what cli.cc parses under the same name.
struct Command {
  std::string_view name;
  int (*run)(const Options& options, World& world);
};
std::span<const Command> all_commands();

// Says the error on standard error and returns the exit code that belongs to it.
int fail(World& world, const Error& error);

}  // namespace lightsout
