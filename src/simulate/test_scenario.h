// A short scenario for the tests: two providers, two cuts, a window, everything once.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace lightsout {

inline constexpr std::string_view kSmallScenario = R"(# For tests.
title     A small country, twice dark
label     SEMI-SYNTHETIC
entity    country:XA
seed      7
range     from 2022-01-01 to 2022-01-10
zone      UTC source "made up"
addresses 10.0.0.0/8 world 40
provider 64600 "Mobile One" mobile share 60% assumed networks 40 source "made up"
provider 64601 "Fixed Two" fixed share 30% networks 80 datacentres 10% upstream 64700 source "made up"
signal bgp/visible_slash24 peers 3 ribs 1d files 1h source "made up"
signal probing/slash24_up answering 60% step 10min noise 0.5% source "made up"
signal traffic/requests level 50000 step 15min wave 30% noise 2% source "made up"
signal telescope/unique_source_ips level 600 step 10min noise 5% source "made up"
signal ooni/measurements level 60 step 1d source "made up"
signal psiphon/daily_unique_users level 1000 step 1d source "made up"
signal tor/users level 2000 step 1d source "made up"
cut all from 2022-01-05T10:30Z to 2022-01-07T02:15Z depth 90% source "made up"
window all from 2022-01-06T08:00Z to 2022-01-06T12:00Z level 95% source "made up"
restore datacentres at 2022-01-06T00:00Z source "made up"
cut upstream:64700 from 2022-01-08T06:00Z to 2022-01-08T18:00Z depth 100% planes routes,data,traffic source "made up"
route-burst all at 2022-01-05T10:45Z updates 200 for 10min source "made up"
block telegram from 2022-01-04 to 2022-01-09 failing 90% source "made up"
surge psiphon x5 from 2022-01-05 to 2022-01-06 source "made up"
gap telescope from 2022-01-03T00:00Z to 2022-01-03T06:00Z source "made up"
holiday from 2022-01-01 to 2022-01-02 depth 10% source "made up"
note 2022-01-05T00:00Z "State of emergency, \n no \\ quotes" source "made up"
)";

}  // namespace lightsout
