// SPDX-License-Identifier: Apache-2.0
#include "api/schemas.h"

#include <string_view>

#include "api/json_text.h"

namespace lightsout::api {

namespace {

// name:kind, kinds s text, i whole number, n number, b boolean, l list of texts, t moment (with its
// _epoch); '?' where it may be null.
struct TableSchema {
  std::string_view name;
  std::string_view columns;
};

constexpr TableSchema kTables[] = {
    {"Entities",
     "entity:s type:s code:s name:s country:s? signals:i sources:l planes:l first:t data_through:t "
     "series_url:s"},
    {"Detections",
     "id:s entity:s name:s signal:s plane:s detector:s direction:s onset:t onset_earliest:t "
     "onset_latest:t end:t? end_earliest:t? end_latest:t? alarmed_at:t depth:n? depth_low:n? "
     "depth_high:n? deepest:n deepest_at:t evidence_nats:n lasting:b low_confidence:b baseline:s "
     "data_through:t"},
    {"Events",
     "id:s entity:s name:s direction:s status:s begin:t end:t duration_seconds:i depth:n planes:l "
     "signals:l detections:i"},
    {"Incidents",
     "id:s version:i entity:s name:s country:s? grade:s confidence:s probability:n direction:s "
     "status:s onset:t onset_earliest:t onset_latest:t end:t? end_earliest:t? end_latest:t? "
     "duration_seconds:i depth:n? depth_low:n? depth_high:n? consistent_with:s? windows:i "
     "providers_fell:i summary:s known_at:t semi_synthetic:b page:s"},
    {"IncidentVersions",
     "version:i supersedes:i? known_at:t grade:s confidence:s onset:t end:t? depth:n? summary:s "
     "url:s"},
    {"IncidentWindows",
     "begin:t end:t length_seconds:i level:n? level_low:n? level_high:n? seen_by:l"},
    {"IncidentProviders",
     "part:s entity:s name:s user_share:n? user_share_source:s access:s owner:s judged:b fell:b "
     "fell_at:t? fell_at_earliest:t? fell_at_latest:t? depth:n? depth_low:n? depth_high:n? "
     "returned:t? note:s"},
    {"IncidentSimilar",
     "case:s title:s family:s likeness:s distance:n known_weight:n percentile:n terms:l sources:l"},
    {"Sources",
     "source:s condition:s signals:i entities:i step_seconds:i data_through:t last_arrival:t "
     "lag_seconds:i publisher:s terms:s what_follows:s health:s meta:s"},
    {"SourceHealth",
     "signal:s condition:s step_seconds:i first:t data_through:t last_arrival:t lag_seconds:i"},
    {"SourceMeta",
     "metric:s label:s detail:s plane:s unit:s worse:s publisher:s terms:s what_follows:s"},
    {"Gaps", "id:s entity:s signal:s state:s begin:t end:t bins:i step_seconds:i"},
};

constexpr std::string_view kEnvelope =
    R"("type":{"type":"string"},"parameters":{"type":"object"},)"
    R"("data_through":{"type":["string","null"]},"data_through_epoch":{"type":["integer","null"]},)"
    R"("generated_at":{"type":"string"},"generated_at_epoch":{"type":"integer"},)"
    R"("version":{"type":"string"},"licence":{"type":"string"},"semi_synthetic":{"type":"boolean"},)"
    R"("lineage":{"$ref":"#/components/schemas/Lineage"},)";
constexpr std::string_view kEnvelopeRequired =
    R"("type","parameters","data_through","data_through_epoch","generated_at",)"
    R"("generated_at_epoch","version","licence","semi_synthetic","lineage","data")";

constexpr std::string_view kIodaEnvelope =
    R"("type":{"type":"string"},"metadata":{"type":"object","required":["requestTime",)"
    R"("responseTime"]},"requestParameters":{"type":["object","array"]},)"
    R"("error":{"type":["string","null"]},"perf":{"type":["array","null"]},)"
    R"("copyright":{"type":"string"},)";
constexpr std::string_view kIodaRequired =
    R"("type","metadata","requestParameters","error","perf","data","copyright")";

constexpr std::string_view kFixed[][2] = {
    {"Lineage",
     R"({"type":"object","required":["inputs","digest","first"],"additionalProperties":false,)"
     R"("properties":{"inputs":{"type":"integer"},"digest":{"type":"string"},)"
     R"("first":{"type":"array","items":{"type":"object",)"
     R"("required":["name","format","sha256","arrived","semi_synthetic"]}}}})"},
    {"Estimate", R"({"type":"object","required":["value","low","high"],"properties":)"
                 R"({"value":{"type":["number","string"]},"low":{"type":["number","string"]},)"
                 R"("high":{"type":["number","string"]}}})"},
    {"Problem",
     R"({"type":"object","required":["type","title","status","detail"],"properties":)"
     R"({"type":{"type":"string"},"title":{"type":"string"},"status":{"type":"integer"},)"
     R"("detail":{"type":"string"}}})"},
    {"FeatureCollection",
     R"({"type":"object","required":["type","features","licence"],"properties":)"
     R"({"type":{"enum":["FeatureCollection"]},"features":{"type":"array","items":)"
     R"({"type":"object","required":["type","id","geometry","properties"],"properties":)"
     R"({"type":{"enum":["Feature"]},"id":{"type":"string"},"geometry":{"type":"null"},)"
     R"("properties":{"type":"object"}}}}}})"},
    {"Annotations",
     R"({"type":"array","items":{"type":"object","additionalProperties":false,)"
     R"("required":["time","timeEnd","title","text","tags","id"],"properties":)"
     R"({"time":{"type":"integer"},"timeEnd":{"type":"integer"},"title":{"type":"string"},)"
     R"("text":{"type":"string"},"tags":{"type":"array","items":{"type":"string"}},)"
     R"("id":{"type":"string"}}}})"},
    {"Feed",
     R"({"type":"object","required":["version","title","feed_url","items"],"properties":)"
     R"({"version":{"type":"string"},"title":{"type":"string"},"items":{"type":"array","items":)"
     R"({"type":"object","required":["id","url","title","content_text","date_modified"]}}}})"},
    {"OpenApi", R"({"type":"object","required":["openapi","info","paths","components"]})"},
    {"IodaEntity",
     R"({"type":"object","required":["code","name","type","subnames","attrs"],)"
     R"("additionalProperties":false,"properties":{"code":{"type":"string"},)"
     R"("name":{"type":"string"},"type":{"type":"string"},"subnames":{"type":"array"},)"
     R"("attrs":{"type":"object","required":["fqid"]}}})"},
};

struct Enveloped {
  std::string_view name;
  std::string_view data;
};

constexpr Enveloped kDocuments[] = {
    {"Series",
     R"({"type":"array","items":{"type":"object","additionalProperties":false,)"
     R"("required":["entity","name","signal","unit","begin","begin_epoch","end","step",)"
     R"("native_step","values","low","high","n","state"],"properties":{)"
     R"("entity":{"type":"string"},"name":{"type":"string"},"signal":{"type":"string"},)"
     R"("label":{"type":"string"},"detail":{"type":"string"},"plane":{"type":"string"},)"
     R"("unit":{"type":"string"},"worse":{"enum":["low","high"]},)"
     R"("semi_synthetic":{"type":"boolean"},"begin":{"type":"string"},)"
     R"("begin_epoch":{"type":"integer"},"end":{"type":"string"},"end_epoch":{"type":"integer"},)"
     R"("step":{"type":"integer"},"native_step":{"type":"integer"},)"
     R"("values":{"type":"array","items":{"type":["number","null"]}},)"
     R"("low":{"type":"array","items":{"type":["number","null"]}},)"
     R"("high":{"type":"array","items":{"type":["number","null"]}},)"
     R"("n":{"type":"array","items":{"type":"number"}},)"
     R"("state":{"type":"array","items":{"enum":["ok","zero","missing","suppressed",)"
     R"("source_down"]}},)"
     R"("expected":{"type":"array","items":{"type":["number","null"]}},)"
     R"("expected_low":{"type":"array","items":{"type":["number","null"]}},)"
     R"("expected_high":{"type":"array","items":{"type":["number","null"]}}}}})"},
    {"Incident",
     R"({"type":"object","required":["id","version","known_at","entity","grade","confidence",)"
     R"("onset","depth","phases","windows","planes","providers","hypotheses","evidence","inputs"],)"
     R"("properties":{"id":{"type":"string"},"version":{"type":"integer"},)"
     R"("entity":{"type":"string"},"depth":{"$ref":"#/components/schemas/Estimate"},)"
     R"("phases":{"type":"array"},"planes":{"type":"array"}}})"},
    {"IncidentDocument", R"({"type":"object"})"},
    {"Why",
     R"({"type":"object","required":["incidents","signals","text_url"],"properties":)"
     R"({"incidents":{"type":"array","items":{"type":"string"}},"text_url":{"type":"string"},)"
     R"("signals":{"type":"array","items":{"type":"object","required":["signal","judged",)"
     R"("baseline","reason","anomalies","trace"]}}}})"},
};

constexpr Enveloped kIodaDocuments[] = {
    {"IodaDatasources",
     R"({"type":"array","items":{"type":"object","additionalProperties":false,)"
     R"("required":["datasource","name","units"],"properties":{"datasource":{"type":"string"},)"
     R"("name":{"type":"string"},"units":{"type":"string"}}}})"},
    {"IodaEntities", R"({"type":"array","items":{"$ref":"#/components/schemas/IodaEntity"}})"},
    {"IodaSignals",
     R"({"type":"array","items":{"type":"array","items":{"type":"object",)"
     R"("additionalProperties":false,"required":["entityType","entityCode","entityName",)"
     R"("entityFqid","datasource","subtype","from","until","step","nativeStep","values"],)"
     R"("properties":{"entityType":{"type":"string"},"entityCode":{"type":"string"},)"
     R"("entityName":{"type":"string"},"entityFqid":{"type":"string"},)"
     R"("datasource":{"type":"string"},"subtype":{"type":"string"},"from":{"type":"integer"},)"
     R"("until":{"type":"integer"},"step":{"type":"integer"},"nativeStep":{"type":"integer"},)"
     R"("values":{"type":"array","items":{"type":["number","null"]}}}}}})"},
    {"IodaAlerts",
     R"({"type":"array","items":{"type":"object","additionalProperties":false,"required":)"
     R"(["datasource","entity","time","level","condition","value","historyValue","method"],)"
     R"("properties":{"datasource":{"type":"string"},)"
     R"("entity":{"$ref":"#/components/schemas/IodaEntity"},"time":{"type":"integer"},)"
     R"("level":{"enum":["critical","normal"]},"condition":{"type":"string"},)"
     R"("value":{"type":["number","null"]},"historyValue":{"type":["number","null"]},)"
     R"("method":{"type":"string"}}}})"},
    {"IodaEvents",
     R"({"type":"array","items":{"type":"object","required":["datasource","method","score"]}})"},
    {"IodaSummary",
     R"({"type":"array","items":{"type":"object","additionalProperties":false,)"
     R"("required":["scores","event_cnt","entity"],"properties":{"scores":{"type":"object",)"
     R"("required":["overall"]},"event_cnt":{"type":"integer"},)"
     R"("entity":{"$ref":"#/components/schemas/IodaEntity"}}}})"},
};

std::string property(std::string_view name, std::string_view type, bool nullable) {
  std::string text = "\"" + std::string(name) + "\":";
  if (type == "array") return text + R"({"type":"array","items":{"type":"string"}})";
  if (nullable) return text + R"({"type":[")" + std::string(type) + R"(","null"]})";
  return text + R"({"type":")" + std::string(type) + R"("})";
}

std::string_view type_of(char kind) {
  switch (kind) {
    case 'i':
      return "integer";
    case 'n':
      return "number";
    case 'b':
      return "boolean";
    case 'l':
      return "array";
    default:
      return "string";  // s, t
  }
}

std::string row_schema(std::string_view columns) {
  std::string properties;
  std::string required;
  while (!columns.empty()) {
    const std::size_t end = std::min(columns.find(' '), columns.size());
    const std::string_view column = columns.substr(0, end);
    columns.remove_prefix(std::min(end + 1, columns.size()));
    const std::size_t colon = column.find(':');
    const std::string name(column.substr(0, colon));
    const char kind = column[colon + 1];
    const bool nullable = column.ends_with('?');
    const auto add = [&](const std::string& key, std::string_view type) {
      properties += (properties.empty() ? "" : ",") + property(key, type, nullable);
      required += (required.empty() ? "\"" : ",\"") + key + "\"";
    };
    add(name, type_of(kind));
    if (kind == 't') add(name + "_epoch", "integer");
  }
  return R"({"type":"object","additionalProperties":false,"required":[)" + required +
         R"(],"properties":{)" + properties + "}}";
}

std::string object_schema(std::string_view head, std::string_view required, std::string_view data,
                          std::string_view more = {}) {
  return R"({"type":"object","required":[)" + std::string(required) + R"(],"properties":{)" +
         std::string(head) + std::string(more) + R"("data":)" + std::string(data) + "}}";
}

}  // namespace

std::string schemas_json() {
  JsonText json;
  json.object([&] {
    for (const TableSchema& each : kTables) {
      json.raw_field(
          each.name,
          object_schema(kEnvelope, std::string(kEnvelopeRequired) + R"(,"total","next")",
                        R"({"type":"array","items":)" + row_schema(each.columns) + "}",
                        R"("total":{"type":"integer"},"next":{"type":["string","null"]},)"));
    }
    for (const Enveloped& each : kDocuments) {
      json.raw_field(each.name, object_schema(kEnvelope, kEnvelopeRequired, each.data));
    }
    for (const Enveloped& each : kIodaDocuments) {
      json.raw_field(each.name, object_schema(kIodaEnvelope, kIodaRequired, each.data));
    }
    for (const auto& each : kFixed) json.raw_field(each[0], each[1]);
  });
  return json.take();
}

}  // namespace lightsout::api
