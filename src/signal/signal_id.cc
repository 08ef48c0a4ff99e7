// SPDX-License-Identifier: Apache-2.0
#include "signal/signal_id.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace lightsout {

namespace {

constexpr std::array<std::string_view, 5> kPlanes{"control", "data", "traffic", "application",
                                                  "circumvention"};
constexpr std::array<std::string_view, 6> kUnits{"count",    "percent_of_max", "percent",
                                                 "fraction", "index",          "milliseconds"};
constexpr std::array<std::string_view, 2> kWorse{"low", "high"};

bool is_word(std::string_view word) {
  return !word.empty() && word.size() <= 64 && std::all_of(word.begin(), word.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
  });
}

template <typename Enum, std::size_t size>
Result<Enum> parse_name(const std::array<std::string_view, size>& names, std::string_view text,
                        std::string_view what) {
  const auto found = std::find(names.begin(), names.end(), text);
  if (found != names.end()) return static_cast<Enum>(found - names.begin());
  return Error{ErrorKind::usage, fmt::format("'{}' is not a {}; one of: {}", text.substr(0, 40),
                                             what, fmt::join(names, ", "))};
}

}  // namespace

Result<SignalId> SignalId::parse(std::string_view text) {
  const std::size_t last = text.rfind('/');
  const std::size_t first = last == std::string_view::npos || last == 0 ? std::string_view::npos
                                                                        : text.rfind('/', last - 1);
  if (first == std::string_view::npos) {
    return Error{ErrorKind::usage,
                 fmt::format("'{}' is not a signal; write entity/source/metric, for example "
                             "country:KZ/bgp/visible_slash24",
                             text.substr(0, 120))};
  }
  const Result<Entity> entity = Entity::parse(text.substr(0, first));
  if (!entity) return entity.error();
  return make(*entity, text.substr(first + 1, last - first - 1), text.substr(last + 1));
}

Result<SignalId> SignalId::make(const Entity& entity, std::string_view source,
                                std::string_view metric) {
  for (const std::string_view word : {source, metric}) {
    if (!is_word(word)) {
      return Error{
          ErrorKind::usage,
          fmt::format("'{}' cannot name a source or metric: 1 to 64 of a-z, 0-9, '_', '-', '.'",
                      word.substr(0, 80))};
    }
  }
  return SignalId(entity, std::string(source), std::string(metric));
}

std::string_view name_of(Plane plane) {
  return kPlanes[static_cast<std::size_t>(plane)];
}
std::string_view name_of(Unit unit) {
  return kUnits[static_cast<std::size_t>(unit)];
}
std::string_view name_of(Worse worse) {
  return kWorse[static_cast<std::size_t>(worse)];
}
Result<Plane> parse_plane(std::string_view text) {
  return parse_name<Plane>(kPlanes, text, "plane");
}
Result<Unit> parse_unit(std::string_view text) {
  return parse_name<Unit>(kUnits, text, "unit");
}
Result<Worse> parse_worse(std::string_view text) {
  return parse_name<Worse>(kWorse, text, "direction");
}

}  // namespace lightsout
