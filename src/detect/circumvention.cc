// SPDX-License-Identifier: Apache-2.0
#include "detect/circumvention.h"

#include <fmt/format.h>

#include <algorithm>

namespace lightsout {

namespace {

constexpr double kFell = 0.3;  // share of connectivity lost that goes with a tool's collapse

bool tells_of_connectivity(const Series& series) {
  const bool plane = series.plane == Plane::control || series.plane == Plane::data ||
                     series.plane == Plane::traffic;
  return plane && series.worse == Worse::low && series.id.entity().type() == EntityType::country;
}

// Tor's two ways in: whoever cannot reach the relays any more turns to bridges.
void read_tor_together(std::vector<ToolRow>& rows) {
  for (ToolRow& direct : rows) {
    if (direct.signal.source() != "tor" || direct.signal.metric() != "users" || !direct.change ||
        direct.change->direction != Direction::fall) {
      continue;
    }
    for (ToolRow& bridge : rows) {
      if (bridge.signal.source() != "tor" || !bridge.signal.metric().starts_with("bridge_users") ||
          bridge.signal.entity() != direct.signal.entity() || !bridge.change ||
          bridge.change->direction != Direction::rise ||
          !bridge.change->range.overlaps(direct.change->range)) {
        continue;
      }
      direct.reading = "consistent with a block of Tor's relays: bridges were used more";
      bridge.reading = "consistent with a block of Tor's relays: direct use fell";
    }
  }
}

}  // namespace

Connectivity connectivity_in(std::span<const SeriesAndDetection> all, std::string_view country,
                             const TimeRange& range) {
  Connectivity seen = Connectivity::not_measured;
  for (const SeriesAndDetection& one : all) {
    if (!tells_of_connectivity(*one.series)) continue;
    if (one.series->id.entity().country() != country) continue;
    const Judgement& judgement = one.detection->judgement;
    if (!judgement.possible || !judgement.judged.overlaps(range)) continue;
    seen = seen == Connectivity::fell ? seen : Connectivity::stood;
    for (const Anomaly& anomaly : one.detection->anomalies) {
      if (anomaly.direction == Direction::fall && anomaly.range().overlaps(range) &&
          anomaly.deepest >= kFell) {
        seen = Connectivity::fell;
      }
    }
  }
  return seen;
}

std::string reading_of(Direction tool, Connectivity connectivity) {
  const bool up = tool == Direction::rise;
  switch (connectivity) {
    case Connectivity::fell:
      return up ? "people looked for a way out of a partial cut"
                : "consistent with a blackout: connectivity fell too";
    case Connectivity::stood:
      return up ? "consistent with a block or a slowing of other services: connectivity stood"
                : "consistent with a block of the tool: connectivity stood";
    case Connectivity::not_measured:
      return up ? "consistent with a block or a slowing; connectivity was not measured"
                : "a block of the tool and a blackout look alike: connectivity was not measured";
  }
  return {};
}

std::optional<CountKind> kind_of_count(const SignalId& signal) {
  // Tor's estimates are of users at a time, averaged over the day.
  if (signal.source() == "tor" &&
      (signal.metric() == "users" || signal.metric().starts_with("bridge_users"))) {
    return CountKind::concurrent;
  }
  if (signal.metric() == "daily_unique_users") return CountKind::daily_unique;
  if (signal.metric() == "concurrent_users") return CountKind::concurrent;
  if (signal.metric() == "demand") return CountKind::demand;
  return std::nullopt;
}

std::string_view name_of(CountKind kind) {
  constexpr std::string_view kNames[] = {"daily unique", "concurrent", "demand"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string_view name_of(Connectivity connectivity) {
  constexpr std::string_view kNames[] = {"not measured", "stood", "fell"};
  return kNames[static_cast<std::size_t>(connectivity)];
}

Status may_be_compared(const SignalId& a, const SignalId& b) {
  const auto kind_a = kind_of_count(a), kind_b = kind_of_count(b);
  if (kind_a && kind_a == kind_b) return {};
  const auto said = [](const std::optional<CountKind>& kind) {
    return kind ? name_of(*kind) : std::string_view("something else");
  };
  return Error{ErrorKind::usage,
               fmt::format("{} counts {}, {} counts {}: people of a day and users at one moment "
                           "are never held against each other",
                           a.text(), said(kind_a), b.text(), said(kind_b))};
}

std::vector<ToolRow> circumvention_table(std::span<const Series> series,
                                         std::span<const Detection> detections) {
  CHECK(series.size() == detections.size());
  // What all countries do on a day is known per tool and kind of count.
  std::map<std::pair<std::string, std::string>, std::vector<Series>> together;
  for (const Series& one : series) {
    if (kind_of_count(one.id)) together[{one.id.source(), one.id.metric()}].push_back(one);
  }
  std::map<std::pair<std::string, std::string>, CommonMode> common;
  for (const auto& [key, all] : together) common[key] = common_mode_of(all);
  std::vector<SeriesAndDetection> seen;
  for (std::size_t i = 0; i < series.size(); ++i) seen.push_back({&series[i], &detections[i]});
  std::vector<ToolRow> rows;
  for (const Series& one : series) {
    const auto kind = kind_of_count(one.id);
    if (!kind) continue;
    const ToolRow plain{.signal = one.id,
                        .kind = *kind,
                        .change = {},
                        .connectivity = Connectivity::not_measured,
                        .reading = {},
                        .note = why_use_is_not_judged(one)};
    const auto changes = find_use_changes(one, common[{one.id.source(), one.id.metric()}]);
    if (changes.empty()) rows.push_back(plain);
    for (const UseChange& change : changes) {
      ToolRow row = plain;
      row.change = change;
      row.connectivity = connectivity_in(seen, one.id.entity().country(), change.range);
      row.reading = reading_of(change.direction, row.connectivity);
      rows.push_back(std::move(row));
    }
  }
  read_tor_together(rows);
  return rows;
}

}  // namespace lightsout
