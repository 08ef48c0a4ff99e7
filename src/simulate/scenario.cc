// SPDX-License-Identifier: Apache-2.0
#include "simulate/scenario.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/sha256.h"
#include "simulate/scenario_lines.h"

namespace lightsout {

namespace {

using Limits = ScenarioLimits;
constexpr Seconds kDay{86400};

Error missing(std::string_view what) {
  return {ErrorKind::malformed, fmt::format("the scenario has no line with its {}", what)};
}

bool is_asn_known(const Draft& draft, const Group& group) {
  if (group.kind != Group::Kind::asn && group.kind != Group::Kind::upstream) return true;
  return std::any_of(draft.providers.begin(), draft.providers.end(), [&](const Provider& provider) {
    return group.asn == (group.kind == Group::Kind::asn ? provider.asn : provider.upstream);
  });
}

// Each line may be modest and their product still be more than a machine holds.
std::optional<Error> excess_in(const Draft& draft) {
  std::int64_t samples = 0;
  std::int64_t peers = 0;
  double updates = 0;
  for (const SignalModel& model : draft.signals) {
    const auto series =
        model.per_provider ? static_cast<std::int64_t>(draft.providers.size()) + 1 : 1;
    samples += draft.range->length() / model.step * series;
    peers = std::max(peers, model.peers);
    if (model.source == "ooni" && model.level > Limits::kMeasurementsPerDay) {
      return Error{ErrorKind::limit, fmt::format("more than {} measurements of services a day",
                                                 Limits::kMeasurementsPerDay)};
    }
  }
  for (const Event& event : draft.events) {
    if (event.kind == EventKind::route_burst) updates += event.amount * static_cast<double>(peers);
  }
  if (samples > Limits::kSamples) {
    return Error{ErrorKind::limit, fmt::format("{} samples are more than {}; make the range "
                                               "shorter or the steps longer",
                                               samples, Limits::kSamples)};
  }
  if (updates > static_cast<double>(Limits::kBurstUpdates)) {
    return Error{ErrorKind::limit,
                 fmt::format("the route bursts are more than {} updates", Limits::kBurstUpdates)};
  }
  return std::nullopt;
}

// What no single line can know.
std::optional<Error> fault_in(const Draft& draft) {
  if (draft.title.empty()) return missing("title");
  if (!draft.entity) return missing("entity");
  if (!draft.labelled) return missing("label SEMI-SYNTHETIC");
  if (!draft.seed) return missing("seed");
  if (!draft.range) return missing("range");
  if (draft.providers.empty()) return missing("providers");
  if (draft.signals.empty()) return missing("signals");
  double share = 0;
  std::int64_t networks = draft.world;
  for (const Provider& provider : draft.providers) {
    share += provider.user_share;
    networks += provider.networks;
  }
  if (share > 1 + 1e-9) {
    return Error{
        ErrorKind::malformed,
        fmt::format("the providers' shares add up to {:.1f} %, more than all users", 100 * share)};
  }
  // Each provider begins at an aligned block, so up to twice the networks are taken.
  if (draft.addresses && 4 * networks > std::int64_t{1} << (24 - draft.addresses->length())) {
    return Error{ErrorKind::limit,
                 fmt::format("{} networks do not fit into {}", networks, draft.addresses->text())};
  }
  for (const Event& event : draft.events) {
    if (!is_asn_known(draft, event.group)) {
      return Error{ErrorKind::malformed, fmt::format("line {}: no provider has AS{}", event.line,
                                                     event.group.asn.number)};
    }
    if (event.kind == EventKind::gap &&
        std::none_of(draft.signals.begin(), draft.signals.end(),
                     [&](const SignalModel& model) { return model.source == event.subject; })) {
      return Error{ErrorKind::malformed, fmt::format("line {}: no signal comes from '{}'",
                                                     event.line, event.subject.substr(0, 60))};
    }
  }
  return std::nullopt;
}

}  // namespace

Result<Scenario> parse_scenario(std::string_view text) {
  if (text.size() > Limits::kBytes) {
    return Error{ErrorKind::limit, fmt::format("a scenario is at most {} bytes", Limits::kBytes)};
  }
  Draft draft;
  std::size_t number = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    if (++number > Limits::kLines) {
      return Error{ErrorKind::limit, fmt::format("a scenario is at most {} lines", Limits::kLines)};
    }
    const std::string_view line = text.substr(at, end - at);
    if (line.size() > Limits::kLineBytes) {
      return Error{ErrorKind::limit,
                   fmt::format("line {}: longer than {} bytes", number, Limits::kLineBytes)};
    }
    Fields fields(number, line);
    if (!fields.empty() && !fields.error()) read_line(fields, draft);
    if (!fields.error()) fields.done();
    if (fields.error()) return *fields.error();
    at = end + 1;
  }
  if (const auto fault = fault_in(draft)) return *fault;
  if (const auto excess = excess_in(draft)) return *excess;
  return Scenario{.title = std::move(draft.title),
                  .entity = *std::move(draft.entity),
                  .seed = *draft.seed,
                  .range = *draft.range,
                  .zone = std::move(draft.zone),
                  .addresses = draft.addresses.value_or(*Prefix::parse("10.0.0.0/8")),
                  .world = draft.world,
                  .providers = std::move(draft.providers),
                  .signals = std::move(draft.signals),
                  .events = std::move(draft.events),
                  .notes = std::move(draft.notes),
                  .sha256 = sha256_hex(text)};
}

Result<Scenario> narrowed(const Scenario& scenario, const TimeRange& range) {
  const TimeRange days{bin_begin(range.begin, kDay),
                       bin_begin(range.end + kDay - Seconds{1}, kDay)};
  if (days.empty() || days.begin < scenario.range.begin || days.end > scenario.range.end) {
    return Error{ErrorKind::usage,
                 fmt::format("the scenario covers {} to {}", format_time(scenario.range.begin),
                             format_time(scenario.range.end))};
  }
  Scenario part = scenario;
  part.range = days;
  std::erase_if(part.events, [&](const Event& event) { return !event.range.overlaps(days); });
  for (Event& event : part.events) {
    event.range = {std::max(event.range.begin, days.begin), std::min(event.range.end, days.end)};
  }
  std::erase_if(part.notes, [&](const Note& note) { return !days.contains(note.at); });
  return part;
}

const SignalModel* find_signal(const Scenario& scenario, std::string_view source) {
  for (const SignalModel& model : scenario.signals) {
    if (model.source == source) return &model;
  }
  return nullptr;
}

std::string_view name_of(Access access) {
  switch (access) {
    case Access::mobile:
      return "mobile";
    case Access::fixed:
      return "fixed";
    case Access::government:
      return "government";
    case Access::hosting:
      return "hosting";
  }
  return "";
}

}  // namespace lightsout
