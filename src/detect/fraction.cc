// SPDX-License-Identifier: Apache-2.0
#include "detect/fraction.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "detect/parameters.h"
#include "detect/parts.h"
#include "detect/warm_up.h"

namespace lightsout {
namespace {

// How much the tests of one bin resemble each other (intra-class correlation): with 0.05, a hundred
// tests in an hour carry about seventeen independent ones. Assumed; networks differ in size.
constexpr double kResemblance = 0.05;
// Of the way from the baseline to 1: partly failing, mostly failing.
constexpr double kWay[2] = {0.3, 0.7};
constexpr double kThreshold = 10;  // nats: at most one false alarm in 2.5 years of hourly bins
constexpr double kCap = 0.9;       // of the threshold, for one bin: it takes two
constexpr double kReturnThreshold = 0.7 * kThreshold;
constexpr double kLeastTrials = 20;
constexpr std::uint32_t kLeastBins = 6;
constexpr double kPriorFailures = 0.5, kPriorTrials = 10;
constexpr double kLeastBaseline = 0.02, kMostBaseline = 0.95;
constexpr double kTrialsRemembered = 5000;
constexpr double kBackWithin = 0.15;  // points above the baseline that still count as back
constexpr double kWithin = 1.92;      // nats
constexpr double kNinety = 1.645;
constexpr double kAssumedTrials = 20;  // for a series that does not say

double log_beta_binomial(double k, double n, double share) {
  const double total = 1 / kResemblance - 1;
  const double a = share * total, b = (1 - share) * total;
  return std::lgamma(k + a) + std::lgamma(n - k + b) - std::lgamma(n + a + b) - std::lgamma(a) -
         std::lgamma(b) + std::lgamma(a + b);
}

double clamp_share(double share) {
  return std::clamp(share, 0.01, 0.99);
}

}  // namespace

double fraction_log_ratio(double failures, double trials, double from, double to) {
  return log_beta_binomial(failures, trials, clamp_share(to)) -
         log_beta_binomial(failures, trials, clamp_share(from));
}

double FractionTracker::baseline() const {
  return std::clamp((failures_ + kPriorFailures) / (trials_ + kPriorTrials), kLeastBaseline,
                    kMostBaseline);
}

bool FractionTracker::enough() const {
  return index_ >= kLeastBins && trials_ >= kLeastTrials;
}

void FractionTracker::learn(double failures, double trials) {
  failures_ += failures;
  trials_ += trials;
  if (trials_ > kTrialsRemembered) {
    failures_ *= kTrialsRemembered / trials_;
    trials_ = kTrialsRemembered;
  }
}

bool FractionTracker::recovered(double failures, double trials) {
  inside_failures_ += failures;
  inside_trials_ += trials;
  const double inside = inside_failures_ / inside_trials_;
  return_.sum += std::clamp(fraction_log_ratio(failures, trials, inside, baseline()),
                            -kCap * kThreshold, kCap * kThreshold);
  if (return_.sum <= 0) {
    return_ = {0, index_ + 1};
    back_failures_ = back_trials_ = 0;
    return false;
  }
  back_failures_ += failures;
  back_trials_ += trials;
  return return_.sum >= kReturnThreshold && index_ + 1 - return_.from >= 2 &&
         back_failures_ / back_trials_ <= baseline() + kBackWithin;
}

FractionTracker::Step FractionTracker::push(double failures, double trials) {
  CHECK(trials > 0 && failures >= 0 && failures <= trials);
  Step step{.baseline = baseline(), .judged = enough()};
  if (open_) {
    if (recovered(failures, trials)) {
      open_ = false;
      step.closed = true;
      step.until = return_.from;
      for (Cusum& cusum : rise_) cusum = {0, index_ + 1};
    }
  } else if (step.judged) {
    double nearest = 0;
    for (std::size_t i = 0; i < 2; ++i) {
      Cusum& cusum = rise_[i];
      const double towards = step.baseline + kWay[i] * (1 - step.baseline);
      cusum.sum += std::clamp(fraction_log_ratio(failures, trials, step.baseline, towards),
                              -kCap * kThreshold, kCap * kThreshold);
      if (cusum.sum <= 0) cusum = {0, index_ + 1};
      nearest = std::max(nearest, cusum.sum);
      if (cusum.sum < kThreshold || index_ + 1 - cusum.from < 2) continue;
      if (step.opened && cusum.from > step.from) continue;
      step.opened = true;
      step.from = cusum.from;
      step.reached = cusum.sum;
    }
    if (step.opened) {
      open_ = true;
      inside_failures_ = failures, inside_trials_ = trials;
      return_ = {0, index_ + 1};
      back_failures_ = back_trials_ = 0;
    } else if (nearest <= kFreezeAt * kThreshold) {
      learn(failures, trials);
    }
  } else {
    learn(failures, trials);
    for (Cusum& cusum : rise_) cusum = {0, index_ + 1};
  }
  ++index_;
  return step;
}

namespace {

struct Bin {
  std::uint32_t at;  // of the series
  double failures, trials, baseline;
};

struct Event {
  std::uint32_t onset, alarm;  // indices of bins with trials
  std::optional<std::uint32_t> end;
  double reached;
};

class FractionReport {
 public:
  FractionReport(const Series& series, std::vector<Bin> bins, bool fall, std::uint32_t judged)
      : series_(series), bins_(std::move(bins)), fall_(fall), judged_(judged) {}

