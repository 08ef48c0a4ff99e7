// SPDX-License-Identifier: Apache-2.0
#include "cases/economy_table.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>

#include "cases/embedded.h"
#include "geo/country.h"

namespace lightsout {

namespace {

std::optional<double> number_in(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) {
    return std::nullopt;
  }
  return value;
}

std::string_view take(std::string_view& text, char separator) {
  const std::size_t end = std::min(text.find(separator), text.size());
  const std::string_view first = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return first;
}

// The value of a line "KIND COUNTRY VALUE YEAR source"; nullopt when there is none of the kind.
std::optional<CostInput> find_value(std::string_view kind, std::string_view country) {
  std::string_view text = embedded_text("economy.table");
  while (!text.empty()) {
    std::string_view line = take(text, '\n');
    if (take(line, ' ') != kind || take(line, ' ') != country) continue;
    std::string_view value = take(line, ' ');
    const bool percent = value.ends_with('%');
    if (percent) value.remove_suffix(1);
    const std::optional<double> number = number_in(value);
    const std::optional<double> year = number_in(take(line, ' '));
    CHECK(number && year);  // our own table; a test reads it
    return CostInput{percent ? *number / 100 : *number, static_cast<int>(*year), std::string(line)};
  }
  return std::nullopt;
}

bool listed(std::string_view kind, std::string_view country) {
  std::string_view text = embedded_text("economy.table");
  while (!text.empty()) {
    std::string_view line = take(text, '\n');
    if (take(line, ' ') != kind) continue;
    while (!line.empty()) {
      if (take(line, ' ') == country) return true;
    }
  }
  return false;
}

// Rows of a small comma-separated table whose fields hold no line ends; quotes may hold commas.
using Fields = std::vector<std::string_view>;
Fields split(std::string_view line) {
  Fields fields;
  while (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  for (;;) {
    std::size_t end = 0;
    bool quoted = false;
    for (; end < line.size() && (quoted || line[end] != ','); ++end) quoted ^= line[end] == '"';
    fields.push_back(line.substr(0, end));
    if (end >= line.size()) return fields;
    line.remove_prefix(end + 1);
  }
}

// The row of a country's last year up to `year`; columns: ., code, year, value.
std::optional<CostInput> value_before(std::string_view text, std::string_view alpha3, int year,
                                      std::string_view source) {
  std::optional<CostInput> best;
  while (!text.empty()) {
    const Fields fields = split(take(text, '\n'));
    if (fields.size() < 4 || fields[1] != alpha3) continue;
    const std::optional<double> when = number_in(fields[2]);
    const std::optional<double> value = number_in(fields[3]);
    if (!when || !value || *value < 0 || *when < 1900 || *when > year) continue;
    if (best && best->year >= static_cast<int>(*when)) continue;
    best = CostInput{*value, static_cast<int>(*when), std::string(source)};
  }
  return best;
}

}  // namespace

CostRule cost_rule(std::string_view country) {
  if (listed("g20", country)) return CostRule::g20;
  return listed("subsahara", country) ? CostRule::subsahara : CostRule::other;
}

std::optional<CostInput> published_digital_share(std::string_view country) {
  return find_value("digital", country);
}

std::optional<CostInput> published_day(std::string_view country) {
  return find_value("day", country);
}

Result<Economy> economy_of(const EconomyTables& tables, std::string_view country, int year) {
  const Country* found = find_country(country);
  if (found == nullptr) {
    return Error{ErrorKind::not_found, "no country has the code " + std::string(country)};
  }
  Economy economy;
  economy.gdp_usd = value_before(tables.gdp, found->alpha3, year, "World Bank");
  if (economy.gdp_usd && economy.gdp_usd->value <= 0) economy.gdp_usd.reset();
  economy.population = value_before(tables.population, found->alpha3, year, "World Bank");
  economy.online_share =
      value_before(tables.online, found->alpha3, year, "ITU, by Our World in Data");
  if (economy.online_share) {
    economy.online_share->value = std::min(1.0, economy.online_share->value / 100);
  }
  economy.digital_share = published_digital_share(country);
  if (tables.published.empty()) return economy;
  Result<std::vector<ImpliedCost>> implied = implied_costs(tables);
  if (!implied) return implied.error();
  for (const ImpliedCost& one : *implied) {
    if (one.country != found->alpha3) continue;
    economy.published_shares.push_back({one.share, one.year, "Top10VPN's total and hours"});
  }
  return economy;
}

Result<std::vector<ImpliedCost>> implied_costs(const EconomyTables& tables) {
  std::string_view text = tables.published;
  const Fields header = split(take(text, '\n'));
  std::map<std::string_view, std::size_t> columns;
  for (std::size_t i = 0; i < header.size(); ++i) columns[header[i]] = i;
  for (const char* name : {"iso3", "year", "gdp_usd", "top10vpn_cost_usd", "top10vpn_hours"}) {
    if (!columns.contains(name)) {
      return Error{ErrorKind::malformed,
                   std::string("the table of published totals has no column ") + name};
    }
  }
  std::vector<ImpliedCost> found;
  while (!text.empty()) {
    const Fields fields = split(take(text, '\n'));
    if (fields.size() < header.size() || fields[columns["iso3"]].empty()) continue;
    const auto number = [&](const char* name) { return number_in(fields[columns[name]]); };
    const auto year = number("year");
    const auto total = number("top10vpn_cost_usd");
    const auto hours = number("top10vpn_hours");
    const auto gdp = number("gdp_usd");
    if (!year || !total || !hours || !gdp || *total <= 0 || *hours <= 0 || *gdp <= 0) continue;
    if (!(*year >= 1900 && *year <= 2200)) continue;
    found.push_back({.country = std::string(fields[columns["iso3"]]),
                     .year = static_cast<int>(*year),
                     .total_usd = *total,
                     .hours = *hours,
                     .gdp_usd = *gdp,
                     .share = implied_share(*total, *hours, *gdp)});
  }
  std::sort(found.begin(), found.end(), [](const ImpliedCost& a, const ImpliedCost& b) {
    return std::pair(a.country, a.year) < std::pair(b.country, b.year);
  });
  return found;
}

}  // namespace lightsout
