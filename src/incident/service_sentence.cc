// SPDX-License-Identifier: Apache-2.0
#include "incident/service_sentence.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "detect/circumvention.h"
#include "detect/service.h"
#include "geo/country.h"
#include "signal/catalogue.h"

namespace lightsout::incident {

namespace {

bool is_share(const Series& series) {
  return series.plane == Plane::application && series.unit == Unit::fraction &&
         series.worse == Worse::high && !series.trials.empty() &&
         series.id.entity().type() == EntityType::service;
}

// Our own score where there is one, else whatever share of tests failed.
const Series* share_of(const std::vector<Witness>& witnesses, const Entity& service) {
  const Series* found = nullptr;
  for (const Witness& witness : witnesses) {
    const Series& series = *witness.curve.series;
    if (!is_share(series) || series.id.entity() != service) continue;
    if (found == nullptr || series.id.metric() == "failed_share") found = &series;
  }
  return found;
}

// The same share of the other services, as seen from the same country.
std::vector<const Series*> others_of(const std::vector<Witness>& witnesses, const Series& service) {
  std::vector<const Series*> others;
  for (const Witness& witness : witnesses) {
    const Series& series = *witness.curve.series;
    const bool same_place = series.id.entity().country() == service.id.entity().country() &&
                            series.id.entity().asn() == service.id.entity().asn();
    if (is_share(series) && same_place && series.id.entity() != service.id.entity() &&
        series.id.source() == service.id.source() && series.id.metric() == service.id.metric()) {
      others.push_back(&series);
    }
  }
  return others;
}

// The earliest alarm of any share of the service: OONI's verdicts see that something failed, our
// score how much, and a block that begins in parts shows in the first before the second.
std::optional<Time> first_alarm(const std::vector<Witness>& witnesses, const Entity& service,
                                const TimeRange& range) {
  std::optional<Time> first;
  for (const Witness& witness : witnesses) {
    const Series& series = *witness.curve.series;
    if (!is_share(series) || series.id.entity() != service) continue;
    for (const ServiceBlock& block : find_service_blocks(series, others_of(witnesses, series))) {
      if (!block.range.overlaps(range)) continue;
      first = first ? std::min(*first, block.alarmed_at) : block.alarmed_at;
    }
  }
  return first;
}

std::string share_text(const Estimate& share, double tests) {
  return fmt::format("{:.0f} % ({:.0f}–{:.0f} %, {:.0f} tests)", 100 * share.value, 100 * share.low,
                     100 * share.high, tests);
}

std::string sentence_of(const std::string& name, const ServiceComparison& seen) {
  const std::string own = share_text(seen.failed, seen.tests);
  if (seen.others_tests <= 0) {
    return fmt::format(
        "{} of the tests of {} failed; no other service was tested at the same "
        "time, so whether others worked is not known",
        own, name);
  }
  const std::string others = fmt::format("{} of {}", share_text(seen.others, seen.others_tests),
                                         fmt::join(seen.other_services, ", "));
  if (!seen.targeted()) {
    return fmt::format(
        "{} of the tests of {} failed, and {}: not clearly more than the others, so "
        "nothing says that this service alone was meant",
        own, name, others);
  }
  return fmt::format(
      "{} failed while others worked: {} of its tests, against {}; {:.0f} points "
      "between them ({:.0f}–{:.0f}), consistent with a block of this service alone",
      name, own, others, 100 * seen.difference.value, 100 * seen.difference.low,
      100 * seen.difference.high);
}

}  // namespace

std::optional<Finding> hold_against_other_services(const std::vector<Witness>& witnesses,
                                                   const Course& course, const Incident& incident) {
  if (incident.grade != Grade::service || incident.entity.type() != EntityType::service) {
    return std::nullopt;
  }
  const Series* service = share_of(witnesses, incident.entity);
  if (service == nullptr) return std::nullopt;
  const std::vector<const Series*> others = others_of(witnesses, *service);
  const TimeRange range{course.onset.value, course.end ? course.end->value : course.data_through};
  const ServiceComparison seen = compare_services(*service, others, range);
  if (seen.tests <= 0) return std::nullopt;
  std::string text = sentence_of(name_of(incident.entity), seen);
  if (const auto alarm = first_alarm(witnesses, incident.entity, range)) {
    text += fmt::format("; {} the alarm goes off at {} UTC on {}",
                        others.empty() ? "held against itself alone" : "held against the others",
                        format_clock(*alarm), format_date(*alarm));
  }
  Finding finding{.text = std::move(text),
                  .range = range,
                  .confidence = Confidence::observed,
                  .signals = {service->id}};
  for (const Series* other : others) finding.signals.push_back(other->id);
  std::sort(finding.signals.begin(), finding.signals.end());
  return finding;
}

std::vector<Finding> read_tools(const std::vector<Witness>& witnesses, const Incident& incident) {
  std::vector<SeriesAndDetection> seen;
  for (const Witness& witness : witnesses) {
    seen.push_back({witness.curve.series, witness.curve.detection});
  }
  std::vector<Finding> findings;
  for (const SeriesAndDetection& one : seen) {
    const SignalId& id = one.series->id;
    const auto kind = kind_of_count(id);
    if (!kind || id.entity().country() != incident.entity.country()) continue;
    for (const UseChange& change : find_use_changes(*one.series, {})) {
      if (!change.range.overlaps(incident.range())) continue;
      const Connectivity connected = connectivity_in(seen, id.entity().country(), change.range);
      findings.push_back({fmt::format("{} ({} count): {} from {}; {}", label_of(id), name_of(*kind),
                                      change.label(), format_date(change.range.begin),
                                      reading_of(change.direction, connected)),
                          change.range,
                          Confidence::observed,
                          {id}});
    }
  }
  return findings;
}

}  // namespace lightsout::incident
