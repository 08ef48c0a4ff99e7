// Seeded series with known truth, and the scoring of methods 3.5, for the tests of this module.
//
// The four kinds are made of what the real ones are: counting noise, noise that neighbours share
// (AR 1), a day and a week, gaps, and the things that are not outages: renumbering, holidays,
// spikes. Falls are put in at random times, lengths and depths; some come back in between.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <random>
#include <string>
#include <vector>

#include "detect/detector.h"

namespace lightsout::synthetic {

struct Kind {
  const char* name;
  const char* signal;
  Plane plane;
  double least_mean, most_mean;  // counts, log-uniform
  double day_wave;               // relative amplitude
  double weekend;                // share lost on two days of the week
  double phi;                    // counting noise beyond Poisson; 0: none at all, values are exact
  double shared;                 // sd of the AR 1 noise
  double memory;                 // its coefficient at 5 minutes
  double renumbering;            // sd of a lasting step every three weeks or so
  double holiday;                // share lost on one day in three weeks
  double spikes_a_week;          // upward, two- to tenfold, up to an hour
  double least_depth;            // of the injected falls; they go up to 1
};

inline const Kind kKinds[] = {
    {"routes", "country:XA/bgp/visible_slash24", Plane::control, 300, 20000, 0, 0, 0, 0.001, 0.9,
     0.006, 0, 0, 0.1},
    {"probing", "country:XA/probing/slash24_up", Plane::data, 500, 20000, 0.08, 0.01, 1e-4, 0.005,
     0.9, 0.003, 0, 0, 0.25},
    {"telescope", "country:XA/telescope/unique_source_ips", Plane::traffic, 20, 500, 0.4, 0.1, 0.03,
     0.08, 0.9, 0, 0.15, 2, 0.6},
    {"traffic", "country:XA/traffic/requests", Plane::traffic, 1000, 100000, 0.6, 0.15, 2e-3, 0.04,
     0.95, 0, 0.2, 0.5, 0.5},
};

struct Truth {
  TimeRange range;
  double depth;
};

struct Made {
  Series series;
  std::vector<Truth> falls;
};

class Maker {
 public:
  explicit Maker(std::uint64_t seed) : random_(seed) {}

  Made make(const Kind& kind, Seconds step, int weeks, double falls_a_week) {
    Made made{.series = {.id = *SignalId::parse(kind.signal),
                         .plane = kind.plane,
                         .unit = Unit::count,
                         .begin = Time(Seconds(1704067200)),  // a Monday
                         .step = step}};
    const auto bins = static_cast<std::size_t>(weeks * 7 * 86400 / step.count());
    std::vector<double> factor(bins, 1);
    renumber(kind, made.series, factor);
    take_holidays(kind, made.series, factor);
    add_spikes(kind, made.series, factor);
    inject(kind, made, weeks, falls_a_week, factor);
    fill(kind, made.series, factor);
    return made;
  }

  double uniform(double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(random_);
  }

 private:
  std::size_t bins_in(const Series& series, double hours) const {
    return static_cast<std::size_t>(
        std::max(1.0, hours * 3600 / static_cast<double>(series.step.count())));
  }
  double normal() { return std::normal_distribution<double>()(random_); }

  void renumber(const Kind& kind, const Series& series, std::vector<double>& factor) {
    if (kind.renumbering == 0) return;
    const double chance = 1.0 / static_cast<double>(bins_in(series, 21 * 24));
    double level = 1;
    for (double& f : factor) {
      if (uniform(0, 1) < chance) level *= 1 + kind.renumbering * normal();
      f *= level;
    }
  }

  void take_holidays(const Kind& kind, const Series& series, std::vector<double>& factor) {
    if (kind.holiday == 0) return;
    const std::size_t day = bins_in(series, 24);
    for (std::size_t begin = 0; begin + day <= factor.size(); begin += day) {
      if (uniform(0, 1) > 1.0 / 21) continue;
      const double share = 1 - kind.holiday * uniform(0.5, 1);
      for (std::size_t i = begin; i < begin + day; ++i) factor[i] *= share;
    }
  }

  void add_spikes(const Kind& kind, const Series& series, std::vector<double>& factor) {
    const double weeks =
        static_cast<double>(factor.size()) / static_cast<double>(bins_in(series, 168));
    const int spikes = static_cast<int>(kind.spikes_a_week * weeks);
    for (int n = 0; n < spikes; ++n) {
      auto at = static_cast<std::size_t>(uniform(0, static_cast<double>(factor.size())));
      const double times = uniform(2, 10);
      for (std::size_t i = bins_in(series, uniform(0, 1)); i-- > 0 && at < factor.size(); ++at) {
        factor[at] *= times;
      }
    }
  }

