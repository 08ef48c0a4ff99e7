// SPDX-License-Identifier: Apache-2.0
#include "source/ioda_json.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <map>

#include "source/collector.h"
#include "source/head.h"
#include "source/json_items.h"
#include "source/limits.h"
#include "source/text.h"

namespace lightsout {

namespace {

using simdjson::dom::element;
using simdjson::dom::object;

constexpr std::int64_t kLongestStep = 366 * 86400;  // seconds

// IODA's data sources (GET /v2/datasources/) and our names for them.
struct Feed {
  std::string_view datasource;
  std::string_view source;
  std::string_view metric;
  Plane plane;
  Unit unit;
  Worse worse;
};

constexpr Feed kFeeds[] = {
    {"bgp", "ioda-bgp", "visible_slash24", Plane::control, Unit::count, Worse::low},
    {"ping-slash24", "ioda-probing", "slash24_up", Plane::data, Unit::count, Worse::low},
    {"ping-slash24-loss", "ioda-probing", "loss", Plane::data, Unit::percent, Worse::high},
    {"ping-slash24-latency", "ioda-probing", "latency", Plane::data, Unit::milliseconds,
     Worse::high},
    {"merit-nt", "ioda-telescope", "unique_source_ips", Plane::traffic, Unit::count, Worse::low},
    {"ucsd-nt", "ioda-telescope", "unique_source_ips", Plane::traffic, Unit::count, Worse::low},
    {"gtr", "ioda-google", "", Plane::traffic, Unit::count, Worse::low},
    {"mozilla", "ioda-mozilla", "city_count", Plane::traffic, Unit::count, Worse::low},
};

const Feed* feed_of(std::string_view datasource) {
  const Feed* const found = std::find_if(std::begin(kFeeds), std::end(kFeeds),
                                         [&](const Feed& f) { return f.datasource == datasource; });
  return found == std::end(kFeeds) ? nullptr : found;
}

std::string_view text_of(const object& series, std::string_view key) {
  std::string_view text;
  return series[key].get(text) == simdjson::SUCCESS ? text : std::string_view{};
}

// Numbers arrive as numbers or, in some answers, as text.
std::optional<std::int64_t> whole_of(const object& series, std::string_view key) {
  std::int64_t number = 0;
  if (series[key].get(number) == simdjson::SUCCESS) return number;
  const Result<double> parsed = parse_number(text_of(series, key));
  if (!parsed || *parsed < 0 || *parsed > 1e15) return std::nullopt;
  return static_cast<std::int64_t>(*parsed);
}

// "geo.netacuity.EU.TR.4107" says that region 4107 lies in TR.
std::string country_in(std::string_view fqid) {
  while (!fqid.empty()) {
    const std::size_t dot = std::min(fqid.find('.'), fqid.size());
    const std::string_view part = fqid.substr(0, dot);
    fqid.remove_prefix(std::min(dot + 1, fqid.size()));
    // The continent stands first and has two letters too (AS, AF, NA, SA are countries as well), so
    // the last that is a country is meant.
    if (part.size() == 2 && country_code(part) && fqid.find('.') == std::string_view::npos) {
      return std::string(part);
    }
  }
  return "";
}

Result<Entity> entity_of(const object& series) {
  const std::string type = lower_case(text_of(series, "entityType"));
  const std::string code = clean_utf8(text_of(series, "entityCode"));
  if (type == "country") return Entity::parse("country:" + upper_case(code));
  if (type == "asn") return Entity::parse("asn:" + code);
  if (type == "region") {
    const std::string country = country_in(text_of(series, "entityFqid"));
    const std::string name = entity_word(text_of(series, "entityName"));
    return Entity::parse(fmt::format("region:{}-{}", country, name.empty() ? code : name));
  }
  const std::size_t dash = code.find('-');
  if (type == "geoasn" && dash != std::string::npos && country_code(code.substr(dash + 1))) {
    return Entity::parse(fmt::format("asn:{}@country:{}", code.substr(0, dash),
                                     *country_code(code.substr(dash + 1))));
  }
  return Error{ErrorKind::unsupported,
               fmt::format("series about '{} {}' are not read", shown(type), shown(code))};
}

// One column of values on its way to the Collector: the plain numbers, or one member of objects.
struct Target {
  std::optional<Collector::Handle> handle;
  Unit unit = Unit::count;
};

class SeriesReader {
 public:
  SeriesReader(Collector& collector, std::size_t input,
               std::map<Collector::Handle, std::string>& fed_by)
      : collector_(collector), input_(input), fed_by_(fed_by) {}

