// How it came about, what it resembles, what it cost.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/document.h"
#include "report/escape.h"
#include "report/words.h"

namespace lightsout {

namespace {

constexpr std::string_view kNothing = "\u2013";

// That of the incident the page is about; nullptr when nobody appraised it.
const Appraisal* appraisal_of(const Subject& subject) {
  if (subject.incident == nullptr) return nullptr;
  for (const Appraisal& appraisal : subject.report.appraisals) {
    if (appraisal.incident == subject.incident->id) return &appraisal;
  }
  return nullptr;
}

Cell leaning_cell(Leaning leaning) {
  switch (leaning) {
    case Leaning::deliberate:
      return {"a deliberate cut", Tone::speaks_for};
    case Leaning::accident:
      return {"an accident", Tone::speaks_against};
    case Leaning::neither:
      return {"neither", Tone::soft};
    case Leaning::not_measured:
      return {"not measured", Tone::soft};
  }
  return {};
}

// What an indicator does to the odds: "× 4.1"; halved is "× 0.5".
std::string odds_words(const std::optional<double>& nats) {
  return nats ? times(std::exp(*nats)) : std::string(kNothing);
}

std::string money_cell(const CostLine& line) {
  const std::optional<double>& usd = line.effective_usd ? line.effective_usd : line.clock_usd;
  if (!usd) return "no figure";
  if (line.low_factor == 1 && line.high_factor == 1) return money_words(*usd);
  return fmt::format("{} ({} to {})", money_words(*usd), money_words(*usd * line.low_factor),
                     money_words(*usd * line.high_factor));
}

std::string inputs_words(const CostLine& line) {
  std::string text;
  for (const CostFact& fact : line.inputs) {
    text += fmt::format("{}{} {} ({})", text.empty() ? "" : "; ", clean_text(fact.name),
                        clean_text(fact.value), clean_text(fact.source));
  }
  return text;
}

void add_cost(const CostEstimate& cost, std::size_t most_rows, Section& section) {
  const std::string hours = fmt::format(
      "{:.0f} hours by the clock, {:.0f} when each is weighed by the share that was lost",
      cost.question.clock_hours, cost.question.effective_hours.value_or(0));
  if (!cost.low_usd) {
    section.blocks.push_back(
        note("Cost: no figure. It was " + hours +
             ", but no method has the inputs it needs; give a folder of economic tables (--data), "
             "or ask lightsout cost."));
    return;
  }
  section.blocks.push_back(
      paragraph(fmt::format("Cost: {} to {}, over published methods that differ this much; {}.",
                            money_words(*cost.low_usd), money_words(*cost.high_usd), hours)));
  Table table;
  table.columns = {
      {"Method"}, {"For these hours"}, {"Of a day\u2019s GDP", true}, {"Inputs"}, {""}};
  for (const CostLine& line : cost.lines) {
    table.rows.push_back(
        {{clean_text(line.method), Tone::strong},
         {money_cell(line), line.clock_usd ? Tone::plain : Tone::soft},
         {line.day_share ? fmt::format("{:.1f}{}%", *line.day_share * 100, kNarrow)
                         : std::string(kNothing)},
         {inputs_words(line), Tone::soft},
         {clean_text(line.refusal.empty() ? line.note : line.refusal), Tone::soft}});
  }
  add_table(section, std::move(table), most_rows);
}

}  // namespace

Section deliberate_section(const Subject& subject, std::size_t most_rows) {
  Section section{"deliberate", "Deliberate or accident? Indicators", {}};
  const Appraisal* appraisal = appraisal_of(subject);
  if (appraisal == nullptr || !appraisal->deliberation) {
    section.blocks.push_back(note(
        "Not measured: the question is asked of falls of connectivity only, and none was found."));
    return section;
  }
  const Deliberation& found = *appraisal->deliberation;
  section.blocks.push_back(paragraph(clean_text(found.summary)));
  Table table;
  table.columns = {{"Indicator"}, {"Measured"}, {"Consistent with"}, {"Changes the odds by", true}};
  if (found.begins_with) {
    table.rows.push_back({{"Before any indicator"},
                          {"where the fit begins, at even odds", Tone::soft},
                          {std::string(kNothing), Tone::soft},
                          {odds_words(found.begins_with)}});
  }
  std::vector<std::string> silent;
  for (const IndicatorLine& line : found.lines) {
    if (line.leaning == Leaning::not_measured) {
      silent.push_back(clean_text(line.name) +
                       (line.detail.empty() ? "" : " (" + clean_text(line.detail) + ")"));
      continue;
    }
    table.rows.push_back({{capitalised(clean_text(line.name))},
                          {clean_text(line.detail), Tone::soft},
                          leaning_cell(line.leaning),
                          {odds_words(line.adds)}});
  }
  add_table(section, std::move(table), most_rows);
  section.blocks.push_back(note(fmt::format(
      "Odds of a deliberate cut against an accident{}. An indicator without a "
      "factor was not measured, or is not part of the fit for want of labelled "
      "cases. None says who did anything.",
      found.probability ? "; the factors multiplied give those of the percentage" : "")));
  return section;
}

Section impact_section(const Subject& subject, std::size_t most_rows) {
  Section section{"impact", "What it meant for people", {}};
  double share = 0;
  bool known = false;
  if (subject.incident != nullptr) {
    for (const PartView& part : subject.incident->providers) {
      if (!part.user_share) continue;
      known = true;
      if (part.judged && part.fell) share += *part.user_share * part.depth.value;
    }
  }
  section.blocks.push_back(
      known ? paragraph(fmt::format(
                  "The providers whose share of users is known or assumed account for a loss of {} "
                  "of users at the average of the incident.",
                  percent(std::min(share, 1.0))))
            : note("Not measured: nothing in these inputs counts people."));
  const Appraisal* appraisal = appraisal_of(subject);
  if (appraisal != nullptr && appraisal->cost) add_cost(*appraisal->cost, most_rows, section);
  return section;
}

Section precedent_section(const Subject& subject, std::size_t most_rows) {
  Section section{"precedent", "Has it happened before?", {}};
  const Appraisal* appraisal = appraisal_of(subject);
  if (appraisal == nullptr || appraisal->parallels.empty()) {
    section.blocks.push_back(
        note("Not measured: too little is known of the incident to hold it against earlier ones."));
    return section;
  }
  const PastParallel& nearest = appraisal->parallels.front();
  const std::string_view word = word_for_parallel(nearest.percentile);
  section.blocks.push_back(paragraph(
      word == "none"
          ? fmt::format("No good parallel among {} labelled incidents: the nearest, {}, is farther "
                        "than the best wrong parallel of most of them.",
                        built_in_library().cases().size(), clean_text(nearest.title))
          : fmt::format("The nearest of {} labelled incidents is {} ({}): a {} parallel.",
                        built_in_library().cases().size(), clean_text(nearest.title),
                        words_for(nearest.family), word)));
  Table table;
  table.columns = {{"Earlier incident"}, {"Family"},  {"Distance", true},
                   {"Parallel"},         {"Made of"}, {"Source"}};
  for (const PastParallel& parallel : appraisal->parallels) {
    std::string terms;
    for (const std::string& term : parallel.terms) {
      terms += (terms.empty() ? "" : "; ") + clean_text(term);
    }
    table.rows.push_back({{clean_text(parallel.title), Tone::strong},
                          {std::string(words_for(parallel.family))},
                          {fmt::format("{:.2f}", parallel.distance)},
                          {std::string(word_for_parallel(parallel.percentile))},
                          {terms, Tone::soft},
                          {clipped(clean_text(parallel.sources.front()), 80), Tone::soft}});
  }
  add_table(section, std::move(table), most_rows);
  section.blocks.push_back(
      note("A likeness of courses, not of causes; distances are held against those of wrong "
           "parallels in the library."));
  return section;
}

}  // namespace lightsout
