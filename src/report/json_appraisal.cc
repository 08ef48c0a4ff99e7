// SPDX-License-Identifier: Apache-2.0
#include "report/json_appraisal.h"

namespace lightsout {

namespace {

void put_deliberation(JsonWriter& json, const Deliberation& found) {
  json.object("deliberate_or_accident", [&] {
    json.field("summary", found.summary);
    json.field("probability_deliberate_at_even_odds", found.probability);
    json.field("begins_with_nats", found.begins_with);
    json.field("model", found.model);
    json.field("fitted_on_deliberate", found.fitted_on_deliberate);
    json.field("fitted_on_accidents", found.fitted_on_accidents);
    json.list("indicators", found.lines, [&](const IndicatorLine& line) {
      json.object([&] {
        json.field("indicator", line.name);
        json.field("measured", line.detail);
        json.field("speaks_for", name_of(line.leaning));
        json.field("adds_nats", line.adds);
      });
    });
  });
}

void put_cost(JsonWriter& json, const CostEstimate& cost) {
  json.object("cost", [&] {
    json.field("year", cost.question.year);
    json.field("clock_hours", cost.question.clock_hours);
    json.field("effective_hours", cost.question.effective_hours);
    json.field("low_usd", cost.low_usd);
    json.field("high_usd", cost.high_usd);
    json.list("methods", cost.lines, [&](const CostLine& line) {
      json.object([&] {
        json.field("method", line.method);
        json.field("counts_in_range", line.in_range && line.clock_usd.has_value());
        json.field("clock_usd", line.clock_usd);
        json.field("effective_usd", line.effective_usd);
        json.field("low_factor", line.low_factor);
        json.field("high_factor", line.high_factor);
        json.field("share_of_daily_gdp", line.day_share);
        json.list("inputs", line.inputs, [&](const CostFact& fact) {
          json.object([&] {
            json.field("name", fact.name);
            json.field("value", fact.value);
            json.field("source", fact.source);
          });
        });
        json.field("note", line.note);
        json.field("refusal", line.refusal);
      });
    });
  });
}

}  // namespace

void put_appraisals(JsonWriter& json, const std::vector<Appraisal>& appraisals) {
  json.list("appraisals", appraisals, [&](const Appraisal& appraisal) {
    json.object([&] {
      json.field("incident", appraisal.incident);
      if (appraisal.deliberation) put_deliberation(json, *appraisal.deliberation);
      json.list("parallels", appraisal.parallels, [&](const PastParallel& parallel) {
        json.object([&] {
          json.field("case", parallel.name);
          json.field("title", parallel.title);
          json.field("family", name_of(parallel.family));
          json.field("distance", parallel.distance);
          json.field("known_weight_share", parallel.known_weight);
          json.field("percentile_share", parallel.percentile);
          json.field("parallel", word_for_parallel(parallel.percentile));
          json.list("terms", parallel.terms, [&](const std::string& term) { json.put(term); });
          json.list("sources", parallel.sources,
                    [&](const std::string& source) { json.put(source); });
        });
      });
      if (appraisal.cost) put_cost(json, *appraisal.cost);
    });
  });
}

}  // namespace lightsout
