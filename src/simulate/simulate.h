// simulate: from a scenario to the files that real sources would have delivered.
//
// Pure and deterministic: the same text, pool and program give the same bytes. What comes out is
// read by the same readers as measurements are, and can be recognised in every file by itself:
//
//   *.csv                 first line "# SEMI-SYNTHETIC: ..."
//   rib.*, updates.*      MRT; the view name of the peer index table is "SEMI-SYNTHETIC", and every
//                         peer's AS number is one of 64496-64511 (for documentation, RFC 5398)
//   ooni-*.jsonl          "annotations": {"semi_synthetic": "true"} in every document
//   SEMI-SYNTHETIC.json   names every file with its SHA-256, the scenario's hash and the seed
//
//   const Status status = simulate(*parse_scenario(text), ResidualPool{}, sink);
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "simulate/draw.h"
#include "simulate/scenario.h"
#include "simulate/sink.h"

namespace lightsout {

// The file that comes last and vouches for all the others.
inline constexpr std::string_view kManifestName = "SEMI-SYNTHETIC.json";

// The first Error of the sink ends it.
Status simulate(const Scenario& scenario, const ResidualPool& pool, const Sink& sink);

}  // namespace lightsout
