// Fits the weights of the likeness of incidents (cases/likeness.h) on labelled cases.
//
// Every pair of cases that are not one physical event is a row: its terms (what one side does not
// know lies on the usual), and whether both are of one family. A logistic regression with weights
// not below zero, pulled towards their mean, tells pairs of a family from others; pairs of the same
// family weigh together what others weigh, and each family what each other does, so that the
// largest does not speak for all. The weights are scaled to sum to 1.
//
//   const PairTerms pairs(library);                        // dear: every alignment
//   const LikenessWeights weights = fit_likeness(library, pairs, "KZ");   // without Kazakhstan
//
// Nothing of a left-out country enters: neither weights nor what is usual.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cases/likeness.h"

namespace lightsout {

// The terms of every pair, once.
class PairTerms {
 public:
  explicit PairTerms(const CaseLibrary& library);
  const std::array<std::optional<double>, kTerms>& of(std::size_t i, std::size_t j) const {
    return i < j ? rows_[i][j - i - 1] : rows_[j][i - j - 1];
  }

 private:
  std::vector<std::vector<std::array<std::optional<double>, kTerms>>> rows_;
};

// One physical event, or the same case.
bool same_event(const PastCase& a, const PastCase& b);

// `without_country` alpha-2; empty: all cases.
LikenessWeights fit_likeness(const CaseLibrary& library, const PairTerms& pairs,
                             std::string_view without_country);

// The weights of methods.md 3.6, with what is usual in the library.
LikenessWeights methods_weights(const CaseLibrary& library, const PairTerms& pairs);

// cases/likeness.fit, whole.
std::string fitted_likeness_text();

}  // namespace lightsout
