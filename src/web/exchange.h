// Exchange: one question over HTTP and its answer, as values.
//
// Pages and the API are functions from a WebRequest to a WebResponse; sockets, TLS and limits lie
// in io/web_server.h, caching, ETags and compression in serve/. So every page can be tested without
// a network, and nothing here knows who asked: a request holds no address.
//
//   WebResponse country_page(Observatory& observatory, const WebRequest& request);
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.h"

namespace lightsout {

struct WebRequest {
  std::string method = "GET";  // GET or HEAD; others never get this far
  std::string path = "/";      // percent-decoded, begins with '/', no empty, "." or ".." part
  std::vector<std::pair<std::string, std::string>> query;  // decoded, as they came
  std::string accept;
  std::string accept_language;
  std::string if_none_match;
  std::string last_event_id;
  bool accepts_gzip = false;

  // The first of that name; nullopt when there is none, "" for a bare name.
  std::optional<std::string> parameter(std::string_view name) const;
  std::vector<std::string> parameters(std::string_view name) const;
  // The path without its leading '/', cut at each '/': {"country", "KZ"}.
  std::vector<std::string> parts() const;
};

struct WebResponse {
  int status = 200;
  std::string content_type = "text/html; charset=utf-8";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;  // beyond what serve/ sets by itself
  int max_age = 60;  // seconds that a cache may keep it; 0: never kept
};

// Reads a request target ("/country/KZ?from=2022-01-05") strictly: an Error of kind usage says what
// is wrong with it (a bad escape, not UTF-8, a control character, "..", too long).
Result<WebRequest> parse_target(std::string_view target);
inline constexpr std::size_t kMaxTarget = 8'192;   // bytes of path and query
inline constexpr std::size_t kMaxParameters = 64;  // of one query

// "a%20b" for "a b": what may stand in a path part or a query value.
std::string percent_encode(std::string_view text);

// An answer of RFC 9457: what is wrong and what to do next, as application/problem+json.
WebResponse problem(int status, std::string_view title, std::string_view detail);
// The status that belongs to an Error: 400, 404, 413, 500 or 503.
int status_of(const Error& error);

}  // namespace lightsout
