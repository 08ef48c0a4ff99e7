// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "incident/investigate.h"

namespace lightsout {

namespace {

// What kind of thing an incident is about: a usage dip may turn out to be nationwide once probing
// arrives, but never a surge.
int family_of(Grade grade) {
  return grade == Grade::surge ? 1 : grade == Grade::service ? 2 : 0;
}

std::string text_of(const Estimate& estimate) {
  return fmt::format("{:.3f}/{:.3f}/{:.3f} ", estimate.value, estimate.low, estimate.high);
}

std::string text_of(const std::optional<TimeEstimate>& time) {
  return time ? format_time(time->value) + " " : "- ";
}

// All that an incident states, in one text. Not its age: an incident that only went on is the same.
std::string statement_of(const Incident& incident) {
  std::string text =
      fmt::format("{} {} {:.3f} {} {} ", name_of(incident.grade), name_of(incident.confidence),
                  incident.probability, incident.ending, incident.lasting);
  text += text_of(incident.onset) + text_of(incident.end) + text_of(incident.depth);
  for (const Phase& phase : incident.phases) {
    text += fmt::format("{} {} {} ", name_of(phase.kind), format_time(phase.range.begin),
                        phase.open ? "open" : format_time(phase.range.end));
  }
  for (const Window& window : incident.windows) {
    text += format_time(window.range.begin) + format_time(window.range.end) + text_of(window.level);
  }
  for (const PlaneView& view : incident.planes) {
    text += fmt::format("{} {} {} ", view.signal.text(), view.judged, view.fell);
    if (view.fell) text += text_of(view.fell_at) + text_of(view.returned) + text_of(view.depth);
  }
  for (const auto* parts : {&incident.providers, &incident.regions, &incident.services}) {
    for (const PartView& part : *parts) {
      text += fmt::format("{} {} {} ", part.entity.text(), part.judged, part.fell);
      if (part.fell) text += text_of(part.fell_at) + text_of(part.returned) + text_of(part.depth);
    }
  }
  for (const Hypothesis& hypothesis : incident.hypotheses) {
    text += fmt::format("{} {} ", name_of(hypothesis.mechanism), hypothesis.verdict);
  }
  return text;
}

}  // namespace

bool same_incident(const Incident& previous, const Incident& now) {
  if (previous.entity != now.entity || family_of(previous.grade) != family_of(now.grade)) {
    return false;
  }
  return previous.direction == now.direction && previous.range().overlaps(now.range());
}

std::optional<Incident> next_version(const Incident& previous, const Incident& now) {
  if (statement_of(previous) == statement_of(now)) return std::nullopt;
  Incident next = now;
  next.id = previous.id;
  next.version = previous.version + 1;
  next.supersedes = previous.version;
  return next;
}

}  // namespace lightsout
