// The fitted models: how they are applied, and how they are written down.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "cases/deliberate.h"
#include "cases/embedded.h"

namespace lightsout {

namespace {

constexpr std::string_view kNames[kIndicators] = {
    "on_the_hour", "on_the_half_hour", "same_hour_again", "at_night",     "all_planes",
    "alone",       "quiet_before",     "round_end",       "round_length", "lasts"};

std::vector<std::string_view> words_in(std::string_view line) {
  std::vector<std::string_view> words;
  while (!line.empty()) {
    const std::size_t end = std::min(line.find(' '), line.size());
    if (end > 0) words.push_back(line.substr(0, end));
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  return words;
}

std::optional<double> number_in(std::string_view word) {
  double value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc() || end != word.data() + word.size() || !std::isfinite(value)) {
    return std::nullopt;
  }
  return value;
}

std::optional<Indicator> indicator_of(std::string_view name) {
  for (std::size_t i = 0; i < kIndicators; ++i) {
    if (kNames[i] == name) return static_cast<Indicator>(i);
  }
  return std::nullopt;
}

// One line of a model; false when it cannot be read.
bool take_line(const std::vector<std::string_view>& words, FittedModel& model) {
  std::vector<double> numbers;
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (words[0] == "indicator" && i == 1) continue;
    const std::optional<double> number = number_in(words[i]);
    if (!number) return false;
    numbers.push_back(*number);
  }
  if (words[0] == "indicator" && numbers.size() == 2) {
    const std::optional<Indicator> indicator = indicator_of(words[1]);
    const bool twice = indicator && std::find(model.uses.begin(), model.uses.end(), *indicator) !=
                                        model.uses.end();
    if (!indicator || twice) return false;
    model.uses.push_back(*indicator);
    model.weight.push_back(numbers[0]);
    model.centre.push_back(numbers[1]);
    return true;
  }
  if (words[0] == "intercept" && numbers.size() == 1) {
    model.intercept = numbers[0];
    return true;
  }
  if (numbers.size() != 2) return false;
  if (words[0] == "calibration") {
    model.slope = numbers[0];
    model.shift = numbers[1];
    return true;
  }
  if (words[0] != "rows" || numbers[0] < 0 || numbers[1] < 0 || numbers[0] + numbers[1] > 1e9) {
    return false;
  }
  model.deliberate = static_cast<std::size_t>(numbers[0]);
  model.accidents = static_cast<std::size_t>(numbers[1]);
  return true;
}

}  // namespace

double FittedModel::log_odds(const IndicatorValues& values) const {
  double sum = intercept;
  for (std::size_t i = 0; i < uses.size(); ++i) {
    const std::optional<double>& value = values[static_cast<std::size_t>(uses[i])];
    if (value) sum += weight[i] * (*value - centre[i]);
  }
  return sum;
}

double FittedModel::probability(const IndicatorValues& values) const {
  return 1 / (1 + std::exp(-(slope * log_odds(values) + shift)));
}

bool FittedModel::knows_all(const IndicatorValues& values) const {
  return std::all_of(uses.begin(), uses.end(), [&](Indicator indicator) {
    return values[static_cast<std::size_t>(indicator)].has_value();
  });
}

Result<std::vector<FittedModel>> parse_fit(std::string_view text) {
  constexpr std::size_t kMaxModels = 20;
  std::vector<FittedModel> models;
  std::size_t number = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::vector<std::string_view> words = words_in(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    if (words.empty() || words[0].front() == '#') continue;
    const bool begins = words[0] == "model" && words.size() == 2 && models.size() < kMaxModels;
    if (begins) models.push_back({.name = std::string(words[1])});
    if (!begins && (models.empty() || !take_line(words, models.back()))) {
      return Error{ErrorKind::malformed, fmt::format("line {} of the fit cannot be read", number)};
    }
  }
  return models;
}

std::string fit_text(const std::vector<FittedModel>& models) {
  std::string text;
  for (const FittedModel& model : models) {
    text += fmt::format("\nmodel {}\nrows {} {}\nintercept {:.6f}\n", model.name, model.deliberate,
                        model.accidents, model.intercept);
    for (std::size_t i = 0; i < model.uses.size(); ++i) {
      text += fmt::format("indicator {} {:.6f} {:.6f}\n", name_of(model.uses[i]), model.weight[i],
                          model.centre[i]);
    }
    text += fmt::format("calibration {:.6f} {:.6f}\n", model.slope, model.shift);
  }
  return text;
}

const std::vector<FittedModel>& built_in_fit() {
  static const std::vector<FittedModel> models = [] {
    Result<std::vector<FittedModel>> read = parse_fit(embedded_text("deliberate.fit"));
    CHECK(read.ok());
    return std::move(*read);
  }();
  return models;
}

std::string_view name_of(Indicator indicator) {
  return kNames[static_cast<std::size_t>(indicator)];
}

std::string_view words_for(Indicator indicator) {
  constexpr std::string_view kWords[kIndicators] = {
      "begins on the hour, local time",
      "begins on the half hour, local time",
      "at the same time of day one to four days before",
      "begins between midnight and six, local time",
      "routes, answers and traffic all fell",
      "no other country struck within ten minutes",
      "no outages at other hours in the sixty days before",
      "ends on the hour or half hour, local time",
      "lasts a multiple of half an hour",
      "lasts an hour or longer"};
  return kWords[static_cast<std::size_t>(indicator)];
}

}  // namespace lightsout
