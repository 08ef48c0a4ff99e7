// tables: the text files of a simulation. The first line of each is a comment that says
// SEMI-SYNTHETIC, what it was made from, and with which seed.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

#include "signal/series.h"
#include "simulate/scenario.h"
#include "simulate/sink.h"

namespace lightsout {

// "# SEMI-SYNTHETIC: ..." and the end of the line.
std::string label_line(const Scenario& scenario);

// One file for each source: probing.csv, traffic.csv, telescope.csv, psiphon.csv, tor.csv, with the
// columns time,entity,signal,value. A bin without a number has no row.
Status write_series(const Scenario& scenario, std::span<const Series> series, const Sink& sink);

// prefixes.csv: prefix,entity. Each network twice: the provider's part, and the country.
Status write_prefix_table(const Scenario& scenario, const Sink& sink);

// annotations.csv: time,text,source.
Status write_annotations(const Scenario& scenario, const Sink& sink);

// providers.csv: asn,name,access,user_share,source; the shares are assumed, and say so.
Status write_providers(const Scenario& scenario, const Sink& sink);

}  // namespace lightsout
