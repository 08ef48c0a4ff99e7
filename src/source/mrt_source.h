// mrt: routing tables and updates from route collectors -> visible /24s and /48s, and update rates.
//
// All MRT files of a run are read together, in the order of time (mrt/merged_reader.h), with the
// prefix tables among the inputs saying which prefix lies in which country or network. In steps of
// 300 s this makes, for each entity of the table (those of options.entity's country, when given):
//
//   country:KZ/bgp/visible_slash24      as seen by at least half of the full-feed peers
//   country:KZ/bgp/visible_slash48      the same for IPv6, where there is any
//   asn:9198@country:KZ/bgp/...         by the rows of the table; when it names no networks, by the
//                                       origin of the routes inside options.entity's country
//   country:KZ/bgp/update_rate          announcements and withdrawals of its prefixes in the bin
//
// A bin's value is the state at its end. Its coverage is the share of the full-feed peers that were
// alive. Without a live peer, or with no updates file for the bin, it is source_down; after a
// routing table that cannot be believed it is suppressed. Updates without any table before them
// tell nothing about what is visible: there is then no visibility series, and the notes say so.
// docs/methods/visibility.md
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "source/source.h"

namespace lightsout {

inline constexpr Seconds kMrtStep{300};
inline constexpr std::size_t kMostMrtBins = 40'000;         // 139 days of 5 minutes
inline constexpr std::size_t kMostMrtSamples = 10'000'000;  // 4 bytes each while they are gathered
// Longer than this without any record, and what the peers saw before says nothing any more.
inline constexpr Seconds kLongestMrtGap{86'400};

// MRT, a live feed (BMP, a packet capture of it, RIS Live), a prefix table in our CSV, or a tar
// archive of country lists.
bool recognises_mrt(std::string_view head, const ReadOptions& options);
Reading read_mrt(std::span<const Input> inputs, const ReadOptions& options);

}  // namespace lightsout
