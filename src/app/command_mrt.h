// What the mrt commands share: opening their files, and saying what could not be read.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "app/options.h"
#include "app/world.h"
#include "core/damage.h"
#include "mrt/dump.h"
#include "mrt/merged_reader.h"

namespace lightsout {

// Live feeds that were kept as files (BMP, RIS Live) come as the records made of them.
Result<std::vector<mrt::Archive>> open_archives(const Options& options, World& world);

unsigned threads_of(const Options& options);
mrt::DumpFormat dump_format_of(const Options& options);

// Names each damaged part on standard error; the exit code that follows from it.
int say_mrt_damage(const Options& options, World& world, const Damage& damage);

}  // namespace lightsout
