// render_json: docs/formats/report-json.md is its schema.
//
// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <set>

#include "geo/country.h"
#include "report/document.h"
#include "report/json_appraisal.h"
#include "report/json_kind.h"
#include "report/json_writer.h"
#include "report/report.h"
#include "signal/catalogue.h"

namespace lightsout {

namespace {

void put_estimate(JsonWriter& json, std::string_view key, const Estimate& estimate) {
  json.object(key, [&] {
    json.field("value", estimate.value);
    json.field("low", estimate.low);
    json.field("high", estimate.high);
  });
}

void put_time(JsonWriter& json, std::string_view key, const std::optional<TimeEstimate>& time) {
  if (!time) return json.field(key, std::optional<bool>());
  json.object(key, [&] {
    json.field("value", time->value);
    json.field("earliest", time->earliest);
    json.field("latest", time->latest);
  });
}

void put_range(JsonWriter& json, std::string_view key, const TimeRange& range) {
  json.object(key, [&] {
    json.field("begin", range.begin);
    json.field("end", range.end);
  });
}

void put_texts(JsonWriter& json, std::string_view key, const std::vector<std::string>& texts) {
  json.list(key, texts, [&](const std::string& text) { json.put(text); });
}

void put_signals(JsonWriter& json, std::string_view key, const std::vector<SignalId>& signals) {
  json.list(key, signals, [&](const SignalId& signal) { json.put(signal.text()); });
}

void put_counts(JsonWriter& json, std::string_view key, const SampleCounts& counts) {
  json.object(key, [&] {
    json.field("numbers", counts.numbers);
    json.field("zeros", counts.zeros);
    json.field("missing", counts.missing);
    json.field("suppressed", counts.suppressed);
    json.field("source_down", counts.source_down);
  });
}

void put_inputs(JsonWriter& json, const std::vector<Lineage>& inputs) {
  json.list("inputs", inputs, [&](const Lineage& input) {
    json.object([&] {
      json.field("name", input.name);
      json.field("format", input.format);
      json.field("arrived", input.arrived);
      json.field("sha256", input.sha256);
      json.field("semi_synthetic", input.semi_synthetic);
    });
  });
}

void put_plane(JsonWriter& json, const PlaneView& view) {
  json.object([&] {
    json.field("signal", view.signal.text());
    json.field("plane", name_of(view.plane));
    json.field("label", view.label);
    json.field("judged", view.judged);
    json.field("fell", view.fell);
    put_time(json, "fell_at",
             view.judged && view.fell ? std::optional(view.fell_at) : std::nullopt);
    put_estimate(json, "depth_share", view.depth);
    json.field("lowest_share_of_expected", view.lowest);
    json.field("lowest_at", view.lowest_at);
    put_time(json, "returned", view.returned);
    json.field("evidence_nats", view.evidence);
    json.field("evidence_counted_nats", view.evidence_capped);
    put_counts(json, "bins", view.samples);
    json.field("baseline", view.baseline);
    json.field("note", view.note);
  });
}

void put_part(JsonWriter& json, const PartView& part) {
  json.object([&] {
    json.field("entity", part.entity.text());
    json.field("name", part.name);
    json.field("user_share", part.user_share);
    json.field("user_share_source", part.user_share_source);
    json.field("access", part.access);
    json.field("owner", part.owner);
    put_texts(json, "upstreams", part.upstreams);
    json.field("judged", part.judged);
    json.field("fell", part.fell);
    put_time(json, "fell_at",
             part.judged && part.fell ? std::optional(part.fell_at) : std::nullopt);
    put_estimate(json, "depth_share", part.depth);
    put_time(json, "returned", part.returned);
    json.field("note", part.note);
  });
}

void put_course(JsonWriter& json, const Incident& incident) {
  json.list("phases", incident.phases, [&](const Phase& phase) {
    json.object([&] {
      json.field("kind", name_of(phase.kind));
      put_range(json, "range", phase.range);
      json.field("open", phase.open);
      put_estimate(json, "depth_share", phase.depth);
    });
  });
  json.list("windows", incident.windows, [&](const Window& window) {
    json.object([&] {
      put_range(json, "range", window.range);
      json.field("length_seconds", window.range.length().count());
      put_estimate(json, "level_share_of_expected", window.level);
      put_signals(json, "seen_by", window.seen_by);
    });
  });
  const Recurrence& recurrence = incident.recurrence;
  json.object("recurrence", [&] {
    json.field("starts", recurrence.count);
    json.field("concentration", recurrence.concentration);
    json.field("time_of_day_utc_seconds", recurrence.time_of_day.count());
    json.field("weeks", recurrence.weeks);
    json.field("curfew_like", recurrence.curfew_like);
    json.field("text", recurrence.text);
  });
}

void put_reasoning(JsonWriter& json, const Incident& incident) {
  json.list("hypotheses", incident.hypotheses, [&](const Hypothesis& hypothesis) {
    json.object([&] {
      json.field("mechanism", name_of(hypothesis.mechanism));
      json.field("verdict", hypothesis.verdict);
      json.field("posterior", hypothesis.posterior);
      put_texts(json, "speaks_for", hypothesis.speaks_for);
      put_texts(json, "speaks_against", hypothesis.speaks_against);
      put_texts(json, "would_refute", hypothesis.would_refute);
    });
  });
  json.list("disagreements", incident.disagreements, [&](const Disagreement& found) {
    json.object([&] {
      put_range(json, "range", found.range);
      json.field("text", found.text);
      put_signals(json, "signals", found.signals);
    });
  });
  json.list("findings", incident.findings, [&](const Finding& finding) {
    json.object([&] {
      json.field("text", finding.text);
      if (finding.range) put_range(json, "range", *finding.range);
      json.field("confidence", name_of(finding.confidence));
      put_signals(json, "signals", finding.signals);
    });
  });
  put_texts(json, "unknowns", incident.unknowns);
  json.list("evidence", incident.evidence, [&](const Anomaly& anomaly) {
    json.object([&] {
      json.field("signal", anomaly.signal.text());
      json.field("detector", anomaly.detector);
      json.field("direction", anomaly.direction == Direction::fall ? "fall" : "rise");
      put_time(json, "onset", anomaly.onset);
      put_time(json, "end", anomaly.end);
      json.field("alarmed_at", anomaly.alarmed_at);
      put_estimate(json, "depth_share", anomaly.depth);
      json.field("deepest_share", anomaly.deepest);
      json.field("deepest_at", anomaly.deepest_at);
      json.field("evidence_nats", anomaly.evidence);
      json.field("lasting", anomaly.lasting);
      json.field("low_confidence", anomaly.low_confidence);
      json.field("baseline", anomaly.baseline);
    });
  });
}

void put_incident(JsonWriter& json, const Incident& incident) {
  json.object([&] {
    json.field("id", incident.id);
    json.field("version", incident.version);
    json.field("supersedes", incident.supersedes);
    json.field("known_at", incident.known_at);
    json.field("entity", incident.entity.text());
    json.field("entity_name", name_of(incident.entity));
    json.field("semi_synthetic", incident.semi_synthetic);
    json.field("grade", name_of(incident.grade));
    json.field("confidence", name_of(incident.confidence));
    json.field("probability", incident.probability);
    json.field("direction", incident.direction == Direction::fall ? "fall" : "rise");
    put_time(json, "onset", incident.onset);
    put_time(json, "end", incident.end);
    json.field("open", incident.open());
    json.field("ending", incident.ending);
    json.field("duration_seconds", incident.range().length().count());
    json.field("duration_is_at_least", incident.open());
    json.field("lasting", incident.lasting);
    put_estimate(json, "depth_share", incident.depth);
    put_course(json, incident);
    json.list("planes", incident.planes, [&](const PlaneView& view) { put_plane(json, view); });
    const auto each = [&](const PartView& part) { put_part(json, part); };
    json.list("providers", incident.providers, each);
    json.list("regions", incident.regions, each);
    json.list("services", incident.services, each);
    put_kind(json, incident);
    put_reasoning(json, incident);
  });
}

// Where a series' inputs stand in the list of all, from 0: "0-1400,1405". Word for word they would
// make most of the file.
using Places = std::map<std::pair<std::string_view, std::string_view>, std::size_t>;

std::string positions(const std::vector<Lineage>& some, const Places& places) {
  std::set<std::size_t> found;
  for (const Lineage& input : some) found.insert(places.at({input.name, input.sha256}));
  std::string text;
  for (auto it = found.begin(); it != found.end();) {
    const std::size_t first = *it;
    std::size_t last = first;
    for (++it; it != found.end() && *it == last + 1; ++it) last = *it;
    text += (text.empty() ? "" : ",") + std::to_string(first);
    if (last != first) text += "-" + std::to_string(last);
  }
  return text;
}

void put_series(JsonWriter& json, const Report& report) {
  const auto inputs = inputs_of(report);
  Places places;
  for (std::size_t i = 0; i < inputs.size(); ++i) places[{inputs[i].name, inputs[i].sha256}] = i;
  std::size_t index = 0;
  json.list("series", report.series, [&](const Series& series) {
    const Detection* detection =
        index < report.detections.size() && report.detections[index].signal == series.id
            ? &report.detections[index]
            : nullptr;
    ++index;
    SampleCounts counts;
    for (const Sample& sample : series.samples) {
      counts.numbers += sample.is_number();
      counts.zeros += sample.is_number() && sample.value() == 0;
      counts.missing += sample.state() == SampleState::missing;
      counts.suppressed += sample.state() == SampleState::suppressed;
      counts.source_down += sample.state() == SampleState::source_down;
    }
    json.object([&] {
      json.field("signal", series.id.text());
      json.field("label", label_of(series.id));
      json.field("plane", name_of(series.plane));
      json.field("unit", name_of(series.unit));
      json.field("worse", name_of(series.worse));
      put_range(json, "range", series.range());
      json.field("step_seconds", series.step.count());
      json.field("data_through", series.data_through());
      put_counts(json, "bins", counts);
      json.field("judged", detection != nullptr && detection->judgement.possible);
      json.field("baseline", detection != nullptr ? detection->judgement.baseline : "");
      json.field("reason", detection != nullptr ? detection->judgement.reason : "");
      json.field("input_positions", positions(series.lineage, places));
    });
  });
}

void put_rest(JsonWriter& json, const Report& report) {
  const auto inputs = inputs_of(report);
  put_inputs(json, inputs);
  json.field("inputs_sha256", inputs_digest(inputs));
  json.object("damage", [&] {
    json.field("count", report.damage.count());
    json.field("bytes", report.damage.bytes());
    json.list("parts", report.damage.parts(), [&](const DamagedPart& part) {
      json.object([&] {
        json.field("file", part.file);
        json.field("offset_bytes", part.offset);
        json.field("bytes", part.bytes);
        json.field("reason", part.reason);
      });
    });
  });
  json.list("annotations", report.annotations, [&](const Annotation& annotation) {
    json.object([&] {
      json.field("time", annotation.time);
      json.field("text", annotation.text);
      json.field("source", annotation.source);
    });
  });
}

}  // namespace

std::string render_json(const Report& report) {
  const Subject subject = subject_of(report);
  const Verdict verdict = verdict_of(subject);
  const Investigation& asked = report.investigation;
  JsonWriter json;
  json.object([&] {
    json.field("format", "lightsout-report/1");
    json.field("semi_synthetic", subject.semi_synthetic);
    if (subject.semi_synthetic)
      json.field("warning", std::string(kSemiSynthetic) + ": " + std::string(kSemiSyntheticText));
    json.field("software_version", report.software_version);
    json.field("command", report.command);
    json.field("generated_at", report.generated_at);
    json.field("data_through", subject.data_through);
    json.field("entity", asked.entity.text());
    json.field("entity_name", name_of(asked.entity));
    put_range(json, "asked", asked.range);
    json.object("zone", [&] {
      json.field("name", report.zone.name);
      json.field("offset_at_begin_seconds", report.zone.offset_at(asked.range.begin).count());
    });
    json.field("could_judge", asked.could_judge);
    json.field("reason", asked.reason);
    put_texts(json, "not_measured", asked.not_measured);
    json.object("verdict", [&] {
      json.field("status", verdict.status);
      json.field("headline", verdict.headline);
      put_texts(json, "sentences", verdict.sentences);
      json.field("caution", verdict.caution);
    });
    json.list("incidents", asked.incidents,
              [&](const Incident& incident) { put_incident(json, incident); });
    put_rhythm(json, subject);
    put_appraisals(json, report.appraisals);
    put_series(json, report);
    put_rest(json, report);
  });
  return json.text();
}

}  // namespace lightsout
