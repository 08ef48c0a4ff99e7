// Each type lists its fields once, in fields(); a Writer and a Reader walk the same list.
//
// SPDX-License-Identifier: Apache-2.0
#include "store/incident_json.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

namespace lightsout {

namespace {

using Json = nlohmann::ordered_json;

std::string_view name_of(Direction direction) {
  return direction == Direction::fall ? "fall" : "rise";
}

// How many values an enum has, so that its name_of() is never asked for one too many.
constexpr std::size_t count_of(Grade) {
  return 9;
}
constexpr std::size_t count_of(Confidence) {
  return 5;
}
constexpr std::size_t count_of(PhaseKind) {
  return 4;
}
constexpr std::size_t count_of(Mechanism) {
  return 12;
}
constexpr std::size_t count_of(Plane) {
  return 5;
}
constexpr std::size_t count_of(Direction) {
  return 2;
}

template <class V>
void fields(V& v, Estimate& x) {
  v("value", x.value), v("low", x.low), v("high", x.high);
}

template <class V>
void fields(V& v, TimeEstimate& x) {
  v("value", x.value), v("earliest", x.earliest), v("latest", x.latest);
}

template <class V>
void fields(V& v, TimeRange& x) {
  v("begin", x.begin), v("end", x.end);
}

template <class V>
void fields(V& v, TraceStep& x) {
  v("at", x.at), v("what", x.what);
}

template <class V>
void fields(V& v, AnomalyPart& x) {
  v("range", x.range), v("depth", x.depth);
}

template <class V>
void fields(V& v, Lineage& x) {
  v("sha256", x.sha256), v("name", x.name), v("format", x.format), v("arrived", x.arrived);
  v("semi_synthetic", x.semi_synthetic);
}

template <class V>
void fields(V& v, Anomaly& x) {
  v.required("signal", x.signal);
  v("plane", x.plane), v("detector", x.detector), v("direction", x.direction);
  v.required("onset", x.onset);
  v("end", x.end), v("alarmed_at", x.alarmed_at), v("data_through", x.data_through);
  v("depth", x.depth), v("deepest", x.deepest), v("deepest_at", x.deepest_at);
  v("evidence", x.evidence), v("lasting", x.lasting), v("low_confidence", x.low_confidence);
  v("baseline", x.baseline), v("parts", x.parts), v("trace", x.trace);
}

template <class V>
void fields(V& v, Judgement& x) {
  v("possible", x.possible), v("judged", x.judged), v("baseline", x.baseline);
  v("reason", x.reason);
}

template <class V>
void fields(V& v, Detection& x) {
  v.required("signal", x.signal);
  v("judgement", x.judgement), v("anomalies", x.anomalies), v("trace", x.trace);
}

template <class V>
void fields(V& v, Phase& x) {
  v("kind", x.kind), v("range", x.range), v("open", x.open), v("depth", x.depth);
}

template <class V>
void fields(V& v, Window& x) {
  v("range", x.range), v("level", x.level), v("seen_by", x.seen_by);
}

template <class V>
void fields(V& v, Recurrence& x) {
  v("count", x.count), v("concentration", x.concentration), v("time_of_day", x.time_of_day);
  v("weeks", x.weeks), v("curfew_like", x.curfew_like), v("text", x.text);
  v("matching", x.matching), v("by_chance", x.by_chance);
}

template <class V>
void fields(V& v, SampleCounts& x) {
  v("numbers", x.numbers), v("zeros", x.zeros), v("missing", x.missing);
  v("suppressed", x.suppressed), v("source_down", x.source_down);
}

template <class V>
void fields(V& v, PlaneView& x) {
  v.required("signal", x.signal);
  v("plane", x.plane), v("label", x.label), v("judged", x.judged), v("fell", x.fell);
  v("fell_at", x.fell_at), v("depth", x.depth), v("lowest", x.lowest), v("lowest_at", x.lowest_at);
  v("returned", x.returned), v("evidence", x.evidence), v("evidence_capped", x.evidence_capped);
  v("samples", x.samples), v("baseline", x.baseline), v("note", x.note);
}

template <class V>
void fields(V& v, PartView& x) {
  v.required("entity", x.entity);
  v("name", x.name), v("user_share", x.user_share), v("user_share_source", x.user_share_source);
  v("access", x.access), v("owner", x.owner);
  v("judged", x.judged), v("fell", x.fell), v("fell_at", x.fell_at), v("depth", x.depth);
  v("returned", x.returned), v("note", x.note), v("upstreams", x.upstreams);
}

template <class V>
void fields(V& v, Hypothesis& x) {
  v("mechanism", x.mechanism), v("speaks_for", x.speaks_for);
  v("speaks_against", x.speaks_against), v("would_refute", x.would_refute);
  v("posterior", x.posterior), v("verdict", x.verdict);
}

template <class V>
void fields(V& v, Disagreement& x) {
  v("range", x.range), v("text", x.text), v("signals", x.signals);
}

template <class V>
void fields(V& v, Finding& x) {
  v("text", x.text), v("range", x.range), v("confidence", x.confidence), v("signals", x.signals);
}

template <class V>
void fields(V& v, Incident& x) {
  v.required("id", x.id), v.required("version", x.version), v("supersedes", x.supersedes);
  v.required("known_at", x.known_at), v.required("entity", x.entity);
  v.required("grade", x.grade), v("confidence", x.confidence), v("probability", x.probability);
  v("direction", x.direction), v.required("onset", x.onset), v("end", x.end);
  v("ending", x.ending), v("depth", x.depth), v("lasting", x.lasting);
  v("semi_synthetic", x.semi_synthetic), v("phases", x.phases), v("windows", x.windows);
  v("recurrence", x.recurrence), v("planes", x.planes), v("providers", x.providers);
  v("regions", x.regions), v("services", x.services), v("hypotheses", x.hypotheses);
  v("disagreements", x.disagreements), v("findings", x.findings), v("unknowns", x.unknowns);
  v("evidence", x.evidence), v("inputs", x.inputs);
}

template <typename T>
concept Integer = std::is_integral_v<T> && !std::is_same_v<T, bool>;
template <typename T>
concept Enum = std::is_enum_v<T>;
template <typename T>
concept Record = std::is_aggregate_v<T>;

class Writer {
 public:
  template <typename T>
  void operator()(const char* name, T& value) {
    object_[name] = json(value);
  }
  template <typename T>
  void required(const char* name, T& value) {
    (*this)(name, value);
  }
  Json& object() { return object_; }