  Anomaly make(const Event& event) const {
    const auto size = static_cast<std::uint32_t>(bins_.size());
    const std::uint32_t stop = event.end.value_or(size);
    Anomaly anomaly{.signal = series_.id,
                    .plane = series_.plane,
                    .detector = std::string(kFailureFraction.name),
                    .direction = fall_ ? Direction::fall : Direction::rise,
                    .alarmed_at = begin_of(event.alarm) + series_.step,
                    .data_through = series_.data_through()};
    const std::uint32_t onset = set_onset(event, anomaly);
    if (event.end) {
      anomaly.end = TimeEstimate{edge(stop), edge(stop - 1), edge(stop)};
    }
    anomaly.depth = depth(onset, stop);
    for (std::uint32_t i = onset; i < stop; ++i) {
      const double here = lost(bins_[i].failures / bins_[i].trials, bins_[i].baseline);
      if (i == onset || here > anomaly.deepest) {
        anomaly.deepest = here;
        anomaly.deepest_at = begin_of(i);
      }
    }
    set_parts(onset, stop, anomaly);
    const Seconds history = begin_of(onset) - begin_of(0);
    anomaly.low_confidence = history < kWarmUp;
    anomaly.baseline = history >= std::chrono::days(3)
                           ? fmt::format("{} d", history / std::chrono::days(1))
                           : fmt::format("{} h", history / std::chrono::hours(1));
    anomaly.lasting = anomaly.range().length() >= kLasting;
    anomaly.trace.push_back(
        {begin_of(event.alarm) + series_.step,
         fmt::format("failures above {:.0f} % of tests: S = {:.1f} passed h = {:.0f} after {} bins",
                     100 * bins_[event.alarm].baseline, event.reached, kThreshold,
                     event.alarm + 1 - event.onset)});
    return anomaly;
  }

 private:
  Time begin_of(std::uint32_t i) const { return series_.time_of(bins_[i].at); }
  Time edge(std::uint32_t i) const {
    return i < bins_.size() ? begin_of(i)
                            : begin_of(static_cast<std::uint32_t>(bins_.size() - 1)) + series_.step;
  }
  // In the unit of Anomaly::depth.
  double lost(double share, double baseline) const {
    return fall_ ? (share - baseline) / (1 - baseline) : share - baseline;
  }

