// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cmath>

#include "incident/coordination.h"
#include "report/document.h"
#include "report/escape.h"
#include "report/words.h"

namespace lightsout {

namespace {

// "1 in 10 million", or that it does not happen.
std::string chance_words(double chance) {
  if (chance >= 0.01) return percent(chance);
  if (chance < 1e-12) return "less than 1 in a million million";
  return "1 in " + number(std::pow(10.0, std::floor(-std::log10(chance))));
}

Table waves_table(const incident::Coordination& found, const Zone& zone) {
  const std::string city = city_of(zone);
  Table table;
  table.columns = {{"From, UTC"}};
  if (!city.empty()) table.columns.push_back({"In " + city});
  table.columns.insert(table.columns.end(),
                       {{"Within", true}, {"Providers"}, {"Owners", true}, {"By chance", true}});
  for (const incident::Wave& wave : found.waves) {
    std::vector<Cell> row{{day_clock(wave.range.begin)}};
    if (!city.empty()) row.push_back({local_day_clock(wave.range.begin, zone), Tone::soft});
    row.push_back(
        {wave.range.length() < Seconds{60} ? "one bin" : spaced_duration(wave.range.length())});
    std::vector<std::string> names;
    for (const std::string& name : wave.providers) names.push_back(clean_text(name));
    row.push_back({joined(names), wave.coordinated() ? Tone::strong : Tone::plain});
    row.push_back({std::to_string(wave.owners)});
    row.push_back(
        {wave.coordinated() ? chance_words(wave.by_chance) : std::string("\u2013"), Tone::soft});
    table.rows.push_back(std::move(row));
  }
  return table;
}

constexpr double kTold = 0.6;  // below it the order is as good as a coin

Table order_table(const incident::Coordination& found) {
  Table table;
  table.columns = {{"Fell first"}, {"Then"}, {"How sure is the order", true}};
  for (const incident::Order& order : found.order) {
    const bool told = order.probability >= kTold;
    table.rows.push_back({{clean_text(order.first)},
                          {clean_text(order.second)},
                          {told ? percent(order.probability) : std::string("not to be told apart"),
                           told ? Tone::plain : Tone::soft}});
  }
  return table;
}

std::string score_words(const incident::Coordination& found) {
  std::string text = fmt::format(
      "Coordination {:.2f} on a scale from 0 to 1: {} of users in the networks that fell; together "
      "at the start {:.2f}, at the end {}, on the hour or half hour {:.2f}",
      found.score, percent(found.users), found.start_together,
      found.end_together ? fmt::format("{:.2f}", *found.end_together) : std::string("not measured"),
      found.half_hour);
  if (found.common_upstream && *found.common_upstream > 0) {
    text += fmt::format("; {} of them had one way out, {}", percent(*found.common_upstream),
                        clean_text(found.upstream));
  }
  if (found.mobile_first) {
    text += fmt::format("; mobile networks {} (tau {:.2f})",
                        *found.mobile_first > 0.2    ? "first"
                        : *found.mobile_first < -0.2 ? "last"
                                                     : "neither first nor last",
                        *found.mobile_first);
  }
  return text + ".";
}

}  // namespace

Section coordination_section(const Subject& subject, std::size_t most_rows) {
  Section section{"together", "Were they cut together?", {}};
  const Zone& zone = subject.report.zone;
  if (subject.incident == nullptr) {
    section.blocks.push_back(note("No incident, so nothing that could have happened together."));
    return section;
  }
  const incident::Coordination found =
      incident::coordination_of(*subject.incident, zone.offset_at(subject.incident->onset.value));
  if (found.waves.empty()) {
    section.blocks.push_back(note("Not measured: no series of single providers fell."));
    return section;
  }
  section.blocks.push_back(paragraph(clean_text(found.sentence)));
  add_table(section, waves_table(found, zone), most_rows);
  section.blocks.push_back(paragraph(score_words(found)));
  if (!found.order.empty()) add_table(section, order_table(found), most_rows);
  std::string unknown;
  for (const std::string& each : found.unknown) unknown += " " + clean_text(each);
  if (!unknown.empty()) section.blocks.push_back(note("Not known:" + unknown));
  section.blocks.push_back(
      note("\u201cBy chance\u201d is how likely as many independent networks, each failing once in "
           "three months, would fall in the same stretch. A common cause need not be an order: a "
           "cable or a power cut also takes many at once."));
  return section;
}

}  // namespace lightsout
