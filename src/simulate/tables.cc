// SPDX-License-Identifier: Apache-2.0
#include "simulate/tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "simulate/draw.h"
#include "simulate/routes.h"

namespace lightsout {

namespace {

// RFC 4180: quotes around what needs them, doubled inside.
std::string csv_text(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace

std::string label_line(const Scenario& scenario) {
  std::string title = scenario.title;
  std::replace_if(title.begin(), title.end(), [](unsigned char c) { return c < 0x20; }, ' ');
  return fmt::format(
      "# {}: made by lightsout simulate from the scenario \"{}\" (seed {}, sha256 {}); "
      "not a measurement\n",
      kSemiSynthetic, title, scenario.seed, scenario.sha256);
}

Status write_series(const Scenario& scenario, std::span<const Series> series, const Sink& sink) {
  std::map<std::string, std::vector<const Series*>> by_source;
  for (const Series& one : series) {
    if (one.plane != Plane::control) by_source[one.id.source()].push_back(&one);
  }
  for (const auto& [source, group] : by_source) {
    std::string text = label_line(scenario) + "time,entity,signal,value\n";
    // Row after row in the order of time, as a live export grows.
    for (std::size_t bin = 0; bin < group.front()->size(); ++bin) {
      const std::string time = format_time(group.front()->time_of(bin));
      for (const Series* one : group) {
        const auto number = one->samples[bin].number();
        if (!number) continue;
        fmt::format_to(std::back_inserter(text), "{},{},{}/{},{:.0f}\n", time,
                       one->id.entity().text(), one->id.source(), one->id.metric(), *number);
      }
    }
    if (Status status = sink(source + ".csv", text); !status) return status;
  }
  return {};
}

Status write_prefix_table(const Scenario& scenario, const Sink& sink) {
  const std::vector<NetworkPart> parts = parts_of(scenario);
  std::string text = label_line(scenario) + "prefix,entity\n";
  for (const Route& route : routes_of(scenario)) {
    if (route.part == Route::kWorld) continue;
    const Provider& provider = scenario.providers[parts[route.part].provider];
    fmt::format_to(std::back_inserter(text), "{},{}\n{},{}\n", route.prefix.text(),
                   scenario.entity.text(), route.prefix.text(),
                   entity_of(scenario, provider).text());
  }
  return sink("prefixes.csv", text);
}

Status write_annotations(const Scenario& scenario, const Sink& sink) {
  std::string text = label_line(scenario) + "time,text,source\n";
  for (const Note& note : scenario.notes) {
    fmt::format_to(std::back_inserter(text), "{},{},{}\n", format_time(note.at),
                   csv_text(note.text), csv_text(note.source));
  }
  return sink("annotations.csv", text);
}

Status write_providers(const Scenario& scenario, const Sink& sink) {
  const bool upstreams =
      std::any_of(scenario.providers.begin(), scenario.providers.end(),
                  [](const Provider& provider) { return provider.upstream != Asn{}; });
  std::string text = label_line(scenario) + "asn,name,access,user_share,source" +
                     (upstreams ? ",owner,upstreams\n" : "\n");
  for (const Provider& provider : scenario.providers) {
    fmt::format_to(std::back_inserter(text), "{},{},{},{:.3f},{}", provider.asn.number,
                   csv_text(provider.name), name_of(provider.access), provider.user_share,
                   csv_text(provider.share_assumed ? "assumed" : provider.source));
    if (upstreams) text += ",,";
    if (provider.upstream != Asn{}) text += std::to_string(provider.upstream.number);
    text += "\n";
  }
  return sink("providers.csv", text);
}

}  // namespace lightsout
