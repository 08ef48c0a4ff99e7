// SPDX-License-Identifier: Apache-2.0
#include <csignal>

#include "app/run.h"
#include "app/world.h"

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // a closed pipe is an answer of write(), not a death
  const std::unique_ptr<lightsout::World> world = lightsout::real_world();
  return lightsout::run({argv, argv + argc}, *world);
}
