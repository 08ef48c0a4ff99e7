// SignalId: entity/source/metric, one spelling in URLs, database, tests, logs and configuration.
//
//   country:KZ/bgp/visible_slash24
//   service:telegram@country:IN/ooni/anomaly_fraction
//
// The catalogue (catalogue.h) says which plane a source and metric belong to and how to call it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.h"
#include "geo/entity.h"

namespace lightsout {

// Independent ways of looking at a network. Two planes that agree are corroboration; two feeds on
// the same plane are not.
enum class Plane : std::uint8_t {
  control,        // routes: what BGP announces
  data,           // packets: active probing
  traffic,        // passive: what arrives of its own accord (web traffic, telescope, browsers)
  application,    // services: OONI and the like
  circumvention,  // use of Tor, Psiphon, VPNs
};

enum class Unit : std::uint8_t {
  count,           // of something: /24s, addresses, users
  percent_of_max,  // of the greatest value in the same export: no absolute size is known
  percent,         // 0..100 of something known
  fraction,        // 0..1 out of `trials`
  index,           // a number without a natural zero or unit
  milliseconds,
};

enum class Worse : std::uint8_t { low, high };  // which direction is bad news

class SignalId {
 public:
  static Result<SignalId> parse(std::string_view text);
  static Result<SignalId> make(const Entity& entity, std::string_view source,
                               std::string_view metric);

  const Entity& entity() const { return entity_; }
  const std::string& source() const { return source_; }
  const std::string& metric() const { return metric_; }
  std::string text() const { return entity_.text() + "/" + source_ + "/" + metric_; }

  auto operator<=>(const SignalId&) const = default;
  bool operator==(const SignalId&) const = default;

 private:
  SignalId(Entity entity, std::string source, std::string metric)
      : entity_(std::move(entity)), source_(std::move(source)), metric_(std::move(metric)) {}

  Entity entity_;
  std::string source_;
  std::string metric_;
};

std::string_view name_of(Plane plane);
std::string_view name_of(Unit unit);
std::string_view name_of(Worse worse);
Result<Plane> parse_plane(std::string_view text);
Result<Unit> parse_unit(std::string_view text);
Result<Worse> parse_worse(std::string_view text);

}  // namespace lightsout
