// The negative-binomial likelihood of a count, as ratios: all that the detectors need of it.
//
// A count y with mean m and relative extra variance phi has variance m + phi m^2; phi -> 0 is
// Poisson. log_ratio(y, m, phi, from, to) is ln P(y | mean to*m) - ln P(y | mean from*m), nats.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>

namespace lightsout {

inline double log_ratio(double y, double mean, double phi, double from, double to) {
  const double k = 1 / phi;
  return y * std::log(to / from) - (y + k) * std::log((k + to * mean) / (k + from * mean));
}

// Standard deviation of y / mean when the mean is right.
inline double relative_deviation(double mean, double phi) {
  return std::sqrt(1 / mean + phi);
}

// What one value is worth when neighbours resemble each other (lag-1 autocorrelation a):
// n correlated values carry about n (1 - a) / (1 + a) independent ones.
inline double independence(double autocorrelation) {
  return (1 - autocorrelation) / (1 + autocorrelation);
}

}  // namespace lightsout
