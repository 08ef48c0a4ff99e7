// SPDX-License-Identifier: Apache-2.0
#include "cases/after_events.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace lightsout {

namespace {

constexpr std::int64_t kDay = 86'400;

// Seconds since the begin of the span.
struct Stretch {
  std::int64_t begin = 0;
  std::int64_t length = 0;
};

// Whether any cut begins in [begin, begin + length), on the circle of the span.
bool followed(const std::vector<std::int64_t>& cuts, std::int64_t begin, std::int64_t length,
              std::int64_t circle) {
  const auto any_in = [&](std::int64_t from, std::int64_t until) {
    const auto at = std::lower_bound(cuts.begin(), cuts.end(), from);
    return at != cuts.end() && *at < until;
  };
  const std::int64_t end = begin + length;
  return any_in(begin, std::min(end, circle)) || (end > circle && any_in(0, end - circle));
}

std::size_t count_followed(const std::vector<Stretch>& events,
                           const std::vector<std::int64_t>& cuts, std::int64_t shift,
                           std::int64_t circle) {
  std::size_t count = 0;
  for (const Stretch& event : events) {
    count += followed(cuts, (event.begin + shift) % circle, event.length, circle);
  }
  return count;
}

// P(X >= k) of a binomial, by its terms' logarithms.
double binomial_tail(std::size_t n, std::size_t k, double p) {
  if (k == 0) return 1;
  if (p <= 0) return 0;
  if (p >= 1) return 1;
  const auto of = [](std::size_t value) { return static_cast<double>(value); };
  double sum = 0;
  for (std::size_t i = k; i <= n; ++i) {
    const double term =
        std::exp(std::lgamma(of(n) + 1) - std::lgamma(of(i) + 1) - std::lgamma(of(n - i) + 1) +
                 of(i) * std::log(p) + of(n - i) * std::log1p(-p));
    sum += term;
    if (of(i) > of(n) * p && term < sum * 1e-12) break;
  }
  return std::min(1.0, sum);
}

// Clopper and Pearson, by bisection: the rates at which so many of n would be rarer than 5 %.
std::pair<double, double> interval_of(std::size_t k, std::size_t n) {
  const auto bisect = [](const auto& below) {
    double low = 0;
    double high = 1;
    for (int i = 0; i < 60; ++i) {
      const double middle = (low + high) / 2;
      (below(middle) ? low : high) = middle;
    }
    return (low + high) / 2;
  };
  constexpr double kTail = 0.05;
  const double low = k == 0 ? 0 : bisect([&](double p) { return binomial_tail(n, k, p) < kTail; });
  const double high =
      k == n ? 1 : bisect([&](double p) { return 1 - binomial_tail(n, k + 1, p) > kTail; });
  return {low, high};
}

void shift_all(const std::vector<Stretch>& events, const std::vector<std::int64_t>& cuts,
               std::int64_t circle, AfterEvents& found) {
  double sum = 0;
  std::size_t as_many = 0;
  const auto days = static_cast<std::size_t>(circle / kDay);
  for (std::size_t day = 0; day < days; ++day) {
    const std::size_t count =
        count_followed(events, cuts, static_cast<std::int64_t>(day) * kDay, circle);
    sum += static_cast<double>(count);
    as_many += count >= found.followed;
  }
  // The observed arrangement is the shift by nothing, and so among them.
  found.shifts = days;
  found.expected = sum / static_cast<double>(days);
  found.p_shift = static_cast<double>(as_many) / static_cast<double>(days);
}

void shuffle(std::vector<Stretch> events, const std::vector<std::int64_t>& cuts,
             std::int64_t circle, const AfterEventsQuestion& question, AfterEvents& found) {
  std::mt19937_64 dice(question.seed);  // its sequence is fixed by the standard
  const auto days = static_cast<std::uint64_t>(circle / kDay);
  std::size_t as_many = 0;
  for (std::size_t draw = 0; draw < question.draws; ++draw) {
    for (Stretch& event : events) {
      event.begin = event.begin % kDay + static_cast<std::int64_t>(dice() % days) * kDay;
    }
    as_many += count_followed(events, cuts, 0, circle) >= found.followed;
  }
  found.p_shuffle = static_cast<double>(1 + as_many) / static_cast<double>(1 + question.draws);
  std::tie(found.p_shuffle_low, found.p_shuffle_high) = interval_of(as_many, question.draws);
}

// The share of days on which a cut would follow some event.
double covered(const std::vector<Stretch>& events, std::int64_t circle) {
  std::vector<bool> days(static_cast<std::size_t>(circle / kDay), false);
  for (const Stretch& event : events) {
    for (std::int64_t at = 0; at < event.length; at += kDay) {
      days[static_cast<std::size_t>((event.begin + at) % circle / kDay)] = true;
    }
  }
  return static_cast<double>(std::count(days.begin(), days.end(), true)) /
         static_cast<double>(days.size());
}

// How many runs there are, with more than `apart` between two.
std::size_t episodes(std::vector<std::int64_t> begins, Seconds apart) {
  std::sort(begins.begin(), begins.end());
  std::size_t count = 0;
  for (std::size_t i = 0; i < begins.size(); ++i) {
    count += i == 0 || begins[i] - begins[i - 1] > apart.count();
  }
  return count;
}

Error refused(std::string why) {
  return {ErrorKind::source_gap, "no test: " + std::move(why)};
}

std::string sentence_of(const AfterEvents& found, const AfterEventsQuestion& question) {
  const char* words = found.p < 0.01   ? "more often than chance would have it"
                      : found.p < 0.05 ? "perhaps more often than chance would have it"
                                       : "no more often than chance could have it";
  return fmt::format(
      "A cut began within {} after {} of {} events; by chance {:.1f} would be followed: {} "
      "(p = {:.2g}). That one follows the other does not mean that it was caused by it.",
      format_duration(question.within), found.followed, found.events, found.expected, words,
      found.p);
}

}  // namespace

