// SPDX-License-Identifier: Apache-2.0
#include "score/logistic.h"

#include <algorithm>
#include <cmath>

#include "core/check.h"

namespace lightsout {

namespace {

constexpr std::size_t kMostSteps = 100;
constexpr double kClose = 1e-10;

double squashed(double log_odds) {
  return 1 / (1 + std::exp(-log_odds));
}

// ln(1 + exp(x)) without overflow.
double soft_plus(double x) {
  return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x));
}

// Solves a symmetric positive definite system in place (Cholesky).
std::vector<double> solve(std::vector<std::vector<double>> a, std::vector<double> b) {
  const std::size_t n = b.size();
  for (std::size_t j = 0; j < n; ++j) {
    for (std::size_t k = 0; k < j; ++k) a[j][j] -= a[j][k] * a[j][k];
    a[j][j] = std::sqrt(std::max(a[j][j], 1e-12));
    for (std::size_t i = j + 1; i < n; ++i) {
      for (std::size_t k = 0; k < j; ++k) a[i][j] -= a[i][k] * a[j][k];
      a[i][j] /= a[j][j];
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < i; ++k) b[i] -= a[i][k] * b[k];
    b[i] /= a[i][i];
  }
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t k = i + 1; k < n; ++k) b[i] -= a[k][i] * b[k];
    b[i] /= a[i][i];
  }
  return b;
}

// A penalised logistic likelihood over columns and a last column of ones.
class Problem {
 public:
  Problem(const Rows& rows, const std::vector<bool>& positive,
          const std::vector<double>& importance, const LogisticChoice& choice,
          const std::vector<std::size_t>& columns)
      : rows_(rows), positive_(positive), importance_(importance), columns_(columns) {
    const std::size_t n = columns.size();
    penalty_.assign(n + 1, std::vector<double>(n + 1, 0.0));
    for (std::size_t i = 0; i < n; ++i) penalty_[i][i] = choice.ridge;
    if (choice.shared) {
      const auto count = static_cast<double>(n);
      for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < n; ++j) {
          penalty_[i][j] += (choice.ridge_mean - choice.ridge) / count;
        }
      }
    }
    penalty_[n][n] = 1e-6;  // the intercept is free; this keeps an empty problem solvable
  }

  double loss(const std::vector<double>& w) const {
    double sum = 0;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const double z = log_odds(w, rows_[i]);
      sum += importance(i) * (positive_[i] ? soft_plus(-z) : soft_plus(z));
    }
    for (std::size_t i = 0; i < w.size(); ++i) {
      for (std::size_t j = 0; j < w.size(); ++j) sum += 0.5 * w[i] * penalty_[i][j] * w[j];
    }
    return sum;
  }

  std::vector<double> newton_step(const std::vector<double>& w) const {
    const std::size_t n = w.size();
    std::vector<double> gradient(n, 0.0);
    std::vector<std::vector<double>> hessian = penalty_;
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j) gradient[i] += penalty_[i][j] * w[j];
    }
    std::vector<double> x(n, 1.0);
    for (std::size_t r = 0; r < rows_.size(); ++r) {
      for (std::size_t i = 0; i + 1 < n; ++i) x[i] = rows_[r][columns_[i]];
      const double p = squashed(log_odds(w, rows_[r]));
      const double miss = importance(r) * (p - (positive_[r] ? 1.0 : 0.0));
      const double bend = importance(r) * p * (1 - p);
      for (std::size_t i = 0; i < n; ++i) {
        gradient[i] += miss * x[i];
        for (std::size_t j = 0; j <= i; ++j) hessian[i][j] += bend * x[i] * x[j];
      }
    }
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = i + 1; j < n; ++j) hessian[i][j] = hessian[j][i];
    }
    return solve(std::move(hessian), std::move(gradient));
  }

  std::vector<double> minimum() const {
    std::vector<double> w(columns_.size() + 1, 0.0);
    double best = loss(w);
    for (std::size_t step = 0; step < kMostSteps; ++step) {
      const std::vector<double> full = newton_step(w);
      double part = 1;
      std::vector<double> next = w;
      double value = best;
      for (; part > 1e-6; part /= 2) {
        for (std::size_t i = 0; i < w.size(); ++i) next[i] = w[i] - part * full[i];
        value = loss(next);
        if (value <= best) break;
      }
      if (value > best || best - value < kClose) break;
      w = next;
      best = value;
    }
    return w;
  }

 private:
  double importance(std::size_t row) const { return importance_.empty() ? 1.0 : importance_[row]; }
  double log_odds(const std::vector<double>& w, const std::vector<double>& row) const {
    double sum = w.back();
    for (std::size_t i = 0; i < columns_.size(); ++i) sum += w[i] * row[columns_[i]];
    return sum;
  }

  const Rows& rows_;
  const std::vector<bool>& positive_;
  const std::vector<double>& importance_;
  const std::vector<std::size_t>& columns_;
  std::vector<std::vector<double>> penalty_;
};

}  // namespace

double Logistic::log_odds(const std::vector<double>& row) const {
  double sum = intercept;
  for (std::size_t i = 0; i < weight.size(); ++i) sum += weight[i] * row[i];
  return sum;
}

double Logistic::probability(const std::vector<double>& row) const {
  return squashed(log_odds(row));
}

