// A checker for the part of JSON Schema 2020-12 that our documents use: type, enum, required,
// properties, additionalProperties: false, items, $ref. An unknown keyword is an error, so a schema
// cannot promise what is not checked.
//
//   EXPECT_EQ(first_breach(answer, schema, document), "");
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

namespace lightsout::api {

using Json = nlohmann::ordered_json;

inline bool has_type(const nlohmann::ordered_json& value, const std::string& type) {
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string();
  if (type == "integer") return value.is_number_integer();
  if (type == "number") return value.is_number();
  if (type == "boolean") return value.is_boolean();
  return type == "null" && value.is_null();
}

// Where and how the value breaks the schema; empty when it keeps to it.
inline std::string first_breach(const nlohmann::ordered_json& value,
                                const nlohmann::ordered_json& schema,
                                const nlohmann::ordered_json& document,
                                const std::string& where = "answer") {
  if (schema.contains("$ref")) {
    const std::string name = schema["$ref"].get<std::string>();
    const std::string short_name = name.substr(name.rfind('/') + 1);
    const Json& schemas = document["components"]["schemas"];
    if (!schemas.contains(short_name)) return where + ": no schema " + name;
    return first_breach(value, schemas[short_name], document, where);
  }
  for (const auto& [keyword, rule] : schema.items()) {
    if (keyword == "type") {
      const bool fits = rule.is_array()
                            ? std::any_of(rule.begin(), rule.end(),
                                          [&](const Json& each) { return has_type(value, each); })
                            : has_type(value, rule);
      if (!fits) return where + " is not " + rule.dump() + " but " + value.dump().substr(0, 60);
    } else if (keyword == "enum") {
      if (std::find(rule.begin(), rule.end(), value) == rule.end()) {
        return where + " is " + value.dump().substr(0, 60) + ", not one of " + rule.dump();
      }
    } else if (keyword == "required") {
      for (const Json& name : rule) {
        if (!value.contains(name.get<std::string>())) return where + " has no " + name.dump();
      }
    } else if (keyword == "properties") {
      for (const auto& [name, inner] : rule.items()) {
        if (!value.is_object() || !value.contains(name)) continue;
        const std::string breach = first_breach(value[name], inner, document, where + "." + name);
        if (!breach.empty()) return breach;
      }
    } else if (keyword == "additionalProperties") {
      for (const auto& [name, inner] : value.items()) {
        if (!schema["properties"].contains(name)) return where + " also has " + name;
      }
    } else if (keyword == "items") {
      for (std::size_t i = 0; value.is_array() && i < value.size(); ++i) {
        const std::string breach =
            first_breach(value[i], rule, document, where + "[" + std::to_string(i) + "]");
        if (!breach.empty()) return breach;
      }
    } else {
      return where + ": the keyword " + keyword + " is not checked";
    }
  }
  return {};
}

}  // namespace lightsout::api
