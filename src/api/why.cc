// /api/v1/why: what was weighed at a moment, and why something was not called an outage.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "api/all_endpoints.h"
#include "api/answer.h"
#include "report/report.h"
#include "signal/lineage.h"

namespace lightsout::api {

namespace {

constexpr Seconds kAroundMoment = std::chrono::hours(24);

Result<TimeRange> range_of(const ApiCall& call, const Entity& entity, const ReadQuery& query,
                           const std::optional<Time>& at) {
  if (query.from || query.until) {
    const Time until = query.until.value_or(call.observatory.now());
    const TimeRange range{query.from.value_or(until - std::chrono::hours(24 * 7)), until};
    if (range.empty()) return Error{ErrorKind::usage, "from must lie before until"};
    return range;
  }
  if (at) return TimeRange{*at - kAroundMoment, *at + kAroundMoment};
  Time through;
  for (const SignalSummary& each : call.observatory.signals_of(entity, true)) {
    through = std::max(through, each.range.end);
  }
  return TimeRange{through - std::chrono::hours(24 * 7), through};
}

void put_judgements(JsonText& json, const Report& report, const std::optional<Time>& at) {
  json.list("signals", report.detections, [&](const Detection& each) {
    json.object([&] {
      json.field("signal", each.signal.text());
      json.field("judged", each.judgement.possible);
      json.field("baseline", each.judgement.baseline);
      json.field("reason", each.judgement.reason);
      json.field("anomalies", each.anomalies.size());
      std::vector<TraceStep> trace = each.trace;
      for (const Anomaly& anomaly : each.anomalies) {
        trace.insert(trace.end(), anomaly.trace.begin(), anomaly.trace.end());
      }
      std::erase_if(trace, [&](const TraceStep& step) {
        return at ? std::chrono::abs(step.at - *at) > kAroundMoment
                  : !report.investigation.range.contains(step.at);
      });
      std::stable_sort(trace.begin(), trace.end(),
                       [](const TraceStep& a, const TraceStep& b) { return a.at < b.at; });
      json.list("trace", trace, [&](const TraceStep& step) {
        json.object([&] {
          json.moment("at", step.at);
          json.field("what", step.what);
        });
      });
    });
  });
}

WebResponse why(const ApiCall& call) {
  const Result<Entity> entity = entity_of(call.parts[0], call.parts[1]);
  if (!entity) return refusal(entity.error());
  const Result<ReadQuery> query = read_common(call);
  if (!query) return refusal(query.error());
  if (const Status known = known_entity(call.observatory, *entity); !known) {
    return refusal(known.error());
  }
  std::optional<Time> at;
  if (const std::string text = call.request.parameter("at").value_or(""); !text.empty()) {
    const Result<Time> time = read_time(text, call.observatory.now());
    if (!time) return refusal({ErrorKind::usage, "at: " + time.error().message});
    at = *time;
  }
  const Result<TimeRange> range = range_of(call, *entity, *query, at);
  if (!range) return refusal(range.error());
  const auto picture = call.observatory.picture(*entity, *range, query->as_of);
  if (!picture) return refusal(picture.error());
  const Report& report = **picture;
  const std::string text = render_why(report, at);
  if (call.format == "txt") return text_answer("text/plain; charset=utf-8", text);
  JsonText json;
  json.object([&] {
    put_envelope(json, call.observatory, "why",
                 {{"entity", entity->text()},
                  {"at", at ? format_time(*at) : ""},
                  {"from", format_time(range->begin)},
                  {"until", format_time(range->end)},
                  {"asof", query->as_of ? format_time(*query->as_of) : ""}});
    json.field("semi_synthetic", is_semi_synthetic(report));
    json.object("data", [&] {
      json.list("incidents", report.investigation.incidents,
                [&](const Incident& each) { json.put(each.id); });
      put_judgements(json, report, at);
      json.field("text_url", "/api/v1/why/" + path_of(*entity) + ".txt");
    });
    std::vector<Lineage> lineage;
    for (const Series& each : report.series) join_lineage(lineage, each.lineage);
    put_lineage(json, lineage);
  });
  return json_answer(json.take());
}

const Parameter kWhyPath[] = {kType, kCode};
const Parameter kWhyQuery[] = {
    {.name = "at",
     .kind = ParameterKind::time,
     .summary = "only what speaks about that moment, a day on either side",
     .example = {}},
    kFrom,
    kUntil,
    kAsOf,
};

const Endpoint kWhyEndpoints[] = {
    {.path = "/api/v1/why/{type}/{code}",
     .summary = "What each detector weighed, and why something was not called an outage",
     .path_parameters = kWhyPath,
     .query_parameters = kWhyQuery,
     .formats = "json|txt",
     .schema = "Why",
     .answer = why},
};

}  // namespace

std::span<const Endpoint> why_endpoints() {
  return kWhyEndpoints;
}

}  // namespace lightsout::api