  // `at` is the offset of the object in the input.
  Status read(const object& series, std::uint64_t at, std::uint64_t bytes) {
    at_ = at;
    bytes_ = bytes;
    simdjson::dom::array values;
    if (series["values"].get(values) != simdjson::SUCCESS) {
      return Error{ErrorKind::malformed, "'values' is not a list"};
    }
    const Result<Entity> entity = entity_of(series);
    if (!entity) return entity.error();
    entity_ = *entity;
    datasource_ = std::string(text_of(series, "datasource"));
    subtype_ = std::string(text_of(series, "subtype"));
    if (datasource_.empty()) return Error{ErrorKind::malformed, "no 'datasource'"};
    const std::optional<std::int64_t> from = whole_of(series, "from");
    auto step = whole_of(series, "step");
    const auto native = whole_of(series, "nativeStep");
    if (!step) step = native;
    if (!from || !parse_time(std::to_string(*from))) {
      return Error{ErrorKind::malformed, "'from' is not a time between 1970 and 2105"};
    }
    if (!step || *step < 1 || *step > kLongestStep) {
      return Error{ErrorKind::malformed, "'step' is not a number of seconds"};
    }
    step_ = Seconds{*step};
    if (native && *native < *step) {
      collector_.note(input_, fmt::format("{} at {} s, coarser than its own {} s", datasource_,
                                          *step, *native));
    }
    return read_values(values, Time{Seconds{*from}});
  }

 private:
  Status read_values(const simdjson::dom::array& values, Time time) {
    std::uint64_t refused = 0;
    std::string why;
    for (const element value : values) {
      if (!parse_time(std::to_string(time.time_since_epoch().count()))) {
        return Error{ErrorKind::malformed, "values past the year 2105"};
      }
      const Status taken = take(value, time, "");
      if (!taken.ok()) {
        if (++refused == 1) why = format_time(time) + ": " + taken.error().message;
      }
      time += step_;
    }
    if (refused > 1) why += fmt::format(" (and {} more values of this series)", refused - 1);
    if (refused > 0) return Error{ErrorKind::malformed, why};
    for (auto& [member, target] : targets_) {
      if (target.handle && time > first_) collector_.cover(*target.handle, {first_, time});
    }
    return {};
  }

  // A number, null, an object of numbers, or a list that holds one of these.
  Status take(const element& value, Time time, std::string_view member) {
    if (first_ == Time{} || time < first_) first_ = time;
    if (value.is_null()) return add(time, member, Sample::missing());
    double number = 0;
    if (value.get(number) == simdjson::SUCCESS) {
      const Result<Target*> target = target_of(member);
      if (!target) return target.error();
      const Status possible = check_sample(number, (*target)->unit);
      return possible.ok() ? add(time, member, Sample::of(number)) : possible;
    }
    object members;
    if (value.get(members) == simdjson::SUCCESS) {
      object inner;
      if (members["agg_values"].get(inner) == simdjson::SUCCESS) members = inner;
      for (const auto& [key, part] : members) {
        if (!part.is_number() && !part.is_null()) continue;
        const Status taken = take(part, time, key);
        if (!taken.ok()) return taken;
      }
      return {};
    }
    simdjson::dom::array list;
    if (value.get(list) == simdjson::SUCCESS) {
      for (const element part : list) {
        if (part.is_array()) break;  // deeper than anything IODA sends
        const Status taken = take(part, time, member);
        if (!taken.ok()) return taken;
      }
      return {};
    }
    return Error{ErrorKind::malformed, "a value that is no number"};
  }

  Status add(Time time, std::string_view member, const Sample& sample) {
    const Result<Target*> target = target_of(member);
    if (!target) return target.error();
    if ((*target)->handle) collector_.add(*(*target)->handle, input_, time, sample);
    return {};
  }

  std::string metric_of(const Feed* feed, std::string_view member) const {
    // Google's products come as subtype or as member: WEB_SEARCH is "search", GMAIL is "gmail".
    if (feed != nullptr && feed->datasource == "gtr") {
      const std::string product = slug(member.empty() ? subtype_ : std::string(member));
      return product == "web_search" || product == "unnamed" ? "search" : product;
    }
    std::string metric = feed != nullptr    ? std::string(feed->metric)
                         : subtype_.empty() ? "value"
                                            : slug(subtype_).substr(0, 30);
    if (!member.empty()) metric += "." + slug(member).substr(0, 30);
    return metric;
  }

