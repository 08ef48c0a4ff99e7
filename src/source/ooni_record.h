// One object of OONI's JSON, as far as counting needs it. simdjson stays behind this header.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/result.h"
#include "core/time.h"

namespace lightsout {

class Fingerprints;

struct OoniRecord {
  enum class Kind {
    other,        // neither: an object inside something else
    aggregation,  // counts for a stretch of time
    measurement,
  };

  Kind kind = Kind::other;
  Time time{};
  std::string test;     // "telegram"; empty: not said
  std::string country;  // "IN"; empty: not said, or no country
  std::uint32_t asn = 0;
  std::string identity;  // of a measurement: its uid, or report and input; empty: unknown

  // Of an aggregation. The step is a day when the time had no clock.
  std::uint64_t measurements = 0;
  std::uint64_t anomalous = 0;  // with the confirmed ones
  bool daily = false;

  std::optional<bool> anomaly;  // of a measurement; nullopt: it holds no verdict that we read
  // Of a measurement: how much of the service failed, 0..1, scored by us from what the probe saw
  // (measurement/services.h). nullopt: it cannot be told, or the test's version is not trusted.
  std::optional<double> failed_share;
  // Of a measurement with all its rows, where fingerprints are given: whether one that is expected
  // in its country was met. nullopt: not looked for.
  std::optional<bool> known_block;
  std::string known_block_name;  // "ooni.by_4"; of a product met elsewhere, too
};

class OoniParser {
 public:
  // `fingerprints` must outlive it; nullptr: none are looked for.
  explicit OoniParser(const Fingerprints* fingerprints = nullptr);
  ~OoniParser();

  // `text` may be given more room behind it.
  Result<OoniRecord> parse(std::string& text);

  // The text inside {"status":200,...,"body":"..."}.
  Result<std::string> unwrap(const std::string& envelope);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// "20260623T062401Z_telegram_IN_55836_n4_kce6FcYdZZnFjrUp" and
// "20260711174303.899212_ES_webconnectivity_cb7ef25a464d14d4" name test, country and network.
void read_report_id(std::string_view id, OoniRecord& record);

}  // namespace lightsout
