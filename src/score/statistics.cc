// SPDX-License-Identifier: Apache-2.0
#include "score/statistics.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>

namespace lightsout {

namespace {
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
}

Interval wilson(std::size_t hits, std::size_t of) {
  if (of == 0) return {0, 1};
  constexpr double kZ = 1.959964;  // 97.5 % of the normal
  const double n = static_cast<double>(of);
  const double p = static_cast<double>(hits) / n;
  const double centre = (p + kZ * kZ / (2 * n)) / (1 + kZ * kZ / n);
  const double half = kZ / (1 + kZ * kZ / n) * std::sqrt(p * (1 - p) / n + kZ * kZ / (4 * n * n));
  return {std::max(0.0, centre - half), std::min(1.0, centre + half)};
}

Interval poisson_rate(std::size_t count, double exposure) {
  if (exposure <= 0) return {0, std::numeric_limits<double>::infinity()};
  const auto at_most = [](std::size_t k, double mean) {  // P(X <= k)
    double term = std::exp(-mean);
    double sum = term;
    for (std::size_t i = 1; i <= k; ++i) sum += term *= mean / static_cast<double>(i);
    return sum;
  };
  // The mean at which P(X <= k) is `chance`; it falls as the mean grows.
  const auto mean_of = [&](std::size_t k, double chance) {
    double low = 0;
    double high = 20 + 3 * static_cast<double>(k);
    for (int i = 0; i < 100; ++i) {
      const double middle = (low + high) / 2;
      (at_most(k, middle) > chance ? low : high) = middle;
    }
    return (low + high) / 2;
  };
  return {count == 0 ? 0 : mean_of(count - 1, 0.975) / exposure, mean_of(count, 0.025) / exposure};
}

Interval bootstrap(std::size_t units, std::size_t resamples,
                   const std::function<double(const std::vector<std::size_t>&)>& measure) {
  constexpr std::uint32_t kSeed = 19'790'101;
  constexpr std::size_t kLeastAnswers = 40;  // one answer lies beyond each end
  std::mt19937 dice(kSeed);
  std::vector<double> answers;
  std::vector<std::size_t> drawn(units);
  for (std::size_t k = 0; k < resamples && units > 0; ++k) {
    for (std::size_t& unit : drawn) unit = dice() % units;
    const double answer = measure(drawn);
    if (!std::isnan(answer)) answers.push_back(answer);
  }
  std::sort(answers.begin(), answers.end());
  if (answers.size() < kLeastAnswers) return {kNone, kNone};
  const std::size_t cut = answers.size() / 40;
  return {answers[cut], answers[answers.size() - 1 - cut]};
}

double roc_auc(const std::vector<double>& score, const std::vector<bool>& positive) {
  std::vector<std::size_t> order(score.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return score[a] < score[b]; });
  double rank_sum = 0;
  double positives = 0;
  for (std::size_t i = 0; i < order.size();) {
    std::size_t end = i;
    while (end < order.size() && score[order[end]] == score[order[i]]) ++end;
    const double rank = (static_cast<double>(i + 1) + static_cast<double>(end)) / 2;  // ties share
    for (; i < end; ++i) {
      if (!positive[order[i]]) continue;
      rank_sum += rank;
      ++positives;
    }
  }
  const double negatives = static_cast<double>(score.size()) - positives;
  if (positives == 0 || negatives == 0) return kNone;
  return (rank_sum - positives * (positives + 1) / 2) / (positives * negatives);
}

double f1_score(const std::vector<double>& probability, const std::vector<bool>& positive) {
  double hits = 0;
  double called = 0;
  double real = 0;
  for (std::size_t i = 0; i < positive.size(); ++i) {
    const bool says = probability[i] >= 0.5;
    hits += says && positive[i];
    called += says;
    real += positive[i];
  }
  return called + real == 0 ? kNone : 2 * hits / (called + real);
}

double calibration_error(const std::vector<double>& probability,
                         const std::vector<bool>& positive) {
  struct Bin {
    double said = 0;
    double real = 0;
    double count = 0;
  };
  std::array<Bin, 10> bins;
  for (std::size_t i = 0; i < positive.size(); ++i) {
    Bin& bin = bins[std::min<std::size_t>(9, static_cast<std::size_t>(probability[i] * 10))];
    bin.said += probability[i];
    bin.real += positive[i];
    ++bin.count;
  }
  double sum = 0;
  for (const Bin& bin : bins) sum += std::fabs(bin.said - bin.real);
  return positive.empty() ? kNone : sum / static_cast<double>(positive.size());
}

double brier_score(const std::vector<double>& probability, const std::vector<bool>& positive) {
  double sum = 0;
  for (std::size_t i = 0; i < positive.size(); ++i) {
    const double miss = probability[i] - (positive[i] ? 1.0 : 0.0);
    sum += miss * miss;
  }
  return positive.empty() ? kNone : sum / static_cast<double>(positive.size());
}

std::string three_digits(double value) {
  return std::isnan(value) ? "-" : fmt::format("{:.3f}", value);
}

std::string with_interval(double value, const Interval& interval) {
  if (std::isnan(value) || std::isnan(interval.low)) return three_digits(value);
  return fmt::format("{:.3f} ({:.3f} to {:.3f})", value, interval.low, interval.high);
}

}  // namespace lightsout
