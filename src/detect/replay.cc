// SPDX-License-Identifier: Apache-2.0
#include "detect/replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "detect/likelihood.h"

namespace lightsout {
namespace {

constexpr double kNinety = 1.645;  // standard deviations: 90 % of a normal lie within
// A deeper fall this much later is its own anomaly, and the shallow one ends where it begins: a
// holiday that was still going on when the cut came must not lend it its onset.
constexpr Seconds kSameFall = std::chrono::hours(24);
constexpr std::int64_t kSameFallValues = 7;  // a day is one value in daily data
constexpr double kOwnFall = 0.7;             // and it has to be a fall against the shallow one, too

class Recorder {
 public:
  Recorder(const Counts& counts, const Parameters& parameters, Replay& out)
      : counts_(counts), parameters_(parameters), out_(out) {}

  void note(const Step& step, std::uint32_t i, const LevelTracker& tracker) {
    weekly_ = tracker.weekly();
    if (step.released >= 0) release(step, tracker);
    if (step.opened) open(step, i);
    if (step.deepened) deepen(step, i);
    if (step.closed) close(step, i);
    if (step.rebased) {
      out_.events[*open_].held_from = i + 1;
      say(out_.events[*open_], i, "60 days without a return: a new level is watched beside it");
      held_.push_back(*open_);
      open_.reset();
    }
    for (std::size_t h = 0; h < held_.size(); ++h) {
      RawEvent& event = out_.events[held_[h]];
      if (*event.held_from <= i) {
        event.held_expected.push_back(
            static_cast<float>(tracker.expected_by_held(h, counts_.seen[i].middle)));
      }
    }
    watch_misses(tracker, i);
  }

  void finish() {
    if (miss_.share > 0) keep_miss();
    std::sort(out_.misses.begin(), out_.misses.end(), [](const NearMiss& a, const NearMiss& b) {
      return a.share != b.share ? a.share > b.share : a.from < b.from;
    });
    if (out_.misses.size() > kNearMisses) out_.misses.resize(kNearMisses);
  }

 private:
  void say(RawEvent& event, std::uint32_t i, std::string what) {
    event.trace.push_back({counts_.seen[i].middle, std::move(what)});
  }

  std::string passed(const Step& step, std::uint32_t i) const {
    const double ratio = LevelTracker::ratio_of(step.hypothesis, parameters_);
    return fmt::format("{} {:.0f} % of expected{}: S = {:.1f} passed h = {:.0f} after {} value{}",
                       step.direction == Direction::fall ? "fall to" : "rise to", 100 * ratio,
                       step.direction == Direction::fall ? " or less" : " or more", step.reached,
                       parameters_.threshold, i + 1 - step.from, i == step.from ? "" : "s");
  }

  void open(const Step& step, std::uint32_t i) {
    RawEvent event{.direction = step.direction,
                   .onset = step.from,
                   .alarm = i,
                   .hypothesis = step.hypothesis,
                   .reached = step.reached,
                   .relabelled = static_cast<std::uint32_t>(held_.size())};
    event.weekly = weekly_;
    if (!out_.events.empty() && out_.events.back().end) {
      event.not_before = *out_.events.back().end;
    }
    say(event, i, passed(step, i));
    open_ = out_.events.size();
    out_.events.push_back(std::move(event));
    miss_ = {};
  }

  double ratio_over(std::uint32_t from, std::uint32_t to) const {
    double seen = 0, expected = 0;
    for (std::uint32_t i = from; i < to; ++i) {
      if (std::isnan(out_.expected[i])) continue;
      seen += counts_.seen[i].count;
      expected += out_.expected[i];
    }
    return expected > 0 ? seen / expected : 1;
  }

  void deepen(const Step& step, std::uint32_t i) {
    RawEvent& event = out_.events[*open_];
    const std::uint32_t from = std::max(step.from, event.onset);
    const Seconds later = counts_.seen[from].middle - counts_.seen[event.onset].middle;
    const bool own = event.direction == Direction::fall &&
                     later > std::max(kSameFall, kSameFallValues * counts_.spacing) &&
                     ratio_over(from, i + 1) < kOwnFall * ratio_over(event.onset, from);
    if (own) {
      say(event, i, "a much deeper fall began: it is followed as an anomaly of its own");
      event.end = from;
      event.cut_short = true;
      Step fresh = step;
      fresh.from = from;
      open(fresh, i);
      return;
    }
    say(event, i, passed(step, i));
    // The deepest that fires gives the onset, unless the shallow one had already alarmed before.
    if (from <= event.alarm) event.onset = from;
    event.hypothesis = step.hypothesis;
    event.reached = std::max(event.reached, step.reached);
  }

