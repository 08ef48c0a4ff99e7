// After events: does a cut follow an event more often than chance would have it, within one
// country?
//
// Counted are the events after whose begin a cut begins within a few days (of an event that lasts:
// from its begin until so long after its end). Two nulls, neither of which compares countries:
//
//   shift    the cuts of the whole span are moved round a circle by every number of whole days.
//            Cuts keep their distances to each other and their time of day, events theirs; only
//            what links the two is broken. All shifts are counted, so p needs no dice.
//   shuffle  each event is put on a day of the span at random, `draws` times, from `seed`; the
//            interval is that of so many draws (Clopper and Pearson 1934, 90 %).
//
// p is that at least as many events would be followed: (1 + as many or more) / (1 + all). Both are
// printed; the larger one counts, because a shuffle breaks up events that come in clusters and so
// flatters itself. Below the least counts it refuses with a reason. That one follows the other is
// no cause of it.
//
//   const Result<AfterEvents> found = test_after_events(events, cuts, {.span = span});
//   found->p   // 0.004
//
// Method: permutation within the unit, as in Good, Permutation, Parametric and Bootstrap Tests of
// Hypotheses, 3rd ed. 2005, section 3.7; circular shifts: Harris 1974 for neural spike trains.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "cases/events.h"

namespace lightsout {

struct AfterEventsQuestion {
  TimeRange span;  // in which both would have been seen; whole days
  Seconds within{3 * 86'400};
  std::uint64_t seed = 1;
  std::size_t draws = 10'000;
};

struct AfterEvents {
  std::size_t events = 0;          // that were tested
  std::size_t left_out = 0;        // outside of the span, or with a date known from cuts only
  std::size_t event_episodes = 0;  // events nearer to each other than `within` are one
  std::size_t cut_episodes = 0;    // and so are cuts: six nights of one week are no six cases
  std::size_t cuts = 0;            // in the span
  std::size_t followed = 0;        // events
  double expected = 0;             // of them by chance: the mean over all shifts
  double p_shift = 1;
  std::size_t shifts = 0;
  double p_shuffle = 1;
  double p_shuffle_low = 0;  // 90 %
  double p_shuffle_high = 1;
  double p = 1;  // the larger one
  std::string sentence;
};

// A span shorter than kLeastSpan, fewer episodes of events or cuts than kLeastEach, or a window
// that covers most of the span anyway, is refused: ErrorKind::source_gap.
Result<AfterEvents> test_after_events(std::span<const PublicEvent> events,
                                      std::span<const Time> cuts,
                                      const AfterEventsQuestion& question);

inline constexpr std::size_t kLeastEach = 5;
inline constexpr std::chrono::days kLeastSpan{120};
inline constexpr std::chrono::days kMostSpan{40'000};  // a century: all shifts are counted
inline constexpr std::size_t kMostCuts = 20'000;
inline constexpr std::size_t kMostTested = 2'000;  // events
inline constexpr std::size_t kMostDraws = 100'000;
inline constexpr double kMostCovered = 0.8;  // of the days follow some event

}  // namespace lightsout
