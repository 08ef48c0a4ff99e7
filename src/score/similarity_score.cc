// Similar incidents: is a case of the same family among the nearest three, when the case itself is
// left out? (docs/methods/similarity.md)
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <map>
#include <set>

#include "cases/likeness.h"
#include "core/parallel.h"
#include "score/fit_likeness.h"
#include "score/sections.h"
#include "score/statistics.h"

namespace lightsout {

namespace {

constexpr std::size_t kTop = 3;

struct Ranking {
  std::vector<bool> hit;        // by case
  std::size_t without_any = 0;  // cases that nothing could be compared with
};

using WeightsOf = std::function<const LikenessWeights&(const PastCase& left_out)>;

struct RankChoice {
  bool other_countries = false;  // those of the case's own country do not count
  double least_weight = kLeastWeight;
  std::optional<LikenessTerm> without;  // as if nobody knew this term
};

// The nearest three of each case, under weights that may be each case's own.
std::vector<std::vector<std::size_t>> nearest_three(const CaseLibrary& library,
                                                    const PairTerms& pairs,
                                                    const WeightsOf& weights_of,
                                                    const RankChoice& choice) {
  std::vector<std::vector<std::size_t>> all;
  for (std::size_t i = 0; i < library.cases().size(); ++i) {
    const PastCase& left_out = library.cases()[i];
    const LikenessWeights& weights = weights_of(left_out);
    std::vector<std::pair<double, std::size_t>> apart;
    for (std::size_t j = 0; j < library.cases().size(); ++j) {
      const PastCase& other = library.cases()[j];
      if (same_event(left_out, other)) continue;
      if (choice.other_countries && other.entity.country() == left_out.entity.country()) continue;
      auto terms = pairs.of(i, j);
      if (choice.without) terms[static_cast<std::size_t>(*choice.without)].reset();
      const auto distance = likeness_distance(terms, weights, choice.least_weight);
      if (distance) apart.emplace_back(*distance, j);
    }
    std::sort(apart.begin(), apart.end());
    apart.resize(std::min(apart.size(), kTop));
    std::vector<std::size_t> found;
    for (const auto& [distance, j] : apart) found.push_back(j);
    all.push_back(std::move(found));
  }
  return all;
}

Ranking by_distance(const CaseLibrary& library, const PairTerms& pairs, const WeightsOf& weights_of,
                    const RankChoice& choice) {
  Ranking ranking;
  const auto nearest = nearest_three(library, pairs, weights_of, choice);
  for (std::size_t i = 0; i < nearest.size(); ++i) {
    ranking.without_any += nearest[i].empty();
    ranking.hit.push_back(
        std::any_of(nearest[i].begin(), nearest[i].end(), [&](const std::size_t j) {
          return library.cases()[j].family == library.cases()[i].family;
        }));
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

ScoreTable family_table(const CaseLibrary& library, const Ranking& fitted, const Ranking& methods,
                        const std::vector<double>& chance) {
  ScoreTable table{{"family", "cases", "fitted", "weights of 3.6", "at random"}, {}};
  for (std::size_t f = 0; f < kFamilies; ++f) {
    double cases = 0;
    double hits = 0;
    double methods_hits = 0;
    double expected = 0;
    for (std::size_t i = 0; i < library.cases().size(); ++i) {
      if (static_cast<std::size_t>(library.cases()[i].family) != f) continue;
      ++cases;
      hits += fitted.hit[i];
      methods_hits += methods.hit[i];
      expected += chance[i];
    }
    table.rows.push_back({std::string(name_of(static_cast<CaseFamily>(f))),
                          fmt::format("{:.0f}", cases), fmt::format("{:.0f}", hits),
                          fmt::format("{:.0f}", methods_hits), fmt::format("{:.1f}", expected)});
  }
  return table;
}

// Of each family (rows) what the nearest case was (columns).
ScoreTable confusion_table(const CaseLibrary& library,
                           const std::vector<std::vector<std::size_t>>& nearest) {
  std::array<std::array<std::size_t, kFamilies>, kFamilies> count{};
  for (std::size_t i = 0; i < nearest.size(); ++i) {
    if (nearest[i].empty()) continue;
    ++count[static_cast<std::size_t>(library.cases()[i].family)]
           [static_cast<std::size_t>(library.cases()[nearest[i].front()].family)];
  }
  ScoreTable table{{"is"}, {}};
  for (std::size_t f = 0; f < kFamilies; ++f) {
    table.columns.push_back("nearest: " + std::string(name_of(static_cast<CaseFamily>(f))));
    std::vector<std::string> row{std::string(name_of(static_cast<CaseFamily>(f)))};
    for (const std::size_t cases : count[f]) row.push_back(cases > 0 ? std::to_string(cases) : "");
    table.rows.push_back(std::move(row));
  }
  return table;
}

ScoreTable weights_table() {
  ScoreTable table{{"term", "weight (cases/likeness.fit)", "usual", "weight of methods 3.6"}, {}};
  const LikenessWeights& fitted = built_in_weights();
  for (std::size_t t = 0; t < kTerms; ++t) {
    table.rows.push_back({std::string(name_of(static_cast<LikenessTerm>(t))),
                          three_digits(fitted.weight[t]), three_digits(fitted.usual[t]),
                          fmt::format("{:.2f}", kMethodsWeights.weight[t])});
  }
  return table;
}

// The weights of each country's cases, fitted without it.
std::map<std::string, LikenessWeights> leave_out_countries(const CaseLibrary& library,
                                                           const PairTerms& pairs) {
  std::set<std::string> names;
  for (const PastCase& one : library.cases()) names.emplace(one.entity.country());
  const std::vector<std::string> countries(names.begin(), names.end());
  const std::vector<LikenessWeights> fits = parallel_map(
      countries, [&](const std::string& name) { return fit_likeness(library, pairs, name); });
  std::map<std::string, LikenessWeights> all;
  for (std::size_t i = 0; i < countries.size(); ++i) all.emplace(countries[i], fits[i]);
  return all;
}

ScoreSection make(const ScoreData&) {
  const CaseLibrary library(built_in_cases());
  const PairTerms pairs(library);
  const auto fits = leave_out_countries(library, pairs);
  const WeightsOf fitted = [&](const PastCase& one) -> const LikenessWeights& {
    return fits.at(std::string(one.entity.country()));
  };
  const LikenessWeights plain = methods_weights(library, pairs);
  const WeightsOf methods = [&](const PastCase&) -> const LikenessWeights& { return plain; };
  const Ranking all = by_distance(library, pairs, fitted, {});
  const Ranking by_methods = by_distance(library, pairs, methods, {});
  const std::vector<double> chance = by_chance(library);
  double expected = 0;
  for (const double one : chance) expected += one;
  const auto cases = static_cast<double>(library.cases().size());

  ScoreTable table{{"ranking", "hits", "share", "95 % interval", "mean over families",
                    "nothing to compare with"},
                   {}};
  const auto add = [&](std::string name, const Ranking& ranking) {
    table.rows.push_back(ranking_row(library, std::move(name), ranking));
  };
  add("the distance, weights fitted without the country", all);
  add("the same, other countries only",
      by_distance(library, pairs, fitted, {.other_countries = true}));
  add("the same, on half of the weight or more",
      by_distance(library, pairs, fitted, {.least_weight = kSolidWeight}));
  for (std::size_t t = 0; t < kTerms; ++t) {
    const auto term = static_cast<LikenessTerm>(t);
    add(fmt::format("the same, without {}", name_of(term)),
        by_distance(library, pairs, fitted, {.without = term}));
  }
  add("the distance, weights of methods 3.6", by_methods);
  add("nearest in duration", by_duration(library));
  table.rows.push_back({"at random (expected)", fmt::format("{:.1f} of {:.0f}", expected, cases),
                        percent_words(expected / cases), "exact",
                        percent_words(macro_average(library, chance)), "0"});
  ScoreSection section{.heading = "Similar incidents", .blocks = {}};
  section.blocks.push_back(score_text(fmt::format(
      "{} labelled cases in {} families, one left out at a time; a hit is a case of the same "
      "family among the nearest three. Cases of the same physical event never count as "
      "each other's parallels, and a case that cannot be compared is a miss. The weights that "
      "rank a case are fitted without any case of its country. The goal is 80 %.",
      library.cases().size(), kFamilies)));
  section.blocks.push_back(score_table(std::move(table)));
  section.blocks.push_back(score_table(family_table(library, all, by_methods, chance)));
  section.blocks.push_back(
      score_table(confusion_table(library, nearest_three(library, pairs, fitted, {}))));
  section.blocks.push_back(score_text("The weights that the program uses, fitted on all cases:"));
  section.blocks.push_back(score_table(weights_table()));
  return section;
}

}  // namespace

const ScoreMaker kSimilarityScore{
    .name = "similarity",
    .summary = "Is a case of the same family among the nearest three?",
    .make = make,
};

}  // namespace lightsout