  Result<Target*> target_of(std::string_view member) {
    constexpr std::size_t kMostMembers = 1000;
    const auto known = targets_.find(member);
    if (known != targets_.end()) return &known->second;
    if (targets_.size() >= kMostMembers) {
      return Error{ErrorKind::limit, fmt::format("more than {} kinds of value", kMostMembers)};
    }
    const Feed* const feed = feed_of(datasource_);
    const std::string source =
        feed != nullptr ? std::string(feed->source) : "ioda-" + slug(datasource_).substr(0, 50);
    Result<SignalId> id = SignalId::make(*entity_, source, metric_of(feed, member));
    if (!id) return id.error();
    SeriesSpec spec = spec_of(std::move(*id));
    if (feed != nullptr) {
      spec.plane = feed->plane;
      spec.unit = feed->unit;
      spec.worse = feed->worse;
    } else {
      spec.unit = Unit::index;
      collector_.note(input_, fmt::format("data source '{}' is not one we know; read as {}",
                                          shown(datasource_), spec.id.text()));
    }
    spec.step = step_;
    Target target{.unit = spec.unit};
    const std::string id_text = spec.id.text();
    const Result<Collector::Handle> handle = collector_.series(std::move(spec));
    if (!handle) return handle.error();
    // Two telescopes see different numbers of addresses, and two steps do not fit on one grid: the
    // first one is kept.
    const std::string feed_name = fmt::format("{} every {} s", datasource_, step_.count());
    const std::string& first = fed_by_.emplace(*handle, feed_name).first->second;
    if (first == feed_name) {
      target.handle = *handle;
    } else {
      collector_.damaged(input_, at_, bytes_,
                         fmt::format("{} has numbers from {} already; those from {} are not read",
                                     id_text, first, feed_name));
    }
    return &targets_.emplace(std::string(member), target).first->second;
  }

  Collector& collector_;
  std::size_t input_;
  std::map<Collector::Handle, std::string>& fed_by_;
  std::optional<Entity> entity_;
  std::string datasource_;
  std::string subtype_;
  Seconds step_{0};
  Time first_{};
  std::uint64_t at_ = 0;
  std::uint64_t bytes_ = 0;
  std::map<std::string, Target, std::less<>> targets_;
};

// What the server itself says went wrong: "error":"..." in the envelope.
std::string server_error(std::string_view head) {
  constexpr std::string_view kKey = "\"error\":\"";
  const std::size_t at = head.find(kKey);
  if (at == std::string_view::npos) return "";
  const std::string_view rest = head.substr(at + kKey.size());
  return shown(rest.substr(0, rest.find('"')), 200);
}

class AnswerReader {
 public:
  AnswerReader(Collector& collector, std::map<Collector::Handle, std::string>& fed_by)
      : collector_(collector), fed_by_(fed_by) {}

  void read(std::size_t input, ByteSource& source) {
    JsonItems items(source, collector_.name_of(input), JsonItems::Where::in_lists,
                    collector_.damage());
    JsonItem item;
    std::uint64_t series = 0;
    while (items.next(item)) {
      const std::uint64_t bytes = item.text.size();
      if (!is_utf8(item.text)) {
        item.text = clean_utf8(item.text);
        collector_.note(input, "names that are not UTF-8 are taken for Latin-1");
      }
      object found;
      const auto error = parser_.parse(item.text).get(found);
      if (error != simdjson::SUCCESS) {
        items.refuse(item, fmt::format("not JSON: {}", simdjson::error_message(error)));
        continue;
      }
      if (found["values"].error() != simdjson::SUCCESS) continue;  // "perf" and the like
      ++series;
      const Status read = SeriesReader(collector_, input, fed_by_).read(found, item.offset, bytes);
      if (!read.ok()) items.refuse(item, read.error().message);
    }
    if (series > 0) return;
    collector_.note(input, "the answer holds no series");
  }

 private:
  Collector& collector_;
  std::map<Collector::Handle, std::string>& fed_by_;
  simdjson::dom::parser parser_;
};

}  // namespace

bool recognises_ioda_json(std::string_view head, const ReadOptions&) {
  const std::string_view text = trimmed(head);
  if (!text.starts_with('{') && !text.starts_with('[')) return false;
  const auto has = [&](std::string_view token) { return head.find(token) != head.npos; };
  if (has("\"entityType\"") && has("\"datasource\"") && has("\"values\"")) return true;
  const std::set<std::string> keys = top_keys(head);
  return keys.contains("type") && keys.contains("requestParameters") && has("\"signals\"");
}

Reading read_ioda_json(std::span<const Input> inputs, const ReadOptions&) {
  Collector collector(inputs);
  std::map<Collector::Handle, std::string> fed_by;
  AnswerReader reader(collector, fed_by);
  read_each(collector, inputs, [&](std::size_t i, ByteSource& source) { reader.read(i, source); });
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const Result<std::string> head = read_head(inputs[i]);
    const std::string error = head ? server_error(*head) : "";
    if (!error.empty()) collector.damaged(i, 0, 0, "the server answered with an error: " + error);
  }
  return collector.finish();
}

}  // namespace lightsout
