// SPDX-License-Identifier: Apache-2.0
#include "detect/service.h"

#include <algorithm>
#include <cmath>

#include "detect/fraction.h"

namespace lightsout {

namespace {

// A steep rise is believed on less evidence than a shallow one: noise makes the latter.
constexpr double kThreshold = 8, kShallowThreshold = 14;  // nats
// Bins of less than an hour share the mood of their hour, so they must say more together, unless
// they are taken together by the hour.
constexpr double kShortBins = 6;                      // nats on top
constexpr double kSteep = 0.4, kLeastDistance = 0.2;  // points above what was expected
constexpr double kCap = 0.75;                         // of it, for one bin: it takes two
constexpr double kReturn = 7;                         // nats
// Of the way from the expected share to 1: some networks block, nearly all do.
constexpr double kWay[2] = {0.35, 0.75};
constexpr double kQuiet = 0.35;  // of the threshold: from here on nothing is learnt
constexpr double kLeastTests = 10;
constexpr double kPriorFailed = 1, kPriorTests = 20;  // five in a hundred fail anywhere
constexpr double kRemembered = 3000;                  // tests
constexpr double kLeast = 0.02, kMost = 0.95;
constexpr double kOthersWeight = 2;    // tests of others at which their share is half believed
constexpr double kLeastOthers = 3;     // tests of others from which they tell anything
constexpr double kResemblance = 0.05;  // as detect/fraction.cc
constexpr double kNinety = 1.645;

struct Sum {
  double failed = 0, tests = 0;
};

// The tests of a series that fell into a stretch; bins that stick out count by their part in it.
Sum tests_in(const Series& series, const TimeRange& range) {
  Sum sum;
  for (std::size_t bin = 0; bin < series.size(); ++bin) {
    const auto share = series.samples[bin].number();
    if (!share || series.trials.empty()) continue;
    const Time begin = std::max(range.begin, series.time_of(bin));
    const Time end = std::min(range.end, series.time_of(bin) + series.step);
    if (begin >= end) continue;
    const double part =
        static_cast<double>((end - begin).count()) / static_cast<double>(series.step.count());
    const double tests = std::max(0.0, static_cast<double>(series.trials[bin])) * part;
    sum.tests += tests;
    sum.failed += std::clamp(*share, 0.0, 1.0) * tests;
  }
  return sum;
}

// Agresti and Coull 1998, with the tests worth less than their number because they resemble each
// other.
Estimate share_of(const Sum& sum, double bins) {
  if (sum.tests <= 0) return {0, 0, 1};
  const double per_bin = std::max(1.0, sum.tests / std::max(1.0, bins));
  const double worth = sum.tests / (1 + (per_bin - 1) * kResemblance) + 4;
  const double share = sum.failed / sum.tests;
  const double middle = (share * (worth - 4) + 2) / worth;
  const double spread = kNinety * std::sqrt(middle * (1 - middle) / worth);
  return {share, std::clamp(std::min(share, middle - spread), 0.0, 1.0),
          std::clamp(std::max(share, middle + spread), 0.0, 1.0)};
}

std::string service_name(const Series& series) {
  return std::string(series.id.entity().code());
}

}  // namespace

double ServiceTracker::Baseline::share() const {
  return std::clamp((failed + kPriorFailed) / (tests + kPriorTests), kLeast, kMost);
}

void ServiceTracker::Baseline::learn(double more_failed, double more_tests) {
  failed += more_failed;
  tests += more_tests;
  if (tests <= kRemembered) return;
  failed *= kRemembered / tests;
  tests = kRemembered;
}

// What the others fail beyond their usual lifts the expectation of this one as far.
double ServiceTracker::expected_of(const ServiceBin& bin) const {
  const double own = own_.share();
  if (bin.others_tests <= 0) return own;
  const double usual = others_.share();
  const double now =
      (bin.others_failed + usual * kOthersWeight) / (bin.others_tests + kOthersWeight);
  const double common = std::max(0.0, (now - usual) / (1 - usual));
  return std::min(kMost, own + common * (1 - own));
}

void ServiceTracker::watch_for_end(const ServiceBin& bin, double expected, Step& step) {
  inside_failed_ += bin.failed;
  inside_tests_ += bin.tests;
  const double inside = std::max(inside_failed_ / inside_tests_, expected + 0.1);
  back_ += std::clamp(fraction_log_ratio(bin.failed, bin.tests, inside, expected),
                      -kCap * kThreshold, kCap * kThreshold);
  back_ = std::max(0.0, back_);
  if (back_ < kReturn) return;
  open_ = false;
  step.over = true;
  for (Rise& rise : rise_) rise = {.from = index_ + 1};
}

// How far the bins of a rise stand above what is usual for the service, and, since a cut of
// everything adds up to evidence against each service, above the others.
double ServiceTracker::distance(const ServiceBin& all) const {
  const double share = all.failed / all.tests;
  const double above_usual = share - own_.share();
  if (all.others_tests < kLeastOthers) return above_usual;
  return std::min(above_usual, share - all.others_failed / all.others_tests);
}

// Bin by bin, or, for short bins, hour by hour from the begin of the rise: the tests of an hour
// resemble each other, so they are judged as one draw, and again with every bin that joins them.
void ServiceTracker::add(const ServiceBin& bin, double expected, double way, bool by_hour,
                         Rise& rise) const {
  if (rise.sum <= 0) rise = {.from = index_};
  const auto evidence = [&](double failed, double tests, double share) {
    return std::clamp(fraction_log_ratio(failed, tests, share, share + way * (1 - share)),
                      -kCap * kThreshold, kCap * kThreshold);
  };
  if (by_hour) {
    rise.failed += bin.failed;
    rise.tests += bin.tests;
    rise.expected += expected * bin.tests;
    ++rise.bins_of_hour;
    rise.sum = rise.over + evidence(rise.failed, rise.tests, rise.expected / rise.tests);
    if (rise.bins_of_hour >= bins_an_hour_) {
      rise.over = rise.sum;
      rise.failed = rise.tests = rise.expected = 0;
      rise.bins_of_hour = 0;
    }
  } else {
    rise.sum += evidence(bin.failed, bin.tests, expected);
  }
  ++rise.bins;
  rise.all.failed += bin.failed;
  rise.all.tests += bin.tests;
  rise.all.others_failed += bin.others_failed;
  rise.all.others_tests += bin.others_tests;
}

bool ServiceTracker::is_alarm(const Rise& rise, bool by_hour) const {
  const double above = distance(rise.all);
  const double more = bins_an_hour_ > 1 && !by_hour ? kShortBins : 0;
  const double needed = (above >= kSteep ? kThreshold : kShallowThreshold) + more;
  return rise.sum >= needed && rise.bins >= 2 && above >= kLeastDistance;
}

ServiceTracker::Step ServiceTracker::push(const ServiceBin& bin) {
  CHECK(bin.failed >= 0 && bin.failed <= bin.tests && bin.others_failed <= bin.others_tests);
  Step step{.expected = expected_of(bin), .judged = own_.tests >= kLeastTests};
  if (bin.tests <= 0) {
    if (!open_) others_.learn(bin.others_failed, bin.others_tests);
    ++index_;
    return step;
  }
  if (open_) {
    watch_for_end(bin, step.expected, step);
    ++index_;
    return step;
  }
  double most = 0;
  const std::size_t rises = bins_an_hour_ > 1 ? 2 * kWays : kWays;
  for (std::size_t i = 0; step.judged && i < rises; ++i) {
    Rise& rise = rise_[i];
    const bool by_hour = i >= kWays;
    add(bin, step.expected, kWay[i % kWays], by_hour, rise);
    most = std::max(most, rise.sum);
    if (!is_alarm(rise, by_hour) || (step.alarm && rise.from > step.from)) continue;
    step.alarm = true;
    step.from = rise.from;
    step.reached = rise.sum;
  }
  if (step.alarm) {
    open_ = true;
    back_ = 0;
    inside_failed_ = bin.failed;
    inside_tests_ = bin.tests;
  } else if (most < kQuiet * kThreshold) {
    own_.learn(bin.failed, bin.tests);
    others_.learn(bin.others_failed, bin.others_tests);
  }
  ++index_;
  return step;
}

std::vector<ServiceBlock> find_service_blocks(const Series& service,
                                              std::span<const Series* const> others) {
  std::vector<ServiceBlock> blocks;
  ServiceTracker tracker(service.step);
  for (std::size_t bin = 0; bin < service.size(); ++bin) {
    const TimeRange range{service.time_of(bin), service.time_of(bin) + service.step};
    const Sum own = tests_in(service, range);
    ServiceBin now{.failed = std::min(own.failed, own.tests), .tests = own.tests};
    for (const Series* other : others) {
      const Sum sum = tests_in(*other, range);
      now.others_failed += std::min(sum.failed, sum.tests);
      now.others_tests += sum.tests;
    }
    const ServiceTracker::Step step = tracker.push(now);
    if (step.alarm) {
      blocks.push_back({{service.time_of(step.from), service.data_through()}, true, range.end});
    }
    if (step.over) {
      blocks.back().open = false;
      blocks.back().range.end = range.begin;
    }
  }
  return blocks;
}

ServiceComparison compare_services(const Series& service, std::span<const Series* const> others,
                                   const TimeRange& range) {
  const double bins = static_cast<double>(range.length().count()) /
                      static_cast<double>(std::max<std::int64_t>(1, service.step.count()));
  const Sum own = tests_in(service, range);
  Sum all;
  ServiceComparison comparison;
  comparison.tests = own.tests;
  comparison.failed = share_of(own, bins);
  for (const Series* other : others) {
    const Sum sum = tests_in(*other, range);
    if (sum.tests <= 0) continue;
    all.failed += sum.failed;
    all.tests += sum.tests;
    comparison.other_services.push_back(service_name(*other));
  }
  std::sort(comparison.other_services.begin(), comparison.other_services.end());
  comparison.others_tests = all.tests;
  comparison.others = share_of(all, bins);
  const auto below = [](const Estimate& one) { return one.value - one.low; };
  const auto above = [](const Estimate& one) { return one.high - one.value; };
  // Newcombe 1998, method 10: the interval of a difference from those of its parts.
  const double value = comparison.failed.value - comparison.others.value;
  comparison.difference = {value,
                           value - std::hypot(below(comparison.failed), above(comparison.others)),
                           value + std::hypot(above(comparison.failed), below(comparison.others))};
  return comparison;
}

}  // namespace lightsout
