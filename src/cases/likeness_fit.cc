// cases/likeness.fit: "term NAME WEIGHT USUAL", one line a term.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "cases/embedded.h"
#include "cases/likeness.h"

namespace lightsout {

namespace {

std::optional<double> number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) {
    return std::nullopt;
  }
  return value;
}

std::string_view take_word(std::string_view& line) {
  const std::size_t end = std::min(line.find(' '), line.size());
  const std::string_view word = line.substr(0, end);
  line.remove_prefix(std::min(end + 1, line.size()));
  return word;
}

bool take_term(std::string_view line, LikenessWeights& weights, std::array<bool, kTerms>& given) {
  if (take_word(line) != "term") return false;
  const std::string_view name = take_word(line);
  const auto weight = number(take_word(line)), usual = number(take_word(line));
  if (!weight || !usual || *weight < 0 || *usual < 0 || !line.empty()) return false;
  for (std::size_t i = 0; i < kTerms; ++i) {
    if (name != name_of(static_cast<LikenessTerm>(i)) || given[i]) continue;
    weights.weight[i] = *weight;
    weights.usual[i] = *usual;
    given[i] = true;
    return true;
  }
  return false;
}

}  // namespace

Result<LikenessWeights> parse_likeness_fit(std::string_view text) {
  LikenessWeights weights;
  std::array<bool, kTerms> given{};
  std::size_t number_of_line = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number_of_line;
    if (line.empty() || line.front() == '#') continue;
    if (!take_term(line, weights, given)) {
      return Error{ErrorKind::malformed,
                   fmt::format("line {} of the fit cannot be read", number_of_line)};
    }
  }
  double sum = 0;
  for (std::size_t i = 0; i < kTerms; ++i) sum += weights.weight[i];
  for (const bool has : given) {
    if (!has) return Error{ErrorKind::malformed, "the fit lacks a term"};
  }
  if (weights.weight[0] <= 0 || std::fabs(sum - 1) > 1e-4) {
    return Error{ErrorKind::malformed, "weights of a fit sum to 1, that of the course above 0"};
  }
  return weights;
}

std::string likeness_fit_text(const LikenessWeights& weights) {
  std::string text;
  for (std::size_t i = 0; i < kTerms; ++i) {
    text += fmt::format("term {} {:.6f} {:.6f}\n", name_of(static_cast<LikenessTerm>(i)),
                        weights.weight[i], weights.usual[i]);
  }
  return text;
}

const LikenessWeights& built_in_weights() {
  static const LikenessWeights weights = [] {
    const Result<LikenessWeights> read = parse_likeness_fit(embedded_text("likeness.fit"));
    CHECK(read.ok());
    return *read;
  }();
  return weights;
}

}  // namespace lightsout
