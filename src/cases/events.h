// Events: what happened in public life, country by country, each with who reports it: a protest, an
// election, an exam, a coup, a speech, a decree, a power cut.
//
// The files are plain text, docs/formats/events.md. They are drawn beside the curves, and held
// against cuts in event_test.h; no verdict is reasoned from them. Surprising rule: a date that is
// only known because something was cut says so ("from cuts"), and is never tested against cuts.
//
//   const Result<std::vector<PublicEvent>> events = parse_events(text, "iran.events");
//   for (const PublicEvent& event : events_of(built_in_events(), "KZ")) use(event.begin,
//   event.text);
//
// Errors name the file and the line. Limits: see below.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "signal/annotation.h"

namespace lightsout {

enum class PublicEventKind : std::uint8_t {
  protest,
  election,
  exam,
  coup,
  speech,
  decree,
  power_cut,
  conflict,
  other,
};
inline constexpr std::size_t kEventKinds = 9;

struct PublicEvent {
  std::string country;  // ISO 3166-1 alpha-2
  Time begin;
  Time end;                // one past: of a whole day its midnight; of a moment the same as begin
  bool from_cuts = false;  // the date is only known from a list of cuts
  PublicEventKind kind = PublicEventKind::other;
  std::string text;
  std::string source;
  bool operator==(const PublicEvent&) const = default;
};

inline constexpr std::size_t kMaxEventFile = 1 << 20;  // bytes
inline constexpr std::size_t kMaxEvents = 20'000;
inline constexpr std::size_t kMaxEventLine = 1'000;  // bytes
inline constexpr std::chrono::days kMaxEventDays{120};

// By country, then by time.
Result<std::vector<PublicEvent>> parse_events(std::string_view text, std::string_view file);
// The same text again: what a file of these events would hold.
std::string events_text(std::span<const PublicEvent> events);

// Those of cases/*.events when this program was built, by country and time.
const std::vector<PublicEvent>& built_in_events();

std::vector<PublicEvent> events_of(std::span<const PublicEvent> events, std::string_view country);

// For the charts of a report: those that touch the range, at most `most` of them, the nearest to
// `around`; in order of time. An event on a day that `already` tells about is left away.
std::vector<Annotation> event_annotations(std::span<const PublicEvent> events,
                                          const TimeRange& range, Time around, std::size_t most,
                                          std::span<const Annotation> already);

std::string_view name_of(PublicEventKind kind);  // "power cut"
std::optional<PublicEventKind> parse_event_kind(std::string_view word);

}  // namespace lightsout
