// SPDX-License-Identifier: Apache-2.0
#include "incident/incident.h"

namespace lightsout {

namespace {

template <typename Enum, std::size_t size>
std::string_view nth(const std::string_view (&names)[size], Enum value) {
  const auto index = static_cast<std::size_t>(value);
  CHECK(index < size);
  return names[index];
}

}  // namespace

std::string duration_text(const Incident& incident) {
  const std::string lasted = format_duration(incident.range().length());
  if (!incident.open()) return lasted;
  return "at least " + lasted + ", as of " + format_time(incident.known_at);
}

std::string_view name_of(Grade grade) {
  static constexpr std::string_view kNames[] = {"nationwide", "regional",   "network",
                                                "service",    "disruption", "level_shift",
                                                "usage_dip",  "surge",      "lesser_anomaly"};
  return nth(kNames, grade);
}

std::string_view name_of(Confidence confidence) {
  static constexpr std::string_view kNames[] = {"observed", "corroborated", "confirmed", "disputed",
                                                "retracted"};
  return nth(kNames, confidence);
}

std::string_view name_of(PhaseKind kind) {
  static constexpr std::string_view kNames[] = {"reduced", "near_total", "partial_recovery",
                                                "total_recovery"};
  return nth(kNames, kind);
}

std::string_view name_of(Mechanism mechanism) {
  static constexpr std::string_view kNames[] = {
      "filtering",     "withdrawal", "access_network",    "cable_or_upstream", "power",
      "service_block", "throttling", "measurement_fault", "ipv6_only",         "dns",
      "tls",           "one_way"};
  return nth(kNames, mechanism);
}

}  // namespace lightsout
