// Fits the weights of "deliberate or accident" on labelled outages, and judges them with each
// country left out in turn.
//
// Ours: ten indicators, weights not below zero and pulled towards their common mean (an indicator
// that the training rows cannot speak about counts as much as the average one), then Platt's
// calibration on out-of-fold log odds, its folds made of countries inside the training rows. The
// incumbent: a plain ridge logistic on the features of methods.md 2.2. Both see the same rows.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "cases/deliberate.h"
#include "score/logistic.h"
#include "score/truth_list.h"

namespace lightsout {

struct LabelledOutage {
  const ListedOutage* outage = nullptr;
  bool deliberate = false;
};

// Which indicators a model uses; the same names stand in cases/deliberate.fit.
struct IndicatorSet {
  std::string_view name;
  std::vector<Indicator> uses;
};
const std::vector<IndicatorSet>& indicator_sets();

// Weights are fitted with both labels weighing the same. `balanced`: so is the calibration, and
// probabilities are those at even odds beforehand; otherwise at the odds of the rows.
FittedModel fit_deliberate(const IndicatorSet& set, const std::vector<LabelledOutage>& rows,
                           bool balanced);

struct LeftOut {
  std::vector<double> ours;       // probability of each row, by a fit without its country
  std::vector<double> incumbent;  // the same
  // What either would say of a row of which nothing is known: the odds of its training rows.
  std::vector<double> ours_beforehand;
  std::vector<double> incumbent_beforehand;
};
LeftOut leave_countries_out(const IndicatorSet& set, const std::vector<LabelledOutage>& rows,
                            bool balanced);

// The probability of each row by a fit without its country, under three ways to calibrate: none,
// Platt's (the one that is used), isotonic. All three rest on the same log odds.
struct Calibrations {
  std::vector<double> none, platt, isotonic;
};
Calibrations calibrate_three_ways(const IndicatorSet& set, const std::vector<LabelledOutage>& rows,
                                  bool balanced);

// cases/deliberate.fit, whole: every set, fitted on the deliberate cuts and confirmed accidents.
Result<std::string> fitted_text(const ScoreData& data);

}  // namespace lightsout
