// Statistics of a scorecard: what is said about a classifier or a count, with its uncertainty.
//
//   const Interval share = wilson(17, 20);   // 0.64 .. 0.95
//   roc_auc({0.9, 0.2}, {true, false})       // 1
//
// A figure that does not exist (an AUC without both labels, an F1 without any positive) is NaN and
// printed as "-".
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace lightsout {

struct Interval {
  double low = 0;
  double high = 0;
};

// 95 % interval of a share (Wilson 1927).
Interval wilson(std::size_t hits, std::size_t of);

// The chance that a positive is ranked above a negative; ties count half.
double roc_auc(const std::vector<double>& score, const std::vector<bool>& positive);

// At a threshold of one half.
double f1_score(const std::vector<double>& probability, const std::vector<bool>& positive);

// Expected calibration error: ten bins of equal width, weighted by their counts (Naeini 2015).
double calibration_error(const std::vector<double>& probability, const std::vector<bool>& positive);

double brier_score(const std::vector<double>& probability, const std::vector<bool>& positive);

// "0.912", "-" for NaN.
std::string three_digits(double value);

}  // namespace lightsout
