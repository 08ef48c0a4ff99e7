// Features: what tells one mechanism from others of the same planes, where somebody measured it.
//
//   IPv6 only      IPv6 routes fell while IPv4 routes stood
//   DNS            the share of name lookups that fail rose (a metric with "dns" in its name)
//   TLS or SNI     the share of handshakes that fail rose ("tls" or "sni")
//   one way        answers to probes died while packets from inside still reached the telescope
//   throttling     speed or delay got worse (kind.h, tells_of_speed())
//
// A feature that nobody measured is nullopt, never "no".
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "incident/course.h"

namespace lightsout::incident {

struct Feature {
  bool seen = false;
  std::string text;  // "IPv6 routes lost 93.0 %, IPv4 routes 0.2 %"
};

// nullopt: not measured, or the mechanism has no feature of its own.
std::optional<Feature> feature_of(Mechanism mechanism, const std::vector<Witness>& witnesses,
                                  const Course& course);

// IPv6 routes that fall alone make no grave incident while everything else stands, and are still
// worth an explanation.
bool ipv6_fell_alone(const std::vector<Witness>& witnesses, const Course& course);

// Whether the mechanism can be told by its feature only, and so is left out of the mixture where
// that was not measured.
bool needs_feature(Mechanism mechanism);

}  // namespace lightsout::incident
