// Tor Metrics: estimated daily users, in the shapes that metrics.torproject.org serves and in two
// that people derive from them. Columns are found by name; '#' lines before them are comments.
//
//   date,country,users,lower,upper,frac           relay users       country:DE/tor/users
//   date,country,users,frac                       bridge users      country:DE/tor/bridge_users
//   date,transport,users,frac                     service:tor/tor/bridge_users.snowflake
//   date,fingerprint,transport,users,...          the same, summed over the bridges of a day
//   date,country,event_censor,...,actual_users    country:DE/tor/users
//
// An empty country means the whole world, service:tor. Codes that are no country ("??", "A1", "EU")
// are counted in a note. Days without a row are missing. `frac`, the share of relays that reported,
// is the coverage. https://metrics.torproject.org/stats.html
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "source/source.h"

namespace lightsout {

bool recognises_tor_csv(std::string_view head, const ReadOptions& options);
Reading read_tor_csv(std::span<const Input> inputs, const ReadOptions& options);

}  // namespace lightsout
