// SPDX-License-Identifier: Apache-2.0
#include "simulate/score.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <tuple>

namespace lightsout {

namespace {

constexpr double kSecondsPerYear = 365.25 * 86400;
constexpr double kLeastTolerance = 1800;       // seconds between onsets
constexpr double kToleranceOfDuration = 0.25;  // share of the true duration

double seconds(Seconds duration) {
  return static_cast<double>(duration.count());
}

double overlap_of(const TimeRange& a, const TimeRange& b) {
  const Seconds shared = std::min(a.end, b.end) - std::max(a.begin, b.begin);
  if (shared <= Seconds{0}) return 0;
  return seconds(shared) / seconds(std::max(a.end, b.end) - std::min(a.begin, b.begin));
}

bool may_match(const TrueRange& truth, const FoundRange& found) {
  const double apart = std::abs(seconds(found.range.begin - truth.range.begin));
  const double tolerance =
      std::max(kLeastTolerance, kToleranceOfDuration * seconds(truth.range.length()));
  return truth.range.overlaps(found.range) && apart <= tolerance;
}

// For each truth the finding that it is matched with.
std::vector<std::optional<std::size_t>> match(const std::vector<TrueRange>& truth,
                                              const std::vector<FoundRange>& found) {
  std::vector<std::tuple<double, std::size_t, std::size_t>> pairs;  // overlap, truth, finding
  for (std::size_t t = 0; t < truth.size(); ++t) {
    for (std::size_t f = 0; f < found.size(); ++f) {
      if (may_match(truth[t], found[f])) {
        pairs.emplace_back(-overlap_of(truth[t].range, found[f].range), t, f);
      }
    }
  }
  std::sort(pairs.begin(), pairs.end());
  std::vector<std::optional<std::size_t>> matches(truth.size());
  std::vector<bool> taken(found.size(), false);
  for (const auto& [overlap, t, f] : pairs) {
    if (matches[t] || taken[f]) continue;
    matches[t] = f;
    taken[f] = true;
  }
  return matches;
}

std::size_t class_of(double depth) {
  std::size_t found = 0;
  for (std::size_t i = 0; i < kDepthClasses.size(); ++i) {
    if (depth >= kDepthClasses[i].least) found = i;
  }
  return found;
}

void add_pair(const TrueRange& truth, const FoundRange& found, Score& score) {
  const double bias = seconds(found.range.begin - truth.range.begin);
  const double duration = seconds(truth.range.length());
  score.alarm_delays.push_back(seconds(found.alarmed_at - truth.range.begin));
  score.onset_biases.push_back(bias);
  score.onset_errors.push_back(std::abs(bias));
  score.end_errors.push_back(std::abs(seconds(found.range.end - truth.range.end)));
  score.duration_errors.push_back(std::abs(seconds(found.range.length()) - duration) / duration);
  if (truth.depth > 0) {
    score.depth_errors.push_back(std::abs(found.depth - truth.depth) / truth.depth);
  }
  score.overlaps.push_back(overlap_of(truth.range, found.range));
}

void add_series(const Scored& one, Score& score) {
  std::vector<TrueRange> truth;
  std::vector<FoundRange> found;
  std::copy_if(one.truth.begin(), one.truth.end(), std::back_inserter(truth),
               [&](const TrueRange& event) { return one.judged.contains(event.range.begin); });
  std::copy_if(one.found.begin(), one.found.end(), std::back_inserter(found),
               [&](const FoundRange& event) { return one.judged.contains(event.range.begin); });
  score.truths += truth.size();
  score.series_years += seconds(one.judged.length()) / kSecondsPerYear;

  const auto matches = match(truth, found);
  std::vector<bool> matched(found.size(), false);
  for (std::size_t t = 0; t < truth.size(); ++t) {
    Score::Recall& recall = score.by_depth[class_of(truth[t].depth)];
    ++recall.truths;
    if (!matches[t]) continue;
    ++recall.found;
    ++score.matched;
    matched[*matches[t]] = true;
    add_pair(truth[t], found[*matches[t]], score);
  }
  const auto touches = [&](std::size_t f) {
    return [&, f](const TimeRange& range) { return range.overlaps(found[f].range); };
  };
  for (std::size_t f = 0; f < found.size(); ++f) {
    ++score.found;
    if (matched[f]) continue;
    const bool inside =
        std::any_of(one.truth.begin(), one.truth.end(),
                    [&](const TrueRange& event) { return touches(f)(event.range); });
    if (inside) {
      ++score.fragments;
    } else if (std::any_of(one.minor.begin(), one.minor.end(), touches(f))) {
      --score.found;
    } else {
      ++score.false_alarms;
    }
  }
}

double ratio(std::size_t part, std::size_t whole) {
  return whole == 0 ? 1 : static_cast<double>(part) / static_cast<double>(whole);
}

std::string minutes_at(const std::vector<double>& ascending) {
  return fmt::format("p50 {:.0f} min, p90 {:.0f} min", quantile(ascending, 0.5) / 60,
                     quantile(ascending, 0.9) / 60);
}

}  // namespace

double Score::precision() const {
  return ratio(matched, found);
}

double Score::recall() const {
  return ratio(matched, truths);
}

double Score::f1() const {
  const double sum = precision() + recall();
  return sum > 0 ? 2 * precision() * recall() / sum : 0;
}

double Score::false_alarms_per_series_year() const {
  return series_years > 0 ? static_cast<double>(false_alarms) / series_years : 0;
}

Score score_of(std::span<const Scored> all) {
  Score score;
  for (const Scored& one : all) {
    if (!one.judged.empty()) add_series(one, score);
  }
  for (std::vector<double>* values :
       {&score.alarm_delays, &score.onset_errors, &score.onset_biases, &score.end_errors,
        &score.duration_errors, &score.depth_errors, &score.overlaps}) {
    std::sort(values->begin(), values->end());
  }
  return score;
}

double quantile(const std::vector<double>& ascending, double share) {
  if (ascending.empty()) return 0;
  const double rank = std::ceil(share * static_cast<double>(ascending.size()));
  const auto index = static_cast<std::size_t>(std::max(rank, 1.0)) - 1;
  return ascending[std::min(index, ascending.size() - 1)];
}

std::string describe(const Score& score) {
  std::string text = fmt::format(
      "{} true, {} found, {} matched, {} fragments, {} false alarms in {:.1f} series-years "
      "({:.2f} a year)\n"
      "precision {:.3f}  recall {:.3f}  F1 {:.3f}\n"
      "alarm after onset {}; onset error {} (bias p50 {:+.0f} min); end error {}\n"
      "overlap p50 {:.2f}; depth error p50 {:.0f} %, p90 {:.0f} %\n",
      score.truths, score.found, score.matched, score.fragments, score.false_alarms,
      score.series_years, score.false_alarms_per_series_year(), score.precision(), score.recall(),
      score.f1(), minutes_at(score.alarm_delays), minutes_at(score.onset_errors),
      quantile(score.onset_biases, 0.5) / 60, minutes_at(score.end_errors),
      quantile(score.overlaps, 0.5), 100 * quantile(score.depth_errors, 0.5),
      100 * quantile(score.depth_errors, 0.9));
  for (std::size_t i = 0; i < kDepthClasses.size(); ++i) {
    const Score::Recall& recall = score.by_depth[i];
    fmt::format_to(std::back_inserter(text), "depth {}: {} of {} found\n", kDepthClasses[i].name,
                   recall.found, recall.truths);
  }
  return text;
}

}  // namespace lightsout
