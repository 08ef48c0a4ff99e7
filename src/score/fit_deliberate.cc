// SPDX-License-Identifier: Apache-2.0
#include "score/fit_deliberate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace lightsout {

namespace {

constexpr std::size_t kInnerFolds = 5;
// Two numbers of a calibration want ten events each (Peduzzi 1996): below that of either label
// there is none, and the log odds stand as they are.
constexpr std::size_t kLeastCalibrated = 20;
constexpr LogisticChoice kOurs{.ridge = 1, .shared = true, .ridge_mean = 0.1, .not_negative = true};
constexpr LogisticChoice kIncumbent{.ridge = 1};

using Labelled = std::vector<LabelledOutage>;

std::vector<bool> labels_of(const Labelled& rows) {
  std::vector<bool> labels;
  for (const LabelledOutage& row : rows) labels.push_back(row.deliberate);
  return labels;
}

// One for each row; with `balanced` each label sums to half of all.
std::vector<double> importance_of(const Labelled& rows, bool balanced) {
  const auto positives = static_cast<double>(
      std::count_if(rows.begin(), rows.end(), [](const auto& row) { return row.deliberate; }));
  const double negatives = static_cast<double>(rows.size()) - positives;
  std::vector<double> importance(rows.size(), 1.0);
  if (!balanced || positives == 0 || negatives == 0) return importance;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    importance[i] =
        static_cast<double>(rows.size()) / 2 / (rows[i].deliberate ? positives : negatives);
  }
  return importance;
}

// Weights and centres at even odds, not yet calibrated. A value that is not known lies on the
// centre.
FittedModel fit_weights(const IndicatorSet& set, const Labelled& rows) {
  FittedModel model{.name = std::string(set.name), .uses = set.uses};
  const std::vector<double> importance = importance_of(rows, true);
  Rows columns(rows.size());
  for (const Indicator indicator : set.uses) {
    const auto value = [&](const LabelledOutage& row) {
      return row.outage->values[static_cast<std::size_t>(indicator)];
    };
    double sum = 0;
    double weight = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (!value(rows[i])) continue;
      sum += importance[i] * *value(rows[i]);
      weight += importance[i];
    }
    const double centre = weight > 0 ? sum / weight : 0;
    model.centre.push_back(centre);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      columns[i].push_back(value(rows[i]).value_or(centre) - centre);
    }
  }
  const Logistic fit = fit_logistic(columns, labels_of(rows), importance, kOurs);
  model.weight = fit.weight;
  model.intercept = fit.intercept;
  for (const LabelledOutage& row : rows) (row.deliberate ? model.deliberate : model.accidents)++;
  return model;
}

// Countries in turn into folds, the ones with most rows first, so that folds are about equal.
std::map<std::string, std::size_t> fold_countries(const Labelled& rows) {
  std::map<std::string, std::size_t> counts;
  for (const LabelledOutage& row : rows) ++counts[row.outage->country];
  std::vector<std::pair<std::size_t, std::string>> order;
  for (const auto& [country, count] : counts) order.emplace_back(count, country);
  std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
    return std::pair(b.first, a.second) < std::pair(a.first, b.second);
  });
  std::map<std::string, std::size_t> folds;
  for (std::size_t i = 0; i < order.size(); ++i) folds[order[i].second] = i % kInnerFolds;
  return folds;
}

// Log odds of rows by fits without their fold.
struct OutOfFold {
  std::vector<double> log_odds;
  Labelled judged;
};

OutOfFold out_of_fold(const IndicatorSet& set, const Labelled& rows) {
  const auto folds = fold_countries(rows);
  OutOfFold out;
  for (std::size_t fold = 0; fold < kInnerFolds; ++fold) {
    Labelled train;
    Labelled test;
    for (const LabelledOutage& row : rows) {
      (folds.at(row.outage->country) == fold ? test : train).push_back(row);
    }
    if (train.empty() || test.empty()) continue;
    const FittedModel without = fit_weights(set, train);
    for (const LabelledOutage& row : test) {
      out.log_odds.push_back(without.log_odds(row.outage->values));
      out.judged.push_back(row);
    }
  }
  return out;
}

bool enough_to_calibrate(const FittedModel& model) {
  return std::min(model.deliberate, model.accidents) >= kLeastCalibrated;
}

// At the odds of the rows, or at even odds.
double shift_of(const FittedModel& model, bool balanced) {
  if (balanced || model.deliberate == 0 || model.accidents == 0) return 0;
  return std::log(static_cast<double>(model.deliberate) / static_cast<double>(model.accidents));
}

void calibrate(const IndicatorSet& set, const Labelled& rows, bool balanced, FittedModel& model) {
  if (!enough_to_calibrate(model)) {
    model.shift = shift_of(model, balanced);
    return;
  }
  const OutOfFold out = out_of_fold(set, rows);
  const Platt platt =
      fit_platt(out.log_odds, labels_of(out.judged), importance_of(out.judged, balanced));
  model.slope = platt.slope;
  model.shift = platt.shift;
}