  struct Sum {
    double failures = 0, trials = 0, baseline = 0;
  };
  Sum sum(std::uint32_t from, std::uint32_t to) const {
    Sum all;
    for (std::uint32_t i = from; i < to; ++i) {
      all.failures += bins_[i].failures;
      all.trials += bins_[i].trials;
      all.baseline += bins_[i].baseline * bins_[i].trials;
    }
    all.baseline = all.trials > 0 ? all.baseline / all.trials : 0;
    return all;
  }

  Estimate depth(std::uint32_t from, std::uint32_t to) const {
    const Sum all = sum(from, to);
    if (all.trials <= 0) return {0, 0, 1};
    const double share = all.failures / all.trials;
    // Agresti and Coull 1998: two added on each side keep the interval honest near 0 and 1.
    const double n = all.trials + 4, p = (all.failures + 2) / n;
    const double per_bin = all.trials / (to - from);
    const double spread = kNinety * std::sqrt(p * (1 - p) * (1 + (per_bin - 1) * kResemblance) / n);
    return {lost(share, all.baseline),
            lost(std::max(0.0, std::min(share, p - spread)), all.baseline),
            lost(std::min(1.0, std::max(share, p + spread)), all.baseline)};
  }

  std::uint32_t set_onset(const Event& event, Anomaly& anomaly) const {
    const std::uint32_t first = std::max(judged_, event.onset > 6 ? event.onset - 6 : 0);
    // For every place the share of what follows is its own: the best pair of place and share wins.
    std::vector<double> gain;
    for (std::uint32_t from = first; from <= event.alarm; ++from) {
      const Sum after = sum(from, event.alarm + 1);
      double nats = 0;
      for (std::uint32_t i = from; i <= event.alarm; ++i) {
        nats += fraction_log_ratio(bins_[i].failures, bins_[i].trials, bins_[i].baseline,
                                   after.failures / after.trials);
      }
      gain.push_back(nats);
    }
    const auto best = std::max_element(gain.begin(), gain.end());
    const auto at = std::min(first + static_cast<std::uint32_t>(best - gain.begin()), event.alarm);
    std::uint32_t earliest = at > 0 ? at - 1 : 0, latest = at;
    for (std::uint32_t i = first; i <= event.alarm; ++i) {
      if (gain[i - first] < *best - kWithin) continue;
      earliest = std::min(earliest, i);
      latest = std::max(latest, i);
    }
    anomaly.onset = {begin_of(at), begin_of(earliest), begin_of(latest)};
    return at;
  }

  void set_parts(std::uint32_t onset, std::uint32_t stop, Anomaly& anomaly) const {
    const Sum all = sum(onset, stop);
    const double per_bin = all.trials / (stop - onset);
    const double weight = 2 * std::sqrt(per_bin / (1 + (per_bin - 1) * kResemblance));
    std::vector<double> even;
    for (std::uint32_t i = onset; i < stop; ++i) {
      // Anscombe's arcsine: constant variance at every share.
      even.push_back(weight *
                     std::asin(std::sqrt((bins_[i].failures + 0.375) / (bins_[i].trials + 0.75))));
    }
    const double penalty = 6 * std::log(std::max<double>(8, static_cast<double>(even.size())));
    const std::vector<std::uint32_t> begins = part_begins(even, penalty);
    for (std::size_t p = 0; p < begins.size(); ++p) {
      const std::uint32_t from = onset + begins[p];
      const std::uint32_t to = p + 1 < begins.size() ? onset + begins[p + 1] : stop;
      const Time end = p + 1 < begins.size() ? begin_of(to)
                       : anomaly.end         ? anomaly.end->value
                                             : anomaly.data_through;
      anomaly.parts.push_back({{begin_of(from), end}, depth(from, to)});
      const Sum part = sum(from, to);
      for (std::uint32_t i = from; i < to; ++i) {
        anomaly.evidence += fraction_log_ratio(bins_[i].failures, bins_[i].trials,
                                               bins_[i].baseline, part.failures / part.trials);
      }
    }
  }

