// SPDX-License-Identifier: Apache-2.0
#include "detect/tor_range.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "core/check.h"

namespace lightsout {

namespace {

constexpr Seconds kDay{86400};
constexpr std::int64_t kWeek = 7;  // bins
constexpr double kTail = 0.0001;
constexpr std::size_t kLeastRatios = 8;
constexpr double kRanges = 4;  // interquartile ranges around the median

// R's type 7: linear between the order statistics.
double quantile_of(const std::vector<double>& sorted, double p) {
  const double at = p * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (at - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

double log_poisson(double k, double mean) {
  return k * std::log(mean) - mean - std::lgamma(k + 1);
}

// The value a week before, when both days are there and it is not zero.
std::optional<double> ratio_at(const Series& series, Time time) {
  const auto now = series.bin_of(time), before = series.bin_of(time - kWeek * kDay);
  if (!now || !before) return std::nullopt;
  const auto users = series.samples[*now].number(), reference = series.samples[*before].number();
  if (!users || !reference || *reference == 0) return std::nullopt;
  return *users / *reference;
}

std::vector<const Series*> largest_on(std::span<const Series> countries, Time day) {
  std::vector<std::pair<double, const Series*>> users;
  for (const Series& series : countries) {
    const auto bin = series.bin_of(day);
    const auto value = bin ? series.samples[*bin].number() : std::nullopt;
    if (value && !series.id.entity().country().empty()) users.emplace_back(-*value, &series);
  }
  std::stable_sort(users.begin(), users.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  if (users.size() > kTorCountries) users.resize(kTorCountries);
  std::vector<const Series*> largest;
  for (const auto& [count, series] : users) largest.push_back(series);
  return largest;
}

}  // namespace

double normal_quantile(double p) {
  CHECK(p > 0 && p < 1);
  if (p > 0.5) return -normal_quantile(1 - p);
  // Bisection on the error function is slow and exact enough; this is called a few times only.
  double low = -40, high = 0;
  for (int i = 0; i < 200; ++i) {
    const double middle = (low + high) / 2;
    (0.5 * std::erfc(-middle / std::sqrt(2.0)) < p ? low : high) = middle;
  }
  return (low + high) / 2;
}

// Summed from the thin end, so that nothing small is lost beside something large.
double poisson_quantile(double p, double mean) {
  CHECK(p > 0 && p < 1 && mean >= 0 && mean <= 1e9);
  if (mean == 0) return 0;
  const double reach = 14 * std::sqrt(mean) + 40;  // beyond it there is less than 1e-30
  if (p <= 0.5) {
    double k = std::max(0.0, std::floor(mean - reach));
    double term = std::exp(log_poisson(k, mean)), sum = term;
    while (sum < p) {
      k += 1;
      term *= mean / k;
      sum += term;
    }
    return k;
  }
  double k = std::ceil(mean + reach);
  double term = std::exp(log_poisson(k, mean)), above = 0;  // P(X > k - 1) once the term is added
  while (above + term <= 1 - p) {
    above += term;
    term *= k / mean;
    k -= 1;
  }
  return k;
}

std::optional<RatioNormal> ordinary_ratios(std::vector<double> ratios) {
  if (ratios.size() < kLeastRatios) return std::nullopt;
  std::sort(ratios.begin(), ratios.end());
  const double median = quantile_of(ratios, 0.5);
  const double width = kRanges * (quantile_of(ratios, 0.75) - quantile_of(ratios, 0.25));
  std::erase_if(ratios, [&](double r) { return !(r > median - width && r < median + width); });
  if (ratios.size() < kLeastRatios) return std::nullopt;
  const auto count = static_cast<double>(ratios.size());
  const double mean = std::accumulate(ratios.begin(), ratios.end(), 0.0) / count;
  double squares = 0;
  for (const double r : ratios) squares += (r - mean) * (r - mean);
  return RatioNormal{mean, std::sqrt(squares / count)};
}

TorRange tor_range(const RatioNormal& ordinary, double reference) {
  static const double low_point = normal_quantile(kTail), high_point = normal_quantile(1 - kTail);
  return {(ordinary.mean + low_point * ordinary.sd) * poisson_quantile(kTail, reference),
          (ordinary.mean + high_point * ordinary.sd) * poisson_quantile(1 - kTail, reference)};
}

TorRanges tor_ranges(std::span<const Series> countries) {
  TorRanges ranges{.judged_on = {}, .of = {}};
  Time first = Time::max();
  for (const Series& series : countries) {
    ranges.of.emplace_back(series.size());
    if (series.step != kDay || series.samples.empty()) continue;
    first = std::min(first, series.begin);
    ranges.judged_on =
        std::max(ranges.judged_on, bin_begin(series.data_through() - Seconds{1}, kDay));
  }
  const std::vector<const Series*> largest = largest_on(countries, ranges.judged_on);
  for (Time day = first; !countries.empty() && day <= ranges.judged_on; day += kDay) {
    std::vector<double> ratios;
    for (const Series* series : largest) {
      if (const auto ratio = ratio_at(*series, day)) ratios.push_back(*ratio);
    }
    const auto ordinary = ordinary_ratios(std::move(ratios));
    if (!ordinary) continue;
    for (std::size_t i = 0; i < countries.size(); ++i) {
      const Series& series = countries[i];
      const auto bin = series.bin_of(day), before = series.bin_of(day - kWeek * kDay);
      if (series.step != kDay || !bin || !before) continue;
      const auto reference = series.samples[*before].number();
      if (reference && *reference > 0 && *reference <= 1e9) {
        ranges.of[i][*bin] = tor_range(*ordinary, *reference);
      }
    }
  }
  return ranges;
}

}  // namespace lightsout