  static Json json(bool value) { return value; }
  static Json json(const std::string& value) { return as_utf8(value); }
  static Json json(Integer auto value) { return value; }
  static Json json(Time value) { return format_time(value); }
  static Json json(Seconds value) { return value.count(); }
  static Json json(Enum auto value) { return std::string(name_of(value)); }
  static Json json(const Entity& value) { return as_utf8(value.text()); }
  static Json json(const SignalId& value) { return as_utf8(value.text()); }
  static Json json(double value) {
    if (std::isnan(value)) return "NaN";
    if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
    return value;
  }
  template <typename T>
  static Json json(std::optional<T>& value) {
    return value ? json(*value) : Json(nullptr);
  }
  template <typename T>
  static Json json(std::vector<T>& values) {
    Json array = Json::array();
    for (T& value : values) array.push_back(json(value));
    return array;
  }
  template <Record T>
  static Json json(T& value) {
    Writer writer;
    fields(writer, value);
    return std::move(writer.object());
  }

 private:
  Json object_ = Json::object();
};

// A value to read into, for the types that cannot be empty.
template <typename T>
T blank() {
  if constexpr (std::is_same_v<T, Entity>) {
    return *Entity::parse("country:ZZ");
  } else if constexpr (std::is_same_v<T, SignalId>) {
    return *SignalId::parse("country:ZZ/none/none");
  } else if constexpr (std::is_same_v<T, Anomaly> || std::is_same_v<T, PlaneView> ||
                       std::is_same_v<T, Detection>) {
    return T{.signal = blank<SignalId>()};
  } else if constexpr (std::is_same_v<T, PartView> || std::is_same_v<T, Incident>) {
    return T{.entity = blank<Entity>()};
  } else {
    return T{};
  }
}

// Fails once and stays failed; the first failure is the one that is told.
class Reader {
 public:
  Reader(const Json& json, std::string path, std::string& failure)
      : json_(json), path_(std::move(path)), failure_(failure) {
    if (!json.is_object()) fail(path_, "an object");
  }

  template <typename T>
  void operator()(const char* name, T& value) {
    if (!failure_.empty()) return;
    const auto found = json_.find(name);
    if (found != json_.end()) read(*found, below(name), value);
  }
  template <typename T>
  void required(const char* name, T& value) {
    if (failure_.empty() && !json_.contains(name)) failure_ = below(name) + " is not there";
    (*this)(name, value);
  }

 private:
  std::string below(const char* name) const { return path_.empty() ? name : path_ + "." + name; }

  void fail(const std::string& path, std::string_view expected) {
    if (failure_.empty()) {
      failure_ = fmt::format("{} is not {}", path.empty() ? "the document" : path, expected);
    }
  }

