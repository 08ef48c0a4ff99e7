// /compat/ioda/v2/outages and /signals/events: what our detectors saw, in IODA's shapes.
//
// A score is ours: percent lost times minutes, of one datasource; over several datasources their
// product, so that what two planes saw outranks what one saw (docs/formats/compat-ioda.md).
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "api/all_endpoints.h"
#include "api/columns.h"
#include "api/compat_ioda.h"
#include "geo/country.h"

namespace lightsout::api {

namespace {

using ioda::Asked;
using ioda::Datasource;

constexpr std::int64_t kRows = 500;                          // theirs without limit=
constexpr Seconds kHistoryOfAlert = std::chrono::hours(24);  // its median is historyValue

struct Outage {
  Entity entity;
  const Datasource* source = nullptr;
  std::string method;
  SignalId signal;
  TimeRange range;
  Time through;  // the data reached to here
  bool open = false;
  double lost = 0;  // share, 0..1

  double score() const { return lost * 100 * static_cast<double>(range.length().count()) / 60; }
  std::string key() const { return std::string(source->name) + "." + method; }
};

const Parameter kOutageParameters[] = {
    ioda::kFrom,
    ioda::kUntil,
    {.name = "datasource", .summary = "one of /datasources", .example = {}},
    {.name = "limit", .kind = ParameterKind::integer, .summary = "most rows", .example = "100"},
    {.name = "page", .kind = ParameterKind::integer, .summary = "from 0", .example = "0"},
    {.name = "relatedTo", .summary = "type/code", .example = {}},
    {.name = "entityType", .summary = "country, region, asn or geoasn", .example = "{type}"},
    {.name = "entityCode", .summary = "a code", .example = "{code}"},
    {.name = "includeAlerts",
     .kind = ParameterKind::boolean,
     .summary = "events in format=ioda with their alerts",
     .example = "false"},
    {.name = "format",
     .kind = ParameterKind::choice,
     .summary = "of events",
     .example = "codf",
     .choices = "codf|ioda"},
    {.name = "orderBy", .summary = "time, score or name, /asc or /desc", .example = "score/desc"},
    {.name = "overall",
     .kind = ParameterKind::boolean,
     .summary = "events merged over datasources",
     .example = "false"},
    {.name = "ignoreMethods", .summary = "ds.method,*.method,ds.*", .example = {}},
    {.name = "extendWindow",
     .kind = ParameterKind::integer,
     .summary = "seconds that are looked at on either side",
     .example = "0"},
    {.name = "maxPoints",
     .kind = ParameterKind::integer,
     .summary = "most values of a series",
     .example = "400"},
};

bool ignored(const std::string& patterns, const Outage& outage) {
  for (std::size_t begin = 0; begin < patterns.size();) {
    const std::size_t end = std::min(patterns.find(',', begin), patterns.size());
    const std::string each = patterns.substr(begin, end - begin);
    begin = end + 1;
    const std::size_t dot = each.find('.');
    if (dot == std::string::npos) continue;
    const std::string source = each.substr(0, dot);
    const std::string method = each.substr(dot + 1);
    if ((source == "*" || source == outage.source->name) &&
        (method == "*" || method == outage.method)) {
      return true;
    }
  }
  return false;
}

struct Question {
  TimeRange range;
  std::vector<Outage> outages;  // that overlap the range, extended; by entity, then by begin
  std::int64_t limit = kRows;
  std::int64_t page = 0;
};

std::optional<Outage> outage_of(const Anomaly& anomaly) {
  const Datasource* source = ioda::datasource_of(anomaly.signal);
  if (source == nullptr || anomaly.direction != Direction::fall) return std::nullopt;
  if (!ioda::place_of(anomaly.signal.entity())) return std::nullopt;
  return Outage{.entity = anomaly.signal.entity(),
                .source = source,
                .method = anomaly.detector,
                .signal = anomaly.signal,
                .range = anomaly.range(),
                .through = anomaly.data_through,
                .open = anomaly.open(),
                .lost = std::clamp(anomaly.depth.value, 0.0, 1.0)};
}

bool wanted(const Outage& outage, const std::string& type, const std::string& code,
            const std::string& related_to) {
  const ioda::Place place = *ioda::place_of(outage.entity);
  if (!type.empty() && place.type != type) return false;
  if (!code.empty() && place.code != code) return false;
  if (related_to.empty()) return true;
  const std::size_t slash = related_to.find('/');
  if (slash == std::string::npos) return true;
  return outage.entity.country() == related_to.substr(slash + 1);
}

Result<Question> read_question(const ApiCall& call, std::int64_t extend_otherwise) {
  const Result<TimeRange> range = ioda::read_range(call);
  if (!range) return range.error();
  Question question{.range = *range, .outages = {}};
  const Result<std::int64_t> limit = ioda::read_count(call, "limit", kRows, ioda::kMostRows);
  if (!limit) return limit.error();
  const Result<std::int64_t> page = ioda::read_count(call, "page", 0, 1'000'000);
  if (!page) return page.error();
  const Result<std::int64_t> extend =
      ioda::read_count(call, "extendWindow", extend_otherwise, 366 * 86'400);
  if (!extend) return extend.error();
  question.limit = *limit;
  question.page = *page;
  const std::string name = call.request.parameter("datasource").value_or("");
  if (!name.empty() && ioda::datasource(name) == nullptr) {
    return Error{ErrorKind::usage, fmt::format("'{}' is no datasource here", clean_text(name))};
  }
  std::string type = call.request.parameter("entityType").value_or("");
  std::string code = call.request.parameter("entityCode").value_or("");
  if (!call.parts.empty()) {
    type = call.parts[0];
    code = call.parts[1];
  }
  if (!type.empty() && !code.empty()) {
    const Result<Entity> entity = ioda::entity_at(call.observatory, type, code);
    if (!entity) return entity.error();
    code = ioda::place_of(*entity)->code;  // of a region that was named, its number
  }
  const std::string related_to = call.request.parameter("relatedTo").value_or("");
  const std::string ignore = call.request.parameter("ignoreMethods").value_or("");
  const TimeRange wide{range->begin - Seconds(*extend), range->end + Seconds(*extend)};
  const auto records = call.observatory.store().detections({}, std::nullopt);
  if (!records) return records.error();
  for (const DetectionRecord& record : *records) {
    for (const Anomaly& anomaly : record.detection.anomalies) {
      std::optional<Outage> outage = outage_of(anomaly);
      if (!outage || !outage->range.overlaps(wide)) continue;
      if (!name.empty() && outage->source->name != name) continue;
      if (!wanted(*outage, type, code, related_to) || ignored(ignore, *outage)) continue;
      question.outages.push_back(std::move(*outage));
    }
  }
  std::stable_sort(question.outages.begin(), question.outages.end(),
                   [](const Outage& a, const Outage& b) {
                     return std::pair(a.entity.text(), a.range.begin) <
                            std::pair(b.entity.text(), b.range.begin);
                   });
  return question;
}

template <typename Row>
std::span<Row> page_of(std::vector<Row>& rows, const Question& question) {
  const auto limit = static_cast<std::size_t>(question.limit);
  const std::size_t begin = std::min(rows.size(), static_cast<std::size_t>(question.page) * limit);
  return std::span(rows).subspan(begin, std::min(limit, rows.size() - begin));
}

struct AlertNumbers {
  double value = std::numeric_limits<double>::quiet_NaN();
  double history = std::numeric_limits<double>::quiet_NaN();
};

// The first number at or after a moment, and the median of the day before the outage.
AlertNumbers numbers_of(Observatory& observatory, const Outage& outage, Time at) {
  AlertNumbers numbers;
  const TimeRange range{outage.range.begin - kHistoryOfAlert, at + kHistoryOfAlert};
  const Result<Series> series =
      observatory.store().read_series(outage.signal, {.range = range, .as_of = {}, .step = {}});
  if (!series) return numbers;
  std::vector<double> before;
  for (std::size_t i = 0; i < series->size(); ++i) {
    const std::optional<double> number = series->samples[i].number();
    if (!number) continue;
    if (series->time_of(i) < outage.range.begin) before.push_back(*number);
    if (series->time_of(i) >= at && std::isnan(numbers.value)) numbers.value = *number;
  }
  if (!before.empty()) {
    const auto middle = before.begin() + static_cast<std::ptrdiff_t>(before.size() / 2);
    std::nth_element(before.begin(), middle, before.end());
    numbers.history = *middle;
  }
  return numbers;
}

void put_alert(JsonText& json, Observatory& observatory, const Outage& outage, bool begins) {
  const Time at = begins ? outage.range.begin : outage.range.end;
  const AlertNumbers numbers = numbers_of(observatory, outage, at);
  json.object([&] {
    json.field("datasource", outage.source->name);
    json.name("entity");
    ioda::put_entity(json, outage.entity);
    json.field("time", at.time_since_epoch().count());
    json.field("level", begins ? "critical" : "normal");
    // Theirs is a fixed share ("< 0.99"); ours depends on the hour and on the noise of the series.
    json.field("condition", begins ? "below expected" : "normal");
    json.field("value", numbers.value);
    json.field("historyValue", numbers.history);
    json.field("method", outage.method);
  });
}

WebResponse alerts(const ApiCall& call) {
  const Asked asked = ioda::asked_of(call, "outages.alerts", kOutageParameters, false);
  Result<Question> question = read_question(call, 0);
  if (!question) return ioda::failed(call, asked, question.error().message);
  std::vector<std::pair<const Outage*, bool>> rows;
  for (const Outage& each : question->outages) {
    if (question->range.contains(each.range.begin)) rows.emplace_back(&each, true);
    if (!each.open && question->range.contains(each.range.end)) rows.emplace_back(&each, false);
  }
  std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
    return (a.second ? a.first->range.begin : a.first->range.end) <
           (b.second ? b.first->range.begin : b.first->range.end);
  });
  JsonText json;
  json.list(page_of(rows, *question),
            [&](const auto& row) { put_alert(json, call.observatory, *row.first, row.second); });
  return ioda::enveloped(call, asked, json.take());
}

// "score/desc" as a comparison; their default is time, ascending.
Result<std::pair<std::string, bool>> read_order(const ApiCall& call, std::string otherwise,
                                                bool descending) {
  const std::string text = call.request.parameter("orderBy").value_or("");
  if (text.empty()) return std::pair(std::move(otherwise), descending);
  const std::size_t slash = std::min(text.find('/'), text.size());
  const std::string what = text.substr(0, slash);
  const std::string way = slash < text.size() ? text.substr(slash + 1) : "asc";
  if ((what != "time" && what != "score" && what != "name") || (way != "asc" && way != "desc")) {
    return Error{ErrorKind::usage, "orderBy must be time, score or name, with /asc or /desc"};
  }
  return std::pair(what, way == "desc");
}

template <typename Row, typename Score, typename Begin>
void sort_rows(std::vector<Row>& rows, const std::pair<std::string, bool>& order, Score score,
               Begin begin) {
  std::stable_sort(rows.begin(), rows.end(), [&](const Row& x, const Row& y) {
    const Row& a = order.second ? y : x;
    const Row& b = order.second ? x : y;
    if (order.first == "score") return score(a) < score(b);
    if (order.first == "name") return title_of(a.entity) < title_of(b.entity);
    return begin(a) < begin(b);
  });
}

// Outages of one entity that overlap, whatever the datasource, as one.
std::vector<Outage> merged(const std::vector<Outage>& outages, std::vector<double>& scores) {
  std::vector<Outage> all;
  for (const Outage& each : outages) {
    if (!all.empty() && all.back().entity == each.entity &&
        each.range.begin < all.back().range.end) {
      all.back().range.end = std::max(all.back().range.end, each.range.end);
      all.back().open = all.back().open || each.open;
      all.back().lost = std::max(all.back().lost, each.lost);
      scores.back() *= std::max(1.0, each.score());
      continue;
    }
    all.push_back(each);
    all.back().method = "overall";
    scores.push_back(std::max(1.0, each.score()));
  }
  return all;
}

struct EventRow {
  Entity entity;
  Outage outage;
  std::string datasource;
  double score = 0;
};

void put_event(JsonText& json, Observatory& observatory, const EventRow& row,
               const Question& question, bool ioda_format, bool with_alerts) {
  const Outage& outage = row.outage;
  json.object([&] {
    if (ioda_format) {
      json.name("entity");
      ioda::put_entity(json, outage.entity);
      json.field("from", outage.range.begin.time_since_epoch().count());
      json.field("until", outage.range.end.time_since_epoch().count());
      json.field("score", row.score);
      json.field("datasource", row.datasource);
      json.field("method", outage.method);
      if (!with_alerts) return;
      const int ends = outage.open ? 1 : 2;
      const bool begins[] = {true, false};
      json.list("alerts", std::span(begins).first(static_cast<std::size_t>(ends)),
                [&](bool each) { put_alert(json, observatory, outage, each); });
      return;
    }
    const ioda::Place place = *ioda::place_of(outage.entity);
    json.field("location", place.type + "/" + place.code);
    json.field("start", outage.range.begin.time_since_epoch().count());
    json.field("duration", outage.range.length().count());
    json.field("uncertainty", std::optional<bool>());
    json.field("method", outage.method);
    json.field("datasource", row.datasource);
    json.field("status", outage.open ? 1 : 0);
    json.field("fraction", std::optional<bool>());
    json.field("score", row.score);
    json.field("location_name", place.name);
    json.field("overlaps_window", outage.range.overlaps(question.range));
  });
}

constexpr std::int64_t kEventWindow = 1'209'600;  // 14 days, their extendWindow of events

WebResponse events(const ApiCall& call) {
  const Asked asked = ioda::asked_of(call, "outages.events", kOutageParameters, false);
  Result<Question> question = read_question(call, kEventWindow);
  if (!question) return ioda::failed(call, asked, question.error().message);
  const Result<std::pair<std::string, bool>> order = read_order(call, "time", false);
  if (!order) return ioda::failed(call, asked, order.error().message);
  const Result<std::string> format = read_choice(call, "format", "codf|ioda");
  if (!format) return ioda::failed(call, asked, format.error().message);
  std::vector<EventRow> rows;
  if (call.request.parameter("overall") == "true") {
    std::vector<double> scores;
    const std::vector<Outage> all = merged(question->outages, scores);
    for (std::size_t i = 0; i < all.size(); ++i) {
      rows.push_back({all[i].entity, all[i], "overall", scores[i]});
    }
  } else {
    for (const Outage& each : question->outages) {
      rows.push_back({each.entity, each, std::string(each.source->name), each.score()});
    }
  }
  sort_rows(
      rows, *order, [](const EventRow& row) { return row.score; },
      [](const EventRow& row) { return row.outage.range.begin; });
  const bool with_alerts = call.request.parameter("includeAlerts") == "true";
  JsonText json;
  json.list(page_of(rows, *question), [&](const EventRow& row) {
    put_event(json, call.observatory, row, *question, *format == "ioda", with_alerts);
  });
  return ioda::enveloped(call, asked, json.take());
}

struct SummaryRow {
  Entity entity;
  std::map<std::string, double> scores;  // by "bgp.seasonal_level"
  std::size_t events = 0;
  Time begin;
  double overall() const {
    double product = 1;
    for (const auto& [name, score] : scores) product *= std::max(1.0, score);
    return product;
  }
};

WebResponse summary(const ApiCall& call) {
  const Asked asked = ioda::asked_of(call, "outages.summary", kOutageParameters, false);
  Result<Question> question = read_question(call, kEventWindow);
  if (!question) return ioda::failed(call, asked, question.error().message);
  const Result<std::pair<std::string, bool>> order = read_order(call, "score", true);
  if (!order) return ioda::failed(call, asked, order.error().message);
  std::vector<SummaryRow> rows;
  for (const Outage& each : question->outages) {
    if (!each.range.overlaps(question->range)) continue;
    if (rows.empty() || rows.back().entity != each.entity) {
      rows.push_back({each.entity, {}, 0, each.range.begin});
    }
    rows.back().scores[each.key()] += each.score();
    ++rows.back().events;
  }
  sort_rows(
      rows, *order, [](const SummaryRow& row) { return row.overall(); },
      [](const SummaryRow& row) { return row.begin; });
  JsonText json;
  json.list(page_of(rows, *question), [&](const SummaryRow& row) {
    json.object([&] {
      json.object("scores", [&] {
        for (const auto& [name, score] : row.scores) json.field(name, score);
        json.field("overall", row.overall());
      });
      json.field("event_cnt", row.events);
      json.name("entity");
      ioda::put_entity(json, row.entity);
    });
  });
  return ioda::enveloped(call, asked, json.take());
}

// The overall score of each bin: the product of the percentages that the datasources had lost.
WebResponse event_signal(const ApiCall& call) {
  Asked asked = ioda::asked_of(call, "signals", kOutageParameters, true);
  Result<Question> question = read_question(call, 0);
  if (!question) return ioda::failed(call, asked, question.error().message);
  if (question->range.length() >= ioda::kMaxSpan) {
    return ioda::failed(call, asked, "the range must be shorter than 100 days");
  }
  const Result<std::int64_t> most = ioda::read_count(call, "maxPoints", 400, 1'000'000);
  if (!most) return ioda::failed(call, asked, most.error().message);
  const Entity entity = *ioda::entity_at(call.observatory, call.parts[0], call.parts[1]);
  Seconds step = ioda::kScoreStep;
  while (*most > 0 && question->range.length() / step > *most) step *= 2;
  const TimeRange range = whole_steps(question->range, step);
  const ioda::Place place = *ioda::place_of(entity);
  JsonText json;
  const int one[] = {0};
  json.list(one, [&](int) {
    json.list(one, [&](int) {
      json.object([&] {
        json.field("entityType", place.type);
        json.field("entityCode", place.code);
        json.field("entityName", place.name);
        json.field("entityFqid", place.fqid);
        json.field("datasource", "outages");
        json.field("subtype", "overall");
        json.field("from", range.begin.time_since_epoch().count());
        json.field("until", range.end.time_since_epoch().count());
        json.field("step", step.count());
        json.field("nativeStep", ioda::kScoreStep.count());
        std::vector<double> scores;
        for (Time time = range.begin; time < range.end; time += step) {
          double score = 0;
          for (const Outage& each : question->outages) {
            if (!each.range.overlaps({time, time + step})) continue;
            score = std::max(1.0, score) * std::max(1.0, each.lost * 100);
          }
          scores.push_back(score);
        }
        json.list("values", scores, [&](double score) { json.put(score); });
      });
    });
  });
  return ioda::enveloped(call, asked, json.take());
}

Endpoint compat(std::string_view path, std::string_view summary_text,
                std::span<const Parameter> path_parameters, std::string_view schema,
                WebResponse (*answer)(const ApiCall&)) {
  return {.path = path,
          .summary = summary_text,
          .path_parameters = path_parameters,
          .query_parameters = kOutageParameters,
          .formats = "json",
          .schema = schema,
          .answer = answer,
          .passes_over_unknown = true};
}

const Parameter kEventPath[] = {
    {.name = "entityType",
     .summary = "country, region, asn or geoasn",
     .example = "country",
     .required = true},
    {.name = "entityCode", .summary = "KZ, 9198, 9198-KZ", .example = "{code}", .required = true},
};

}  // namespace

std::span<const Endpoint> compat_outage_endpoints() {
  static const Endpoint endpoints[] = {
      compat("/compat/ioda/v2/signals/events/{entityType}/{entityCode}",
             "As IODA: the overall score over time", kEventPath, "IodaSignals", event_signal),
      compat("/compat/ioda/v2/outages/alerts", "As IODA: when a series fell and when it was back",
             {}, "IodaAlerts", alerts),
      compat("/compat/ioda/v2/outages/events", "As IODA: spans in which a series was down", {},
             "IodaEvents", events),
      compat("/compat/ioda/v2/outages/summary", "As IODA: who was struck most", {}, "IodaSummary",
             summary),
  };
  return endpoints;
}

}  // namespace lightsout::api
