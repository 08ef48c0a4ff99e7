// Connectivity index: what share of a country's users could reach the network, bin by bin, in
// percent of what was ordinary: the "2 % of ordinary levels" of the news, with its interval.
//
//   index(t) = 100 x sum over providers of users x level(t) / sum of their users (methods.md 4.1)
//
// The level of a provider is what its series that measure packets say together (answers to probes,
// traffic), each against its own expectation, at most 1, weighted by how exact each is; few or
// noisy measurements are drawn towards the mean of all providers (an empirical Bayes estimate), so
// that one probe does not make a provider dark. Announced routes are not used: they can stand while
// packets die. A provider without a number in a bin counts as unknown in that bin: its users are in
// `unknown`, never in the level, and widen nothing that was measured.
//
// Where no series of single providers exists the country's own series stand in, as one provider of
// all users. Where no shares of users are known every provider counts the same, and `weights` says
// so. An interval is a 90 % interval.
//
//   const ConnectivityIndex index = connectivity_index(*Entity::parse("country:KZ"), series,
//                                                      detections, networks, range);
//   index.bins[i]->level.value   // 2.1
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "detect/anomaly.h"
#include "geo/known_network.h"

namespace lightsout {

struct IndexBin {
  Estimate level;      // percent of ordinary
  double unknown = 0;  // share of users of which nothing was known in this bin, 0..1
};

struct ConnectivityIndex {
  Time begin;
  Seconds step{0};
  std::vector<std::optional<IndexBin>> bins;  // nullopt: nothing was measured
  std::size_t providers = 0;
  std::string weights;  // "users by APNIC, April 2020"; "every provider the same"; "the country's
                        // own series"

  Time time_of(std::size_t bin) const { return begin + step * static_cast<std::int64_t>(bin); }
};

// A coarser step beyond it.
inline constexpr std::size_t kMaxIndexBins = 200'000;

// `series` and `detections` in the same order, as for investigate().
ConnectivityIndex connectivity_index(const Entity& country, std::span<const Series> series,
                                     std::span<const Detection> detections,
                                     std::span<const KnownNetwork> networks,
                                     const TimeRange& range);

}  // namespace lightsout
