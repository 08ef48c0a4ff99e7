// The coordination score on the incidents whose providers' times are published.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "incident/coordination_vectors.h"
#include "score/sections.h"
#include "score/statistics.h"

namespace lightsout {

namespace {

std::string waves_words(const incident::Coordination& found) {
  std::string text;
  for (const incident::Wave& wave : found.waves) {
    text += fmt::format("{}{} x {}", text.empty() ? "" : ", ",
                        format_time(wave.range.begin).substr(11, 5), wave.providers.size());
  }
  return text;
}

std::string or_dash(const std::optional<double>& value) {
  return value ? fmt::format("{:.2f}", *value) : "-";
}

ScoreSection make(const ScoreData&) {
  ScoreTable table{
      {"incident", "score", "asked for", "reached", "waves (UTC, providers)",
       "together at the start", "at the end", "common way out", "mobile first", "by chance"},
      {}};
  std::size_t reached = 0;
  const std::vector<CoordinationVector> vectors = coordination_vectors();
  for (const CoordinationVector& one : vectors) {
    const incident::Coordination found = incident::coordinate(one.steps, one.options);
    const bool in_order =
        std::is_sorted(found.waves.begin(), found.waves.end(),
                       [](const auto& a, const auto& b) { return a.range.begin < b.range.begin; });
    const bool good = found.score >= one.least && found.score <= one.most && in_order;
    reached += good;
    table.rows.push_back(
        {one.name, fmt::format("{:.2f}", found.score),
         one.least <= 0  ? fmt::format("below {}", one.most)
         : one.most >= 1 ? fmt::format("above {}", one.least)
                         : fmt::format("{} to {}, waves in order", one.least, one.most),
         good ? "yes" : "no", waves_words(found), fmt::format("{:.2f}", found.start_together),
         or_dash(found.end_together), or_dash(found.common_upstream), or_dash(found.mobile_first),
         found.by_chance >= 0.995 ? "1" : fmt::format("{:.0e}", found.by_chance)});
  }
  ScoreSection section{.heading = "Were providers cut together", .blocks = {}};
  section.blocks.push_back(score_text(fmt::format(
      "{} of {} as asked for in methods.md 4.3. The times are published ones (section 6 there); "
      "some choices of the score were made with these incidents in view "
      "(docs/methods/coordination.md), so this table is a check and no test.",
      reached, vectors.size())));
  section.blocks.push_back(score_table(std::move(table)));
  return section;
}

}  // namespace

const ScoreMaker kCoordinationScore{
    .name = "coordination",
    .summary = "Providers cut together told from common accidents, on published times.",
    .make = make,
};

}  // namespace lightsout
