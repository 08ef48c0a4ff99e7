// render_why: the trace of each detector and the weighing of each incident.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "geo/country.h"
#include "incident/kind.h"
#include "report/document.h"
#include "report/escape.h"
#include "report/report.h"
#include "report/words.h"

namespace lightsout {

namespace {

constexpr std::size_t kMostSteps = 40;  // of one trace
constexpr Seconds kAround{6 * 3600};    // how far from `at` a step may lie

bool speaks_about(Time step, std::optional<Time> at) {
  return !at || (step >= *at - kAround && step <= *at + kAround);
}

std::string steps(const std::vector<TraceStep>& trace, std::optional<Time> at,
                  std::string_view indent) {
  std::string text;
  std::size_t shown = 0;
  std::size_t left_out = 0;
  for (const TraceStep& step : trace) {
    if (!speaks_about(step.at, at)) continue;
    if (shown == kMostSteps) {
      ++left_out;
      continue;
    }
    ++shown;
    text += fmt::format("{}{}  {}\n", indent, format_time(step.at), clean_text(step.what));
  }
  if (left_out > 0) text += fmt::format("{}({} more steps)\n", indent, left_out);
  return text;
}

std::string anomaly_text(const Anomaly& anomaly, std::optional<Time> at) {
  if (at && !(anomaly.range().begin - kAround <= *at && *at <= anomaly.range().end + kAround)) {
    return {};
  }
  return fmt::format("    {} from {} to {}: {} {} ({}), {:.1f} nats, by {}, held against {}\n",
                     anomaly.direction == Direction::fall ? "fall" : "rise",
                     format_time(anomaly.onset.value),
                     anomaly.end ? format_time(anomaly.end->value)
                                 : "the end of the data, " + format_time(anomaly.data_through),
                     percent(anomaly.depth.value),
                     anomaly.direction == Direction::fall ? "lost" : "added",
                     percent_between(anomaly.depth.low, anomaly.depth.high), anomaly.evidence,
                     clean_text(anomaly.detector), clean_text(anomaly.baseline)) +
         steps(anomaly.trace, at, "      ");
}

std::string detection_text(const Detection& detection, std::optional<Time> at) {
  std::string text = "  " + clean_text(detection.signal.text()) + "\n";
  const Judgement& judgement = detection.judgement;
  if (!judgement.possible) {
    return text + "    cannot tell: " +
           (judgement.reason.empty() ? "no reason was recorded" : clean_text(judgement.reason)) +
           "\n";
  }
  text += fmt::format("    judged from {} to {}, held against {}{}\n",
                      format_time(judgement.judged.begin), format_time(judgement.judged.end),
                      clean_text(judgement.baseline),
                      judgement.reason.empty() ? "" : "; " + clean_text(judgement.reason));
  std::string found;
  for (const Anomaly& anomaly : detection.anomalies) found += anomaly_text(anomaly, at);
  text += found.empty() ? "    no anomaly\n" : found;
  const std::string misses = steps(detection.trace, at, "      ");
  if (!misses.empty()) text += "    on the way, and the nearest misses:\n" + misses;
  return text;
}

std::string kind_text(const Incident& incident) {
  const KindJudgement found = judge_kind(incident);
  std::string text = "    kind: " + clean_text(found.sentence) + "\n";
  for (const KindCandidate& candidate : found.candidates) {
    text += fmt::format("      {}: {}\n", words_for(candidate.kind), words_for(candidate.fit));
    for (const KindTerm& term : candidate.terms) {
      const char* sign = term.met == Met::yes ? "+" : term.met == Met::no ? "-" : "?";
      text += fmt::format("        {} {}\n", sign, clean_text(term.text));
    }
  }
  return text;
}

std::string incident_text(const Incident& incident) {
  std::string text =
      fmt::format("  {} version {}: {} in {}, {}, probability {:.3f}\n", clean_text(incident.id),
                  incident.version, one_line(incident), clean_text(name_of(incident.entity)),
                  name_of(incident.confidence), incident.probability);
  for (const PlaneView& view : incident.planes) {
    text += fmt::format("    {} ({}): {}, {:.1f} nats, {:.1f} counted{}\n",
                        clean_text(view.signal.text()), words_for(view.plane),
                        !view.judged ? "cannot tell"
                        : view.fell  ? "fell"
                                     : word_for_standing(view),
                        view.evidence, view.evidence_capped,
                        view.note.empty() ? "" : "; " + clean_text(view.note));
  }
  if (incident.direction == Direction::fall) text += kind_text(incident);
  for (const Hypothesis& hypothesis : incident.hypotheses) {
    text += fmt::format("    {}: {}\n", words_for(hypothesis.mechanism),
                        clean_text(hypothesis.verdict));
    for (const auto& reason : hypothesis.speaks_for) text += "      + " + clean_text(reason) + "\n";
    for (const auto& reason : hypothesis.speaks_against) {
      text += "      - " + clean_text(reason) + "\n";
    }
    for (const auto& reason : hypothesis.would_refute) {
      text += "      would refute: " + clean_text(reason) + "\n";
    }
  }
  return text;
}

}  // namespace

std::string render_why(const Report& report, std::optional<Time> at) {
  const Investigation& asked = report.investigation;
  std::string text;
  if (is_semi_synthetic(report)) {
    text += std::string(kSemiSynthetic) + ". " + std::string(kSemiSyntheticText) + "\n\n";
  }
  text += fmt::format("Why: {}, {} to {}", clean_text(name_of(asked.entity)),
                      format_time(asked.range.begin), format_time(asked.range.end));
  if (at) text += fmt::format(", about {}", format_time(*at));
  text += "\n\nIncidents\n";
  std::string incidents;
  for (const Incident& incident : asked.incidents) {
    const TimeRange range = incident.range();
    if (at && !(range.begin - kAround <= *at && *at <= range.end + kAround)) continue;
    incidents += incident_text(incident);
  }
  if (incidents.empty()) {
    incidents = asked.could_judge || asked.reason.empty()
                    ? "  none\n"
                    : "  cannot tell: " + clean_text(asked.reason) + "\n";
  }
  text += incidents + "\nEach series\n";
  for (const Detection& detection : report.detections) text += detection_text(detection, at);
  for (const std::string& plane : asked.not_measured) {
    text += "  not measured: " + clean_text(plane) + "\n";
  }
  return text;
}

}  // namespace lightsout
