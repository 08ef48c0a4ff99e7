// /api/v1/sources and /gaps: where the numbers come from, how the sources are doing, and where they
// said nothing.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "api/all_endpoints.h"
#include "api/read_signals.h"
#include "signal/catalogue.h"

namespace lightsout::api {

namespace {

struct Terms {
  std::string_view prefix;  // of the source's name
  std::string_view publisher;
  std::string_view terms;
  std::string_view what_follows;
};

// DATA-LICENSES.md, where each of them is explained.
constexpr Terms kTerms[] = {
    {"ioda", "Georgia Tech, Internet Intelligence Lab",
     "All Rights Reserved in the API's answers; academic use",
     "cite IODA; do not republish raw series without asking"},
    {"google", "Google", "its terms of service", "cite"},
    {"ooni", "OONI", "CC BY-NC-SA 4.0", "attribution, non-commercial, share alike"},
    {"tor", "The Tor Project", "CC0", "cite anyway"},
    {"bgp", "RouteViews, RIPE NCC RIS; counted by us", "free to use with attribution",
     "cite the collector"},
    {"probing", "IP Observatory or ours", "GPL-3.0 as published with its repository", "cite"},
};

const Terms& terms_of(std::string_view source) {
  static constexpr Terms kUnknown{"", "not known here", "ask the publisher", "cite"};
  for (const Terms& each : kTerms) {
    if (source.starts_with(each.prefix)) return each;
  }
  return kUnknown;
}

// A source is late when its newest number is older than three of its own bins: one bin is still
// being measured, one on its way.
constexpr std::int64_t kLateBins = 3;

std::string condition_of(Seconds lag, Seconds step) {
  return lag > step * kLateBins ? "late" : "current";
}

Result<SourceHealth> find_source(const ApiCall& call) {
  const Result<std::vector<SourceHealth>> all = call.observatory.sources();
  if (!all) return all.error();
  for (const SourceHealth& each : *all) {
    if (each.source == call.parts[0]) return each;
  }
  return Error{ErrorKind::not_found, fmt::format("no numbers of a source '{}' are kept here: "
                                                 "/api/v1/sources lists those that are",
                                                 clean_text(call.parts[0]))};
}

WebResponse list_sources(const ApiCall& call) {
  const Result<std::vector<SourceHealth>> all = call.observatory.sources();
  if (!all) return refusal(all.error());
  ApiTable table{.type = "sources",
                 .columns = {"source", "condition", "signals", "entities", "step_seconds",
                             "@data_through", "@last_arrival", "lag_seconds", "publisher", "terms",
                             "what_follows", "health", "meta"},
                 .rows = {},
                 .parameters = {},
                 .lineage = {},
                 .key = "source"};
  for (const SourceHealth& each : *all) {
    const Terms& terms = terms_of(each.source);
    const std::string base = "/api/v1/sources/" + percent_encode(each.source);
    table.rows.push_back({each.source, condition_of(each.lag, each.step),
                          static_cast<std::int64_t>(each.signals),
                          static_cast<std::int64_t>(each.entities), std::int64_t{each.step.count()},
                          each.data_through, each.last_arrival, std::int64_t{each.lag.count()},
                          std::string(terms.publisher), std::string(terms.terms),
                          std::string(terms.what_follows), base + "/health", base + "/meta"});
  }
  return table_answer(call, std::move(table));
}

WebResponse source_health(const ApiCall& call) {
  const Result<SourceHealth> health = find_source(call);
  if (!health) return refusal(health.error());
  const auto signals = call.observatory.signals();
  if (!signals) return refusal(signals.error());
  ApiTable table{.type = "source.health",
                 .columns = {"signal", "condition", "step_seconds", "@first", "@data_through",
                             "@last_arrival", "lag_seconds"},
                 .rows = {},
                 .parameters = {{"source", health->source}},
                 .lineage = {},
                 .key = "signal"};
  for (const SignalSummary& each : **signals) {
    if (each.id.source() != health->source) continue;
    const Seconds lag = call.observatory.now() - each.range.end;
    // A signal that changed its step stands here once for each of them.
    const std::string name =
        each.id.text() +
        (each.step == health->step ? std::string() : fmt::format(" every {} s", each.step.count()));
    table.rows.push_back({name, condition_of(lag, each.step), std::int64_t{each.step.count()},
                          each.range.begin, each.range.end, each.last_arrival,
                          std::int64_t{lag.count()}});
  }
  return table_answer(call, std::move(table));
}

WebResponse source_meta(const ApiCall& call) {
  const Result<SourceHealth> health = find_source(call);
  if (!health) return refusal(health.error());
  const auto signals = call.observatory.signals();
  if (!signals) return refusal(signals.error());
  ApiTable table{.type = "source.meta",
                 .columns = {"metric", "label", "detail", "plane", "unit", "worse", "publisher",
                             "terms", "what_follows"},
                 .rows = {},
                 .parameters = {{"source", health->source}},
                 .lineage = {},
                 .key = "metric"};
  const Terms& terms = terms_of(health->source);
  std::set<std::string> told;
  for (const SignalSummary& each : **signals) {
    if (each.id.source() != health->source || !told.insert(each.id.metric()).second) continue;
    table.rows.push_back({each.id.metric(), std::string(label_of(each.id)),
                          std::string(kind_of(each.id).detail), std::string(name_of(each.plane)),
                          std::string(name_of(each.unit)), std::string(name_of(each.worse)),
                          std::string(terms.publisher), std::string(terms.terms),
                          std::string(terms.what_follows)});
  }
  return table_answer(call, std::move(table));
}

void add_gaps(ApiTable& table, const SignalAnswer& answer) {
  const Columns& columns = answer.columns;
  for (std::size_t begin = 0; begin < columns.size();) {
    std::size_t end = begin + 1;
    while (end < columns.size() && columns.states[end] == columns.states[begin]) ++end;
    if (columns.states[begin] != SampleState::number) {
      const std::string signal = answer.series.id.source() + "/" + answer.series.id.metric();
      table.rows.push_back(
          {fmt::format("{}@{}", signal, columns.time_of(begin).time_since_epoch().count()),
           answer.series.id.entity().text(), signal, std::string(state_word(columns, begin)),
           columns.time_of(begin), columns.time_of(end), static_cast<std::int64_t>(end - begin),
           std::int64_t{columns.step.count()}});
    }
    begin = end;
  }
}

WebResponse list_gaps(const ApiCall& call) {
  const Result<Entity> entity = entity_of(call.request.parameter("entity").value_or(""));
  if (!entity) return refusal(entity.error());
  const Result<SignalQuestion> question = read_question(call, *entity);
  if (!question) return refusal(question.error());
  const Result<std::vector<SignalAnswer>> answers = read_signals(call.observatory, *question);
  if (!answers) return refusal(answers.error());
  ApiTable table{
      .type = "gaps",
      .columns = {"id", "entity", "signal", "state", "@begin", "@end", "bins", "step_seconds"},
      .rows = {},
      .parameters = {{"entity", entity->text()},
                     {"from", format_time(question->range.begin)},
                     {"until", format_time(question->range.end)},
                     {"asof", question->as_of ? format_time(*question->as_of) : ""}},
      .lineage = {},
      .key = "id"};
  for (const SignalAnswer& each : *answers) add_gaps(table, each);
  return table_answer(call, std::move(table));
}

const Parameter kSourcePath[] = {{.name = "source",
                                  .summary = "a source, as /api/v1/sources names it",
                                  .example = "{source}",
                                  .required = true}};
const Parameter kPaging[] = {kLimit, kCursor};
const Parameter kGapsQuery[] = {
    {.name = "entity",
     .kind = ParameterKind::entity,
     .summary = "whose own signals",
     .example = "{entity}",
     .required = true},
    {.name = "signal", .summary = "source/metric", .example = {}, .repeated = true},
    kFrom,
    kUntil,
    kAsOf,
    kLimit,
    kCursor,
};

const Endpoint kSourceEndpoints[] = {
    {.path = "/api/v1/sources",
     .summary = "Each source: how far its numbers reach, how late it is, and its terms",
     .path_parameters = {},
     .query_parameters = kPaging,
     .formats = "json|jsonl|csv|tsv",
     .schema = "Sources",
     .answer = list_sources},
    {.path = "/api/v1/sources/{source}/health",
     .summary = "How far each signal of a source reaches",
     .path_parameters = kSourcePath,
     .query_parameters = kPaging,
     .formats = "json|jsonl|csv|tsv",
     .schema = "SourceHealth",
     .answer = source_health},
    {.path = "/api/v1/sources/{source}/meta",
     .summary = "What a source counts, in which unit, and under which terms",
     .path_parameters = kSourcePath,
     .query_parameters = kPaging,
     .formats = "json|jsonl|csv|tsv",
     .schema = "SourceMeta",
     .answer = source_meta},
    {.path = "/api/v1/gaps",
     .summary = "Stretches without a number: missing, suppressed, or the source was down",
     .path_parameters = {},
     .query_parameters = kGapsQuery,
     .formats = "json|jsonl|csv|tsv",
     .schema = "Gaps",
     .answer = list_gaps},
};

}  // namespace

std::span<const Endpoint> source_endpoints() {
  return kSourceEndpoints;
}

}  // namespace lightsout::api