  void close(const Step& step, std::uint32_t i) {
    RawEvent& event = out_.events[*open_];
    event.end = std::max(step.until, event.onset + 1);
    say(event, i,
        step.accepted ? "60 days without a return: this is the new level"
                      : "back at the expected level, as far as its noise lets anyone tell");
    open_.reset();
  }

  void release(const Step& step, const LevelTracker&) {
    const auto released = static_cast<std::size_t>(step.released);
    for (std::size_t h = released; h < held_.size(); ++h) {
      out_.events[held_[h]].end = std::max(step.until, out_.events[held_[h]].onset + 1);
    }
    held_.resize(released);
    if (open_) {
      RawEvent& event = out_.events[*open_];
      event.end = std::max(std::min(step.until, static_cast<std::uint32_t>(counts_.seen.size())),
                           event.onset + 1);
      open_.reset();
    }
  }

  void watch_misses(const LevelTracker& tracker, std::uint32_t i) {
    if (tracker.open()) {
      miss_ = {};
      return;
    }
    const auto near = tracker.nearness(parameters_);
    if (near.share < kFreezeAt) {
      if (miss_.share > 0) keep_miss();
      miss_ = {};
    } else if (near.share > miss_.share) {
      miss_ = {near.share, near.hypothesis, near.from, i};
    }
  }

  void keep_miss() {
    out_.misses.push_back(miss_);
    if (out_.misses.size() < 4 * kNearMisses) return;
    std::nth_element(out_.misses.begin(), out_.misses.begin() + kNearMisses, out_.misses.end(),
                     [](const NearMiss& a, const NearMiss& b) { return a.share > b.share; });
    out_.misses.resize(kNearMisses);
  }

  const Counts& counts_;
  const Parameters& parameters_;
  Replay& out_;
  std::optional<std::size_t> open_;
  std::vector<std::size_t> held_;
  NearMiss miss_;
  bool weekly_ = false;
};

}  // namespace

Expectation expectation_of(double mean, double phi, double scale) {
  if (mean <= 0) return {0, 0, 0};
  const double spread = kNinety * mean * relative_deviation(mean, phi);
  return {static_cast<float>(mean / scale),
          static_cast<float>(std::max(0.0, mean - spread) / scale),
          static_cast<float>((mean + spread) / scale)};
}

Replay replay(const Counts& counts, std::uint32_t judged_from, LevelTracker tracker,
              const Parameters& parameters, const Series& series,
              std::vector<Expectation>& expected) {
  Replay out{.judged_from = judged_from};
  const std::size_t n = counts.seen.size();
  out.expected.assign(n, NAN);
  out.phi.assign(n, NAN);
  out.keep.assign(n, 1);
  Recorder recorder(counts, parameters, out);

  std::size_t bin = counts.bin[judged_from];
  for (std::uint32_t i = judged_from; i < n; ++i) {
    // Bins up to and with this value are expected as seen from just before it.
    for (; bin <= counts.bin[i]; ++bin) {
      const Time middle = series.time_of(bin) + series.step / 2;
      const double mean =
          tracker.held() > 0 ? tracker.expected_by_held(0, middle) : tracker.expected(middle);
      expected[bin] = expectation_of(mean, tracker.phi(), counts.scale);
    }
    out.keep[i] = static_cast<float>(independence(tracker.autocorrelation()));
    const Step step = tracker.push(counts.seen[i], parameters);
    out.expected[i] = step.expected;
    out.phi[i] = step.phi;
    recorder.note(step, i, tracker);
  }
  for (; bin < series.size(); ++bin) {
    const Time middle = series.time_of(bin) + series.step / 2;
    const double mean =
        tracker.held() > 0 ? tracker.expected_by_held(0, middle) : tracker.expected(middle);
    expected[bin] = expectation_of(mean, tracker.phi(), counts.scale);
  }
  recorder.finish();
  out.weekly = tracker.weekly();
  return out;
}

}  // namespace lightsout
