// SPDX-License-Identifier: Apache-2.0
#include "web/exchange.h"

#include <fmt/format.h>

#include "report/escape.h"

namespace lightsout {

namespace {

Error wrong(std::string message) {
  return {ErrorKind::usage, std::move(message)};
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Percent escapes, and '+' as a blank in a query; the result is valid text in one line.
Result<std::string> decoded(std::string_view text, bool query) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
      if (high < 0 || low < 0)
        return wrong("the address has a '%' without two hex digits after it");
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else if (query && text[i] == '+') {
      out += ' ';
    } else {
      out += text[i];
    }
  }
  if (clean_text(out) != out) {
    return wrong("the address holds bytes that are not plain UTF-8 text in one line");
  }
  return out;
}

Result<std::string> checked_path(std::string_view text) {
  Result<std::string> path = decoded(text, false);
  if (!path) return path;
  if (path->empty() || path->front() != '/') return wrong("the path must begin with '/'");
  if (path->find('\\') != std::string::npos) return wrong("the path must not hold a backslash");
  std::size_t begin = 1;
  while (begin < path->size()) {
    const std::size_t end = std::min(path->find('/', begin), path->size());
    const std::string_view part = std::string_view(*path).substr(begin, end - begin);
    if (part.empty() || part == "." || part == "..") {
      return wrong("the path must not hold empty, '.' or '..' parts");
    }
    begin = end + 1;
  }
  if (path->size() > 1 && path->back() == '/') path->pop_back();
  return path;
}

}  // namespace

std::optional<std::string> WebRequest::parameter(std::string_view name) const {
  for (const auto& [key, value] : query) {
    if (key == name) return value;
  }
  return std::nullopt;
}

std::vector<std::string> WebRequest::parameters(std::string_view name) const {
  std::vector<std::string> values;
  for (const auto& [key, value] : query) {
    if (key == name) values.push_back(value);
  }
  return values;
}

std::vector<std::string> WebRequest::parts() const {
  std::vector<std::string> parts;
  std::size_t begin = 1;
  while (begin < path.size()) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    parts.push_back(path.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

Result<WebRequest> parse_target(std::string_view target) {
  if (target.size() > kMaxTarget) {
    return wrong(fmt::format("the address is longer than {} bytes", kMaxTarget));
  }
  WebRequest request;
  const std::size_t mark = std::min(target.find('?'), target.size());
  Result<std::string> path = checked_path(target.substr(0, mark));
  if (!path) return path.error();
  request.path = std::move(*path);
  std::string_view rest = mark < target.size() ? target.substr(mark + 1) : std::string_view{};
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('&'), rest.size());
    const std::string_view pair = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (pair.empty()) continue;
    if (request.query.size() == kMaxParameters) {
      return wrong(fmt::format("the address has more than {} parameters", kMaxParameters));
    }
    const std::size_t equals = std::min(pair.find('='), pair.size());
    Result<std::string> name = decoded(pair.substr(0, equals), true);
    if (!name) return name.error();
    Result<std::string> value =
        decoded(equals < pair.size() ? pair.substr(equals + 1) : std::string_view{}, true);
    if (!value) return value.error();
    request.query.emplace_back(std::move(*name), std::move(*value));
  }
  return request;
}

std::string percent_encode(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '_' || c == '.' || c == '~' || c == ':' || c == '@';
    if (plain) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

WebResponse problem(int status, std::string_view title, std::string_view detail) {
  return {.status = status,
          .content_type = "application/problem+json",
          .body = fmt::format(R"({{"type":"about:blank","title":"{}","status":{},"detail":"{}"}})"
                              "\n",
                              escape_json(title), status, escape_json(detail)),
          .headers = {},
          .max_age = 0};
}

int status_of(const Error& error) {
  switch (error.kind) {
    case ErrorKind::usage:
    case ErrorKind::malformed:
    case ErrorKind::unsupported:
      return 400;
    case ErrorKind::not_found:
      return 404;
    case ErrorKind::limit:
      return 413;
    case ErrorKind::source_gap:
      return 503;
    case ErrorKind::world:
      break;
  }
  return 500;
}

}  // namespace lightsout
