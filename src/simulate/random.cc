// SPDX-License-Identifier: Apache-2.0
#include "simulate/random.h"

#include <bit>
#include <cmath>

#include "core/check.h"

namespace lightsout {

namespace {

std::uint64_t splitmix(std::uint64_t& state) {
  state += 0x9e3779b97f4a7c15;
  std::uint64_t z = state;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

std::uint64_t fnv1a(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

}  // namespace

Rng::Rng(std::uint64_t seed) : seed_(seed) {
  std::uint64_t state = seed;
  for (std::uint64_t& word : state_) word = splitmix(state);
}

Rng Rng::fork(std::string_view name) const {
  std::uint64_t state = seed_ ^ std::rotl(fnv1a(name), 17);
  return Rng(splitmix(state));
}

std::uint64_t Rng::next() {
  const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const std::uint64_t shifted = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

double Rng::uniform() {
  return static_cast<double>(next() >> 11) * 0x1.0p-53;
}

double Rng::uniform(double low, double high) {
  return low + (high - low) * uniform();
}

std::uint64_t Rng::below(std::uint64_t bound) {
  CHECK(bound > 0);
  // The bias of a remainder is below 2^-40 for the small bounds that are used here.
  return next() % bound;
}

double Rng::normal() {
  // Box and Muller 1958; the second number of the pair is not kept, so that a stream has no state
  // beyond its four words.
  const double radius = std::sqrt(-2 * std::log(1 - uniform()));
  return radius * std::cos(2 * 3.14159265358979323846 * uniform());
}

double Rng::exponential(double mean) {
  return -mean * std::log(1 - uniform());
}

double Rng::gamma(double shape) {
  CHECK(shape > 0);
  if (shape < 1) return gamma(shape + 1) * std::pow(1 - uniform(), 1 / shape);
  // Marsaglia and Tsang 2000.
  const double d = shape - 1.0 / 3;
  const double c = 1 / std::sqrt(9 * d);
  for (;;) {
    const double x = normal();
    const double v = std::pow(1 + c * x, 3);
    if (v <= 0) continue;
    if (std::log(1 - uniform()) < 0.5 * x * x + d - d * v + d * std::log(v)) return d * v;
  }
}

std::uint64_t Rng::poisson(double mean) {
  if (!(mean > 0)) return 0;
  if (mean > 60) {
    // Beyond 60 the normal approximation is within the rounding to whole numbers.
    const double value = std::round(mean + std::sqrt(mean) * normal());
    return value > 0 ? static_cast<std::uint64_t>(value) : 0;
  }
  const double limit = std::exp(-mean);
  std::uint64_t count = 0;
  for (double product = uniform(); product > limit; product *= uniform()) ++count;
  return count;
}

std::uint64_t Rng::negative_binomial(double mean, double dispersion) {
  if (!(mean > 0)) return 0;
  return poisson(mean * gamma(dispersion) / dispersion);
}

}  // namespace lightsout