  void read(const Json& json, const std::string& path, bool& value) {
    if (!json.is_boolean()) return fail(path, "true or false");
    value = json.get<bool>();
  }
  void read(const Json& json, const std::string& path, std::string& value) {
    if (!json.is_string()) return fail(path, "a text");
    value = json.get<std::string>();
  }
  template <Integer T>
  void read(const Json& json, const std::string& path, T& value) {
    static_assert(std::is_unsigned_v<T>);
    if (!json.is_number_unsigned() || json.get<std::uint64_t>() > std::numeric_limits<T>::max()) {
      return fail(path, "a whole number in range");
    }
    value = static_cast<T>(json.get<std::uint64_t>());
  }
  void read(const Json& json, const std::string& path, double& value) {
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    if (json.is_number()) {
      value = json.get<double>();
    } else if (json == "NaN") {
      value = std::numeric_limits<double>::quiet_NaN();
    } else if (json == "Infinity" || json == "-Infinity") {
      value = json == "Infinity" ? kInfinity : -kInfinity;
    } else {
      fail(path, "a number");
    }
  }
  void read(const Json& json, const std::string& path, Time& value) {
    const Result<Time> time = json.is_string() ? parse_time(json.get_ref<const std::string&>())
                                               : Error{ErrorKind::malformed, "not a text"};
    if (!time) return fail(path, "a time");
    value = *time;
  }
  void read(const Json& json, const std::string& path, Seconds& value) {
    if (!json.is_number_integer()) return fail(path, "a number of seconds");
    value = Seconds{json.get<std::int64_t>()};
  }
  template <Enum T>
  void read(const Json& json, const std::string& path, T& value) {
    if (!json.is_string()) return fail(path, "a name");
    for (std::size_t i = 0; i < count_of(T{}); ++i) {
      if (name_of(static_cast<T>(i)) == json.get_ref<const std::string&>()) {
        value = static_cast<T>(i);
        return;
      }
    }
    fail(path, "a name that this version knows");
  }
  void read(const Json& json, const std::string& path, Entity& value) {
    if (!json.is_string()) return fail(path, "an entity");
    const auto entity = Entity::parse(json.get_ref<const std::string&>());
    if (!entity) return fail(path, "an entity");
    value = *entity;
  }
  void read(const Json& json, const std::string& path, SignalId& value) {
    if (!json.is_string()) return fail(path, "a signal");
    const auto signal = SignalId::parse(json.get_ref<const std::string&>());
    if (!signal) return fail(path, "a signal");
    value = *signal;
  }
  template <typename T>
  void read(const Json& json, const std::string& path, std::optional<T>& value) {
    value.reset();
    if (json.is_null()) return;
    value = blank<T>();
    read(json, path, *value);
  }
  template <typename T>
  void read(const Json& json, const std::string& path, std::vector<T>& values) {
    if (!json.is_array()) return fail(path, "a list");
    values.clear();
    for (std::size_t i = 0; i < json.size() && failure_.empty(); ++i) {
      values.push_back(blank<T>());
      read(json[i], fmt::format("{}[{}]", path, i), values.back());
    }
  }
  template <Record T>
  void read(const Json& json, const std::string& path, T& value) {
    Reader reader(json, path, failure_);
    fields(reader, value);
  }

  const Json& json_;
  std::string path_;
  std::string& failure_;
};

template <typename T>
std::string written(const T& value) {
  T copy = value;  // fields() serves reading too, so it takes what may be changed
  return Writer::json(copy).dump();
}

template <typename T>
Result<T> read_document(std::string_view text, std::string_view what) {
  const Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) {
    return Error{ErrorKind::malformed, fmt::format("the {} is not JSON", what)};
  }
  std::string failure;
  T value = blank<T>();
  Reader reader(json, "", failure);
  if (failure.empty()) fields(reader, value);
  if (!failure.empty()) return Error{ErrorKind::malformed, fmt::format("{}: {}", what, failure)};
  return value;
}

// The length of the well-formed UTF-8 sequence at the front, or 0 (RFC 3629 section 4).
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  const std::size_t length = first < 0x80                    ? 1
                             : first >= 0xc2 && first < 0xe0 ? 2
                             : first >= 0xe0 && first < 0xf0 ? 3
                             : first >= 0xf0 && first < 0xf5 ? 4
                                                             : 0;
  if (length == 0 || length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
  }
  // Overlong forms, surrogates and what lies above U+10FFFF.
  if (first == 0xe0 && byte(1) < 0xa0) return 0;
  if (first == 0xed && byte(1) >= 0xa0) return 0;
  if (first == 0xf0 && byte(1) < 0x90) return 0;
  if (first == 0xf4 && byte(1) >= 0x90) return 0;
  return length;
}

}  // namespace

std::string to_json(const Incident& incident) {
  return written(incident);
}

Result<Incident> incident_from_json(std::string_view text) {
  return read_document<Incident>(text, "incident");
}

std::string to_json(const Anomaly& anomaly) {
  return written(anomaly);
}

Result<Anomaly> anomaly_from_json(std::string_view text) {
  return read_document<Anomaly>(text, "anomaly");
}

std::string to_json(const Detection& detection) {
  Detection bare = detection;
  bare.expected.clear();
  return written(bare);
}

Result<Detection> detection_from_json(std::string_view text) {
  return read_document<Detection>(text, "detection");
}

std::string as_utf8(std::string_view text) {
  std::string clean;
  clean.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    clean += length == 0 ? std::string_view("\xef\xbf\xbd") : text.substr(0, length);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return clean;
}

}  // namespace lightsout
