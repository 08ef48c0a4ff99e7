// An incident and a detection in which no field has its default, for the tests of this folder.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "detect/anomaly.h"
#include "incident/incident.h"

namespace lightsout {

inline Time test_time(int minutes) {
  return *parse_time("2022-01-05T10:30:00Z") + std::chrono::minutes{minutes};
}

inline TimeEstimate test_estimate(int minutes) {
  return {test_time(minutes), test_time(minutes - 5), test_time(minutes + 5)};
}

inline Anomaly full_anomaly() {
  return {.signal = *SignalId::parse("country:KZ/ioda-bgp/visible_slash24"),
          .plane = Plane::control,
          .detector = "level_drop",
          .direction = Direction::rise,
          .onset = test_estimate(0),
          .end = test_estimate(270),
          .alarmed_at = test_time(10),
          .data_through = test_time(600),
          .depth = {0.93, 0.9, 0.95},
          .deepest = 0.97,
          .deepest_at = test_time(35),
          .evidence = 812.5,
          .lasting = true,
          .low_confidence = true,
          .baseline = "38 d by hour of the day",
          .parts = {{{test_time(0), test_time(60)}, {0.5, 0.4, 0.6}}},
          .trace = {{test_time(10), "drop to 50 % or less: S = 27.3 passed h = 26"}}};
}

inline Detection full_detection() {
  return {.signal = full_anomaly().signal,
          .judgement = {true, {test_time(-9000), test_time(600)}, "56 d", "short history"},
          .expected = {{1, 0.5, 1.5}},
          .anomalies = {full_anomaly()},
          .trace = {{test_time(-50), "nearest miss: 12 % for 20 min"}}};
}

inline PartView full_part(const char* entity, const char* name) {
  return {.entity = *Entity::parse(entity),
          .name = name,
          .user_share = 0.41,
          .user_share_source = "assumed",
          .access = "fixed",
          .owner = "Samruk-Kazyna",
          .upstreams = {"AS3356", "AS1299"},
          .judged = true,
          .fell = true,
          .fell_at = test_estimate(3),
          .depth = {0.8, 0.7, 0.9},
          .returned = test_estimate(260),
          .note = "-80 % for 4 h"};
}

inline PlaneView full_plane() {
  return {.signal = full_anomaly().signal,
          .plane = Plane::data,
          .label = "Routes announced",
          .judged = true,
          .fell = true,
          .fell_at = test_estimate(1),
          .depth = {0.6, 0.5, 0.7},
          .lowest = 0.03,
          .lowest_at = test_time(40),
          .returned = test_estimate(280),
          .evidence = 99.5,
          .evidence_capped = 30,
          .samples = {50, 3, 2, 1, 4},
          .baseline = "7 h",
          .note = "-13 % for 15 h"};
}

inline Incident full_incident() {
  const SignalId signal = full_anomaly().signal;
  return {
      .id = "kz-2022-01-05-7c1e",
      .version = 2,
      .supersedes = 1,
      .known_at = test_time(600),
      .entity = *Entity::parse("country:KZ"),
      .grade = Grade::regional,
      .confidence = Confidence::corroborated,
      .probability = 0.999,
      .direction = Direction::rise,
      .onset = test_estimate(0),
      .end = test_estimate(270),
      .ending = true,
      .depth = {0.58, 0.5, 0.66},
      .lasting = true,
      .semi_synthetic = true,
      .phases = {{PhaseKind::near_total, {test_time(0), test_time(90)}, true, {0.9, 0.8, 1}}},
      .windows = {{{test_time(100), test_time(130)}, {0.4, 0.3, 0.5}, {signal}}},
      .recurrence = {5, 0.97, Seconds{9000}, 2, true, "five of six begin near 02:30 UTC", 4, 0.001},
      .planes = {full_plane()},
      .providers = {full_part("asn:9198@country:KZ", "Kazakhtelecom \"JSC\" / Қазақтелеком")},
      .regions = {full_part("region:KZ-75", "Almaty")},
      .services = {full_part("service:telegram@country:KZ", "Telegram")},
      .hypotheses = {{Mechanism::power, {"a"}, {"b"}, {"c"}, 0.25, "possible"}},
      .disagreements = {{{test_time(20), test_time(50)}, "traffic back, probes not", {signal}}},
      .findings =
          {{"a finding", TimeRange{test_time(1), test_time(2)}, Confidence::disputed, {signal}}},
      .unknowns = {"mobile networks were not measured"},
      .evidence = {full_anomaly()},
      .inputs = {{"0f3a", "kz.csv", "ioda-csv", test_time(700), true}}};
}

}  // namespace lightsout
