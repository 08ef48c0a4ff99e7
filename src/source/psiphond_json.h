// psiphond's log: Psiphon's server writes one JSON object a line. Two kinds of line count people:
//
//   {"event_name":"unique_user","client_region":"KZ",...} country:KZ/psiphon/daily_unique_users
//   {"event_name":"server_load","region":"KZ",...}             country:KZ/psiphon/concurrent_users
//
// A client's unique_user is written at most once a UTC day, so the lines of a day add up to the
// daily unique users of the servers whose logs these are. server_load says how many tunnels stand
// at one moment ("established_clients"); servers (host_id) add up, and an hour holds the mean of
// its moments. The two are different counts and become different series; nothing adds them up.
//
// The first and the last day of a log are seldom whole; a note says so. Country codes that are none
// are counted. Nothing about a client is kept but its country.
// https://github.com/Psiphon-Labs/psiphon-tunnel-core, psiphon/server
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "source/source.h"

namespace lightsout {

bool recognises_psiphond_json(std::string_view head, const ReadOptions& options);
Reading read_psiphond_json(std::span<const Input> inputs, const ReadOptions& options);

}  // namespace lightsout
