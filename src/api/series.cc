// /api/v1/series: numbers over time, column by column, and several entities side by side.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "api/all_endpoints.h"
#include "api/read_signals.h"
#include "geo/country.h"
#include "report/document.h"
#include "signal/catalogue.h"
#include "signal/lineage.h"

namespace lightsout::api {

namespace {

constexpr std::size_t kMaxCompared = 12;  // small multiples that one page can still show

std::string_view unit_of(const SignalAnswer& answer, bool baseline) {
  return baseline ? "share_of_expected" : name_of(answer.series.unit);
}

void put_series(JsonText& json, const SignalAnswer& answer, bool baseline) {
  json.object([&] {
    json.field("entity", answer.series.id.entity().text());
    json.field("name", title_of(answer.series.id.entity()));
    json.field("signal", answer.series.id.source() + "/" + answer.series.id.metric());
    json.field("label", label_of(answer.series.id));
    json.field("detail", kind_of(answer.series.id).detail);
    json.field("plane", name_of(answer.series.plane));
    json.field("unit", unit_of(answer, baseline));
    json.field("worse", name_of(answer.series.worse));
    json.field("semi_synthetic", answer.series.semi_synthetic());
    put_columns(json, answer.columns);
    const auto put = [&](double value) { json.put(value); };
    if (!answer.expected_value.empty()) {
      json.list("expected", answer.expected_value, put);
      json.list("expected_low", answer.expected_low, put);
      json.list("expected_high", answer.expected_high, put);
    }
  });
}

std::vector<Lineage> lineage_of(const std::vector<SignalAnswer>& answers) {
  std::vector<Lineage> all;
  for (const SignalAnswer& each : answers) join_lineage(all, each.series.lineage);
  return all;
}

bool semi_synthetic(const std::vector<SignalAnswer>& answers) {
  return std::any_of(answers.begin(), answers.end(),
                     [](const SignalAnswer& each) { return each.series.semi_synthetic(); });
}

// A number as CSV has it; empty where there is none.
void add_number(std::string& text, double value) {
  if (!std::isfinite(value)) return;
  char buffer[32];
  const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, value);
  if (error == std::errc{}) text.append(buffer, end);
}

// One row a sample: the tidy form that spreadsheets, R and pandas read without help.
std::string series_lines(const std::vector<SignalAnswer>& answers, bool baseline, bool tabs) {
  const char between = tabs ? '\t' : ',';
  const char* line_end = tabs ? "\n" : "\r\n";
  std::string text = "time,time_epoch,entity,signal,unit,value,low,high,n,state,semi_synthetic";
  const bool expected = !answers.empty() && !answers.front().expected_value.empty();
  if (expected) text += ",expected,expected_low,expected_high";
  if (tabs) std::replace(text.begin(), text.end(), ',', '\t');
  text += line_end;
  for (const SignalAnswer& answer : answers) {
    const Columns& columns = answer.columns;
    const std::string named = between + csv_cell(answer.series.id.entity().text()) + between +
                              answer.series.id.source() + "/" + answer.series.id.metric() +
                              between + std::string(unit_of(answer, baseline)) + between;
    const std::string made = answer.series.semi_synthetic() ? "true" : "false";
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const Time time = columns.time_of(i);
      text += format_time(time);
      text += between;
      text += std::to_string(time.time_since_epoch().count());
      text += named;
      for (const double value :
           {columns.values[i], columns.low[i], columns.high[i], columns.n[i]}) {
        add_number(text, value);
        text += between;
      }
      text += state_word(columns, i);
      text += between;
      text += made;
      if (expected) {
        for (const auto* column :
             {&answer.expected_value, &answer.expected_low, &answer.expected_high}) {
          text += between;
          add_number(text, (*column)[i]);
        }
      }
      text += line_end;
    }
  }
  return text;
}

std::string series_jsonl(const std::vector<SignalAnswer>& answers, bool baseline) {
  std::string lines;
  for (const SignalAnswer& answer : answers) {
    const Columns& columns = answer.columns;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      JsonText json;
      json.object([&] {
        json.moment("time", columns.time_of(i));
        json.field("entity", answer.series.id.entity().text());
        json.field("signal", answer.series.id.source() + "/" + answer.series.id.metric());
        json.field("unit", unit_of(answer, baseline));
        json.field("value", columns.values[i]);
        json.field("low", columns.low[i]);
        json.field("high", columns.high[i]);
        json.field("n", columns.n[i]);
        json.field("state", state_word(columns, i));
        json.field("semi_synthetic", answer.series.semi_synthetic());
      });
      lines += json.take();
    }
  }
  return lines;
}

