// Cost: what a cut of the Internet may have cost, as a range over named methods.
//
// Published methods differ by a factor of ten, so there is no one figure: each method is a line
// with its inputs in view, each of which a reader can replace; the share of a day's GDP that a
// figure implies stands beside it. Where an input is missing the line is a refusal with the reason,
// never a guess. docs/methods/cost.md has the formulas and where they come from.
//
//   CostQuestion question{.country = "KZ", .year = 2022, .clock_hours = 108};
//   question.economy = *economy_of(tables, "KZ", 2022);
//   for (const CostLine& line : estimate_cost(question).lines) ...
//
// Money is US dollars of the year of the GDP figure. Hours are clock hours (from the first cut to
// the last return, or the sum of the cuts) or effective hours: the integral of the share that was
// lost.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "incident/incident.h"

namespace lightsout {

// A number with its year and who says so. Replaced by the person: source "given".
struct CostInput {
  double value = 0;
  int year = 0;  // 0: has none
  std::string source;
};

struct Economy {
  std::optional<CostInput> gdp_usd;       // of a whole year
  std::optional<CostInput> online_share;  // of people, 0..1
  std::optional<CostInput> population;
  std::optional<CostInput> digital_share;  // the internet economy, of GDP, 0..1
  // Costs that were published for this country, as shares of a day's GDP (see implied_share).
  std::vector<CostInput> published_shares;
};

enum class ConnectivityTier : std::uint8_t { low, medium, high };

struct CostQuestion {
  std::string country;  // alpha-2
  int year = 0;         // of the cut
  double clock_hours = 0;
  std::optional<double> effective_hours;
  double reach =
      1;            // share of the country's economy struck: a region's output, a provider's market
  double part = 1;  // share of the internet struck: a service's value, mobile's share
  std::optional<ConnectivityTier> tier;  // nullopt: assumed from the share of people online
  Economy economy;
};

struct CostFact {
  std::string name;   // "GDP of 2022"
  std::string value;  // "225.5 bn USD"
  std::string source;
};

struct CostLine {
  std::string method;    // "Deloitte 2016"
  bool in_range = true;  // false: shown beside the range, and why
  std::optional<double> clock_usd;
  std::optional<double> effective_usd;
  double low_factor = 1;  // of its own interval, where it has one
  double high_factor = 1;
  std::optional<double> day_share;  // of one day's GDP, for a full day of a whole country
  std::vector<CostFact> inputs;
  std::string note;     // assumptions
  std::string refusal;  // why there is no figure; empty where there is one
};

struct CostEstimate {
  CostQuestion question;
  std::vector<CostLine> lines;
  // Over the lines that count, by effective hours where they are known, with their intervals.
  std::optional<double> low_usd;
  std::optional<double> high_usd;
};

CostEstimate estimate_cost(const CostQuestion& question);

// value * (1 + rate)^years, by repeated multiplication; years may be negative.
double escalated(double value, double rate, int years);

// What a published total says a day of it cost, as a share of that day's GDP.
double implied_share(double total_usd, double hours, double gdp_usd);

// The integral of the share lost over the phases of an incident, in hours.
double effective_hours(const Incident& incident);
// The sum of its cuts: windows in which connectivity was back do not count.
double clock_hours(const Incident& incident);

// The tables of the data folder's econ/, as text; empty ones are simply not there.
struct EconomyTables {
  std::string gdp;         // Country Name,Country Code,Year,Value
  std::string population;  // the same
  std::string online;      // Entity,Code,Year,percent
  std::string published;   // iso3,year,gdp_usd,...,top10vpn_cost_usd,top10vpn_hours,...
};
// What they say about a country in a year, or the last year before it; always with the built-in
// table of published inputs.
Result<Economy> economy_of(const EconomyTables& tables, std::string_view country, int year);

// One published total and the share of daily GDP that it implies.
struct ImpliedCost {
  std::string country;  // alpha-3
  int year = 0;
  double total_usd = 0;
  double hours = 0;
  double gdp_usd = 0;
  double share = 0;
};
Result<std::vector<ImpliedCost>> implied_costs(const EconomyTables& tables);

// "410 M USD", "1.3 bn USD", "850 000 USD": two digits, since no method bears three.
std::string money_words(double usd);

}  // namespace lightsout
