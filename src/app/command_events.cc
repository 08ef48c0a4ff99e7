// events list, events test: what happened in public life, and whether cuts follow it.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "app/commands.h"
#include "app/events.h"
#include "app/pipeline.h"
#include "app/run.h"
#include "app/table.h"
#include "cases/after_events.h"
#include "cases/past_case.h"
#include "store/store.h"

namespace lightsout {

Result<std::vector<PublicEvent>> read_events(const Options& options, World& world) {
  const std::vector<std::string>& files = options.events.files;
  std::vector<PublicEvent> events;
  if (std::find(files.begin(), files.end(), "none") == files.end()) events = built_in_events();
  for (const std::string& file : files) {
    if (file == "none") continue;
    const Result<std::string> text = world.read_file(file);
    if (!text) return text.error();
    Result<std::vector<PublicEvent>> read = parse_events(*text, file);
    if (!read) return read.error();
    events.insert(events.end(), std::make_move_iterator(read->begin()),
                  std::make_move_iterator(read->end()));
  }
  std::stable_sort(events.begin(), events.end(), [](const PublicEvent& a, const PublicEvent& b) {
    return std::tie(a.country, a.begin) < std::tie(b.country, b.begin);
  });
  return events;
}

namespace {

constexpr Seconds kDay{86'400};

// Of the country, the kind and the range that were asked about.
Result<std::vector<PublicEvent>> asked_events(const Options& options, World& world) {
  Result<std::vector<PublicEvent>> events = read_events(options, world);
  if (!events) return events.error();
  std::erase_if(*events, [&](const PublicEvent& event) {
    const bool other = options.entity && event.country != options.entity->country();
    const bool kind = options.events.kind && event.kind != *options.events.kind;
    const bool before =
        options.from && std::max(event.end, event.begin + Seconds{1}) <= *options.from;
    const bool after = options.until && event.begin >= *options.until;
    return other || kind || before || after;
  });
  return events;
}

std::string day_or_time(const PublicEvent& event, Time time) {
  return event.end == event.begin ? format_time(time) : format_time(time).substr(0, 10);
}

struct Cuts {
  std::vector<Time> begins;
  TimeRange span;
  std::string where;  // they come from
};

// Of the library: the cuts that sources call deliberate. The whole years that events and cuts fall
// into count as looked at, unless --from and --until say otherwise.
Cuts cuts_of_cases(const Options& options, const std::vector<PublicEvent>& events, Time now) {
  Cuts cuts{.begins = {}, .span = {}, .where = "the library of past incidents"};
  for (const PastCase& past : built_in_cases()) {
    if (past.entity.country() != options.entity->country()) continue;
    if (past.cause != CauseLabel::deliberate) continue;
    for (const PastCut& cut : past.cuts) cuts.begins.push_back(cut.begin);
    if (past.cuts.empty() && past.days) cuts.begins.push_back(past.days->first);
  }
  std::vector<Time> all = cuts.begins;
  for (const PublicEvent& event : events) all.push_back(event.begin);
  if (!all.empty()) {
    const auto [first, last] = std::minmax_element(all.begin(), all.end());
    const auto year_of = [](Time time) {
      return std::chrono::year_month_day{std::chrono::floor<std::chrono::days>(time)}.year();
    };
    using std::chrono::January;
    cuts.span = {
        std::chrono::sys_days{year_of(*first) / January / 1},
        std::min(std::chrono::floor<std::chrono::days>(now),
                 std::chrono::sys_days{(year_of(*last) + std::chrono::years{1}) / January / 1})};
  }
  return cuts;
}

bool is_cut(const Incident& incident) {
  return incident.direction == Direction::fall && incident.grade <= Grade::disruption &&
         incident.grade != Grade::service;
}

// Of measurements: the onset of each fall of connectivity, and each new cut after a window.
Result<Cuts> cuts_of_inputs(const Options& options, World& world) {
  Result<std::unique_ptr<Store>> store = open_store(options, world);
  if (!store) return store.error();
  Result<Gathered> gathered = gather(options, world, store->get());
  if (!gathered) return gathered.error();
  const Result<Report> report = investigate_gathered(options, world, std::move(*gathered));
  if (!report) return report.error();
  const Investigation& found = report->investigation;
  Cuts cuts{.begins = {}, .span = found.judged, .where = "these measurements"};
  for (const auto* some : {&found.incidents, &found.earlier}) {
    for (const Incident& incident : *some) {
      if (!is_cut(incident)) continue;
      cuts.begins.push_back(incident.onset.value);
      for (const Window& window : incident.windows) cuts.begins.push_back(window.range.end);
    }
  }
  return cuts;
}

TableWriter::Cell rounded(double value, double places = 1e4) {
  return TableWriter::Cell(std::round(value * places) / places);
}

}  // namespace

int events_list_command(const Options& options, World& world) {
  const Result<std::vector<PublicEvent>> events = asked_events(options, world);
  if (!events) return fail(world, events.error());
  if (events->empty()) return fail(world, {ErrorKind::not_found, "no such event is known"});
  TableWriter table(world, options,
                    {"country", "begin", "end", "kind", "from_cuts", "text", "source"});
  for (const PublicEvent& event : *events) {
    table.row({event.country, day_or_time(event, event.begin),
               event.end - event.begin > kDay
                   ? TableWriter::Cell(day_or_time(event, event.end - kDay))
                   : TableWriter::Cell(),
               name_of(event.kind), event.from_cuts ? "yes" : "no", event.text, event.source});
  }
  const Status finished = table.finish();
  return finished ? kOk : fail(world, finished.error());
}

int events_test_command(const Options& options, World& world) {
  if (!options.entity || options.entity->type() != EntityType::country) {
    return fail(world, {ErrorKind::usage, "events are of countries: country:KZ"});
  }
  const Result<std::vector<PublicEvent>> events = asked_events(options, world);
  if (!events) return fail(world, events.error());
  const bool measured = !options.inputs.empty() || options.store;
  Result<Cuts> cuts = measured ? cuts_of_inputs(options, world)
                               : Result<Cuts>(cuts_of_cases(options, *events, world.clock().now()));
  if (!cuts) return fail(world, cuts.error());
  if (options.from)
    cuts->span.begin = measured ? std::max(cuts->span.begin, *options.from) : *options.from;
  if (options.until)
    cuts->span.end = measured ? std::min(cuts->span.end, *options.until) : *options.until;
  const AfterEventsQuestion question{
      .span = cuts->span,
      .within = options.events.within.value_or(AfterEventsQuestion{}.within),
      .seed = options.events.seed,
      .draws = options.events.draws};
  const Result<AfterEvents> found = test_after_events(*events, cuts->begins, question);
  if (!found) return fail(world, found.error());
  TableWriter table(world, options,
                    {"country", "span_begin", "span_end", "within_s", "events", "event_episodes",
                     "left_out", "cuts", "cut_episodes", "followed", "expected", "p", "p_shift",
                     "shifts", "p_shuffle", "p_shuffle_low", "p_shuffle_high", "cuts_from"});
  table.row({std::string(options.entity->country()), format_time(question.span.begin),
             format_time(question.span.end), static_cast<double>(question.within.count()),
             found->events, found->event_episodes, found->left_out, found->cuts,
             found->cut_episodes, found->followed, rounded(found->expected, 100),
             rounded(found->p, 1e6), rounded(found->p_shift, 1e6), found->shifts,
             rounded(found->p_shuffle, 1e6), rounded(found->p_shuffle_low, 1e6),
             rounded(found->p_shuffle_high, 1e6), cuts->where});
  const Status finished = table.finish();
  if (!finished) return fail(world, finished.error());
  if (options.quiet) return kOk;
  world.err(found->sentence + "\n");
  if (!measured) {
    world.err(
        "Cuts are those of the library, which people gathered who also looked at such days: read "
        "p with that in mind, or give measurements with --input.\n");
  }
  return kOk;
}

}  // namespace lightsout
