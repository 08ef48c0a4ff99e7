// SPDX-License-Identifier: Apache-2.0
#include "source/ioda_answer.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace lightsout {

namespace {

using Json = nlohmann::json;

constexpr std::size_t kShownText = 200;  // bytes of a foreign text in our messages
constexpr int kDeepest = 16;             // IODA nests 6 deep; more is not its answer

Error changed(std::string_view what) {
  return Error{ErrorKind::unsupported,
               fmt::format("the answer has {}; IODA's format may have changed", what)};
}

// Foreign text, safe in a terminal and in a sentence.
std::string shown(std::string_view text) {
  std::string safe(text.substr(0, kShownText));
  // Not half a character at the cut: a byte of the middle or beginning of one, RFC 3629 section 3.
  while (safe.size() < text.size() && !safe.empty() && (safe.back() & 0x80) != 0) safe.pop_back();
  std::replace_if(
      safe.begin(), safe.end(),
      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, '?');
  return safe;
}

Result<Json> parse(std::string_view body) {
  bool too_deep = false;
  const auto depth_limit = [&](int depth, Json::parse_event_t, Json&) {
    too_deep = too_deep || depth > kDeepest;
    return !too_deep;
  };
  Json json = Json::parse(body, depth_limit, /*allow_exceptions=*/false);
  if (too_deep) return changed("lists inside lists without end");
  if (json.is_discarded()) {
    if (body.substr(0, 200).find('<') != std::string_view::npos) {
      return Error{ErrorKind::malformed,
                   "the answer is a web page, not data; a login page of the network may be in "
                   "between"};
    }
    return Error{ErrorKind::malformed, "the answer is not whole JSON"};
  }
  if (!json.is_object()) return changed("no envelope around its data");
  return json;
}

const Json& member(const Json& object, const char* name) {
  static const Json kNothing;
  const auto found = object.find(name);
  return found == object.end() ? kNothing : *found;
}

std::string text_of(const Json& object, const char* name) {
  const Json& value = member(object, name);
  return value.is_string() ? value.get<std::string>() : std::string();
}

bool is_whole(const Json& value) {
  return value.is_number_integer();
}

// One series: is it about what was asked for, and are the fields there that the reader needs?
Status check_series(const Json& series, std::string_view type, std::string_view code,
                    std::string_view datasource) {
  if (!series.is_object()) return changed("something else where a series was");
  for (const char* name : {"entityType", "entityCode", "datasource"}) {
    if (!member(series, name).is_string()) return changed(fmt::format("no '{}'", name));
  }
  for (const char* name : {"from", "step"}) {
    if (!is_whole(member(series, name))) return changed(fmt::format("no whole '{}'", name));
  }
  if (!member(series, "values").is_array()) return changed("no list of 'values'");
  const std::string about = text_of(series, "entityType") + "/" + text_of(series, "entityCode") +
                            ", " + text_of(series, "datasource");
  const std::string asked = fmt::format("{}/{}, {}", type, code, datasource);
  if (about != asked) {
    return Error{ErrorKind::unsupported,
                 fmt::format("the answer is about '{}' and not '{}'", shown(about), asked)};
  }
  return {};
}

}  // namespace

Result<IodaShape> ioda_signals_shape(std::string_view body, std::string_view entity_type,
                                     std::string_view entity_code, std::string_view datasource) {
  const Result<Json> json = parse(body);
  if (!json) return json.error();
  const Json& error = member(*json, "error");
  if (error.is_string()) {
    return Error{ErrorKind::unsupported,
                 fmt::format("the server says: {}", shown(error.get<std::string>()))};
  }
  const Json& data = member(*json, "data");
  if (!data.is_array()) return changed("no list of 'data'");

  IodaShape shape;
  const Json& synthetic = member(member(*json, "metadata"), "synthetic");
  shape.synthetic = synthetic.is_boolean() && synthetic.get<bool>();
  for (const Json& entity : data) {
    if (!entity.is_array()) return changed("no list of series for each entity");
    for (const Json& series : entity) {
      const Status good = check_series(series, entity_type, entity_code, datasource);
      if (!good) return good.error();
      ++shape.series;
      shape.values += member(series, "values").size();
    }
  }
  return shape;
}

Result<std::vector<IodaRegion>> ioda_regions(std::string_view body) {
  const Result<Json> json = parse(body);
  if (!json) return json.error();
  const Json& data = member(*json, "data");
  if (!data.is_array()) return changed("no list of 'data'");
  std::vector<IodaRegion> regions;
  for (const Json& region : data) {
    if (!region.is_object()) return changed("something else where a region was");
    IodaRegion found{.code = text_of(region, "code"), .name = text_of(region, "name")};
    const bool is_number =
        !found.code.empty() && std::all_of(found.code.begin(), found.code.end(),
                                           [](char c) { return c >= '0' && c <= '9'; });
    if (!is_number || found.name.empty()) return changed("a region without code or name");
    regions.push_back(std::move(found));
  }
  return regions;
}

std::string ioda_error_text(std::string_view body) {
  const Result<Json> json = parse(body);
  return json ? shown(text_of(*json, "error")) : std::string();
}

}  // namespace lightsout