Result<AfterEvents> test_after_events(std::span<const PublicEvent> events,
                                      std::span<const Time> cuts,
                                      const AfterEventsQuestion& question) {
  const Time begin = std::chrono::floor<std::chrono::days>(question.span.begin);
  const Time end = std::chrono::ceil<std::chrono::days>(question.span.end);
  const std::int64_t circle = (end - begin).count();
  if (circle < Seconds{kLeastSpan}.count()) {
    return refused(fmt::format("fewer than {} days were looked at", kLeastSpan.count()));
  }
  if (circle > Seconds{kMostSpan}.count() || cuts.size() > kMostCuts ||
      question.draws > kMostDraws || question.draws == 0) {
    return Error{ErrorKind::limit, "more days, cuts or draws than can be counted"};
  }
  if (question.within < Seconds{3600}) return refused("within less than an hour");

  AfterEvents found;
  std::vector<Stretch> tested;
  for (const PublicEvent& event : events) {
    if (event.from_cuts || event.begin < begin || event.begin >= end) {
      ++found.left_out;
      continue;
    }
    tested.push_back({(event.begin - begin).count(),
                      std::min((event.end - event.begin + question.within).count(), circle)});
  }
  std::vector<std::int64_t> at;
  for (const Time cut : cuts) {
    if (cut >= begin && cut < end) at.push_back((cut - begin).count());
  }
  std::sort(at.begin(), at.end());
  found.events = tested.size();
  found.cuts = at.size();
  if (found.events > kMostTested) {
    return Error{ErrorKind::limit, fmt::format("more than {} events", kMostTested)};
  }
  std::vector<std::int64_t> begins;
  for (const Stretch& event : tested) begins.push_back(event.begin);
  found.event_episodes = episodes(std::move(begins), question.within);
  found.cut_episodes = episodes(at, question.within);
  if (found.event_episodes < kLeastEach || found.cut_episodes < kLeastEach) {
    return refused(fmt::format(
        "{} events in {} episodes and {} cuts in {} within {} days; at least {} episodes of each "
        "are needed",
        found.events, found.event_episodes, found.cuts, found.cut_episodes, circle / kDay,
        kLeastEach));
  }
  if (covered(tested, circle) > kMostCovered) {
    return refused("nearly every day follows some event, so a cut could not miss them");
  }
  found.followed = count_followed(tested, at, 0, circle);
  shift_all(tested, at, circle, found);
  shuffle(tested, at, circle, question, found);
  found.p = std::max(found.p_shift, found.p_shuffle);
  found.sentence = sentence_of(found, question);
  return found;
}

}  // namespace lightsout
