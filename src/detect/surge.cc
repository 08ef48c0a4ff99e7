// SPDX-License-Identifier: Apache-2.0
#include "detect/surge.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <set>

namespace lightsout {

namespace {

constexpr Seconds kDay{86400};
constexpr std::size_t kWeek = 7, kWeeks = 4, kLeastWeeks = 3;
constexpr std::size_t kLeastCountries = 20;
constexpr double kMostCommon = 3;  // more than a tripling of everybody is not divided away
constexpr double kRiseRatio = 2, kRiseRarity = 1e-4;
// Tuned with Tor's 117 countries in view, see docs/methods/circumvention.md.
constexpr double kFallRatio = 0.7, kFallRarity = 3e-3;
constexpr double kBackFromFall = 0.8, kBackFromRise = 1.5;  // of the usual
constexpr Seconds kLongest = 28 * kDay;                     // after it, a new level
constexpr std::size_t kQuietDays = 180, kLeastQuiet = 30;
constexpr double kLeastSpread = 0.003, kFirstSpread = 0.02;  // relative variance
constexpr double kMadToSd = 1.4826;
constexpr double kTenFold = 10;

double median_of(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

// P(X <= x) of a negative binomial with that mean and relative variance beyond counting, by the
// cube root of the gamma that it resembles (Wilson and Hilferty 1931).
double share_below(double x, double mean, double spread) {
  const double shape = 1 / (spread + 1 / mean);
  const double z =
      (std::cbrt(std::max(x, 0.0) / mean) - (1 - 1 / (9 * shape))) * std::sqrt(9 * shape);
  return 0.5 * std::erfc(-z / std::sqrt(2.0));
}

// How much a country's quiet days vary.
class QuietDays {
 public:
  void add(double deviation) {
    days_.push_back(std::abs(deviation));
    if (days_.size() > kQuietDays) days_.pop_front();
  }
  double spread() const {
    if (days_.size() < kLeastQuiet) return kFirstSpread;
    const double sd = kMadToSd * median_of({days_.begin(), days_.end()});
    return std::max(kLeastSpread, sd * sd);
  }

 private:
  std::deque<double> days_;  // logarithms of the ratios
};

class Watch {
 public:
  Watch(const Series& daily, const CommonMode& common) : daily_(daily), common_(common) {}

  std::vector<UseChange> run() {
    for (std::size_t bin = 0; bin < daily_.size(); ++bin) {
      const auto value = daily_.samples[bin].number();
      if (!value) continue;
      const auto factor = common_.find(daily_.time_of(bin));
      look(bin, *value / (factor == common_.end() ? 1 : factor->second));
    }
    if (open_) changes_.back().range.end = daily_.data_through();
    return std::move(changes_);
  }

 private:
  void look(std::size_t bin, double users) {
    if (open_ && stays_open(bin, users)) return;
    const auto usual = usual_use(daily_, bin);
    if (!usual || *usual < kLeastUsers) return;
    const double ratio = users / *usual, spread = quiet_.spread();
    const bool rises =
        ratio >= kRiseRatio && 1 - share_below(users - 0.5, *usual, spread) < kRiseRarity;
    const bool falls =
        ratio <= kFallRatio && share_below(users + 0.5, *usual, spread) < kFallRarity;
    if (!rises && !falls) return quiet_.add(std::log(std::max(users, 0.5) / *usual));
    changes_.push_back({.direction = rises ? Direction::rise : Direction::fall,
                        .range = {daily_.time_of(bin), daily_.time_of(bin) + kDay},
                        .open = true,
                        .usual = *usual,
                        .ratio = ratio,
                        .extreme_at = daily_.time_of(bin)});
    open_ = true;
  }

  bool stays_open(std::size_t bin, double users) {
    UseChange& change = changes_.back();
    const double ratio = users / change.usual;
    const bool fell = change.direction == Direction::fall;
    const bool back = fell ? ratio > kBackFromFall : ratio < kBackFromRise;
    const Time day = daily_.time_of(bin);
    if (back || day - change.range.begin >= kLongest) {
      open_ = change.open = false;
      change.range.end = day;
      return false;
    }
    if (fell ? ratio < change.ratio : ratio > change.ratio) {
      change.ratio = ratio;
      change.extreme_at = day;
    }
    return true;
  }

  const Series& daily_;
  const CommonMode& common_;
  std::vector<UseChange> changes_;
  QuietDays quiet_;
  bool open_ = false;
};

}  // namespace

std::optional<double> usual_use(const Series& daily, std::size_t bin) {
  std::vector<double> before;
  for (std::size_t week = 1; week <= kWeeks && week * kWeek <= bin; ++week) {
    if (const auto value = daily.samples[bin - week * kWeek].number()) before.push_back(*value);
  }
  if (before.size() < kLeastWeeks) return std::nullopt;
  return median_of(std::move(before));
}

CommonMode common_mode_of(std::span<const Series> countries) {
  std::map<Time, std::vector<double>> ratios;
  for (const Series& series : countries) {
    if (series.step != kDay) continue;
    for (std::size_t bin = 0; bin < series.size(); ++bin) {
      const auto value = series.samples[bin].number();
      const auto usual = usual_use(series, bin);
      if (value && usual && *usual >= kLeastUsers) {
        ratios[series.time_of(bin)].push_back(*value / *usual);
      }
    }
  }
  CommonMode common;
  for (auto& [day, all] : ratios) {
    const bool enough = all.size() >= kLeastCountries;
    common[day] = enough ? std::clamp(median_of(std::move(all)), 1 / kMostCommon, kMostCommon) : 1;
  }
  return common;
}

double UseChange::grade() const {
  return std::log2(std::max(ratio, 1e-6));
}

std::string UseChange::label() const {
  if (direction == Direction::fall) return fmt::format("down by {:.0f} %", 100 * (1 - ratio));
  return ratio >= kTenFold ? "at least ten-fold" : fmt::format("{:.1f}-fold", ratio);
}

std::vector<UseChange> find_use_changes(const Series& daily, const CommonMode& common) {
  if (!why_use_is_not_judged(daily).empty()) return {};
  return Watch(daily, common).run();
}

std::string why_use_is_not_judged(const Series& daily) {
  if (daily.step != kDay) return "only daily numbers are judged";
  bool any = false;
  for (std::size_t bin = 0; bin < daily.size(); ++bin) {
    const auto usual = usual_use(daily, bin);
    if (usual && *usual >= kLeastUsers) return {};
    any = any || usual.has_value();
  }
  return any ? "fewer than 100 users a day" : "less than three weeks of history";
}

}  // namespace lightsout