  const Series& series_;
  std::vector<Bin> bins_;
  bool fall_;
  std::uint32_t judged_;
};

std::vector<Bin> bins_of(const Series& series, bool fall) {
  std::vector<Bin> bins;
  for (std::size_t at = 0; at < series.size(); ++at) {
    const std::optional<double> value = series.samples[at].number();
    if (!value || !std::isfinite(*value)) continue;
    const double trials = series.trials.empty() ? kAssumedTrials : std::round(series.trials[at]);
    if (!(trials > 0)) continue;
    const double share = std::clamp(fall ? 1 - *value : *value, 0.0, 1.0);
    bins.push_back({static_cast<std::uint32_t>(at), std::round(share * trials), trials, 0});
  }
  return bins;
}

Expectation band(double share, double trials, bool fall) {
  const double spread =
      kNinety * std::sqrt(share * (1 - share) * (1 / std::max(1.0, trials) + kResemblance));
  const double low = std::max(0.0, share - spread), high = std::min(1.0, share + spread);
  if (fall) {
    return {static_cast<float>(1 - share), static_cast<float>(1 - high),
            static_cast<float>(1 - low)};
  }
  return {static_cast<float>(share), static_cast<float>(low), static_cast<float>(high)};
}

bool applies(const Series& series) {
  return series.unit == Unit::fraction;
}

Detection find(const Series& series) {
  const bool fall = series.worse == Worse::low;
  std::vector<Bin> bins = bins_of(series, fall);
  FractionTracker tracker;
  std::vector<Event> events;
  std::optional<std::uint32_t> judged;
  Detection detection = nothing_expected(series);
  double trials = 0;
  std::size_t next = 0;
  for (std::uint32_t i = 0; i < bins.size(); ++i) {
    Bin& bin = bins[i];
    trials += bin.trials;
    for (; next <= bin.at; ++next) {
      if (!tracker.enough()) continue;
      const bool own = next == bin.at;
      detection.expected[next] =
          band(tracker.baseline(), own ? bin.trials : trials / (i + 1), fall);
    }
    const FractionTracker::Step step = tracker.push(bin.failures, bin.trials);
    bin.baseline = step.baseline;
    if (step.judged && !judged) judged = i;
    if (step.opened) events.push_back({step.from, i, std::nullopt, step.reached});
    if (step.closed) events.back().end = std::max(step.until, events.back().onset + 1);
  }
  if (!judged) {
    return cannot_tell(series, fmt::format("{} tests in {} bins are too few: {} tests in {} bins "
                                           "are needed before the first can be judged",
                                           trials, bins.size(), kLeastTrials, kLeastBins));
  }
  for (; next < series.size(); ++next) {
    detection.expected[next] =
        band(tracker.baseline(), trials / static_cast<double>(bins.size()), fall);
  }
  const Seconds history = series.time_of(bins[*judged].at) - series.time_of(bins[0].at);
  const Seconds all = series.data_through() - series.time_of(bins[0].at);
  detection.judgement = {.possible = true,
                         .judged = {series.time_of(bins[*judged].at), series.data_through()},
                         .baseline = fmt::format("share of failures so far, from {} h on",
                                                 history / std::chrono::hours(1)),
                         .reason = all < kWarmUp ? "cold start: less than 14 days of history" : ""};
  if (series.trials.empty()) {
    detection.judgement.reason =
        fmt::format("the series does not say how many tests each value rests on: {} were assumed",
                    kAssumedTrials);
  }
  const FractionReport report(series, std::move(bins), fall, *judged);
  for (const Event& event : events) detection.anomalies.push_back(report.make(event));
  return detection;
}

}  // namespace

const Detector kFailureFraction{
    .name = "failure_fraction",
    .summary =
        "More of the tests fail than before, by a beta-binomial likelihood ratio (CUSUM) "
        "that knows how many tests there were.",
    .applies = applies,
    .find = find,
};

}  // namespace lightsout
