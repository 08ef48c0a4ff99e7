// SPDX-License-Identifier: Apache-2.0
#include "incident/rhythm.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>

#include "incident/windows.h"

namespace lightsout {

namespace {

constexpr std::int64_t kDay = 86'400;
constexpr double kZ = 1.645;              // of a 90 % interval
constexpr double kLeastSpread = 15 * 60;  // seconds: edges are known to a bin of ten minutes
constexpr Seconds kSameBegin{3600};       // a near-total begin so soon after the onset is the onset
constexpr std::size_t kManyGaps = 20;     // from here on the rarest twentieth may be left out

double angle_of(Time time) {
  const std::int64_t second = ((time.time_since_epoch().count() % kDay) + kDay) % kDay;
  return 2 * std::numbers::pi * static_cast<double>(second) / static_cast<double>(kDay);
}

// Rayleigh's test against starts spread evenly over the day.
void rayleigh(const std::vector<Time>& starts, Starts& found) {
  double x = 0;
  double y = 0;
  for (const Time start : starts) {
    x += std::cos(angle_of(start));
    y += std::sin(angle_of(start));
  }
  const auto n = static_cast<double>(starts.size());
  const double length = std::hypot(x, y);
  found.rayleigh_r = length / n;
  found.rayleigh_p =
      std::min(1.0, std::exp(std::sqrt(1 + 4 * n + 4 * (n * n - length * length)) - (1 + 2 * n)));
}

// From noon to noon around the mean: seconds early (negative) or late.
double off(Time start, Seconds time_of_day) {
  const std::int64_t second = ((start.time_since_epoch().count() % kDay) + kDay) % kDay;
  const std::int64_t apart = (second - time_of_day.count() + kDay + kDay / 2) % kDay - kDay / 2;
  return static_cast<double>(apart);
}

// The 95 % point of Student's t, by Cornish and Fisher (1938).
double student(double freedom) {
  const double z3 = kZ * kZ * kZ;
  const double z5 = z3 * kZ * kZ;
  return kZ + (z3 + kZ) / (4 * freedom) + (5 * z5 + 16 * z3 + 3 * kZ) / (96 * freedom * freedom);
}

// Half of the interval in which one more start is to be expected.
double spread_of(const std::vector<Time>& set, Seconds time_of_day) {
  double squares = 0;
  for (const Time start : set) squares += off(start, time_of_day) * off(start, time_of_day);
  const auto n = static_cast<double>(set.size());
  const double deviation = std::sqrt(squares / (n - 1));
  return std::max(kLeastSpread, student(n - 1) * deviation * std::sqrt(1 + 1 / n));
}

// Whole days from each start of the set to the next, ascending; those of two stories left out.
std::vector<std::int64_t> gaps_of(const std::vector<Time>& set) {
  std::vector<std::int64_t> gaps;
  for (std::size_t i = 1; i < set.size(); ++i) {
    const std::int64_t days = ((set[i] - set[i - 1]).count() + kDay / 2) / kDay;
    if (days >= 1 && days <= kLongestGap.count()) gaps.push_back(days);
  }
  std::sort(gaps.begin(), gaps.end());
  return gaps;
}

std::int64_t most_common(const std::vector<std::int64_t>& sorted) {
  std::map<std::int64_t, std::size_t> counts;
  for (const std::int64_t gap : sorted) ++counts[gap];
  return std::max_element(counts.begin(), counts.end(),
                          [](const auto& a, const auto& b) { return a.second < b.second; })
      ->first;
}

std::string gaps_words(const std::vector<std::int64_t>& gaps) {
  if (gaps.front() == gaps.back()) {
    return gaps.front() == 1 ? "every day" : fmt::format("every {} days", gaps.front());
  }
  return fmt::format("{} to {} days apart", gaps.front(), gaps.back());
}

void expect_next(const std::vector<Time>& set, std::string_view what, Time known_at,
                 Starts& found) {
  std::vector<std::int64_t> gaps = gaps_of(set);
  if (gaps.size() + 1 < kLeastForNext) {
    found.text += "; no regularity found: they lie too far apart";
    return;
  }
  if (gaps.size() >= kManyGaps) {
    const std::size_t rare = gaps.size() / 20;
    gaps.assign(gaps.begin() + static_cast<std::ptrdiff_t>(rare),
                gaps.end() - static_cast<std::ptrdiff_t>(rare));
  }
  found.text += ", " + gaps_words(gaps);
  const Seconds spread{static_cast<std::int64_t>(std::llround(spread_of(set, found.time_of_day)))};
  // The last of the set, moved to the mean time of day.
  const Time last =
      set.back() -
      Seconds{static_cast<std::int64_t>(std::llround(off(set.back(), found.time_of_day)))};
  const auto after = [&](std::int64_t days) { return last + Seconds{days * kDay}; };
  const Time too_late = after(gaps.back()) + spread;
  std::erase_if(gaps, [&](std::int64_t days) { return after(days) + spread <= known_at; });
  if (gaps.empty()) {
    found.text += fmt::format("; it has ended: the next was to be expected by {} and had not come",
                              format_time(too_late));
    return;
  }
  found.next =
      TimeEstimate{after(most_common(gaps)), std::max(known_at, after(gaps.front()) - spread),
                   after(gaps.back()) + spread};
  // Shortly before it may already be overdue, but not yet out of its interval.
  found.next->value = std::max(found.next->value, found.next->earliest);
  found.text +=
      fmt::format("; if {} go on like this, the next begins on {} {} UTC ({} to {})", what,
                  format_date_short(found.next->value), format_clock(found.next->value),
                  format_time(found.next->earliest), format_time(found.next->latest));
}

bool is_cut(const Incident& incident) {
  return incident.direction == Direction::fall && incident.grade <= Grade::disruption &&
         incident.grade != Grade::service;
}

Time begin_of(const Incident& incident) {
  for (const Phase& phase : incident.phases) {
    if (phase.kind != PhaseKind::near_total) continue;
    return phase.range.begin - incident.onset.value <= kSameBegin ? incident.onset.value
                                                                  : phase.range.begin;
  }
  return incident.onset.value;
}

}  // namespace

Starts starts_of(std::vector<Time> starts, std::string_view what, Time known_at) {
  std::sort(starts.begin(), starts.end());
  Starts found{.count = starts.size()};
  if (starts.empty()) {
    found.text = fmt::format("no {}", what);
    return found;
  }
  rayleigh(starts, found);
  const Recurrence recurrence = incident::find_recurrence(starts, what);
  const std::vector<Time> set = incident::largest_rhythm(starts);
  found.matching = set.size();
  found.by_chance = recurrence.by_chance;
  found.time_of_day = recurrence.time_of_day;
  found.text =
      recurrence.text.empty() ? fmt::format("{} {}", starts.size(), what) : recurrence.text;
  if (set.size() < kLeastForNext || recurrence.by_chance >= kNextByChance) {
    found.text += "; no regularity found";
    if (starts.size() < kLeastForNext) {
      found.text += fmt::format(": at least {} are needed", kLeastForNext);
    }
    return found;
  }
  expect_next(set, what, known_at, found);
  return found;
}

Rhythm rhythm_of(std::span<const Incident> incidents, const Entity& entity, Time known_at) {
  std::vector<const Incident*> cuts;
  for (const Incident& incident : incidents) {
    if (is_cut(incident) && incident.entity == entity) cuts.push_back(&incident);
  }
  std::sort(cuts.begin(), cuts.end(), [](const Incident* a, const Incident* b) {
    return std::tie(a->onset.value, a->id) < std::tie(b->onset.value, b->id);
  });
  Rhythm rhythm;
  std::vector<Time> cut_begins;
  std::vector<Time> window_begins;
  std::optional<TimeRange> span;
  Time dark_until{};  // incidents of one entity may overlap; no hour is dark twice
  for (const Incident* incident : cuts) {
    std::vector<TimeRange> dark{{begin_of(*incident), incident->range().end}};
    for (const Window& window : incident->windows) {
      if (window.range.begin <= dark.back().begin) continue;
      const Time end = dark.back().end;
      dark.back().end = window.range.begin;
      dark.push_back({window.range.end, end});
      window_begins.push_back(window.range.begin);
    }
    for (const TimeRange& one : dark) {
      if (one.empty()) continue;
      cut_begins.push_back(one.begin);
      rhythm.dark += std::max(Seconds{0}, one.end - std::max(one.begin, dark_until));
      dark_until = std::max(dark_until, one.end);
      span = span ? TimeRange{std::min(span->begin, one.begin), std::max(span->end, one.end)} : one;
    }
  }
  if (span) {
    rhythm.span = span->length();
    rhythm.duty_cycle =
        static_cast<double>(rhythm.dark.count()) / static_cast<double>(rhythm.span.count());
  }
  rhythm.cuts = starts_of(std::move(cut_begins), "cuts", known_at);
  rhythm.windows = starts_of(std::move(window_begins), "windows", known_at);
  return rhythm;
}

}  // namespace lightsout
