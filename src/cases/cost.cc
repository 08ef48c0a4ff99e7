// SPDX-License-Identifier: Apache-2.0
#include "cases/cost.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cases/economy_table.h"

namespace lightsout {

namespace {

constexpr double kDaysAYear = 365;
constexpr double kHoursAYear = 8'760;
constexpr double kHoursADay = 24;

// Deloitte for Facebook 2016: a day of full shutdown as a share of that day's GDP.
constexpr double kTierShare[] = {0.004, 0.010, 0.019};
constexpr std::string_view kTierNames[] = {"low", "medium", "high"};
// Where Deloitte's tiers end is not published by country: these shares of people online are ours.
constexpr double kMediumOnline = 0.40;
constexpr double kHighOnline = 0.75;

// COST, changelog of 9 November 2021.
constexpr double kAnnexGrowth = 0.20;    // a year, since CIPESA 2017
constexpr double kDigitalGrowth = 0.10;  // a year, since Brookings 2016

// The standard deviation of the logarithm of the internet economy's share (methods.md 5.1), and the
// 5 % quantile of a normal: a 90 % interval.
constexpr double kShareSpread = 0.35;
constexpr double kQuantile = 1.645;
// Losses outlast the cut; by how much nobody has measured. Ours, for the upper end.
constexpr double kPersistence = 1.5;

// An input is shown as it went in, to four digits.
std::string input_words(double usd) {
  return usd >= 1e9 ? fmt::format("{:.4g} bn USD", usd / 1e9)
                    : fmt::format("{:.4g} M USD", usd / 1e6);
}

CostFact money_fact(std::string name, const CostInput& input) {
  return {std::move(name) + (input.year > 0 ? fmt::format(" of {}", input.year) : ""),
          input_words(input.value), input.source};
}

CostFact share_fact(std::string name, double share, std::string source) {
  return {std::move(name), fmt::format("{:.3g} %", share * 100), std::move(source)};
}

// Fills in the figures of a line from what a full day of the whole country costs.
void price(const CostQuestion& question, double day_usd, CostLine& line) {
  const double scale = question.reach * question.part;
  line.clock_usd = day_usd * question.clock_hours / kHoursADay * scale;
  if (question.effective_hours) {
    line.effective_usd = day_usd * *question.effective_hours / kHoursADay * scale;
  }
  if (question.economy.gdp_usd) {
    line.day_share = day_usd * kDaysAYear / question.economy.gdp_usd->value;
  }
  if (question.reach != 1) {
    line.inputs.push_back(share_fact("share of the economy struck", question.reach, "given"));
  }
  if (question.part != 1) {
    line.inputs.push_back(share_fact("share of the internet struck", question.part, "given"));
  }
}

CostLine deloitte(const CostQuestion& question) {
  CostLine line{.method = "Deloitte 2016"};
  const Economy& economy = question.economy;
  if (!economy.gdp_usd) {
    line.refusal = "no GDP is known for this country; say --gdp";
    return line;
  }
  std::optional<ConnectivityTier> tier = question.tier;
  if (!tier && economy.online_share) {
    const double online = economy.online_share->value;
    tier = online >= kHighOnline     ? ConnectivityTier::high
           : online >= kMediumOnline ? ConnectivityTier::medium
                                     : ConnectivityTier::low;
    line.note = fmt::format(
        "tier assumed from {:.0f} % of people online ({:.0f} and {:.0f} % divide the tiers, our "
        "choice)",
        online * 100, kMediumOnline * 100, kHighOnline * 100);
  }
  if (!tier) {
    line.refusal = "neither the tier nor the share of people online is known; say --tier";
    return line;
  }
  const auto which = static_cast<std::size_t>(*tier);
  line.inputs.push_back(money_fact("GDP", *economy.gdp_usd));
  line.inputs.push_back(
      share_fact(fmt::format("share of a day's GDP, {} connectivity", kTierNames[which]),
                 kTierShare[which], "Deloitte 2016"));
  price(question, kTierShare[which] * economy.gdp_usd->value / kDaysAYear, line);
  return line;
}

void add_share_interval(CostLine& line) {
  line.low_factor = std::exp(-kQuantile * kShareSpread);
  line.high_factor = std::exp(kQuantile * kShareSpread) * kPersistence;
  line.note += fmt::format(
      "{}interval: a factor of {:.2f} on the share either way (log-normal, {:.2f}), and losses "
      "that "
      "outlast the cut by half at the upper end; both assumed",
      line.note.empty() ? "" : "; ", std::exp(kQuantile * kShareSpread), kShareSpread);
}

CostLine brookings(const CostQuestion& question) {
  CostLine line{.method = "Brookings 2016"};
  const Economy& economy = question.economy;
  if (!economy.gdp_usd) {
    line.refusal = "no GDP is known for this country; say --gdp";
    return line;
  }
  if (!economy.digital_share) {
    line.refusal = "the internet economy's share of GDP is not published for it; say --share";
    return line;
  }
  line.inputs.push_back(money_fact("GDP", *economy.gdp_usd));
  line.inputs.push_back(share_fact("internet economy, of GDP", economy.digital_share->value,
                                   economy.digital_share->source));
  // GDP * hours / 8760 * share, for a day of 24 hours.
  price(question, economy.gdp_usd->value * kHoursADay / kHoursAYear * economy.digital_share->value,
        line);
  add_share_interval(line);
  return line;
}

CostLine cost_subsahara(const CostQuestion& question) {
  CostLine line{.method = "COST-like, CIPESA annex"};
  const std::optional<CostInput> day = published_day(question.country);
  if (!day) {
    line.refusal =
        "COST takes Sub-Saharan countries from CIPESA's annex 1, of which this country's figure is "
        "not at hand";
    return line;
  }
  line.inputs.push_back(money_fact("a day of full shutdown", *day));
  line.inputs.push_back(
      share_fact(fmt::format("growth a year since {}", day->year), kAnnexGrowth, "COST, 2021"));
  price(question, escalated(day->value, kAnnexGrowth, question.year - day->year), line);
  return line;
}

CostLine cost_like(const CostQuestion& question) {
  const CostRule rule = cost_rule(question.country);
  if (rule == CostRule::subsahara) return cost_subsahara(question);
  const bool g20 = rule == CostRule::g20;
  CostLine line{.method = g20 ? "COST-like, G20" : "COST-like"};
  const Economy& economy = question.economy;
  if (!economy.gdp_usd) {
    line.refusal = "no GDP is known for this country; say --gdp";
    return line;
  }
  if (!economy.digital_share) {
    line.refusal =
        g20 ? "the digital share that COST starts from is not at hand; say --share"
            : "COST estimates the digital share from ICT indicators by a formula that is "
              "not published; say --share";
    return line;
  }
  const CostInput& share = *economy.digital_share;
  // A share that was given is the share of the year itself.
  const int years = g20 && share.year > 0 ? question.year - share.year : 0;
  const double grown = escalated(share.value, kDigitalGrowth, years);
  line.inputs.push_back(money_fact("GDP", *economy.gdp_usd));
  line.inputs.push_back(
      share_fact("digital economy, of GDP", grown,
                 share.source + (years != 0 ? ", grown 10 % a year (COST, 2021)" : "")));
  price(question, economy.gdp_usd->value / kDaysAYear * grown, line);
  add_share_interval(line);
  return line;
}

// What earlier published totals for the same country imply, for comparison.
CostLine published_rate(const CostQuestion& question) {
  CostLine line{.method = "rate of published totals"};
  const Economy& economy = question.economy;
  if (!economy.gdp_usd || economy.published_shares.empty()) {
    line.refusal = "no total with hours and GDP was published for this country";
    return line;
  }
  std::vector<CostInput> shares = economy.published_shares;
  std::sort(shares.begin(), shares.end(),
            [](const CostInput& a, const CostInput& b) { return a.value < b.value; });
  const CostInput& middle = shares[(shares.size() - 1) / 2];
  line.inputs.push_back(money_fact("GDP", *economy.gdp_usd));
  for (const CostInput& share : shares) {
    line.inputs.push_back(
        share_fact(fmt::format("share of a day's GDP in the total of {}", share.year), share.value,
                   share.source));
  }
  line.low_factor = shares.front().value / middle.value;
  line.high_factor = shares.back().value / middle.value;
  line.note =
      "what published totals imply, not a reproduction of them: their own inputs are unknown";
  price(question, middle.value * economy.gdp_usd->value / kDaysAYear, line);
  return line;
}

CostLine upper_scenario(const CostQuestion& question) {
  CostLine line{.method = "Gunsilius and Van Dijcke", .in_range = false};
  if (!question.economy.gdp_usd) {
    line.refusal = "no GDP is known for this country; say --gdp";
    return line;
  }
  constexpr double kLow = 0.25;
  constexpr double kHigh = 0.35;
  line.inputs.push_back(money_fact("GDP", *question.economy.gdp_usd));
  line.inputs.push_back(share_fact("fall of economic activity", (kLow + kHigh) / 2,
                                   "satellite and mobility data, one region of India"));
  line.note = "25 to 35 % of activity in one region of India: an upper scenario, not in the range";
  line.low_factor = kLow * 2 / (kLow + kHigh);
  line.high_factor = kHigh * 2 / (kLow + kHigh);
  price(question, (kLow + kHigh) / 2 * question.economy.gdp_usd->value / kDaysAYear, line);
  return line;
}

CostLine net_loss() {
  return {.method = "ISOC NetLoss",
          .refusal = "the coefficients of its regressions are not at hand"};
}

}  // namespace

double escalated(double value, double rate, int years) {
  for (; years > 0; --years) value *= 1 + rate;
  for (; years < 0; ++years) value /= 1 + rate;
  return value;
}

double implied_share(double total_usd, double hours, double gdp_usd) {
  return total_usd / (hours / kHoursADay) / (gdp_usd / kDaysAYear);
}

CostEstimate estimate_cost(const CostQuestion& question) {
  CostEstimate estimate{.question = question};
  estimate.lines = {deloitte(question),       brookings(question),      cost_like(question),
                    published_rate(question), upper_scenario(question), net_loss()};
  for (const CostLine& line : estimate.lines) {
    const std::optional<double> usd = line.effective_usd ? line.effective_usd : line.clock_usd;
    if (!usd || !line.in_range) continue;
    const double low = *usd * line.low_factor;
    const double high = *usd * line.high_factor;
    estimate.low_usd = std::min(estimate.low_usd.value_or(low), low);
    estimate.high_usd = std::max(estimate.high_usd.value_or(high), high);
  }
  return estimate;
}

double effective_hours(const Incident& incident) {
  double hours = 0;
  for (const Phase& phase : incident.phases) {
    const double lost = std::clamp(phase.depth.value, 0.0, 1.0);
    hours += lost * static_cast<double>(phase.range.length().count()) / 3600;
  }
  return hours;
}

double clock_hours(const Incident& incident) {
  Seconds dark = incident.range().length();
  for (const Window& window : incident.windows) dark -= window.range.length();
  return std::max(0.0, static_cast<double>(dark.count()) / 3600);
}

std::string money_words(double usd) {
  if (!(usd > 0)) return "0 USD";
  // Two digits: no method bears three.
  const double unit = std::pow(10, std::floor(std::log10(usd)) - 1);
  const double rounded = std::round(usd / unit) * unit;
  if (rounded >= 1e9) return fmt::format("{:.{}f} bn USD", rounded / 1e9, rounded < 1e10 ? 1 : 0);
  if (rounded >= 1e6) return fmt::format("{:.{}f} M USD", rounded / 1e6, rounded < 1e7 ? 1 : 0);
  if (rounded < 1'000) return fmt::format("{:.0f} USD", rounded);
  return fmt::format("{:.0f} 000 USD", rounded / 1'000);
}

}  // namespace lightsout
