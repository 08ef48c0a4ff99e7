// SPDX-License-Identifier: Apache-2.0
#include "score/detection_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "score/statistics.h"

namespace lightsout {

namespace {

using Many = std::vector<ScoredSeries>;

Score score_drawn(const Many& series, const std::vector<std::size_t>& drawn) {
  std::vector<Scored> pieces;
  for (const std::size_t i : drawn) pieces.push_back(series[i].scored);
  return score_of(pieces);
}

std::vector<std::size_t> each_once(const Many& series) {
  std::vector<std::size_t> all(series.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
  return all;
}

// NaN where there is nothing to say, so that an empty group does not read as perfect.
double precision_of(const Score& score) {
  return score.found > 0 ? score.precision() : std::nan("");
}
double recall_of(const Score& score) {
  return score.truths > 0 ? score.recall() : std::nan("");
}
double f1_of(const Score& score) {
  return score.truths > 0 ? score.f1() : std::nan("");
}

std::string with_bootstrap(const Many& series, double (*measure)(const Score&), double value) {
  if (series.size() < DetectionTable::kLeastSeries) return three_digits(value);
  return with_interval(value, bootstrap(series.size(), DetectionTable::kResamples,
                                        [&](const std::vector<std::size_t>& drawn) {
                                          return measure(score_drawn(series, drawn));
                                        }));
}

std::string recall_words(const Many& series, const Score& whole) {
  if (series.size() >= DetectionTable::kLeastSeries) {
    return with_bootstrap(series, recall_of, recall_of(whole));
  }
  if (whole.truths == 0) return "-";
  return with_interval(whole.recall(), wilson(whole.matched, whole.truths));
}

// The mean of F1 over the countries in which something was true.
double macro_f1(const Many& series) {
  std::map<std::string, std::vector<Scored>> countries;
  for (const ScoredSeries& one : series) countries[one.country].push_back(one.scored);
  double sum = 0;
  double count = 0;
  for (const auto& [country, pieces] : countries) {
    const Score score = score_of(pieces);
    if (score.truths == 0) continue;
    sum += score.f1();
    ++count;
  }
  return count > 0 ? sum / count : std::nan("");
}

std::string duration_words(double seconds) {
  if (seconds < 2 * 3600) return fmt::format("{:.0f} min", seconds / 60);
  if (seconds < 2 * 86400) return fmt::format("{:.1f} h", seconds / 3600);
  return fmt::format("{:.1f} d", seconds / 86400);
}

std::string two_durations(const std::vector<double>& ascending) {
  if (ascending.empty()) return "-";
  return fmt::format("{} / {}", duration_words(quantile(ascending, 0.5)),
                     duration_words(quantile(ascending, 0.9)));
}

// Of each series in bins of its own.
std::string delay_in_bins(const Many& series) {
  std::vector<double> bins;
  for (const ScoredSeries& one : series) {
    for (const double delay : score_of({&one.scored, 1}).alarm_delays) {
      bins.push_back(delay / static_cast<double>(one.step.count()));
    }
  }
  std::sort(bins.begin(), bins.end());
  if (bins.empty()) return "-";
  return fmt::format("{:.1f} / {:.1f}", quantile(bins, 0.5), quantile(bins, 0.9));
}

std::string length_words(const Many& series) {
  std::vector<Scored> pieces;
  for (const ScoredSeries& one : series) {
    if (one.ends_known) pieces.push_back(one.scored);
  }
  const Score score = score_of(pieces);
  if (score.duration_errors.empty()) return "-";
  return fmt::format("{:.0f} % / {:.0f} %", 100 * quantile(score.duration_errors, 0.5),
                     100 * quantile(score.duration_errors, 0.9));
}

std::string rate_words(std::size_t count, double years) {
  if (years <= 0) return "-";
  const Interval rate = poisson_rate(count, years);
  return fmt::format("{:.2f} ({:.2f} to {:.2f})", static_cast<double>(count) / years, rate.low,
                     rate.high);
}

}  // namespace

std::vector<FoundRange> bad_anomalies(const Detection& detection, Worse worse) {
  const Direction bad = worse == Worse::high ? Direction::rise : Direction::fall;
  std::vector<FoundRange> found;
  for (const Anomaly& anomaly : detection.anomalies) {
    if (anomaly.direction != bad) continue;
    found.push_back({anomaly.range(), anomaly.alarmed_at, anomaly.depth.value});
  }
  return found;
}

void DetectionTable::add(const std::string& name, const Many& series, bool labelled) {
  const Score whole = score_drawn(series, each_once(series));
  table_.rows.push_back(
      {name, fmt::format("{:.1f}", whole.series_years), std::to_string(whole.truths),
       std::to_string(whole.matched),
       labelled ? with_bootstrap(series, precision_of, precision_of(whole)) : "-",
       recall_words(series, whole), labelled ? with_bootstrap(series, f1_of, f1_of(whole)) : "-",
       labelled ? three_digits(macro_f1(series)) : "-", two_durations(whole.alarm_delays),
       delay_in_bins(series), two_durations(whole.onset_errors), length_words(series),
       rate_words(whole.false_alarms, whole.series_years) + (labelled ? "" : " in all")});
}

}  // namespace lightsout
