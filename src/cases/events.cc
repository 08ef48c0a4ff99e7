// SPDX-License-Identifier: Apache-2.0
#include "cases/events.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cases/embedded.h"
#include "core/check.h"
#include "geo/country.h"

namespace lightsout {

namespace {

constexpr Seconds kDay{86'400};
constexpr std::string_view kKindWords[] = {"protest", "election",  "exam",     "coup", "speech",
                                           "decree",  "power cut", "conflict", "other"};
constexpr std::string_view kFromCuts = " from cuts";

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

bool is_day(std::string_view text) {
  return text.size() == 10;  // 2022-01-05
}

// "2022-01-05", "2022-01-05T10:30Z" or "2021-05-31/2021-06-22", both days included.
Status take_time(std::string_view text, PublicEvent& event) {
  const std::size_t slash = text.find('/');
  const std::string_view first = text.substr(0, slash);
  const Result<Time> begin = parse_time(first);
  if (!begin) return begin.error();
  event.begin = *begin;
  event.end = is_day(first) ? *begin + kDay : *begin;
  if (slash == std::string_view::npos) return {};
  const std::string_view last = text.substr(slash + 1);
  const Result<Time> end = parse_time(last);
  if (!end) return end.error();
  if (!is_day(first) || !is_day(last)) {
    return Error{ErrorKind::malformed, "a span is of whole days: 2021-05-31/2021-06-22"};
  }
  event.end = *end + kDay;
  if (event.end <= event.begin) return Error{ErrorKind::malformed, "it ends before it begins"};
  if (event.end - event.begin > kMaxEventDays) {
    return Error{ErrorKind::limit,
                 fmt::format("an event of more than {} days", kMaxEventDays.count())};
  }
  return {};
}

std::array<std::string_view, 4> fields_of(std::string_view line, bool& whole) {
  std::array<std::string_view, 4> fields;
  std::size_t count = 0;
  for (; count < 4; ++count) {
    const std::size_t bar = std::min(line.find('|'), line.size());
    fields[count] = trimmed(line.substr(0, bar));
    if (bar == line.size()) {
      line = {};
      ++count;
      break;
    }
    line.remove_prefix(bar + 1);
  }
  whole = count == 4 && line.empty();
  return fields;
}

Result<PublicEvent> event_of(std::string_view line, const std::string& country) {
  bool whole = false;
  const auto fields = fields_of(line, whole);
  if (!whole) {
    return Error{ErrorKind::malformed, "not of the form: time | kind | text | source"};
  }
  if (country.empty()) {
    return Error{ErrorKind::malformed, "no line 'country CC' before the first event"};
  }
  PublicEvent event{.country = country, .begin = {}, .end = {}};
  if (const Status time = take_time(fields[0], event); !time) return time.error();
  std::string_view kind = fields[1];
  if (kind.ends_with(kFromCuts)) {
    event.from_cuts = true;
    kind = trimmed(kind.substr(0, kind.size() - kFromCuts.size()));
  }
  const std::optional<PublicEventKind> known = parse_event_kind(kind);
  if (!known) {
    return Error{ErrorKind::malformed, fmt::format("'{}' is no kind of event", kind.substr(0, 30))};
  }
  event.kind = *known;
  event.text = fields[2];
  event.source = fields[3];
  if (event.text.empty()) return Error{ErrorKind::malformed, "an event without a text"};
  if (event.source.empty()) return Error{ErrorKind::malformed, "an event without a source"};
  return event;
}

bool earlier(const PublicEvent& a, const PublicEvent& b) {
  return std::tie(a.country, a.begin, a.end, a.kind, a.text, a.source) <
         std::tie(b.country, b.begin, b.end, b.kind, b.text, b.source);
}

std::string day_text(Time time) {
  return format_time(time).substr(0, 10);
}

std::string time_text(const PublicEvent& event) {
  if (event.end == event.begin) return format_time(event.begin);
  const std::string first = day_text(event.begin);
  const std::string last = day_text(event.end - kDay);
  return first == last ? first : first + "/" + last;
}

}  // namespace

Result<std::vector<PublicEvent>> parse_events(std::string_view text, std::string_view file) {
  std::vector<PublicEvent> events;
  std::string country;
  std::size_t number = 0;
  const auto refuse = [&](ErrorKind kind, std::string_view why) {
    return Error{kind, fmt::format("{}, line {}: {}", file, number, why)};
  };
  if (text.size() > kMaxEventFile) {
    return refuse(ErrorKind::limit, fmt::format("more than {} bytes", kMaxEventFile));
  }
  while (!text.empty()) {
    ++number;
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.size() > kMaxEventLine) {
      return refuse(ErrorKind::limit, fmt::format("more than {} bytes", kMaxEventLine));
    }
    if (line.empty() || line.front() == '#') continue;
    if (line.starts_with("country ")) {
      country = trimmed(line.substr(8));
      if (find_country(country) == nullptr) return refuse(ErrorKind::malformed, "no such country");
      continue;
    }
    Result<PublicEvent> event = event_of(line, country);
    if (!event) return refuse(event.error().kind, event.error().message);
    if (events.size() == kMaxEvents) {
      return refuse(ErrorKind::limit, fmt::format("more than {} events", kMaxEvents));
    }
    events.push_back(std::move(*event));
  }
  std::stable_sort(events.begin(), events.end(), earlier);
  return events;
}

std::string events_text(std::span<const PublicEvent> events) {
  std::string text;
  std::string country;
  for (const PublicEvent& event : events) {
    if (event.country != country) {
      text += fmt::format("{}country {}\n", text.empty() ? "" : "\n", event.country);
      country = event.country;
    }
    text += fmt::format("{} | {}{} | {} | {}\n", time_text(event), name_of(event.kind),
                        event.from_cuts ? kFromCuts : "", event.text, event.source);
  }
  return text;
}

const std::vector<PublicEvent>& built_in_events() {
  static const std::vector<PublicEvent> events = [] {
    std::vector<PublicEvent> all;
    for (const EmbeddedFile& file : embedded_files()) {
      if (!file.name.ends_with(".events")) continue;
      Result<std::vector<PublicEvent>> read = parse_events(file.text, file.name);
      CHECK(read.ok());  // a test reads each file of the folder first, with a message
      all.insert(all.end(), std::make_move_iterator(read->begin()),
                 std::make_move_iterator(read->end()));
    }
    std::stable_sort(all.begin(), all.end(), earlier);
    return all;
  }();
  return events;
}

std::vector<PublicEvent> events_of(std::span<const PublicEvent> events, std::string_view country) {
  std::vector<PublicEvent> some;
  std::copy_if(events.begin(), events.end(), std::back_inserter(some),
               [&](const PublicEvent& event) { return event.country == country; });
  return some;
}

std::vector<Annotation> event_annotations(std::span<const PublicEvent> events,
                                          const TimeRange& range, Time around, std::size_t most,
                                          std::span<const Annotation> already) {
  const auto day_of = [](Time time) { return std::chrono::floor<std::chrono::days>(time); };
  std::vector<const PublicEvent*> chosen;
  for (const PublicEvent& event : events) {
    if (event.begin >= range.end || std::max(event.end, event.begin + kDay) <= range.begin)
      continue;
    const bool told = std::any_of(already.begin(), already.end(), [&](const Annotation& other) {
      return day_of(other.time) == day_of(event.begin);
    });
    if (!told) chosen.push_back(&event);
  }
  const auto far = [&](const PublicEvent* event) {
    return event->begin < around ? around - event->begin : event->begin - around;
  };
  std::stable_sort(chosen.begin(), chosen.end(),
                   [&](const PublicEvent* a, const PublicEvent* b) { return far(a) < far(b); });
  if (chosen.size() > most) chosen.resize(most);
  std::vector<Annotation> annotations;
  for (const PublicEvent* event : chosen) {
    const bool span = event->end - event->begin > kDay;
    annotations.push_back({event->begin,
                           span ? fmt::format("{}: {} (to {})", name_of(event->kind), event->text,
                                              format_date_short(event->end - kDay))
                                : fmt::format("{}: {}", name_of(event->kind), event->text),
                           event->source});
  }
  std::stable_sort(annotations.begin(), annotations.end(),
                   [](const Annotation& a, const Annotation& b) { return a.time < b.time; });
  return annotations;
}

std::string_view name_of(PublicEventKind kind) {
  return kKindWords[static_cast<std::size_t>(kind)];
}

std::optional<PublicEventKind> parse_event_kind(std::string_view word) {
  for (std::size_t i = 0; i < kEventKinds; ++i) {
    if (kKindWords[i] == word) return static_cast<PublicEventKind>(i);
  }
  return std::nullopt;
}

}  // namespace lightsout
