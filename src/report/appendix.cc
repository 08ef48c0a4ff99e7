// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "geo/country.h"
#include "report/document.h"
#include "report/escape.h"
#include "report/words.h"
#include "signal/catalogue.h"

namespace lightsout {

namespace {

constexpr std::size_t kMostDamage = 10;  // damaged parts named one by one; all are counted

// How much of the shown stretch each source measured.
std::vector<Cell> health_row(const Subject& subject, std::size_t index) {
  const Series part = slice(subject.series(index), subject.shown);
  std::array<std::size_t, 4> states{};
  for (const Sample& sample : part.samples) ++states[static_cast<std::size_t>(sample.state())];
  double coverage = 0;
  for (const float share : part.coverage) coverage += share;
  const Detection* detection = subject.detection(index);
  const std::string baseline = detection == nullptr || !detection->judgement.possible
                                   ? "none"
                                   : detection->judgement.baseline;
  const auto count = [](std::size_t n) { return Cell{number(static_cast<double>(n))}; };
  const std::string entity = part.id.entity() == subject.report.investigation.entity
                                 ? std::string()
                                 : ", " + subject.part_name(part.id.entity());
  return {{fmt::format("{} ({}){}", clean_text(label_of(part.id)), clean_text(part.id.source()),
                       entity)},
          {spaced_duration(part.step)},
          count(states[0]),
          count(states[1]),
          count(states[2]),
          count(states[3]),
          {part.coverage.empty()
               ? "not reported"
               : percent(coverage / static_cast<double>(std::max<std::size_t>(part.size(), 1))),
           part.coverage.empty() ? Tone::soft : Tone::plain},
          {clean_text(baseline), Tone::soft}};
}

std::string day_and_clock(Time time) {  // "2026-01-29 15:45"
  std::string text = format_time(time).substr(0, 16);
  text[10] = ' ';
  return text;
}

std::string trace_line(const TraceStep& step) {
  return fmt::format("{}: {}", day_clock_utc(step.at), clean_text(step.what));
}

std::vector<std::string> thresholds(const Subject& subject) {
  std::vector<std::string> lines;
  if (subject.incident == nullptr) return lines;
  for (const Anomaly& anomaly : subject.incident->evidence) {
    if (anomaly.trace.empty()) continue;
    lines.push_back(fmt::format("{}, detector {}: {}", clean_text(label_of(anomaly.signal)),
                                clean_text(anomaly.detector), trace_line(anomaly.trace.front())));
    if (lines.size() == kMaxRows) break;
  }
  return lines;
}

}  // namespace

Section unknowns_section(const Subject& subject) {
  Section section{"unknown", "What we do not know", {}};
  std::vector<std::string> items;
  if (subject.incident != nullptr) {
    for (const std::string& unknown : subject.incident->unknowns) {
      items.push_back(capitalised(clean_text(unknown)));
    }
  }
  for (const std::string& plane : subject.report.investigation.not_measured) {
    items.push_back("Not measured: " + clean_text(plane));
  }
  for (const std::size_t index : subject.rows) {
    const Detection* detection = subject.detection(index);
    if (detection == nullptr || detection->judgement.reason.empty()) continue;
    items.push_back(fmt::format("{}: {}", clean_text(label_of(subject.series(index).id)),
                                clean_text(detection->judgement.reason)));
  }
  if (!subject.report.damage.empty()) {
    items.push_back(
        fmt::format("What {} in the inputs said that could not be read",
                    counted(subject.report.damage.count(), "damaged part", "damaged parts")));
  }
  items.push_back(
      "What caused it, whether anyone decided it, and why: no measurement here can say");
  items.push_back("Anything shorter than one bin of the series");
  section.blocks.push_back(bullets(std::move(items)));
  return section;
}

Section incidents_section(const Subject& subject, std::size_t most_rows) {
  Section section{"incidents", "All incidents found", {}};
  const auto& incidents = subject.report.investigation.incidents;
  if (incidents.empty()) {
    section.blocks.push_back(note("None."));
    return section;
  }
  Table table;
  table.columns = {{"Incident"},     {"About"}, {"From, UTC"},
                   {"Lasted", true}, {"What"},  {"Confidence"}};
  for (const Incident& incident : incidents) {
    table.rows.push_back(
        {{clean_text(incident.id), &incident == subject.incident ? Tone::strong : Tone::plain},
         {clean_text(name_of(incident.entity))},
         {day_clock(incident.onset.value)},
         {length_of(incident)},
         {one_line(incident)},
         {std::string(name_of(incident.confidence))}});
  }
  add_table(section, std::move(table), most_rows);
  if (incidents.size() > 1) {
    section.blocks.push_back(note("The first is the gravest and the one told above."));
  }
  return section;
}

Section method_section(const Subject& subject, std::size_t most_rows) {
  const Report& report = subject.report;
  Section section{"method", "How this was found, and how to do it again", {}};
  section.blocks.push_back(paragraph(
      "Each series was held against what was usual for it at that hour; what left the usual for "
      "long enough became an anomaly; anomalies of several kinds of measurement that agree became "
      "an incident. Two feeds of one kind never count as two. Intervals are 90\u202f% intervals."));
  const auto lines = thresholds(subject);
  if (!lines.empty()) section.blocks.push_back(bullets(lines));
  Table health;
  health.columns = {{"Source health in the stretch shown"},
                    {"Bin"},
                    {"Numbers", true},
                    {"No data", true},
                    {"Suppressed", true},
                    {"Source down", true},
                    {"Source alive", true},
                    {"Held against"}};
  for (const auto* indices : {&subject.rows, &subject.parts}) {
    for (const std::size_t index : *indices) health.rows.push_back(health_row(subject, index));
  }
  if (!health.rows.empty()) add_table(section, std::move(health), most_rows);
  section.blocks.push_back(paragraph(fmt::format(
      "Made by {} at {} with:",
      report.software_version.empty() ? "Lightsout" : clean_text(report.software_version),
      format_time(report.generated_at))));
  section.blocks.push_back(
      {.kind = BlockKind::preformatted,
       .text = report.command.empty() ? "(command not given)" : clean_text(report.command)});
  return section;
}

Section evidence_section(const Subject& subject, std::size_t most_rows) {
  Section section{"evidence", "Evidence", {}};
  const auto inputs = inputs_of(subject.report);
  if (inputs.empty()) {
    section.blocks.push_back(note("No input is named: this report cannot be rechecked."));
    return section;
  }
  Table table;
  table.columns = {{"Input"}, {"Format"}, {"Arrived, UTC"}, {"SHA-256"}};
  // The few files of a kind before the thousand of another, so that a cut table still names each
  // kind.
  std::map<std::string, std::size_t> of_format;
  for (const Lineage& input : inputs) ++of_format[input.format];
  std::vector<Lineage> order = inputs;
  std::stable_sort(order.begin(), order.end(), [&](const Lineage& a, const Lineage& b) {
    return std::tie(of_format[a.format], a.format) < std::tie(of_format[b.format], b.format);
  });
  for (const Lineage& input : order) {
    const std::string name = clean_text(input.name) +
                             (input.semi_synthetic ? " \u2014 " + std::string(kSemiSynthetic) : "");
    table.rows.push_back({{name, Tone::plain, "id:in-" + short_hash(input.sha256)},
                          {clean_text(input.format)},
                          {day_and_clock(input.arrived)},
                          {clean_text(input.sha256), Tone::soft}});
  }
  add_table(section, std::move(table), most_rows);
  section.blocks.push_back(paragraph(
      fmt::format("All inputs together: SHA-256 {} of the lines \u201chash, two blanks, name\u201d "
                  "in the order of their names.",
                  inputs_digest(inputs))));
  const Damage& damage = subject.report.damage;
  if (!damage.empty()) {
    std::vector<std::string> items;
    for (const DamagedPart& part : damage.parts()) {
      if (items.size() == kMostDamage) break;
      items.push_back(fmt::format("{}, byte {}: {}", clean_text(part.file), part.offset,
                                  clean_text(part.reason)));
    }
    section.blocks.push_back(
        paragraph(fmt::format("Could not be read, and counted: {}.",
                              counted(damage.count(), "damaged part", "damaged parts"))));
    section.blocks.push_back(bullets(std::move(items)));
  }
  section.blocks.push_back(
      note("The program is under the Apache License 2.0; the inputs stay under the licences of "
           "their sources, which may ask for their name or forbid republishing."));
  return section;
}

Section corrections_section(const Subject& subject) {
  Section section{"corrections", "Corrections and versions", {}};
  if (subject.incident == nullptr) {
    section.blocks.push_back(note("No incident, so no versions."));
  } else {
    const Incident& incident = *subject.incident;
    std::string text = fmt::format("Version {}, as known at {}", incident.version,
                                   date_clock_utc(incident.known_at));
    text += incident.supersedes
                ? fmt::format("; supersedes version {}, which is kept.", *incident.supersedes)
                : "; no earlier version.";
    section.blocks.push_back(paragraph(std::move(text)));
  }
  section.blocks.push_back(
      note("Versions are added and never edited. Who publishes this page adds how to reach them. "
           "It asks nobody to measure from inside a country, which can be dangerous."));
  return section;
}

}  // namespace lightsout
