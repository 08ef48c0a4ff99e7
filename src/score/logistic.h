// Logistic regression small enough to read: Newton's method on a handful of columns.
//
//   LogisticChoice choice{.ridge = 1};
//   const Logistic fit = fit_logistic(rows, labels, {}, choice);
//   fit.log_odds(row);
//
// With `shared` the ridge pulls the weights towards their common mean instead of towards zero
// (penalty ridge/2 * sum((w - mean(w))^2)), and `ridge_mean` that mean towards zero: a column
// without data then counts as much as the average one. `not_negative` refits without the columns
// whose weight came out below zero, which are then zero.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

namespace lightsout {

using Rows = std::vector<std::vector<double>>;

struct LogisticChoice {
  double ridge = 1;
  bool shared = false;
  double ridge_mean = 0.1;  // with shared only
  bool not_negative = false;
};

struct Logistic {
  std::vector<double> weight;
  double intercept = 0;

  double log_odds(const std::vector<double>& row) const;
  double probability(const std::vector<double>& row) const;
};

// `importance` of each row, or empty for 1 each. No rows: all zero.
Logistic fit_logistic(const Rows& rows, const std::vector<bool>& positive,
                      const std::vector<double>& importance, const LogisticChoice& choice);

// Platt's calibration: probability = 1 / (1 + exp(-(slope * log odds + shift))), the slope pulled
// towards 1 with the weight of one row and never below 0.
struct Platt {
  double slope = 1;
  double shift = 0;
  double probability(double log_odds) const;
};
Platt fit_platt(const std::vector<double>& log_odds, const std::vector<bool>& positive,
                const std::vector<double>& importance);

// Isotonic calibration: the non-decreasing steps nearest in least squares (pool adjacent violators,
// Ayer 1955), with lines between the middles of the steps. Each step is pulled towards the whole's
// share with the weight of one row, so that no probability is 0 or 1.
struct Isotonic {
  std::vector<double> at;           // log odds, ascending
  std::vector<double> probability;  // as `at`, not descending
  double operator()(double log_odds) const;
};
Isotonic fit_isotonic(const std::vector<double>& log_odds, const std::vector<bool>& positive,
                      const std::vector<double>& importance);

}  // namespace lightsout
