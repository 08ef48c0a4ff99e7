// cost: what a cut may have cost, by several methods, each with its inputs.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cmath>

#include "app/commands.h"
#include "app/economy.h"
#include "app/run.h"
#include "app/table.h"
#include "geo/country.h"

namespace lightsout {

EconomyTables read_economy_tables(const Options& options, World& world) {
  EconomyTables tables;
  if (!options.data) return tables;
  const std::pair<const char*, std::string*> files[] = {
      {"gdp.csv", &tables.gdp},
      {"population.csv", &tables.population},
      {"internet-users-share-owid.csv", &tables.online},
      {"country-year-macro-and-top10vpn.csv", &tables.published}};
  for (const auto& [name, target] : files) {
    Result<std::string> text = world.read_file(fmt::format("{}/econ/{}", *options.data, name));
    if (text) {
      *target = std::move(*text);
    } else if (!options.quiet) {
      world.err(fmt::format("{}: not used: {}\n", name, text.error().message));
    }
  }
  return tables;
}

namespace {

int year_of(Time time) {
  const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(time)};
  return static_cast<int>(day.year());
}

Result<CostQuestion> question_of(const Options& options, World& world) {
  const CostOptions& cost = options.cost;
  if (cost.country.empty() || !cost.hours) {
    return Error{ErrorKind::usage, "say whose cut and how long: --country KZ --hours 108"};
  }
  CostQuestion question{.country = cost.country,
                        .year = cost.year.value_or(year_of(world.clock().now())),
                        .clock_hours = *cost.hours,
                        .effective_hours = cost.effective_hours,
                        .reach = cost.reach,
                        .part = cost.part};
  Result<Economy> economy =
      economy_of(read_economy_tables(options, world), cost.country, question.year);
  if (!economy) return Error{ErrorKind::usage, economy.error().message};
  question.economy = std::move(*economy);
  if (cost.gdp_usd) question.economy.gdp_usd = CostInput{*cost.gdp_usd, 0, "given"};
  if (cost.digital_share)
    question.economy.digital_share = CostInput{*cost.digital_share, 0, "given"};
  if (cost.online_share) question.economy.online_share = CostInput{*cost.online_share, 0, "given"};
  if (cost.tier == "low") question.tier = ConnectivityTier::low;
  if (cost.tier == "medium") question.tier = ConnectivityTier::medium;
  if (cost.tier == "high") question.tier = ConnectivityTier::high;
  return question;
}

TableWriter::Cell dollars(const std::optional<double>& usd, double factor = 1) {
  return usd ? TableWriter::Cell(std::round(*usd * factor)) : TableWriter::Cell();
}

std::string inputs_text(const CostLine& line) {
  std::string text;
  for (const CostFact& fact : line.inputs) {
    text +=
        fmt::format("{}{} {} ({})", text.empty() ? "" : "; ", fact.name, fact.value, fact.source);
  }
  return text;
}

int print_implied(const Options& options, World& world) {
  const EconomyTables tables = read_economy_tables(options, world);
  if (tables.published.empty()) {
    return fail(world,
                {ErrorKind::usage, "published totals are in the data folder: say --data DIR"});
  }
  const Result<std::vector<ImpliedCost>> implied = implied_costs(tables);
  if (!implied) return fail(world, implied.error());
  TableWriter table(world, options,
                    {"country", "year", "total_usd", "hours", "gdp_usd", "share_of_daily_gdp"});
  for (const ImpliedCost& one : *implied) {
    table.row({one.country, std::to_string(one.year), std::round(one.total_usd), one.hours,
               std::round(one.gdp_usd), std::round(one.share * 1e5) / 1e5});
  }
  const Status finished = table.finish();
  return finished ? kOk : fail(world, finished.error());
}

}  // namespace

int cost_command(const Options& options, World& world) {
  if (options.cost.implied) return print_implied(options, world);
  const Result<CostQuestion> question = question_of(options, world);
  if (!question) return fail(world, question.error());
  const CostEstimate estimate = estimate_cost(*question);
  TableWriter table(world, options,
                    {"method", "usd", "usd_effective", "low_usd", "high_usd", "share_of_daily_gdp",
                     "counts", "inputs", "note"});
  for (const CostLine& line : estimate.lines) {
    const auto& best = line.effective_usd ? line.effective_usd : line.clock_usd;
    table.row({line.method, dollars(line.clock_usd), dollars(line.effective_usd),
               dollars(best, line.low_factor), dollars(best, line.high_factor),
               line.day_share ? TableWriter::Cell(std::round(*line.day_share * 1e5) / 1e5)
                              : TableWriter::Cell(),
               !line.clock_usd ? "no"
               : line.in_range ? "yes"
                               : "beside",
               inputs_text(line), line.refusal.empty() ? line.note : "no figure: " + line.refusal});
  }
  const Status finished = table.finish();
  if (!finished) return fail(world, finished.error());
  if (options.quiet) return estimate.low_usd ? kOk : kCannotTell;
  if (!estimate.low_usd) {
    world.err("No method has the inputs it needs, so there is no figure.\n");
    return kCannotTell;
  }
  world.err(fmt::format("{} to {}, over the methods that count; they differ this much.\n",
                        money_words(*estimate.low_usd), money_words(*estimate.high_usd)));
  return kOk;
}

}  // namespace lightsout