  // From the fifth week on for long series, the third for short ones; two days apart at least.
  void inject(const Kind& kind, Made& made, int weeks, double falls_a_week,
              std::vector<double>& factor) {
    double hour = 15.0 * 24;
    for (;;) {
      hour += 48 + uniform(0, 2 * std::max(0.0, 168 / falls_a_week - 60));
      const double length = std::exp(uniform(std::log(0.5), std::log(72)));
      if (falls_a_week == 0 || hour + length + 24 > weeks * 168.0) return;
      const std::size_t begin = bins_in(made.series, hour);
      const std::size_t end = begin + std::max<std::size_t>(2, bins_in(made.series, length));
      const double depth = uniform(kind.least_depth, 1);
      // One in four long ones has a window in which everything is back.
      const bool window = length > 12 && uniform(0, 1) < 0.25;
      const std::size_t open = begin + (end - begin) / 3;
      const std::size_t shut = open + bins_in(made.series, uniform(1, 3));
      for (std::size_t i = begin; i < end && i < factor.size(); ++i) {
        if (!window || i < open || i >= shut) factor[i] *= 1 - depth;
      }
      made.falls.push_back({{made.series.time_of(begin), made.series.time_of(end)}, depth});
      hour += length;
    }
  }

  void fill(const Kind& kind, Series& series, const std::vector<double>& factor) {
    const double mean = std::exp(uniform(std::log(kind.least_mean), std::log(kind.most_mean)));
    const double phase = uniform(0, 2 * std::numbers::pi);
    const double memory = std::pow(kind.memory, static_cast<double>(series.step.count()) / 300.0);
    double shared = 0;
    for (std::size_t bin = 0; bin < factor.size(); ++bin) {
      const double hour =
          static_cast<double>(series.step.count()) * static_cast<double>(bin) / 3600;
      const double wave = 1 + kind.day_wave * std::sin(2 * std::numbers::pi * hour / 24 + phase);
      const bool weekend = static_cast<int>(hour / 24) % 7 >= 5;
      shared = memory * shared + std::sqrt(1 - memory * memory) * kind.shared * normal();
      const double rate =
          mean * wave * (weekend ? 1 - kind.weekend : 1) * factor[bin] * std::max(0.0, 1 + shared);
      if (uniform(0, 1) < 0.003) {
        series.samples.push_back(Sample::missing());
        continue;
      }
      series.samples.push_back(Sample::of(kind.phi == 0 ? std::round(rate) : draw(rate, kind.phi)));
    }
  }

  // Negative binomial: a Poisson whose mean is gamma-distributed.
  double draw(double rate, double phi) {
    if (rate <= 0) return 0;
    const double mean = std::gamma_distribution<double>(1 / phi, rate * phi)(random_);
    return static_cast<double>(std::poisson_distribution<std::int64_t>(mean)(random_));
  }

  std::mt19937_64 random_;
};

// Scoring, methods 3.5.
struct Score {
  std::size_t truths = 0, found = 0, alarms = 0;
  double years = 0;
  std::vector<double> onset_error_min, delay_min, end_error_min, depth_error;

  double precision() const {
    return alarms == 0 ? 1 : static_cast<double>(found) / static_cast<double>(alarms);
  }
  double recall() const {
    return truths == 0 ? 1 : static_cast<double>(found) / static_cast<double>(truths);
  }
  double f1() const {
    return precision() + recall() == 0 ? 0 : 2 * precision() * recall() / (precision() + recall());
  }
  double false_alarms_a_year() const { return static_cast<double>(alarms - found) / years; }

  static double quantile(std::vector<double> values, double q) {
    if (values.empty()) return 0;
    std::sort(values.begin(), values.end());
    return values[static_cast<std::size_t>(q * static_cast<double>(values.size() - 1))];
  }
};

inline double minutes(Seconds s) {
  return static_cast<double>(s.count()) / 60;
}

// One-to-one: each truth takes the untaken anomaly of greatest overlap over union whose onset is
// near enough.
inline void score(const std::vector<Truth>& truths, const Detection& detection, Score& into) {
  std::vector<bool> taken(detection.anomalies.size(), false);
  into.truths += truths.size();
  into.alarms += detection.anomalies.size();
  into.years += static_cast<double>(detection.judgement.judged.length().count()) / (365.25 * 86400);
  for (const Truth& truth : truths) {
    const Anomaly* best = nullptr;
    double best_share = 0;
    for (std::size_t i = 0; i < detection.anomalies.size(); ++i) {
      const Anomaly& anomaly = detection.anomalies[i];
      const TimeRange range = anomaly.range();
      if (taken[i] || !range.overlaps(truth.range)) continue;
      const Seconds off = std::chrono::abs(anomaly.onset.value - truth.range.begin);
      if (off > std::max<Seconds>(Seconds(1800), truth.range.length() / 4)) continue;
      const Seconds both =
          std::min(range.end, truth.range.end) - std::max(range.begin, truth.range.begin);
      const Seconds either =
          std::max(range.end, truth.range.end) - std::min(range.begin, truth.range.begin);
      const double share = static_cast<double>(both.count()) / static_cast<double>(either.count());
      if (share > best_share) best_share = share, best = &anomaly;
    }
    if (best == nullptr) continue;
    taken[static_cast<std::size_t>(best - detection.anomalies.data())] = true;
    ++into.found;
    into.onset_error_min.push_back(
        minutes(std::chrono::abs(best->onset.value - truth.range.begin)));
    into.delay_min.push_back(minutes(best->alarmed_at - truth.range.begin));
    if (best->end) {
      into.end_error_min.push_back(minutes(std::chrono::abs(best->end->value - truth.range.end)));
    }
    into.depth_error.push_back(std::abs(best->depth.value - truth.depth));
  }
}

}  // namespace lightsout::synthetic
