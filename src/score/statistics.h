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
#include <functional>
#include <string>
#include <vector>

namespace lightsout {

struct Interval {
  double low = 0;
  double high = 0;
};

// 95 % interval of a share (Wilson 1927).
Interval wilson(std::size_t hits, std::size_t of);

// 95 % interval of a rate, `count` events in `exposure` (Garwood 1936). No exposure: 0 to infinity.
Interval poisson_rate(std::size_t count, double exposure);

// The 95 % interval of a measure over resamples of its units, with replacement (percentile
// bootstrap, Efron 1979). `measure` takes the indices of the units drawn and may answer NaN, which
// is left out; NaN to NaN when fewer than 40 resamples have an answer. Fixed seed.
Interval bootstrap(std::size_t units, std::size_t resamples,
                   const std::function<double(const std::vector<std::size_t>&)>& measure);

// The chance that a positive is ranked above a negative; ties count half.
double roc_auc(const std::vector<double>& score, const std::vector<bool>& positive);

// At a threshold of one half.
double f1_score(const std::vector<double>& probability, const std::vector<bool>& positive);

// Expected calibration error: ten bins of equal width, weighted by their counts (Naeini 2015).
double calibration_error(const std::vector<double>& probability, const std::vector<bool>& positive);

double brier_score(const std::vector<double>& probability, const std::vector<bool>& positive);

// "0.912", "-" for NaN.
std::string three_digits(double value);
// "0.912 (0.870-0.944)", without the interval where it is NaN.
std::string with_interval(double value, const Interval& interval);

}  // namespace lightsout
