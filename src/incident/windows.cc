// SPDX-License-Identifier: Apache-2.0
#include "incident/windows.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <set>

namespace lightsout::incident {

namespace {

constexpr Seconds kDay{86400};
constexpr Seconds kWeek{7 * 86400};
constexpr Seconds kCoarsest{2 * 3600};  // a coarser series cannot see a window
constexpr Seconds kShortest{20 * 60};
constexpr double kOpen = 0.3;        // of the way from the floor to full level: people get online
constexpr Seconds kRhythm{30 * 60};  // starts this near to one time of day keep to it
constexpr double kByChance = 0.01;
constexpr double kConcentrated = 0.95;  // methods.md 3.4 step 8

// A stretch in which one series was up again, between two stretches in which it was down.
struct Gap {
  std::size_t sight = 0;
  TimeRange range;
};

std::vector<Gap> gaps_of(const std::vector<Witness>& witnesses, const Course& course,
                         std::size_t index) {
  const Curve& curve = witnesses[index].curve;
  const Sight& sight = course.sights[index];
  const Series& series = *curve.series;
  const Time end = sight.returned ? sight.returned->value : series.data_through();
  const BinRange bins = bins_in(series, {sight.fell_at.value, end});
  const double floor = std::clamp(1 - sight.trough.depth.value, 0.0, 1.0);
  const double line = floor + kOpen * (1 - floor);
  std::vector<Gap> gaps;
  std::optional<TimeRange> up;
  std::size_t seen = 0;
  std::size_t dark = 0;  // bins in a row; one alone neither ends a window nor makes one a window
  bool down_before = false;
  for (std::size_t bin = bins.first; bin < bins.last; ++bin) {
    if (!curve.known(bin)) continue;
    const Time at = series.time_of(bin);
    if (1 - curve.loss[bin] > line) {
      dark = 0;
      if (!down_before) continue;
      if (!up) {
        up = TimeRange{at, at};
        seen = 0;
      }
      up->end = at + series.step;
      ++seen;
      continue;
    }
    // Only what was nearly all gone can come back.
    down_before = curve.loss[bin] >= kNearTotalKept || down_before;
    if (++dark < 2) continue;
    if (up && seen >= 2 && up->length() >= kShortest) gaps.push_back({index, *up});
    up.reset();
  }
  return gaps;
}

Seconds shared(const TimeRange& a, const TimeRange& b) {
  return std::max(Seconds{0}, std::min(a.end, b.end) - std::max(a.begin, b.begin));
}

Time middle_of(std::vector<Time> times) {
  std::sort(times.begin(), times.end());
  return times[(times.size() - 1) / 2];
}

Window agree(const std::vector<Witness>& witnesses, const std::vector<Gap>& gaps) {
  const auto step = [&](const Gap& gap) { return witnesses[gap.sight].curve.series->step; };
  Seconds finest = step(gaps.front());
  for (const Gap& gap : gaps) finest = std::min(finest, step(gap));
  std::vector<Time> begins;
  std::vector<Time> ends;
  Window window;
  for (const Gap& gap : gaps) {
    window.seen_by.push_back(witnesses[gap.sight].curve.series->id);
    if (step(gap) != finest) continue;
    begins.push_back(gap.range.begin);
    ends.push_back(gap.range.end);
  }
  window.range = {middle_of(begins), middle_of(ends)};
  std::sort(window.seen_by.begin(), window.seen_by.end());
  window.seen_by.erase(std::unique(window.seen_by.begin(), window.seen_by.end()),
                       window.seen_by.end());
  return window;
}

Estimate level_in(const std::vector<Witness>& witnesses, const std::vector<Gap>& gaps,
                  const TimeRange& range) {
  std::vector<Estimate> levels;
  for (const Gap& gap : gaps) {
    const auto loss = loss_over(witnesses[gap.sight].curve, range);
    if (loss) levels.push_back({1 - loss->value, 1 - loss->high, 1 - loss->low});
  }
  if (levels.empty()) return {};
  std::sort(levels.begin(), levels.end(),
            [](const Estimate& a, const Estimate& b) { return a.value < b.value; });
  return levels[(levels.size() - 1) / 2];
}

double phase_of(Time time) {
  const auto second = (time - std::chrono::floor<std::chrono::days>(time)).count();
  return 2 * std::numbers::pi * static_cast<double>(second) / 86400;
}

Seconds apart_on_clock(Time a, Time b) {
  const Seconds difference = (a > b ? a - b : b - a) % kDay;
  return std::min(difference, kDay - difference);
}

// The chance that of n starts thrown over the day at random, k or more fall within the half hour to
// either side of one of them.
double by_chance(std::size_t n, std::size_t k) {
  if (k < 2) return 1;
  const double p = static_cast<double>(2 * kRhythm.count()) / 86400;
  double total = 0;
  double choose = 1;  // C(n - 1, j), built up
  for (std::size_t j = 0; j < n; ++j) {
    if (j > 0) choose *= static_cast<double>(n - j) / static_cast<double>(j);
    if (j + 1 < k) continue;
    total += choose * std::pow(p, static_cast<double>(j)) *
             std::pow(1 - p, static_cast<double>(n - 1 - j));
  }
  return std::min(1.0, total * static_cast<double>(n));
}

// The starts within kRhythm of this one, the nearest of each day.
std::vector<Time> around(const std::vector<Time>& starts, Time centre) {
  std::vector<Time> chosen;
  for (const Time start : starts) {
    if (apart_on_clock(start, centre) > kRhythm) continue;
    if (!chosen.empty() && start - chosen.back() < kDay - kRhythm * 2) {
      if (apart_on_clock(start, centre) < apart_on_clock(chosen.back(), centre)) {
        chosen.back() = start;
      }
      continue;
    }
    chosen.push_back(start);
  }
  return chosen;
}

}  // namespace

std::vector<Window> find_windows(const std::vector<Witness>& witnesses, const Course& course) {
  std::vector<Gap> gaps;
  std::size_t able = 0;  // struck series fine enough to see a window
  for (const std::size_t i : course.struck) {
    // What was never cut cannot come back.
    if (course.sights[i].trough.depth.value < kNearTotalKept) continue;
    if (witnesses[i].curve.series->step > kCoarsest) continue;
    ++able;
    for (const Gap& gap : gaps_of(witnesses, course, i)) gaps.push_back(gap);
  }
  std::sort(gaps.begin(), gaps.end(), [](const Gap& a, const Gap& b) {
    return std::tuple(a.range.begin, a.range.end, a.sight) <
           std::tuple(b.range.begin, b.range.end, b.sight);
  });

  std::vector<Window> windows;
  std::vector<bool> used(gaps.size(), false);
  for (std::size_t i = 0; i < gaps.size(); ++i) {
    if (used[i]) continue;
    std::vector<Gap> same{gaps[i]};
    std::set<std::size_t> seers{gaps[i].sight};
    used[i] = true;
    for (std::size_t j = i + 1; j < gaps.size() && gaps[j].range.begin < gaps[i].range.end; ++j) {
      const Seconds shorter = std::min(gaps[i].range.length(), gaps[j].range.length());
      if (used[j] || shared(gaps[i].range, gaps[j].range) * 2 < shorter) continue;
      used[j] = true;
      same.push_back(gaps[j]);
      seers.insert(gaps[j].sight);
    }
    if (seers.size() * 2 < able) continue;
    Window window = agree(witnesses, same);
    if (window.range.empty()) continue;
    if (!windows.empty() && window.range.begin < windows.back().range.end) continue;
    window.level = level_in(witnesses, same, window.range);
    windows.push_back(std::move(window));
    if (windows.size() == kMaxWindows) break;
  }
  return windows;
}

std::vector<Time> largest_rhythm(std::vector<Time> starts) {
  std::sort(starts.begin(), starts.end());
  std::vector<Time> best;
  for (const Time start : starts) {
    std::vector<Time> chosen = around(starts, start);
    if (chosen.size() > best.size()) best = std::move(chosen);
  }
  return best;
}

Recurrence find_recurrence(std::vector<Time> starts, std::string_view what) {
  std::sort(starts.begin(), starts.end());
  Recurrence recurrence;
  recurrence.count = starts.size();
  if (starts.size() < 2) return recurrence;
  const std::vector<Time> best = largest_rhythm(starts);
  double x = 0;
  double y = 0;
  for (const Time start : best) {
    x += std::cos(phase_of(start));
    y += std::sin(phase_of(start));
  }
  const double size = static_cast<double>(best.size());
  double angle = std::atan2(y, x) / (2 * std::numbers::pi);
  if (angle < 0) angle += 1;
  recurrence.matching = best.size();
  recurrence.concentration = std::hypot(x, y) / size;
  recurrence.time_of_day =
      Seconds{static_cast<std::int64_t>(std::lround(angle * 1440)) * 60 % 86400};
  recurrence.weeks = static_cast<std::size_t>((best.back() - best.front()) / kWeek) + 1;
  recurrence.by_chance = by_chance(starts.size(), best.size());
  recurrence.curfew_like = best.size() >= 3 && recurrence.concentration > kConcentrated &&
                           recurrence.by_chance < kByChance;
  Seconds off{0};
  for (const Time start : best) {
    const Time ideal = Time{} + recurrence.time_of_day;
    off = std::max(off, apart_on_clock(start, ideal));
  }
  if (best.size() >= 2) {
    recurrence.text =
        fmt::format("{} of {} {} begin within {} min of {} UTC", best.size(), starts.size(), what,
                    (off.count() + 59) / 60, format_clock(Time{} + recurrence.time_of_day));
  }
  return recurrence;
}

}  // namespace lightsout::incident
