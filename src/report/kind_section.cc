// Which kind of incident, and the joint table of circumvention tools and connectivity.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "detect/circumvention.h"
#include "incident/kind.h"
#include "report/document.h"
#include "report/escape.h"
#include "report/json_kind.h"
#include "report/words.h"
#include "signal/catalogue.h"

namespace lightsout {

namespace {

constexpr std::string_view kNothing = "\u2013";
constexpr Seconds kAround{2 * 86'400};  // tools are counted by the day

std::string terms_words(const KindCandidate& candidate, Met met) {
  std::string text;
  for (const KindTerm& term : candidate.terms) {
    if (term.met == met) text += (text.empty() ? "" : "; ") + clean_text(term.text);
  }
  return text.empty() ? std::string(kNothing) : text;
}

}  // namespace

Section kind_section(const Subject& subject) {
  Section section{"kind", "Which kind of incident?", {}};
  if (subject.incident == nullptr || subject.incident->direction == Direction::rise) {
    section.blocks.push_back(note(subject.incident == nullptr
                                      ? "No incident, so no kind of one."
                                      : "Not measured: kinds are told of falls only."));
    return section;
  }
  const KindJudgement found = judge_kind(*subject.incident);
  section.blocks.push_back(paragraph(clean_text(found.sentence)));
  Table table;
  table.columns = {{"Kind"}, {"Speaks for it"}, {"Speaks against it"}, {"Not measured"}, {""}};
  for (const KindCandidate& candidate : found.candidates) {
    table.rows.push_back({{capitalised(std::string(words_for(candidate.kind))), Tone::strong},
                          {terms_words(candidate, Met::yes), Tone::speaks_for},
                          {terms_words(candidate, Met::no), Tone::speaks_against},
                          {terms_words(candidate, Met::not_measured), Tone::soft},
                          {std::string(words_for(candidate.fit)),
                           candidate.fit == Fit::fits ? Tone::strong : Tone::plain}});
  }
  section.blocks.push_back(table_block(std::move(table)));
  section.blocks.push_back(
      note("A kind fits when all that it needs was measured and found. No labelled list would bear "
           "a percentage here."));
  return section;
}

// Tool up or down, connectivity stood or fell: what tells a block from a blackout.
void add_tools_table(const Subject& subject, std::size_t most_rows, Section& section) {
  if (subject.incident == nullptr) return;
  const Report& report = subject.report;
  if (report.series.size() != report.detections.size()) return;
  TimeRange around = subject.incident->range();
  around.begin -= kAround;
  around.end += kAround;
  Table table;
  table.columns = {{"Tool"}, {"Counted"},      {"Change"},
                   {"From"}, {"Connectivity"}, {"What that is consistent with"}};
  for (const ToolRow& row : circumvention_table(report.series, report.detections)) {
    if (!row.change || !row.change->range.overlaps(around)) continue;
    table.rows.push_back({{clean_text(label_of(row.signal)), Tone::strong},
                          {std::string(name_of(row.kind)), Tone::soft},
                          {clean_text(row.change->label())},
                          {format_date_short(row.change->range.begin)},
                          {std::string(name_of(row.connectivity))},
                          {clean_text(row.reading)}});
  }
  if (!table.rows.empty()) add_table(section, std::move(table), most_rows);
}

void put_kind(JsonWriter& json, const Incident& incident) {
  const KindJudgement found = judge_kind(incident);
  json.object("kind", [&] {
    json.field("kind", name_of(found.kind));
    json.field("text", found.sentence);
    json.object("users", [&] {
      json.field("looked_at_share", found.users.looked_at);
      json.field("lost_share", found.users.lost);
      json.field("not_known_share", found.users.not_known);
      json.field("providers", found.users.providers);
      json.field("providers_without_share", found.users.without_share);
      json.field("mobile_lost_share", found.users.mobile_lost);
      json.field("other_lost_share", found.users.other_lost);
    });
    json.list("candidates", found.candidates, [&](const KindCandidate& candidate) {
      json.object([&] {
        json.field("kind", name_of(candidate.kind));
        json.field("fit", candidate.fit == Fit::fits   ? "fits"
                          : candidate.fit == Fit::open ? "open"
                                                       : "ruled_out");
        json.list("terms", candidate.terms, [&](const KindTerm& term) {
          json.object([&] {
            json.field("text", term.text);
            json.field("met", term.met == Met::yes  ? "yes"
                              : term.met == Met::no ? "no"
                                                    : "not_measured");
            json.field("needed", term.needed);
          });
        });
      });
    });
  });
}

}  // namespace lightsout
