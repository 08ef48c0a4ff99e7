// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <set>

#include "measurement/web_connectivity.h"
#include "measurement/words.h"

namespace lightsout {

namespace {

constexpr double kLeastProportion = 0.7;  // ts-017
constexpr std::size_t kLongWord = 5;      // bytes

// Names that nearly every server sends prove nothing (ts-017).
constexpr std::array<std::string_view, 25> kCommonHeaders{"accept-ranges",
                                                          "age",
                                                          "cache-control",
                                                          "cf-ray",
                                                          "content-encoding",
                                                          "content-language",
                                                          "content-type",
                                                          "date",
                                                          "etag",
                                                          "expires",
                                                          "last-modified",
                                                          "link",
                                                          "location",
                                                          "p3p",
                                                          "pragma",
                                                          "server",
                                                          "set-cookie",
                                                          "strict-transport-security",
                                                          "vary",
                                                          "via",
                                                          "x-content-type-options",
                                                          "x-frame-options",
                                                          "x-powered-by",
                                                          "x-varnish",
                                                          "x-xss-protection"};

bool is_common(const std::string& name) {
  return std::find(kCommonHeaders.begin(), kCommonHeaders.end(), name) != kCommonHeaders.end();
}

std::set<std::string> long_words(std::string_view title) {
  std::set<std::string> words;
  while (!title.empty()) {
    const std::size_t end = std::min(title.find(' '), title.size());
    if (end >= kLongWord) words.insert(lower(title.substr(0, end)));
    title.remove_prefix(std::min(end + 1, title.size()));
  }
  return words;
}

}  // namespace

bool PageDifference::differs() const {
  const bool alike = body_length_match.value_or(false) || headers_match.value_or(false) ||
                     title_match.value_or(false);
  return !(status_code_match.value_or(false) && alike);
}

PageDifference compare_pages(const HttpExchange& ours, const WebControl& control) {
  PageDifference difference;
  if (!ours.truncated && !ours.body.empty() && control.body_length > 0) {
    const auto length = static_cast<double>(ours.body.size());
    const auto other = static_cast<double>(control.body_length);
    difference.body_proportion = std::min(length, other) / std::max(length, other);
    difference.body_length_match = *difference.body_proportion > kLeastProportion;
  }
  if (control.code <= 0) return difference;  // it saw no page
  const bool same_code = ours.code == control.code;
  if (ours.code > 0 && (same_code || control.code / 100 == 2)) {
    difference.status_code_match = same_code;
  }
  difference.headers_match =
      std::any_of(ours.headers.begin(), ours.headers.end(), [&](const auto& header) {
        return !is_common(header.first) &&
               std::find(control.header_names.begin(), control.header_names.end(), header.first) !=
                   control.header_names.end();
      });
  difference.title_match = long_words(title_of_page(ours.body)) == long_words(control.title);
  return difference;
}

}  // namespace lightsout