WebResponse written(const ApiCall& call, std::string_view type, const Effective& parameters,
                    const std::vector<SignalAnswer>& answers, bool baseline,
                    const std::vector<std::optional<Time>>& onsets) {
  if (call.format == "csv" || call.format == "tsv") {
    const bool tabs = call.format == "tsv";
    return text_answer(tabs ? "text/tab-separated-values; charset=utf-8"
                            : "text/csv; charset=utf-8; header=present",
                       series_lines(answers, baseline, tabs));
  }
  if (call.format == "jsonl") {
    return text_answer("application/jsonl; charset=utf-8", series_jsonl(answers, baseline));
  }
  std::size_t samples = 0;
  for (const SignalAnswer& each : answers) samples += each.columns.size();
  JsonText json;
  json.reserve(4'096 + samples * 40);
  json.object([&] {
    put_envelope(json, call.observatory, type, parameters);
    json.field("semi_synthetic", semi_synthetic(answers));
    if (!onsets.empty()) {
      json.list("onsets", onsets, [&](const std::optional<Time>& onset) { json.put(onset); });
    }
    json.list("data", answers, [&](const SignalAnswer& each) { put_series(json, each, baseline); });
    put_lineage(json, lineage_of(answers));
  });
  return json_answer(json.take());
}

WebResponse one_series(const ApiCall& call) {
  const Result<Entity> entity = entity_of(call.parts[0], call.parts[1]);
  if (!entity) return refusal(entity.error());
  const Result<SignalQuestion> question = read_question(call, *entity);
  if (!question) return refusal(question.error());
  const Result<std::vector<SignalAnswer>> answers = read_signals(call.observatory, *question);
  if (!answers) return refusal(answers.error());
  return written(call, "series", echo(*question), *answers, question->baseline, {});
}

// The signals that every entity has, in the order of the first one's.
std::vector<std::string> common_signals(Observatory& observatory,
                                        const std::vector<Entity>& entities) {
  std::vector<std::string> common;
  for (std::size_t i = 0; i < entities.size(); ++i) {
    std::vector<std::string> mine;
    for (const SignalSummary& each : observatory.signals_of(entities[i], false)) {
      mine.push_back(each.id.source() + "/" + each.id.metric());
    }
    if (i == 0) {
      common = mine;
      continue;
    }
    std::erase_if(common, [&](const std::string& name) {
      return std::find(mine.begin(), mine.end(), name) == mine.end();
    });
  }
  return common;
}

// The gravest fall of the entity in the range; of equals the earliest.
Result<std::optional<Time>> onset_of(Observatory& observatory, const Entity& entity,
                                     const std::optional<TimeRange>& range,
                                     const std::optional<Time>& as_of) {
  const Result<std::vector<Incident>> incidents = observatory.incidents(
      {.who = {.entity = entity, .country = {}}, .range = range, .as_of = as_of});
  if (!incidents) return incidents.error();
  const Incident* gravest = nullptr;
  for (const Incident& each : *incidents) {
    if (each.direction != Direction::fall) continue;
    const bool graver = gravest == nullptr || each.grade < gravest->grade ||
                        (each.grade == gravest->grade && each.onset.value < gravest->onset.value);
    if (graver) gravest = &each;
  }
  return gravest == nullptr ? std::optional<Time>() : std::optional(gravest->onset.value);
}

Result<std::vector<Entity>> compared(const ApiCall& call) {
  std::vector<Entity> entities;
  for (const std::string& text : call.request.parameters("e")) {
    const Result<Entity> entity = entity_of(text);
    if (!entity) return entity.error();
    if (const Status known = known_entity(call.observatory, *entity); !known) return known.error();
    entities.push_back(*entity);
  }
  if (entities.size() > kMaxCompared) {
    return Error{ErrorKind::limit, fmt::format("{} entities are more than one comparison holds "
                                               "({}): leave some out",
                                               entities.size(), kMaxCompared)};
  }
  return entities;
}

WebResponse compare_series(const ApiCall& call) {
  const Result<std::vector<Entity>> entities = compared(call);
  if (!entities) return refusal(entities.error());
  const Result<std::string> align = read_choice(call, "align", "time|onset");
  const Result<std::optional<Seconds>> before = read_duration(call, "before");
  const Result<std::optional<Seconds>> after = read_duration(call, "after");
  const Result<std::string> norm = read_choice(call, "norm", "baseline|none");
  if (!align) return refusal(align.error());
  if (!before) return refusal(before.error());
  if (!after) return refusal(after.error());
  if (!norm) return refusal(norm.error());
  Result<SignalQuestion> question = read_question(call, entities->front());
  if (!question) return refusal(question.error());
  question->baseline = *norm == "baseline";
  if (question->signals.empty()) {
    question->signals = common_signals(call.observatory, *entities);
    if (question->signals.size() > 1) question->signals.resize(1);
  }
  if (question->signals.empty()) {
    return refusal({ErrorKind::not_found,
                    "these entities have no signal in common: name one with signal=, or compare "
                    "others"});
  }
  std::vector<SignalAnswer> answers;
  std::vector<std::optional<Time>> onsets;
  const bool ranged = call.request.parameter("from").has_value();
  for (const Entity& entity : *entities) {
    question->entity = entity;
    if (*align == "onset") {
      const Result<std::optional<Time>> onset =
          onset_of(call.observatory, entity, ranged ? std::optional(question->range) : std::nullopt,
                   question->as_of);
      if (!onset) return refusal(onset.error());
      if (!*onset) {
        return refusal({ErrorKind::not_found,
                        fmt::format("{} has no incident to align on: compare with align=time",
                                    entity.text())});
      }
      onsets.push_back(*onset);
    }
    SignalQuestion mine = *question;
    if (*align == "onset") {
      mine.range = {**onsets.rbegin() - before->value_or(std::chrono::hours(24)),
                    **onsets.rbegin() + after->value_or(std::chrono::hours(24 * 7))};
    }
    Result<std::vector<SignalAnswer>> read = read_signals(call.observatory, mine);
    if (!read) return refusal(read.error());
    for (SignalAnswer& each : *read) answers.push_back(std::move(each));
  }
  Effective parameters = echo(*question);
  std::string list;
  for (const Entity& each : *entities) list += (list.empty() ? "" : ",") + each.text();
  parameters.front() = {"e", list};
  parameters.emplace_back("align", *align);
  return written(call, "series.compare", parameters, answers, question->baseline, onsets);
}

const Parameter kSignal{.name = "signal",
                        .summary = "source/metric, as /api/v1/series names them",
                        .example = {},
                        .otherwise = "all of the entity itself",
                        .repeated = true};
const Parameter kStep{.name = "step",
                      .kind = ParameterKind::duration,
                      .summary =
                          "width of a bin: 300, 5m, 1h, 1d; raised to a multiple of the "
                          "native one",
                      .example = "1h",
                      .otherwise = "native"};
const Parameter kAgg{.name = "agg",
                     .kind = ParameterKind::choice,
                     .summary =
                         "what a coarser bin's value is; low and high are always the least "
                         "and the greatest",
                     .example = "min",
                     .choices = "mean|min|max",
                     .otherwise = "mean"};
const Parameter kNorm{.name = "norm",
                      .kind = ParameterKind::choice,
                      .summary = "baseline: as shares of what was expected of each bin",
                      .example = "none",
                      .choices = "none|baseline"};
const Parameter kExpected{.name = "expected",
                          .kind = ParameterKind::boolean,
                          .summary = "with what was expected, and its 90 % band",
                          .example = "true",
                          .otherwise = "false"};

const Parameter kSeriesPath[] = {kType, kCode};
const Parameter kSeriesQuery[] = {kSignal, kFrom, kUntil, kStep, kAgg, kNorm, kExpected, kAsOf};
const Parameter kCompareQuery[] = {
    {.name = "e",
     .kind = ParameterKind::entity,
     .summary = "an entity; repeat it, up to 12",
     .example = "{entity}",
     .required = true,
     .repeated = true},
    kSignal,
    {.name = "align",
     .kind = ParameterKind::choice,
     .summary = "onset: each around the begin of its gravest incident",
     .example = "onset",
     .choices = "time|onset"},
    {.name = "before",
     .kind = ParameterKind::duration,
     .summary = "shown before the onset",
     .example = "1d",
     .otherwise = "1d"},
    {.name = "after",
     .kind = ParameterKind::duration,
     .summary = "shown after the onset",
     .example = "2d",
     .otherwise = "7d"},
    kFrom,
    kUntil,
    kStep,
    kAgg,
    {.name = "norm",
     .kind = ParameterKind::choice,
     .summary = "none: as they were measured",
     .example = "baseline",
     .choices = "baseline|none",
     .otherwise = "baseline"},
    kExpected,
    kAsOf,
};

const Endpoint kSeriesEndpoints[] = {
    {.path = "/api/v1/series/compare",
     .summary = "One signal of several entities in one normalisation, aligned on their onsets",
     .path_parameters = {},
     .query_parameters = kCompareQuery,
     .formats = "json|jsonl|csv|tsv",
     .schema = "Series",
     .answer = compare_series},
    {.path = "/api/v1/series/{type}/{code}",
     .summary = "Numbers over time with the state of every bin and its least and greatest number",
     .path_parameters = kSeriesPath,
     .query_parameters = kSeriesQuery,
     .formats = "json|jsonl|csv|tsv",
     .schema = "Series",
     .answer = one_series},
};

}  // namespace

std::span<const Endpoint> series_endpoints() {
  return kSeriesEndpoints;
}

}  // namespace lightsout::api