Logistic fit_logistic(const Rows& rows, const std::vector<bool>& positive,
                      const std::vector<double>& importance, const LogisticChoice& choice) {
  CHECK(rows.size() == positive.size());
  CHECK(importance.empty() || importance.size() == rows.size());
  Logistic fit;
  if (rows.empty()) return fit;
  fit.weight.assign(rows.front().size(), 0.0);
  std::vector<std::size_t> columns;
  for (std::size_t i = 0; i < fit.weight.size(); ++i) columns.push_back(i);
  for (;;) {
    const std::vector<double> w = Problem(rows, positive, importance, choice, columns).minimum();
    const std::size_t before = columns.size();
    std::vector<std::size_t> kept;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (!choice.not_negative || w[i] >= 0) kept.push_back(columns[i]);
    }
    if (kept.size() < before) {
      columns = std::move(kept);
      continue;
    }
    for (std::size_t i = 0; i < columns.size(); ++i) fit.weight[columns[i]] = w[i];
    fit.intercept = w.back();
    return fit;
  }
}

double Platt::probability(double log_odds) const {
  return squashed(slope * log_odds + shift);
}

Platt fit_platt(const std::vector<double>& log_odds, const std::vector<bool>& positive,
                const std::vector<double>& importance) {
  double slope = 1;
  double shift = 0;
  for (std::size_t step = 0; step < kMostSteps; ++step) {
    double g_slope = slope - 1;  // a pull towards 1, as strong as one row
    double g_shift = 1e-6 * shift;
    double h_ss = 1;
    double h_sb = 0;
    double h_bb = 1e-6;
    for (std::size_t i = 0; i < log_odds.size(); ++i) {
      const double weight = importance.empty() ? 1.0 : importance[i];
      const double p = squashed(slope * log_odds[i] + shift);
      const double miss = weight * (p - (positive[i] ? 1.0 : 0.0));
      const double bend = weight * p * (1 - p);
      g_slope += miss * log_odds[i];
      g_shift += miss;
      h_ss += bend * log_odds[i] * log_odds[i];
      h_sb += bend * log_odds[i];
      h_bb += bend;
    }
    const double determinant = h_ss * h_bb - h_sb * h_sb;
    if (determinant < 1e-12) break;
    // At most one at a time: far out the curve is flat and a full step would overshoot.
    const double d_slope = std::clamp((h_bb * g_slope - h_sb * g_shift) / determinant, -1.0, 1.0);
    const double d_shift = std::clamp((h_ss * g_shift - h_sb * g_slope) / determinant, -1.0, 1.0);
    slope = std::max(0.0, slope - d_slope);
    shift -= d_shift;
    if (std::fabs(d_slope) + std::fabs(d_shift) < kClose) break;
  }
  return {slope, shift};
}

double Isotonic::operator()(double log_odds) const {
  if (at.empty()) return 0.5;
  const auto next = std::lower_bound(at.begin(), at.end(), log_odds);
  if (next == at.begin()) return probability.front();
  if (next == at.end()) return probability.back();
  const auto i = static_cast<std::size_t>(next - at.begin());
  const double share = (log_odds - at[i - 1]) / (at[i] - at[i - 1]);
  return probability[i - 1] + share * (probability[i] - probability[i - 1]);
}

Isotonic fit_isotonic(const std::vector<double>& log_odds, const std::vector<bool>& positive,
                      const std::vector<double>& importance) {
  struct Step {
    double weight = 0;
    double positive = 0;
    double middle = 0;  // weighted sum of log odds
    double share() const { return positive / weight; }
  };
  std::vector<std::size_t> order(log_odds.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::pair(log_odds[a], a) < std::pair(log_odds[b], b);
  });
  double all = 0;
  double all_positive = 0;
  std::vector<Step> steps;
  double last = 0;
  for (const std::size_t i : order) {
    const double weight = importance.empty() ? 1 : importance[i];
    if (weight <= 0) continue;
    all += weight;
    all_positive += positive[i] ? weight : 0;
    const Step one{weight, positive[i] ? weight : 0, weight * log_odds[i]};
    if (!steps.empty() && log_odds[i] == last) {  // the same log odds are one step
      steps.back().weight += one.weight;
      steps.back().positive += one.positive;
      steps.back().middle += one.middle;
    } else {
      steps.push_back(one);
    }
    last = log_odds[i];
  }
  std::vector<Step> pooled;
  for (const Step& step : steps) {
    pooled.push_back(step);
    while (pooled.size() > 1 && pooled[pooled.size() - 2].share() >= pooled.back().share()) {
      const Step high = pooled.back();
      pooled.pop_back();
      pooled.back().weight += high.weight;
      pooled.back().positive += high.positive;
      pooled.back().middle += high.middle;
    }
  }
  Isotonic fit;
  for (const Step& step : pooled) {
    fit.at.push_back(step.middle / step.weight);
    fit.probability.push_back((step.positive + all_positive / all) / (step.weight + 1));
  }
  for (std::size_t i = 1; i < fit.probability.size(); ++i) {  // the pull may cross close steps
    fit.probability[i] = std::max(fit.probability[i], fit.probability[i - 1]);
  }
  return fit;
}

}  // namespace lightsout