std::vector<double> classic_columns(const ListedOutage& outage, bool onset_only) {
  std::vector<double> columns = outage.classic;
  if (onset_only) columns.resize(kClassicOnset);
  return columns;
}

}  // namespace

const std::vector<IndicatorSet>& indicator_sets() {
  using enum Indicator;
  static const std::vector<IndicatorSet> sets = {
      {"whole-alone",
       {on_the_hour, on_the_half_hour, same_hour_again, at_night, all_planes, alone, quiet_before,
        round_end, round_length, lasts}},
      {"onset-alone",
       {on_the_hour, on_the_half_hour, same_hour_again, at_night, all_planes, alone, quiet_before}},
      {"whole",
       {on_the_hour, on_the_half_hour, same_hour_again, at_night, all_planes, quiet_before,
        round_end, round_length, lasts}},
      {"onset",
       {on_the_hour, on_the_half_hour, same_hour_again, at_night, all_planes, quiet_before}},
  };
  return sets;
}

FittedModel fit_deliberate(const IndicatorSet& set, const std::vector<LabelledOutage>& rows,
                           bool balanced) {
  FittedModel model = fit_weights(set, rows);
  calibrate(set, rows, balanced, model);
  return model;
}

LeftOut leave_countries_out(const IndicatorSet& set, const std::vector<LabelledOutage>& rows,
                            bool balanced) {
  const bool onset_only = set.name.starts_with("onset");
  std::set<std::string> countries;
  for (const LabelledOutage& row : rows) countries.insert(row.outage->country);
  const std::vector<double> zeros(rows.size());
  LeftOut left{zeros, zeros, zeros, zeros};
  for (const std::string& country : countries) {
    Labelled train;
    Rows columns;
    for (const LabelledOutage& row : rows) {
      if (row.outage->country == country) continue;
      train.push_back(row);
      columns.push_back(classic_columns(*row.outage, onset_only));
    }
    const FittedModel ours = fit_deliberate(set, train, balanced);
    const Logistic incumbent = fit_logistic(columns, labels_of(train), {}, kIncumbent);
    const double share = static_cast<double>(ours.deliberate) / static_cast<double>(train.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (rows[i].outage->country != country) continue;
      left.ours[i] = ours.probability(rows[i].outage->values);
      left.incumbent[i] = incumbent.probability(classic_columns(*rows[i].outage, onset_only));
      left.ours_beforehand[i] = balanced ? 0.5 : share;
      left.incumbent_beforehand[i] = share;
    }
  }
  return left;
}

Calibrations calibrate_three_ways(const IndicatorSet& set, const std::vector<LabelledOutage>& rows,
                                  bool balanced) {
  std::set<std::string> countries;
  for (const LabelledOutage& row : rows) countries.insert(row.outage->country);
  const std::vector<double> zeros(rows.size());
  Calibrations three{zeros, zeros, zeros};
  for (const std::string& country : countries) {
    Labelled train;
    for (const LabelledOutage& row : rows) {
      if (row.outage->country != country) train.push_back(row);
    }
    const FittedModel bare = fit_weights(set, train);
    const Platt none{.slope = 1, .shift = shift_of(bare, balanced)};
    Platt platt = none;
    Isotonic isotonic;
    const bool enough = enough_to_calibrate(bare);
    if (enough) {
      const OutOfFold out = out_of_fold(set, train);
      const std::vector<bool> labels = labels_of(out.judged);
      const std::vector<double> importance = importance_of(out.judged, balanced);
      platt = fit_platt(out.log_odds, labels, importance);
      isotonic = fit_isotonic(out.log_odds, labels, importance);
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (rows[i].outage->country != country) continue;
      const double log_odds = bare.log_odds(rows[i].outage->values);
      three.none[i] = none.probability(log_odds);
      three.platt[i] = platt.probability(log_odds);
      three.isotonic[i] = enough ? isotonic(log_odds) : three.none[i];
    }
  }
  return three;
}

Result<std::string> fitted_text(const ScoreData& data) {
  const Result<TruthList> list = read_truth_list(data);
  if (!list) return list.error();
  Labelled rows;
  for (const ListedOutage& row : list->rows) {
    if (row.label == OutageLabel::unlabelled) continue;
    rows.push_back({&row, row.label == OutageLabel::deliberate});
  }
  std::vector<FittedModel> models;
  for (const IndicatorSet& set : indicator_sets())
    models.push_back(fit_deliberate(set, rows, true));
  return fmt::format(
      "# Weights of \"deliberate or accident\" (docs/methods/deliberate.md), fitted on {}\n"
      "# (outages of whole countries with a confirmed cause) by\n"
      "#   lightsout score fit --data DIR > cases/deliberate.fit\n"
      "# rows: deliberate cuts, accidents. indicator: name, weight, centre. calibration: slope, "
      "shift.\n{}",
      kTruthListFile, fit_text(models));
}

}  // namespace lightsout
