// Known networks: who a number is, as a plain CSV `asn,name,access,user_share,source`, with a sixth
// column `owner` where owners are known, and a seventh `upstreams`: the networks through which its
// routes went before, with blanks between.
//
//   asn,name,access,user_share,source,owner
//   29355,KCell JSC,mobile,0.260,assumed,Kazakhtelecom
//
// `user_share` is a share of the country's users from 0 to 1, or empty when nobody knows; `source`
// says who published it, or that it is assumed. A line `# SEMI-SYNTHETIC ...` may stand before the
// header.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "geo/known_network.h"
#include "source/source.h"

namespace lightsout {

constexpr std::size_t kMaxUpstreams = 16;           // of one network
constexpr std::size_t kMaxKnownNetworks = 100'000;  // there are about as many in the routing table

// Reads the inputs that are such tables into `networks`, ascending by number, and returns the
// others. A line that cannot be read is an Error: these files are short and written by hand. Of two
// lines about one network the later one counts.
Result<std::vector<Input>> take_known_networks(std::span<const Input> inputs,
                                               std::vector<KnownNetwork>& networks);

}  // namespace lightsout
