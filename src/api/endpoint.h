// Endpoint: one address of the API, and the table of all of them.
//
// An endpoint is a value: a path with its parts in braces, the parameters that it understands, the
// formats that it speaks and a function from a question to an answer. The router, the OpenAPI
// document and the test that replays that document read the same table, so none of them can promise
// what another does not keep. To add one: a function, and a line in the table of its file.
//
//   const std::optional<WebResponse> answer = answer_api(observatory, *parse_target(target));
//   if (!answer) ...   // not an address of the API
//
// A format is chosen by suffix ("/api/v1/incidents.csv") or by ?format=csv; the first of the list
// holds when neither says. Surprising rule: under /api/v1 a parameter that the endpoint does not
// know is refused with the list of those it does, because "?form=" for "?from=" would otherwise
// answer another question. /compat passes over what it does not know, as the API that it follows.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "web/exchange.h"
#include "web/observatory.h"

namespace lightsout {

enum class ParameterKind { text, entity, time, integer, number, boolean, choice, duration };

struct Parameter {
  std::string_view name;
  ParameterKind kind = ParameterKind::text;
  std::string_view summary;
  std::string_view example;         // of a value, without its encoding; empty: left out there
  std::string_view choices = {};    // "min|mean|max", for a choice
  std::string_view otherwise = {};  // what holds without it, in words or as a value
  bool required = false;
  bool repeated = false;
};

// One question, taken apart.
struct ApiCall {
  Observatory& observatory;
  const WebRequest& request;
  std::vector<std::string> parts;  // what stood for the parts in braces, in their order
  std::string format;              // one of the endpoint's
};

struct Endpoint {
  std::string_view path;                        // "/api/v1/series/{type}/{code}"
  std::string_view summary;                     // one sentence
  std::span<const Parameter> path_parameters;   // one for each pair of braces, in order
  std::span<const Parameter> query_parameters;  // beyond format, which all have
  std::string_view formats;  // "json|csv|tsv|jsonl", the first one when nobody chose
  std::string_view schema;   // of its JSON answer, by name in schemas.h; empty: another format only
  WebResponse (*answer)(const ApiCall& call);
  bool passes_over_unknown = false;  // parameters: only where another's API is followed
};

std::span<const Endpoint> all_endpoints();

struct EndpointMatch {
  const Endpoint* endpoint = nullptr;
  std::vector<std::string> parts;
  std::string suffix;  // "csv"; empty: none was written
};

// Which endpoint a path belongs to. An endpoint of nullptr: none.
EndpointMatch match_endpoint(std::string_view path);

// nullopt: the path is not below /api/, /compat/ or /embed. Everything else is answered, what is
// wrong with a problem document. CORS is open: there is nothing here that a reader could change.
std::optional<WebResponse> answer_api(Observatory& observatory, const WebRequest& request);

}  // namespace lightsout
