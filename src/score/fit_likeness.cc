// SPDX-License-Identifier: Apache-2.0
#include "score/fit_likeness.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>

#include "core/parallel.h"
#include "score/logistic.h"

namespace lightsout {

namespace {

using Terms = std::array<std::optional<double>, kTerms>;

// A weight of zero on the course would leave nothing to prune by, and no line in an explanation.
constexpr double kLeastCourse = 0.01;
constexpr LogisticChoice kChoice{
    .ridge = 1, .shared = true, .ridge_mean = 0.1, .not_negative = true};

struct Pair {
  std::size_t a, b;
};

std::vector<Pair> pairs_without(const CaseLibrary& library, std::string_view country) {
  std::vector<Pair> pairs;
  const auto& cases = library.cases();
  for (std::size_t i = 0; i < cases.size(); ++i) {
    if (!country.empty() && cases[i].entity.country() == country) continue;
    for (std::size_t j = i + 1; j < cases.size(); ++j) {
      if (!country.empty() && cases[j].entity.country() == country) continue;
      if (!same_event(cases[i], cases[j])) pairs.push_back({i, j});
    }
  }
  return pairs;
}

std::array<double, kTerms> usual_of(const std::vector<Pair>& pairs, const PairTerms& terms) {
  std::array<double, kTerms> sum{};
  std::array<double, kTerms> count{};
  for (const Pair& pair : pairs) {
    const Terms& row = terms.of(pair.a, pair.b);
    for (std::size_t t = 0; t < kTerms; ++t) {
      if (!row[t]) continue;
      sum[t] += *row[t];
      ++count[t];
    }
  }
  for (std::size_t t = 0; t < kTerms; ++t) sum[t] = count[t] > 0 ? sum[t] / count[t] : 0;
  return sum;
}

// Same and other pairs weigh alike, and so do the families among the same.
std::vector<double> importance_of(const CaseLibrary& library, const std::vector<Pair>& pairs) {
  constexpr double kHalf = 200;  // what either half weighs, in rows: sets the ridge against it
  std::map<CaseFamily, double> same;
  double others = 0;
  for (const Pair& pair : pairs) {
    const CaseFamily family = library.cases()[pair.a].family;
    if (family == library.cases()[pair.b].family) {
      ++same[family];
    } else {
      ++others;
    }
  }
  std::vector<double> importance;
  for (const Pair& pair : pairs) {
    const CaseFamily family = library.cases()[pair.a].family;
    const bool is_same = family == library.cases()[pair.b].family;
    importance.push_back(is_same ? kHalf / static_cast<double>(same.size()) / same[family]
                                 : kHalf / others);
  }
  return importance;
}

}  // namespace

PairTerms::PairTerms(const CaseLibrary& library) {
  std::vector<std::size_t> firsts(library.cases().size());
  std::iota(firsts.begin(), firsts.end(), std::size_t{0});
  rows_ = parallel_map(firsts, [&](std::size_t i) {
    std::vector<Terms> row;
    for (std::size_t j = i + 1; j < library.profiles().size(); ++j) {
      row.push_back(likeness_terms(library.profiles()[i], library.profiles()[j]));
    }
    return row;
  });
}

bool same_event(const PastCase& a, const PastCase& b) {
  return a.name == b.name || (!a.event.empty() && a.event == b.event);
}

LikenessWeights fit_likeness(const CaseLibrary& library, const PairTerms& terms,
                             std::string_view without_country) {
  const std::vector<Pair> pairs = pairs_without(library, without_country);
  LikenessWeights weights{.weight = {}, .usual = usual_of(pairs, terms)};
  Rows rows;
  std::vector<bool> same;
  for (const Pair& pair : pairs) {
    const Terms& row = terms.of(pair.a, pair.b);
    std::vector<double> nearness;
    for (std::size_t t = 0; t < kTerms; ++t) {
      nearness.push_back(weights.usual[t] - row[t].value_or(weights.usual[t]));
    }
    rows.push_back(std::move(nearness));
    same.push_back(library.cases()[pair.a].family == library.cases()[pair.b].family);
  }
  const Logistic fit = fit_logistic(rows, same, importance_of(library, pairs), kChoice);
  double sum = 0;
  for (std::size_t t = 0; t < kTerms; ++t) {
    const double fitted = t < fit.weight.size() ? std::max(0.0, fit.weight[t]) : 0.0;
    weights.weight[t] = t == 0 ? std::max(kLeastCourse, fitted) : fitted;
    sum += weights.weight[t];
  }
  for (double& weight : weights.weight) weight /= sum;
  return weights;
}

LikenessWeights methods_weights(const CaseLibrary& library, const PairTerms& terms) {
  return {.weight = kMethodsWeights.weight, .usual = usual_of(pairs_without(library, ""), terms)};
}

std::string fitted_likeness_text() {
  const CaseLibrary library(built_in_cases());
  const PairTerms terms(library);
  return fmt::format(
      "# Weights of likeness (docs/methods/similarity.md), fitted on the {} cases of cases/ by\n"
      "#   lightsout score fit similarity > cases/likeness.fit\n"
      "# term: name, weight (they sum to 1), mean over pairs that know it.\n{}",
      library.cases().size(), likeness_fit_text(fit_likeness(library, terms, "")));
}

}  // namespace lightsout
