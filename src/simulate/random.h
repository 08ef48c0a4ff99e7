// Rng: random numbers that are the same on every machine, compiler and year.
//
// The distributions of <random> may differ between standard libraries, so they are written out
// here: xoshiro256** (Blackman and Vigna 2018) seeded through splitmix64. A substream has a name;
// what is drawn from one never moves what is drawn from another, so that a line added to a scenario
// leaves the rest of its numbers as they were.
//
//   Rng noise = Rng(seed).fork("country:KZ/traffic/requests");
//   noise.negative_binomial(1000, 200)   // mean 1000, variance 1000 + 1000^2 / 200
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace lightsout {

class Rng {
 public:
  explicit Rng(std::uint64_t seed);
  Rng fork(std::string_view name) const;  // of the seed and the name, not of what was drawn

  std::uint64_t next();
  double uniform();                          // [0, 1)
  double uniform(double low, double high);   // [low, high)
  std::uint64_t below(std::uint64_t bound);  // 0 .. bound - 1; bound > 0
  bool chance(double probability) { return uniform() < probability; }
  double normal();  // mean 0, standard deviation 1
  double exponential(double mean);
  double gamma(double shape);          // scale 1, shape > 0
  std::uint64_t poisson(double mean);  // mean >= 0; 0 for anything less
  // Counts that scatter more than Poisson's: variance = mean + mean^2 / dispersion.
  std::uint64_t negative_binomial(double mean, double dispersion);

 private:
  std::uint64_t seed_;
  std::array<std::uint64_t, 4> state_;
};

}  // namespace lightsout
