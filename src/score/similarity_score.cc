// Similar incidents: is a case of the same family among the nearest three, when the case itself is
// left out? (docs/methods/similarity.md)
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "cases/likeness.h"
#include "score/sections.h"
#include "score/statistics.h"

namespace lightsout {

namespace {

constexpr std::size_t kTop = 3;

struct Ranking {
  std::vector<bool> hit;        // by case
  std::size_t without_any = 0;  // cases that nothing could be compared with
};

bool same_event(const PastCase& a, const PastCase& b) {
  return a.name == b.name || (!a.event.empty() && a.event == b.event);
}

Ranking by_distance(const CaseLibrary& library, bool with_context, bool other_countries,
                    double least_weight = kLeastWeight) {
  Ranking ranking;
  for (std::size_t i = 0; i < library.cases().size(); ++i) {
    const PastCase& left_out = library.cases()[i];
    const SearchChoice choice{
        .with_context = with_context,
        .least_weight = least_weight,
        .without_name = left_out.name,
        .without_event = left_out.event,
        .without_country = other_countries ? std::string(left_out.entity.country()) : ""};
    bool hit = false;
    const auto found = library.nearest(library.profiles()[i], kTop, choice);
    for (const Parallel& parallel : found) {
      hit = hit || library.cases()[parallel.index].family == left_out.family;
    }
    ranking.without_any += found.empty();
    ranking.hit.push_back(hit);
  }
  return ranking;
}

// The nearest three by length alone; cases without a length are misses, as above.
Ranking by_duration(const CaseLibrary& library) {
  Ranking ranking;
  for (std::size_t i = 0; i < library.cases().size(); ++i) {
    const auto& length = library.profiles()[i].span_hours;
    std::vector<std::pair<double, std::size_t>> apart;
    for (std::size_t j = 0; length && j < library.cases().size(); ++j) {
      const auto& other = library.profiles()[j].span_hours;
      if (!other || same_event(library.cases()[i], library.cases()[j])) continue;
      apart.emplace_back(std::fabs(std::log(*length / *other)), j);
    }
    std::sort(apart.begin(), apart.end());
    apart.resize(std::min(apart.size(), kTop));
    ranking.without_any += apart.empty();
    ranking.hit.push_back(std::any_of(apart.begin(), apart.end(), [&](const auto& pair) {
      return library.cases()[pair.second].family == library.cases()[i].family;
    }));
  }
  return ranking;
}

// The chance that three drawn at random hold one of the family: hypergeometric, exact.
std::vector<double> by_chance(const CaseLibrary& library) {
  std::vector<double> chances;
  for (const PastCase& one : library.cases()) {
    double others = 0;
    double relatives = 0;
    for (const PastCase& other : library.cases()) {
      if (same_event(one, other)) continue;
      ++others;
      relatives += other.family == one.family;
    }
    double none = 1;
    for (std::size_t k = 0; k < kTop; ++k) {
      const auto drawn = static_cast<double>(k);
      none *= std::max(0.0, others - relatives - drawn) / (others - drawn);
    }
    chances.push_back(1 - none);
  }
  return chances;
}

double macro_average(const CaseLibrary& library, const std::vector<double>& value) {
  std::array<double, kFamilies> sum{};
  std::array<double, kFamilies> count{};
  for (std::size_t i = 0; i < value.size(); ++i) {
    const auto family = static_cast<std::size_t>(library.cases()[i].family);
    sum[family] += value[i];
    ++count[family];
  }
  double total = 0;
  double families = 0;
  for (std::size_t f = 0; f < kFamilies; ++f) {
    if (count[f] == 0) continue;
    total += sum[f] / count[f];
    ++families;
  }
  return total / families;
}

std::vector<double> as_numbers(const std::vector<bool>& hits) {
  return {hits.begin(), hits.end()};
}

std::string percent_words(double share) {
  return fmt::format("{:.1f} %", share * 100);
}

std::vector<std::string> ranking_row(const CaseLibrary& library, std::string name,
                                     const Ranking& ranking) {
  const auto hits =
      static_cast<std::size_t>(std::count(ranking.hit.begin(), ranking.hit.end(), true));
  const std::size_t cases = ranking.hit.size();
  const Interval interval = wilson(hits, cases);
  return {std::move(name),
          fmt::format("{} of {}", hits, cases),
          percent_words(static_cast<double>(hits) / static_cast<double>(cases)),
          fmt::format("{:.1f} to {:.1f} %", interval.low * 100, interval.high * 100),
          percent_words(macro_average(library, as_numbers(ranking.hit))),
          std::to_string(ranking.without_any)};
}

ScoreTable family_table(const CaseLibrary& library, const Ranking& all, const Ranking& plain,
                        const std::vector<double>& chance) {
  ScoreTable table{{"family", "cases", "distance", "without the occasion", "at random"}, {}};
  for (std::size_t f = 0; f < kFamilies; ++f) {
    double cases = 0;
    double hits = 0;
    double plain_hits = 0;
    double expected = 0;
    for (std::size_t i = 0; i < library.cases().size(); ++i) {
      if (static_cast<std::size_t>(library.cases()[i].family) != f) continue;
      ++cases;
      hits += all.hit[i];
      plain_hits += plain.hit[i];
      expected += chance[i];
    }
    table.rows.push_back({std::string(name_of(static_cast<CaseFamily>(f))),
                          fmt::format("{:.0f}", cases), fmt::format("{:.0f}", hits),
                          fmt::format("{:.0f}", plain_hits), fmt::format("{:.1f}", expected)});
  }
  return table;
}

ScoreSection make(const ScoreData&) {
  const CaseLibrary library(built_in_cases());
  const Ranking all = by_distance(library, true, false);
  const Ranking plain = by_distance(library, false, false);
  const std::vector<double> chance = by_chance(library);
  double expected = 0;
  for (const double one : chance) expected += one;
  const auto cases = static_cast<double>(library.cases().size());

  ScoreTable table{{"ranking", "hits", "share", "95 % interval", "mean over families",
                    "nothing to compare with"},
                   {}};
  table.rows.push_back(ranking_row(library, "the distance, all terms", all));
  table.rows.push_back(ranking_row(library, "the distance without the occasion", plain));
  table.rows.push_back(
      ranking_row(library, "the distance, other countries only", by_distance(library, true, true)));
  table.rows.push_back(ranking_row(library, "the distance, on half of the weight or more",
                                   by_distance(library, true, false, kSolidWeight)));
  table.rows.push_back(ranking_row(library, "nearest in duration", by_duration(library)));
  table.rows.push_back({"at random (expected)", fmt::format("{:.1f} of {:.0f}", expected, cases),
                        percent_words(expected / cases), "exact",
                        percent_words(macro_average(library, chance)), "0"});
  ScoreSection section{.heading = "Similar incidents", .blocks = {}};
  section.blocks.push_back(score_text(fmt::format(
      "{} labelled cases in {} families, one left out at a time; a hit is a case of the same "
      "family among the nearest three. Cases of the same physical event never count as "
      "each other's parallels, and a case that cannot be compared is a miss.",
      library.cases().size(), kFamilies)));
  section.blocks.push_back(score_table(std::move(table)));
  section.blocks.push_back(score_table(family_table(library, all, plain, chance)));
  return section;
}

}  // namespace

const ScoreMaker kSimilarityScore{
    .name = "similarity",
    .summary = "Is a case of the same family among the nearest three?",
    .make = make,
};

}  // namespace lightsout
