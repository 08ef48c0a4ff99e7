// Deliberate cut or accident: ours and the incumbent, each country left out in turn, on the same
// rows (docs/methods/deliberate.md).
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <random>

#include "score/fit_deliberate.h"
#include "score/sections.h"
#include "score/statistics.h"

namespace lightsout {

namespace {

constexpr std::size_t kResamples = 2'000;
constexpr std::uint32_t kSeed = 20'231'010;

using Measure = double (*)(const std::vector<double>&, const std::vector<bool>&);
struct NamedMeasure {
  std::string_view name;
  Measure measure;
  bool more_is_better;
};
constexpr NamedMeasure kMeasures[] = {{"AUC", roc_auc, true},
                                      {"F1 at 0.5", f1_score, true},
                                      {"calibration error", calibration_error, false},
                                      {"Brier", brier_score, false}};

struct Setting {
  std::string name;
  std::vector<LabelledOutage> rows;
  bool balanced = false;
};

std::vector<LabelledOutage> choose_rows(const TruthList& list, bool with_unlabelled,
                                        std::string_view without_country) {
  std::vector<LabelledOutage> rows;
  for (const ListedOutage& row : list.rows) {
    if (row.country == without_country) continue;
    if (row.label == OutageLabel::unlabelled && !with_unlabelled) continue;
    rows.push_back({&row, row.label == OutageLabel::deliberate});
  }
  return rows;
}

// The 95 % interval of ours minus the incumbent's, over paired resamples of rows.
Interval paired_bootstrap(const LeftOut& left, const std::vector<bool>& labels, Measure measure) {
  std::mt19937 dice(kSeed);
  std::vector<double> differences;
  std::vector<double> ours(labels.size());
  std::vector<double> incumbent(labels.size());
  std::vector<bool> drawn(labels.size());
  for (std::size_t k = 0; k < kResamples; ++k) {
    for (std::size_t i = 0; i < labels.size(); ++i) {
      const std::size_t from = dice() % labels.size();
      ours[i] = left.ours[from];
      incumbent[i] = left.incumbent[from];
      drawn[i] = labels[from];
    }
    const double difference = measure(ours, drawn) - measure(incumbent, drawn);
    if (!std::isnan(difference)) differences.push_back(difference);
  }
  std::sort(differences.begin(), differences.end());
  if (differences.size() < 40) return {std::nan(""), std::nan("")};
  return {differences[differences.size() / 40],
          differences[differences.size() - 1 - differences.size() / 40]};
}

// 1 where the evidence raised the odds that stood beforehand, 0 elsewhere.
std::vector<double> raised(const std::vector<double>& probability,
                           const std::vector<double>& beforehand) {
  std::vector<double> calls;
  for (std::size_t i = 0; i < probability.size(); ++i) {
    calls.push_back(probability[i] >= beforehand[i] ? 1.0 : 0.0);
  }
  return calls;
}

std::string verdict_of(const Interval& interval, bool more_is_better) {
  if (std::isnan(interval.low)) return "-";
  const bool above = interval.low > 0;
  const bool below = interval.high < 0;
  if (!above && !below) return "no difference shown";
  return above == more_is_better ? "ours better" : "incumbent better";
}

// The mean over countries of the share called rightly, so that no country outweighs the others.
double macro_accuracy(const std::vector<double>& probability,
                      const std::vector<LabelledOutage>& rows) {
  std::map<std::string, std::pair<double, double>> countries;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto& [right, count] = countries[rows[i].outage->country];
    right += (probability[i] >= 0.5) == rows[i].deliberate;
    ++count;
  }
  double sum = 0;
  for (const auto& [country, tally] : countries) sum += tally.first / tally.second;
  return countries.empty() ? std::nan("") : sum / static_cast<double>(countries.size());
}

void add_rows(const Setting& setting, const IndicatorSet& set, ScoreTable& table) {
  const LeftOut left = leave_countries_out(set, setting.rows, setting.balanced);
  std::vector<bool> labels;
  for (const LabelledOutage& row : setting.rows) labels.push_back(row.deliberate);
  const std::string model = set.name.starts_with("onset") ? "at onset" : "whole course";
  const auto add = [&](std::string_view name, const LeftOut& judged, const NamedMeasure& measure) {
    const Interval interval = paired_bootstrap(judged, labels, measure.measure);
    table.rows.push_back({setting.name, model, std::string(name),
                          three_digits(measure.measure(judged.ours, labels)),
                          three_digits(measure.measure(judged.incumbent, labels)),
                          fmt::format("{:+.3f} to {:+.3f}", interval.low, interval.high),
                          verdict_of(interval, measure.more_is_better)});
  };
  for (const NamedMeasure& measure : kMeasures) add(measure.name, left, measure);
  LeftOut calls;
  calls.ours = raised(left.ours, left.ours_beforehand);
  calls.incumbent = raised(left.incumbent, left.incumbent_beforehand);
  add("F1 above the odds beforehand", calls, kMeasures[1]);
  table.rows.push_back({setting.name, model, "right, mean over countries",
                        three_digits(macro_accuracy(left.ours, setting.rows)),
                        three_digits(macro_accuracy(left.incumbent, setting.rows)), "-", "-"});
}

ScoreTable count_table(const std::vector<Setting>& settings) {
  ScoreTable table{{"rows", "deliberate", "others", "countries", "of the deliberate: Iraq"}, {}};
  for (const Setting& setting : settings) {
    std::map<std::string, std::size_t> countries;
    std::size_t deliberate = 0;
    std::size_t iraq = 0;
    for (const LabelledOutage& row : setting.rows) {
      ++countries[row.outage->country];
      deliberate += row.deliberate;
      iraq += row.deliberate && row.outage->country == "Iraq";
    }
    table.rows.push_back({setting.name, std::to_string(deliberate),
                          std::to_string(setting.rows.size() - deliberate),
                          std::to_string(countries.size()), std::to_string(iraq)});
  }
  return table;
}

// The 95 % interval of one measure over resamples of rows.
std::string measured(const std::vector<double>& probability, const std::vector<bool>& labels,
                     Measure measure) {
  const Interval interval =
      bootstrap(labels.size(), kResamples, [&](const std::vector<std::size_t>& drawn) {
        std::vector<double> some;
        std::vector<bool> label;
        for (const std::size_t i : drawn) {
          some.push_back(probability[i]);
          label.push_back(labels[i]);
        }
        return measure(some, label);
      });
  return with_interval(measure(probability, labels), interval);
}

ScoreTable calibration_table(const std::vector<Setting>& settings) {
  ScoreTable table{{"rows", "known", "measure", "not calibrated", "Platt (used)", "isotonic"}, {}};
  for (const Setting& setting : settings) {
    std::vector<bool> labels;
    for (const LabelledOutage& row : setting.rows) labels.push_back(row.deliberate);
    for (const std::size_t which : {0, 1}) {
      const IndicatorSet& set = indicator_sets()[which];
      const Calibrations three = calibrate_three_ways(set, setting.rows, setting.balanced);
      for (const NamedMeasure& measure : kMeasures) {
        if (measure.more_is_better) continue;
        table.rows.push_back({setting.name, which == 0 ? "whole course" : "at onset",
                              std::string(measure.name),
                              measured(three.none, labels, measure.measure),
                              measured(three.platt, labels, measure.measure),
                              measured(three.isotonic, labels, measure.measure)});
      }
    }
  }
  return table;
}

ScoreTable weight_table() {
  ScoreTable table{{"indicator"}, {}};
  for (const FittedModel& model : built_in_fit()) table.columns.push_back(model.name);
  for (std::size_t i = 0; i < kIndicators; ++i) {
    std::vector<std::string> row{std::string(words_for(static_cast<Indicator>(i)))};
    for (const FittedModel& model : built_in_fit()) {
      const auto found = std::find(model.uses.begin(), model.uses.end(), static_cast<Indicator>(i));
      row.push_back(
          found == model.uses.end()
              ? "-"
              : fmt::format("{:.2f}",
                            model.weight[static_cast<std::size_t>(found - model.uses.begin())]));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

ScoreSection make(const ScoreData& data) {
  constexpr std::string_view kHeading = "Deliberate cut or accident";
  const Result<TruthList> list = read_truth_list(data);
  if (!list) return not_scored(std::string(kHeading), list.error());
  const std::vector<Setting> settings = {
      {"against confirmed accidents", choose_rows(*list, false, ""), true},
      {"against confirmed accidents, without Iraq", choose_rows(*list, false, "Iraq"), true},
      {"against every other event", choose_rows(*list, true, ""), false},
      {"against every other event, without Iraq", choose_rows(*list, true, "Iraq"), false},
  };
  ScoreTable table{
      {"rows", "known", "measure", "ours", "incumbent", "ours - incumbent, 95 %", "shown"}, {}};
  for (const Setting& setting : settings) {
    add_rows(setting, indicator_sets()[0], table);
    add_rows(setting, indicator_sets()[1], table);
  }
  ScoreSection section{.heading = std::string(kHeading), .blocks = {}};
  section.blocks.push_back(score_text(fmt::format(
      "{} outages of whole countries in {} ({} about regions or networks left out, {} without a "
      "readable begin); {} have no usable end, {} no known local time. Each country is left out in "
      "turn; ours is calibrated inside the training rows. The incumbent is the logistic regression "
      "of methods.md 2.2 fitted on the same rows. Intervals: {} paired resamples of rows.",
      list->rows.size(), kTruthListFile, list->other_scopes, list->without_begin,
      list->without_length, list->without_zone, kResamples)));
  section.blocks.push_back(score_table(count_table(settings)));
  section.blocks.push_back(score_table(std::move(table)));
  section.blocks.push_back(score_text(
      "Calibration of ours, in the same folds: its error (ten bins) and Brier score with 95 % "
      "intervals over resampled rows. Where fewer than twenty rows of either label are left to "
      "learn from, none of the three is calibrated and all are the same."));
  section.blocks.push_back(score_table(calibration_table(settings)));
  section.blocks.push_back(
      score_text("The weights that the program uses (nats, `lightsout score fit`):"));
  section.blocks.push_back(score_table(weight_table()));
  return section;
}

}  // namespace

const ScoreMaker kDeliberateScore{
    .name = "deliberate",
    .summary = "Deliberate cuts told from accidents, each country left out in turn.",
    .make = make,
};

}  // namespace lightsout
