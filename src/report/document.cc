// SPDX-License-Identifier: Apache-2.0
#include "report/document.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "core/sha256.h"
#include "report/escape.h"
#include "report/words.h"
#include "signal/lineage.h"

namespace lightsout {

Block paragraph(std::string text) {
  return {.kind = BlockKind::paragraph, .text = std::move(text)};
}

Block note(std::string text) {
  return {.kind = BlockKind::note, .text = std::move(text)};
}

Block bullets(std::vector<std::string> items) {
  return {.kind = BlockKind::bullets, .items = std::move(items)};
}

Block table_block(Table table) {
  return {.kind = BlockKind::table, .table = std::move(table)};
}

void add_table(Section& section, Table table, std::size_t most_rows) {
  const std::size_t all = table.rows.size();
  if (all > most_rows) table.rows.resize(most_rows);
  section.blocks.push_back(table_block(std::move(table)));
  if (all > most_rows) {
    section.blocks.push_back(
        note(fmt::format("{} of {} rows are shown; the JSON has all of them.", most_rows, all)));
  }
}

std::string short_hash(const std::string& sha256) {
  return clean_text(sha256.substr(0, 8));
}

std::vector<Lineage> inputs_of(const Report& report) {
  std::vector<Lineage> list;
  for (const Series& series : report.series) join_lineage(list, series.lineage);
  for (const Incident& incident : report.investigation.incidents) {
    join_lineage(list, incident.inputs);
  }
  const auto key = [](const Lineage& input) { return std::tie(input.name, input.sha256); };
  std::stable_sort(list.begin(), list.end(),
                   [&](const Lineage& a, const Lineage& b) { return key(a) < key(b); });
  const auto same = [&](const Lineage& a, const Lineage& b) { return key(a) == key(b); };
  list.erase(std::unique(list.begin(), list.end(), same), list.end());
  return list;
}

std::string inputs_digest(const std::vector<Lineage>& inputs) {
  std::string lines;
  for (const Lineage& input : inputs) lines += input.sha256 + "  " + input.name + "\n";
  return sha256_hex(lines);
}

Document document_of(const Subject& subject, std::size_t most_rows) {
  Document document;
  document.verdict = verdict_of(subject);
  document.title = document.verdict.headline;
  if (subject.semi_synthetic) {
    document.banner = std::string(kSemiSynthetic) + ". " + std::string(kSemiSyntheticText);
    document.title = std::string(kSemiSynthetic) + ": " + document.title;
  }
  if (subject.incident != nullptr) {
    const Incident& incident = *subject.incident;
    document.header = {"incident " + clean_text(incident.id),
                       "version " + std::to_string(incident.version)};
    if (incident.supersedes) {
      document.header.push_back("supersedes version " + std::to_string(*incident.supersedes));
    }
  } else {
    document.header = {clean_text(subject.report.investigation.entity.text())};
  }
  document.data_through = "data through " + date_clock_utc(subject.data_through);
  document.sections = {findings_section(subject, most_rows),
                       measurements_section(subject, most_rows),
                       timeline_section(subject, most_rows),
                       providers_section(subject, most_rows),
                       coordination_section(subject, most_rows),
                       regions_section(subject, most_rows),
                       kind_section(subject),
                       mechanism_section(subject),
                       windows_section(subject, most_rows),
                       alternatives_section(subject),
                       deliberate_section(subject, most_rows),
                       services_section(subject, most_rows),
                       impact_section(subject, most_rows),
                       precedent_section(subject, most_rows),
                       unknowns_section(subject),
                       incidents_section(subject, most_rows),
                       method_section(subject, most_rows),
                       evidence_section(subject, most_rows),
                       corrections_section(subject)};
  return document;
}

}  // namespace lightsout
