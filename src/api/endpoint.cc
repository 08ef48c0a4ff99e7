// SPDX-License-Identifier: Apache-2.0
#include "api/endpoint.h"

#include <fmt/format.h>

#include "api/all_endpoints.h"

namespace lightsout {

namespace {

std::vector<std::string_view> cut(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find(at);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

bool is_one_of(std::string_view word, std::string_view list) {
  for (const std::string_view each : cut(list, '|')) {
    if (each == word) return true;
  }
  return false;
}

bool fits(std::string_view pattern, std::string_view path, std::vector<std::string>& parts) {
  const std::vector<std::string_view> wanted = cut(pattern.substr(1), '/');
  const std::vector<std::string_view> given = cut(path.substr(1), '/');
  if (wanted.size() != given.size()) return false;
  parts.clear();
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i].starts_with('{')) {
      if (given[i].empty()) return false;
      parts.emplace_back(given[i]);
    } else if (wanted[i] != given[i]) {
      return false;
    }
  }
  return true;
}

// "csv" of ".../KZ.csv"; empty where the last part has no suffix.
std::string_view suffix_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  const std::size_t dot = path.rfind('.');
  if (dot == std::string_view::npos || slash == std::string_view::npos || dot < slash + 2)
    return {};
  return path.substr(dot + 1);
}

std::string known_names(const Endpoint& endpoint) {
  std::string names = "format";
  for (const Parameter& each : endpoint.query_parameters) names += ", " + std::string(each.name);
  return names;
}

// What is wrong with the parameters' names; empty when nothing is.
std::string unknown_parameter(const Endpoint& endpoint, const WebRequest& request) {
  if (endpoint.passes_over_unknown) return {};
  for (const auto& [name, value] : request.query) {
    bool known = name == "format";
    for (const Parameter& each : endpoint.query_parameters) known = known || each.name == name;
    if (!known) {
      return fmt::format("'{}' is no parameter of {}; it knows {}", name, endpoint.path,
                         known_names(endpoint));
    }
  }
  for (const Parameter& each : endpoint.query_parameters) {
    if (each.required && request.parameter(each.name).value_or("").empty()) {
      return fmt::format("the parameter '{}' is missing: {}, for example {}={}", each.name,
                         each.summary, each.name, each.example);
    }
  }
  return {};
}

WebResponse answered(Observatory& observatory, const WebRequest& request) {
  const EndpointMatch match = match_endpoint(request.path);
  if (match.endpoint == nullptr) {
    const std::string_view suffix = suffix_of(request.path);
    if (!suffix.empty()) {
      const std::string without = request.path.substr(0, request.path.size() - suffix.size() - 1);
      if (const EndpointMatch other = match_endpoint(without); other.endpoint != nullptr) {
        return problem(406, "Unknown format",
                       fmt::format("{} is not offered as '{}'; it speaks {}", without, suffix,
                                   other.endpoint->formats));
      }
    }
    return problem(
        404, "No such address",
        fmt::format("the API has no '{}'; /api/v1/openapi.json lists what it has", request.path));
  }
  const Endpoint& endpoint = *match.endpoint;
  if (const std::string wrong = unknown_parameter(endpoint, request); !wrong.empty()) {
    return problem(400, "Parameters not understood", wrong);
  }
  std::string format = match.suffix;
  if (format.empty() && !endpoint.passes_over_unknown) {
    format = request.parameter("format").value_or("");
  }
  if (format.empty()) format = std::string(cut(endpoint.formats, '|').front());
  if (!is_one_of(format, endpoint.formats)) {
    return problem(406, "Unknown format",
                   fmt::format("{} is not offered as '{}'; it speaks {}", endpoint.path, format,
                               endpoint.formats));
  }
  return endpoint.answer({observatory, request, match.parts, format});
}

}  // namespace

EndpointMatch match_endpoint(std::string_view path) {
  EndpointMatch match;
  if (path.empty() || path.front() != '/') return match;
  if (path.size() > 1 && path.back() == '/') path.remove_suffix(1);
  // As it stands first: "/api/v1/chart.svg" is a path of its own, and a code may hold a point.
  const std::string_view suffix = suffix_of(path);
  const std::string_view without =
      suffix.empty() ? path : path.substr(0, path.size() - suffix.size() - 1);
  for (const Endpoint& endpoint : all_endpoints()) {
    const bool literal = !endpoint.path.ends_with('}');
    if (literal && fits(endpoint.path, path, match.parts)) {
      match.endpoint = &endpoint;
      return match;
    }
    if (!suffix.empty() && is_one_of(suffix, endpoint.formats) &&
        fits(endpoint.path, without, match.parts)) {
      match.endpoint = &endpoint;
      match.suffix = std::string(suffix);
      return match;
    }
    if (fits(endpoint.path, path, match.parts)) {
      match.endpoint = &endpoint;
      return match;
    }
  }
  match.parts.clear();
  return match;
}

std::optional<WebResponse> answer_api(Observatory& observatory, const WebRequest& request) {
  const bool ours = request.path.starts_with("/api/") || request.path == "/api" ||
                    request.path.starts_with("/compat/") || request.path == "/embed";
  // "/api" itself is a page for people.
  if (!ours || request.path == "/api") return std::nullopt;
  WebResponse response = answered(observatory, request);
  response.headers.emplace_back("access-control-allow-origin", "*");
  return response;
}

}  // namespace lightsout
