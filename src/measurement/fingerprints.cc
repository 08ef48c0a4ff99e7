// SPDX-License-Identifier: Apache-2.0
#include "measurement/fingerprints.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace lightsout {

namespace {

constexpr std::string_view kUnreadable = "[](){}|+?^$";  // what we do not understand unescaped

struct Piece {
  std::string text;
  std::vector<bool> any;  // this byte may be any byte
};

// The stretches between ".*"; nullopt when there is something in it that we do not read.
std::optional<std::vector<Piece>> pieces_of(std::string_view expression) {
  std::vector<Piece> pieces(1);
  for (std::size_t i = 0; i < expression.size(); ++i) {
    const char c = expression[i];
    if (c == '\\') {
      if (++i == expression.size()) return std::nullopt;
      const char escaped = expression[i];
      // \d, \w, \b and their like are classes, not letters.
      if ((escaped >= 'a' && escaped <= 'z') || (escaped >= 'A' && escaped <= 'Z')) {
        return std::nullopt;
      }
      pieces.back().text += escaped;
      pieces.back().any.push_back(false);
    } else if (c == '.' && i + 1 < expression.size() && expression[i + 1] == '*') {
      ++i;
      pieces.emplace_back();
    } else if (c == '*' || kUnreadable.find(c) != kUnreadable.npos) {
      return std::nullopt;
    } else {
      pieces.back().text += c;
      pieces.back().any.push_back(c == '.');
    }
  }
  return pieces;
}

bool fits(const Piece& piece, std::string_view text) {
  for (std::size_t i = 0; i < piece.text.size(); ++i) {
    if (!piece.any[i] && piece.text[i] != text[i]) return false;
  }
  return true;
}

// The first place of the piece from `at` on.
std::size_t find_piece(const Piece& piece, std::string_view text, std::size_t at) {
  const bool plain = std::none_of(piece.any.begin(), piece.any.end(), [](bool any) { return any; });
  if (plain) return text.find(piece.text, at);
  for (; at + piece.text.size() <= text.size(); ++at) {
    if (fits(piece, text.substr(at))) return at;
  }
  return text.npos;
}

// The earliest place for each piece in turn leaves the most room for the next.
bool matches_expression(std::string_view expression, std::string_view text) {
  const auto pieces = pieces_of(expression);
  if (!pieces) return false;
  std::size_t at = 0;
  for (const Piece& piece : *pieces) {
    at = find_piece(piece, text, at);
    if (at == text.npos) return false;
    at += piece.text.size();
  }
  return true;
}

std::optional<Fingerprint::Pattern> pattern_of(std::string_view type) {
  if (type == "full") return Fingerprint::Pattern::full;
  if (type == "prefix") return Fingerprint::Pattern::prefix;
  if (type == "contains") return Fingerprint::Pattern::contains;
  if (type == "regexp") return Fingerprint::Pattern::expression;
  return std::nullopt;
}

bool matches_page(const Fingerprint& fingerprint, const HttpExchange& page) {
  if (fingerprint.location == "body") return matches(fingerprint, page.body);
  const std::string_view header = std::string_view(fingerprint.location).substr(7);
  return std::any_of(page.headers.begin(), page.headers.end(), [&](const auto& one) {
    return one.first == header && matches(fingerprint, one.second);
  });
}

}  // namespace

bool Fingerprint::expected_in(std::string_view country) const {
  return countries.empty() ||
         std::find(countries.begin(), countries.end(), country) != countries.end();
}

Result<Fingerprint> make_fingerprint(Fingerprint from, std::string_view pattern_type) {
  const auto pattern = pattern_of(pattern_type);
  if (!pattern) {
    return Error{ErrorKind::unsupported, "a pattern is full, prefix, contains or regexp"};
  }
  from.pattern = *pattern;
  if (from.text.empty()) return Error{ErrorKind::malformed, "an empty pattern matches everything"};
  if (from.text.size() > kLongestPattern) {
    return Error{ErrorKind::limit, fmt::format("a pattern of more than {} bytes", kLongestPattern)};
  }
  if (*pattern == Fingerprint::Pattern::expression && !pieces_of(from.text)) {
    return Error{ErrorKind::unsupported,
                 "a regular expression with more than '.', '.*' and escapes"};
  }
  const bool known =
      from.location == "dns" || from.location == "body" || from.location.starts_with("header.");
  if (!known) return Error{ErrorKind::unsupported, "found in neither dns, body nor a header"};
  return from;
}

bool matches(const Fingerprint& fingerprint, std::string_view text) {
  switch (fingerprint.pattern) {
    case Fingerprint::Pattern::full:
      return text == fingerprint.text;
    case Fingerprint::Pattern::prefix:
      return text.starts_with(fingerprint.text);
    case Fingerprint::Pattern::contains:
      return text.find(fingerprint.text) != text.npos;
    case Fingerprint::Pattern::expression:
      return matches_expression(fingerprint.text, text);
  }
  return false;
}

std::vector<const Fingerprint*> Fingerprints::matches(const OoniMeasurement& measurement) const {
  std::vector<const Fingerprint*> hits;
  for (const Fingerprint& one : list_) {
    const bool hit =
        one.location == "dns"
            ? std::any_of(measurement.lookups.begin(), measurement.lookups.end(),
                          [&](const DnsLookup& lookup) {
                            return std::any_of(
                                lookup.addresses.begin(), lookup.addresses.end(),
                                [&](const auto& text) { return lightsout::matches(one, text); });
                          })
            : std::any_of(measurement.exchanges.begin(), measurement.exchanges.end(),
                          [&](const HttpExchange& page) { return matches_page(one, page); });
    if (hit) hits.push_back(&one);
  }
  return hits;
}

}  // namespace lightsout
