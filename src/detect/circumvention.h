// Circumvention: a tool's users went up or down; did the country's connectivity go with them?
//
//   tool up,   connectivity stands   consistent with a block or a slowing of something else
//   tool up,   connectivity fell     people looked for a way out of a partial cut
//   tool down, connectivity fell     consistent with a blackout: nobody could connect
//   tool down, connectivity stands   consistent with a block of the tool
//   Tor's relays down, bridges up    consistent with a block of Tor (Belarus 2020)
//   not measured                     a block and a blackout look alike from here, and it says so
//
//   for (const ToolRow& row : circumvention_table(series, detections)) ...
//
// People of a day and tunnels of a moment are different counts, easily a factor of ten apart:
// may_be_compared() refuses to hold one against the other. docs/methods/circumvention.md
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/result.h"
#include "detect/surge.h"

namespace lightsout {

enum class CountKind { daily_unique, concurrent, demand };

// nullopt: not the use of a tool.
std::optional<CountKind> kind_of_count(const SignalId& signal);
std::string_view name_of(CountKind kind);
Status may_be_compared(const SignalId& a, const SignalId& b);

enum class Connectivity { not_measured, stood, fell };
std::string_view name_of(Connectivity connectivity);

// What a series shows, for looking at several together.
struct SeriesAndDetection {
  const Series* series = nullptr;
  const Detection* detection = nullptr;
};
// Of a country, from its series of routes, answers to probes and traffic.
Connectivity connectivity_in(std::span<const SeriesAndDetection> all, std::string_view country,
                             const TimeRange& range);
std::string reading_of(Direction tool, Connectivity connectivity);

struct ToolRow {
  SignalId signal;
  CountKind kind = CountKind::daily_unique;
  std::optional<UseChange> change;  // nullopt: nothing stands out, or `note` says why not judged
  Connectivity connectivity = Connectivity::not_measured;
  std::string reading;  // "consistent with a block of the tool"; empty without a change
  std::string note;
};

// By signal, then by time. Series that are no use of a tool only tell of connectivity; detections
// are those of the series, in the same order.
std::vector<ToolRow> circumvention_table(std::span<const Series> series,
                                         std::span<const Detection> detections);

}  // namespace lightsout
