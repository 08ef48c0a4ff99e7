// SPDX-License-Identifier: Apache-2.0
#include "report/verdict.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "report/escape.h"
#include "report/headline.h"
#include "report/plane_words.h"
#include "report/words.h"

namespace lightsout {

namespace {

double reach(const Estimate& depth) {
  return std::max(0.0, 1 - depth.value);
}

std::string reach_interval(const Estimate& depth) {
  return percent_between(1 - depth.high, 1 - depth.low);
}

// "From 16:30 UTC on ..." or, where the onset is not sharp, "Between 16:00 and 17:00 UTC on ...".
std::string onset_words(const Incident& incident, const Zone& zone) {
  const TimeEstimate& onset = incident.onset;
  const bool wide = onset.latest - onset.earliest > Seconds{600} &&
                    format_date(onset.earliest) == format_date(onset.latest);
  if (!wide) return "From " + clock_both(onset.value, zone);
  std::string text = fmt::format("Between {} and {} UTC on {}", format_clock(onset.earliest),
                                 format_clock(onset.latest), format_date(onset.value));
  const std::string city = city_of(zone);
  if (!city.empty()) {
    text +=
        fmt::format(" ({}\u2013{} in {}, {})", format_clock(zone.local(onset.earliest)),
                    format_clock(zone.local(onset.latest)), city, zone.offset_text(onset.value));
  }
  return text;
}

std::string first_sentence(const Subject& subject, const Incident& incident) {
  const std::string onset = onset_words(incident, subject.report.zone);
  if (incident.direction == Direction::rise) {
    return fmt::format("{}, {} rose; on average {} was added to what is usual.", onset,
                       somewhere(subject, joined(labels(incident, true, 3))),
                       percent(incident.depth.value));
  }
  const bool usage = incident.grade == Grade::usage_dip || !connectivity_judged(incident);
  std::string what = usage ? joined(labels(incident, true, 3)) : "connectivity";
  if (what.empty()) what = "connectivity";
  what = somewhere(subject, what, incident.grade == Grade::regional ? "parts of " : "");
  const std::optional<Phase> gone = nearly_gone(incident);
  if (!gone || gone->range.begin - incident.onset.value <= Seconds{3600}) {
    const Estimate& depth = gone ? gone->depth : incident.depth;
    return fmt::format("{}, {} fell to {} of what was expected (90{}% interval {}).", onset, what,
                       percent(reach(depth)), kNarrow, reach_interval(depth));
  }
  const bool same_day = format_date(gone->range.begin) == format_date(incident.onset.value);
  return fmt::format(
      "{}, {} began to fall, and from {} only {} of what was expected was left (90{}% "
      "interval {}).",
      onset, what,
      same_day ? format_clock(gone->range.begin) + " UTC" : day_clock_utc(gone->range.begin),
      percent(reach(gone->depth)), kNarrow, reach_interval(gone->depth));
}

std::string second_sentence(const Incident& incident) {
  const PlaneView* routes = routes_of(incident);
  std::vector<std::string> fell = labels(incident, true, 5);
  if (routes != nullptr) {
    std::erase(fell, label_for(*routes));
    const std::string others = fell.empty() ? "the rest" : joined(fell);
    if (routes_stood(incident)) {
      return fmt::format(
          "Routes stayed announced, never fewer than {} of what was expected, while {} fell.",
          percent(std::min(routes->lowest, reach(routes->depth))), others);
    }
    return fmt::format("Routes fell to {} of what was expected, and so did {}.",
                       percent(reach(routes->depth)), others);
  }
  const auto stood = labels(incident, false, 4);
  if (!stood.empty()) return fmt::format("{} kept to the usual.", capitalised(joined(stood)));
  if (incident.direction == Direction::fall && !connectivity_judged(incident)) {
    return "Whether networks failed was not measured: there is no routing or probing in these "
           "inputs.";
  }
  return "No other measurement in these inputs speaks for or against it.";
}

std::string third_sentence(const Subject& subject, const Incident& incident) {
  const std::string windows = counted(incident.windows.size(), "window", "windows");
  const bool any = !incident.windows.empty();
  if (incident.open()) {
    return fmt::format("It had {} when the data ended, after at least {}, as of {}.{}",
                       incident.ending ? "begun to return but not for long enough to call it over"
                                       : "not returned",
                       spoken(lost_range(incident).length()), clock_both(subject.data_through, {}),
                       any ? " It came back in " + windows + " and was lost again." : "");
  }
  std::optional<Time> first;
  Time last{};
  for (const PlaneView& view : incident.planes) {
    // Only what was really gone can come back in a way that people notice.
    if (!view.returned || !view.fell || view.depth.value < kMost) continue;
    first = first ? std::min(*first, view.returned->value) : view.returned->value;
    last = std::max(last, view.returned->value);
  }
  const std::string before =
      any ? fmt::format("After {} in which it came back and was lost again, it", windows) : "It";
  if (first && last - *first > Seconds{86400}) {
    return fmt::format("{} returned in steps {}.", before,
                       from_day_to_day({*first, last + Seconds{1}}));
  }
  return fmt::format("{} was back to the usual from {}.", before,
                     clock_both(incident.end->value, subject.report.zone));
}

std::string caution_of(const Incident& incident) {
  std::set<Plane> planes;
  std::set<std::string> sources;
  for (const PlaneView& view : incident.planes) {
    if (!view.judged || !view.fell) continue;
    planes.insert(view.plane);
    sources.insert(view.signal.text());
  }
  std::vector<std::string> names;
  for (const Plane plane : planes) names.emplace_back(words_for(plane));
  std::string text = capitalised(std::string(name_of(incident.confidence))) + ": " +
                     std::string(explain(incident.confidence));
  if (!names.empty()) {
    text += fmt::format(" ({}; {})", joined(names), counted(sources.size(), "series", "series"));
  }
  return text +
         ". What caused it and who, if anyone, decided it is not something these measurements "
         "can say.";
}

KeyFigure reach_figure(const Incident& incident) {
  const std::optional<Phase> gone = nearly_gone(incident);
  const Estimate depth = gone ? gone->depth : incident.depth;
  const TimeRange range = gone ? gone->range : incident.range();
  if (incident.direction == Direction::rise) {
    return {"Added, " + days_between(range), percent(depth.value),
            fmt::format("on top of the usual ({})", percent_between(depth.low, depth.high))};
  }
  const bool use = incident.grade == Grade::usage_dip || !connectivity_judged(incident);
  const bool since = incident.open() && !gone;
  return {fmt::format("{}{}", use ? "Level" : "Reach",
                      since ? " since " + format_date(range.begin) : ", " + days_between(range)),
          percent(reach(depth)),
          fmt::format("of expected ({}){}", reach_interval(depth),
                      gone && !incident.windows.empty() ? ", windows apart" : "")};
}

KeyFigure length_figure(const Incident& incident) {
  Seconds near_total{0};
  for (const Phase& phase : incident.phases) {
    if (phase.kind == PhaseKind::near_total) near_total += phase.range.length();
  }
  const Seconds lost = lost_range(incident).length();
  const std::string length = spaced_duration(lost);
  std::string note = near_total.count() > 0 ? "near-total: " + spaced_duration(near_total)
                     : incident.open()      ? "as of " + date_clock_utc(incident.known_at)
                                            : "from first loss to return";
  if (!incident.open() && lost != incident.range().length()) {
    note += "; first loss to usual: " + spaced_duration(incident.range().length());
  }
  if (!incident.windows.empty()) {
    note += ", " + counted(incident.windows.size(), "window", "windows");
  }
  return {"Duration", incident.open() ? "\u2265" + std::string(kNarrow) + length : length, note};
}

KeyFigure routes_figure(const Incident& incident) {
  const PlaneView* routes = routes_of(incident);
  if (routes == nullptr)
    return {"Routes announced", "not measured", "no BGP series could be judged"};
  const double average = reach(routes->depth);
  const double lowest = std::min(routes->lowest, average);
  if (percent(lowest) == percent(average)) {
    return {"Routes announced", percent(lowest), "of expected, at the lowest"};
  }
  return {"Routes announced", percent_between(lowest, average), "of expected, lowest and average"};
}

KeyFigure mechanism_figure(const Incident& incident) {
  const Hypothesis* likely = likely_hypothesis(incident);
  std::vector<std::string> excluded;
  for (const Hypothesis& other : incident.hypotheses) {
    if (other.verdict == "ruled out" || other.verdict == "unlikely") {
      excluded.emplace_back(words_for(other.mechanism));
    }
  }
  if (excluded.size() > 2) excluded.resize(2);
  if (likely == nullptr) {
    return {
        "Consistent with", "not determined",
        excluded.empty() ? "nothing speaks clearly for one cause" : "less so: " + joined(excluded)};
  }
  return {"Consistent with", std::string(words_for(likely->mechanism)),
          excluded.empty() ? "see how, below" : "rather than " + joined(excluded)};
}

Verdict without_incident(const Subject& subject) {
  const Investigation& asked = subject.report.investigation;
  Verdict verdict{.status = asked.could_judge ? "nothing found" : "cannot tell",
                  .headline = headline_of(subject)};
  std::size_t judged = 0;
  std::size_t numbers = 0;
  std::size_t bins = 0;
  for (std::size_t i = 0; i < subject.report.series.size(); ++i) {
    const Detection* detection = subject.detection(i);
    judged += detection != nullptr && detection->judgement.possible;
    const Series part = slice(subject.series(i), asked.range);
    bins += part.size();
    numbers += static_cast<std::size_t>(std::count_if(
        part.samples.begin(), part.samples.end(), [](const Sample& s) { return s.is_number(); }));
  }
  const std::size_t all = subject.report.series.size();
  if (asked.could_judge) {
    verdict.sentences.push_back(fmt::format(
        "From {} to {}, no measurement of {} left its usual range for long enough to "
        "count.",
        date_clock_utc(asked.range.begin), date_clock_utc(asked.range.end), subject.place));
  } else {
    verdict.sentences.push_back(
        fmt::format("These inputs do not allow a verdict about {} from {} to {}.", subject.place,
                    date_clock_utc(asked.range.begin), date_clock_utc(asked.range.end)));
    verdict.sentences.push_back(
        "Why: " + (asked.reason.empty() ? "no series could be judged" : clean_text(asked.reason)) +
        ".");
  }
  if (all == 0) {
    verdict.sentences.push_back("There was no series to judge.");
  } else if (all == 1) {
    verdict.sentences.push_back(judged == 1 ? "The only series could be judged."
                                            : "The only series could not be judged.");
  } else {
    verdict.sentences.push_back(fmt::format("{} of {} could be judged.",
                                            judged == 0 ? "None" : capitalised(number_word(judged)),
                                            counted(all, "series", "series")));
  }
  verdict.caution =
      !asked.could_judge
          ? "That we cannot tell says nothing about what happened: neither that all was well nor "
            "that it was not."
          : "That nothing was found is a statement about these inputs, not about every network, "
            "service "
            "and hour.";
  const double share = bins == 0 ? 0 : static_cast<double>(numbers) / static_cast<double>(bins);
  verdict.figures = {
      {"Incidents found", "0", asked.could_judge ? "in the time asked about" : "none could be"},
      {"Series judged", fmt::format("{} of {}", judged, all), "long and dense enough"},
      {"Bins with a number", bins == 0 ? "none" : percent(share), "missing is not zero"},
      {"Data through", format_date(subject.data_through),
       format_clock(subject.data_through) + " UTC"}};
  return verdict;
}

}  // namespace

const Hypothesis* likely_hypothesis(const Incident& incident) {
  for (const Hypothesis& hypothesis : incident.hypotheses) {
    if (hypothesis.verdict == "likely") return &hypothesis;
  }
  return nullptr;
}

std::optional<Phase> nearly_gone(const Incident& incident) {
  std::optional<Phase> all;
  double total = 0;
  for (const Phase& phase : incident.phases) {
    if (phase.kind != PhaseKind::near_total) continue;
    const auto weight =
        static_cast<double>(std::max<std::int64_t>(phase.range.length().count(), 1));
    if (!all) all = Phase{.kind = phase.kind, .range = phase.range};
    const double share = weight / (total + weight);
    const auto mix = [&](double& mean, double value) { mean += (value - mean) * share; };
    mix(all->depth.value, phase.depth.value);
    mix(all->depth.low, phase.depth.low);
    mix(all->depth.high, phase.depth.high);
    total += weight;
    all->range.end = std::max(all->range.end, phase.range.end);
  }
  return all;
}

TimeRange lost_range(const Incident& incident) {
  TimeRange range = incident.range();
  bool gone = false;
  for (const Phase& phase : incident.phases) {
    if (phase.kind == PhaseKind::near_total && !gone) {
      gone = true;
      range.begin = phase.range.begin;
    }
    // Only the recovery that was the last: after it nothing was lost again.
    if (gone && phase.kind == PhaseKind::total_recovery && &phase == &incident.phases.back()) {
      range.end = phase.range.begin;
    }
  }
  return range;
}

std::string length_of(const Incident& incident) {
  return (incident.open() ? "at least " : "") + spaced_duration(incident.range().length());
}

std::string one_line(const Incident& incident) {
  if (incident.direction == Direction::rise) {
    return fmt::format("{}: {} above the usual", words_for(incident.grade),
                       percent(incident.depth.value));
  }
  return fmt::format("{}: {} of expected ({})", words_for(incident.grade),
                     percent(reach(incident.depth)), reach_interval(incident.depth));
}

Verdict verdict_of(const Subject& subject) {
  if (subject.incident == nullptr) return without_incident(subject);
  const Incident& incident = *subject.incident;
  Verdict verdict;
  verdict.status = incident.confidence == Confidence::retracted ? "retracted"
                   : !incident.open()                           ? "ended"
                   : incident.ending                            ? "recovering"
                                                                : "ongoing";
  verdict.headline = headline_of(subject);
  verdict.sentences = {first_sentence(subject, incident), second_sentence(incident),
                       third_sentence(subject, incident)};
  verdict.caution = caution_of(incident);
  verdict.figures = {reach_figure(incident), length_figure(incident), routes_figure(incident),
                     mechanism_figure(incident)};
  return verdict;
}

}  // namespace lightsout
