// collector: the files of a route collector, written from the routes of a scenario.
//
// Full tables (TABLE_DUMP_V2, RFC 6396 section 4.3) at intervals, and files of updates
// (BGP4MP_MESSAGE_AS4, section 4.4.3) in between, from full-feed peers that hear of each change
// within 90 seconds and send something in every 5 minutes. The names are those of RouteViews:
// rib.20220105.0000, updates.20220105.1030. The tables' view name says SEMI-SYNTHETIC.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "simulate/scenario.h"
#include "simulate/sink.h"

namespace lightsout {

Status write_routes(const Scenario& scenario, const Sink& sink);

}  // namespace lightsout
