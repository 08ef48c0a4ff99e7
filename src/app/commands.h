// The commands of `lightsout`, one function each: options and a world in, an exit code out.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/options.h"
#include "app/world.h"

namespace lightsout {

int investigate_command(const Options& options, World& world);
int ingest_command(const Options& options, World& world);
int series_command(const Options& options, World& world);
int detect_command(const Options& options, World& world);
int circumvention_command(const Options& options, World& world);
int incident_list_command(const Options& options, World& world);
int incident_show_command(const Options& options, World& world);
int windows_command(const Options& options, World& world);
int why_command(const Options& options, World& world);
int report_command(const Options& options, World& world);
int simulate_command(const Options& options, World& world);
int cost_command(const Options& options, World& world);
int events_list_command(const Options& options, World& world);
int events_test_command(const Options& options, World& world);
int score_command(const Options& options, World& world);
int mrt_dump_command(const Options& options, World& world);
int mrt_stat_command(const Options& options, World& world);
int mrt_visibility_command(const Options& options, World& world);
int mrt_rib_command(const Options& options, World& world);
int listen_bmp_command(const Options& options, World& world);
int listen_ris_live_command(const Options& options, World& world);
int bmp_dump_command(const Options& options, World& world);
int serve_command(const Options& options, World& world);

}  // namespace lightsout
