// SPDX-License-Identifier: Apache-2.0
#include "app/run.h"
#include "app/world.h"

int main(int argc, char** argv) {
  const std::unique_ptr<lightsout::World> world = lightsout::real_world();
  return lightsout::run({argv, argv + argc}, *world);
}
