// Elsewhere: what happened in other countries meanwhile, as far as their series came with the
// inputs. A cable takes its neighbours along in the same minute; an order stops at the border.
//
// Surprising rule: that nobody else was struck can be said only where many others were looked at;
// that somebody was takes a single one.
//
//   const Elsewhere elsewhere = look_elsewhere(series_of_others, detections_of_others);
//   struck_together(elsewhere, incident.onset);   // {"UZ", "KG"}
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "detect/anomaly.h"

namespace lightsout {

struct CountryFall {
  std::string country;  // "UZ"
  TimeEstimate onset;
};

struct CountryLooked {
  std::string country;
  TimeRange judged;  // of its longest series
};

struct Elsewhere {
  std::vector<CountryLooked> looked_at;  // by country, each once
  std::vector<CountryFall> falls;        // of routes, answers to probes or traffic, by time
};

// Series of anything but countries, and of other planes, are passed over. Detections are those of
// the series, in the same order.
Elsewhere look_elsewhere(std::span<const Series> series, std::span<const Detection> detections);

// The countries that fell within kStruckTogether of the onset, each once, by name.
std::vector<std::string> struck_together(const Elsewhere& elsewhere, const TimeEstimate& onset);
// How many countries were looked at around the onset.
std::size_t looked_at(const Elsewhere& elsewhere, Time onset);

inline constexpr Seconds kStruckTogether{10 * 60};
inline constexpr double kStruckDepth = 0.3;       // share lost from which a country was struck
inline constexpr std::size_t kEnoughOthers = 20;  // below it nobody can be said to be alone

}  // namespace lightsout
