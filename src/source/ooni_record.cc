// SPDX-License-Identifier: Apache-2.0
#include "source/ooni_record.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <vector>

#include "measurement/fingerprints.h"
#include "measurement/services.h"
#include "source/text.h"

namespace lightsout {

namespace {

using simdjson::SUCCESS;
using simdjson::dom::element;
using simdjson::dom::object;

std::string_view text_of(const object& from, std::string_view key) {
  std::string_view text;
  return from[key].get(text) == SUCCESS ? text : std::string_view{};
}

std::optional<bool> flag_of(const object& from, std::string_view key) {
  bool flag = false;
  return from[key].get(flag) == SUCCESS ? std::optional(flag) : std::nullopt;
}

bool is_blocked(const object& keys, std::string_view key) {
  return text_of(keys, key) == "blocked";
}

// The names of tests as they stand in identifiers, where they have no underscores.
constexpr std::array<std::string_view, 8> kLongNames{"web_connectivity",
                                                     "http_invalid_request_line",
                                                     "http_header_field_manipulation",
                                                     "facebook_messenger",
                                                     "vanilla_tor",
                                                     "tcp_connect",
                                                     "dns_consistency",
                                                     "tor_snowflake"};

std::string test_name(std::string_view slugged) {
  for (const std::string_view name : kLongNames) {
    std::string joined(name);
    joined.erase(std::remove(joined.begin(), joined.end(), '_'), joined.end());
    if (joined == slugged) return std::string(name);
  }
  return std::string(slugged);
}

bool is_test_name(std::string_view name) {
  return !name.empty() && name.size() <= 40 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

std::uint32_t asn_of(const object& from) {
  std::uint64_t number = 0;
  if (from["probe_asn"].get(number) == SUCCESS) {
    return number <= 0xFFFFFFFF ? static_cast<std::uint32_t>(number) : 0;
  }
  std::string_view text = text_of(from, "probe_asn");
  if (text.starts_with("AS")) text.remove_prefix(2);
  const std::optional<std::uint64_t> parsed = parse_count(text);
  return parsed && *parsed <= 0xFFFFFFFF ? static_cast<std::uint32_t>(*parsed) : 0;
}

// The probe's own summary of what it saw: ooni/spec, nettests.
std::optional<bool> verdict_of(const object& keys, std::string_view test) {
  const auto any = [&](std::initializer_list<std::string_view> flags) -> std::optional<bool> {
    std::optional<bool> verdict;
    for (const std::string_view name : flags) {
      if (const auto flag = flag_of(keys, name)) verdict = verdict.value_or(false) || *flag;
    }
    return verdict;
  };
  if (test == "web_connectivity") {  // ts-017: false, null, or the kind of blocking
    if (const auto flag = flag_of(keys, "blocking")) return *flag;
    if (!text_of(keys, "blocking").empty()) return true;
    return std::nullopt;
  }
  if (test == "telegram") {  // ts-020
    const auto blocked = any({"telegram_tcp_blocking", "telegram_http_blocking"});
    if (text_of(keys, "telegram_web_status").empty()) return blocked;
    return blocked.value_or(false) || is_blocked(keys, "telegram_web_status");
  }
  if (test == "whatsapp") {  // ts-018
    if (text_of(keys, "whatsapp_endpoints_status").empty()) return std::nullopt;
    return is_blocked(keys, "whatsapp_endpoints_status") ||
           is_blocked(keys, "whatsapp_web_status") ||
           is_blocked(keys, "registration_server_status");
  }
  if (test == "signal") {  // ts-029
    if (text_of(keys, "signal_backend_status").empty()) return std::nullopt;
    return is_blocked(keys, "signal_backend_status");
  }
  if (test == "facebook_messenger") {  // ts-019
    return any({"facebook_dns_blocking", "facebook_tcp_blocking"});
  }
  if (test == "http_invalid_request_line") return any({"tampering"});  // ts-007
  if (test == "http_header_field_manipulation") {                      // ts-006
    object tampering;
    if (keys["tampering"].get(tampering) == SUCCESS) return flag_of(tampering, "total");
  }
  return std::nullopt;
}

void read_names(const object& from, OoniRecord& record) {
  for (const std::string_view key : {"report_id", "measurement_uid"}) {
    read_report_id(text_of(from, key), record);
  }
  if (const auto name = text_of(from, "test_name"); is_test_name(name)) record.test = name;
  if (const auto code = country_code(text_of(from, "probe_cc"))) record.country = *code;
  if (const std::uint32_t asn = asn_of(from); asn != 0) record.asn = asn;
}

Result<OoniRecord> aggregation_of(const object& from) {
  OoniRecord record{.kind = OoniRecord::Kind::aggregation};
  const std::string_view day = text_of(from, "measurement_start_day");
  const Result<Time> time = parse_file_time(day);
  if (!time) return time.error();
  record.time = *time;
  record.daily = day.size() <= 10;
  std::uint64_t confirmed = 0;
  if (from["measurement_count"].get(record.measurements) != SUCCESS ||
      from["anomaly_count"].get(record.anomalous) != SUCCESS) {
    return Error{ErrorKind::malformed, "its counts are not whole numbers"};
  }
  if (from["confirmed_count"].get(confirmed) == SUCCESS) record.anomalous += confirmed;
  if (record.anomalous > record.measurements) {
    return Error{ErrorKind::malformed, "more anomalies than measurements"};
  }
  read_names(from, record);
  return record;
}

double number_of(const object& from, std::string_view key) {
  double number = 0;
  return from[key].get(number) == SUCCESS && number > 0 && number < 1e6 ? number : 0;
}

// OONI's API sums up a Telegram test as counts; `web_failure` is null when the page came.
std::optional<double> share_of_summary(const object& from, std::string_view test) {
  object scores;
  if (test != "telegram" || from["scores"].get(scores) != SUCCESS) return std::nullopt;
  TelegramSummary summary;
  summary.endpoints_failed = number_of(scores, "unreachable_endpoints");
  summary.endpoints_tried = summary.endpoints_failed + number_of(scores, "accessible_endpoints");
  summary.requests_failed = number_of(scores, "http_failure_cnt");
  summary.requests_tried = summary.requests_failed + number_of(scores, "http_success_cnt");
  if (element web; scores["web_failure"].get(web) == SUCCESS) summary.web_failed = !web.is_null();
  const auto score = score_telegram(summary);
  return score ? std::optional(score->failed_share) : std::nullopt;
}

Result<OoniRecord> measurement_of(const object& from) {
  OoniRecord record{.kind = OoniRecord::Kind::measurement};
  read_names(from, record);
  std::string_view when = text_of(from, "measurement_start_time");
  if (when.empty()) when = text_of(from, "test_start_time");
  const Result<Time> time = parse_file_time(when);
  if (!time) return time.error();
  record.time = *time;
  record.identity = text_of(from, "measurement_uid");
  const std::string_view report = text_of(from, "report_id");
  if (record.identity.empty() && !report.empty()) {
    // A report of one test holds one measurement for each input and time.
    record.identity = fmt::format("{}\n{}\n{}", report, text_of(from, "input"), when);
  }
  const auto anomaly = flag_of(from, "anomaly");
  const auto confirmed = flag_of(from, "confirmed");
  if (anomaly || confirmed) {
    record.anomaly = anomaly.value_or(false) || confirmed.value_or(false);
  } else if (object keys; from["test_keys"].get(keys) == SUCCESS) {
    record.anomaly = verdict_of(keys, record.test);
  }
  record.failed_share = share_of_summary(from, record.test);
  return record;
}

// A false friend looks like a block page and is none. A name that is met where it is not expected
// is kept and counts for nothing.
void look_for_blocks(const Fingerprints& known, const OoniMeasurement& measurement,
                     OoniRecord& record) {
  record.known_block = false;
  for (const Fingerprint* hit : known.matches(measurement)) {
    if (hit->is_false_friend()) continue;
    const bool here = hit->expected_in(measurement.country);
    if (here || record.known_block_name.empty()) record.known_block_name = hit->name;
    record.known_block = here;
    if (here) return;
  }
}

}  // namespace

struct OoniParser::State {
  const Fingerprints* fingerprints = nullptr;
  simdjson::dom::parser parser;
  OoniMeasurementParser measurements;
};

OoniParser::OoniParser(const Fingerprints* fingerprints) : state_(std::make_unique<State>()) {
  state_->fingerprints = fingerprints;
}
OoniParser::~OoniParser() = default;

Result<OoniRecord> OoniParser::parse(std::string& text) {
  if (!is_utf8(text)) text = clean_utf8(text);  // a name in Latin-1
  text.reserve(text.size() + simdjson::SIMDJSON_PADDING);
  object from;
  const auto error = state_->parser.parse(text).get(from);
  if (error != SUCCESS) {
    return Error{ErrorKind::malformed, fmt::format("not JSON: {}", simdjson::error_message(error))};
  }
  const auto has = [&](std::string_view key) { return from[key].error() == SUCCESS; };
  if (has("measurement_count") && has("measurement_start_day")) return aggregation_of(from);
  if (!has("measurement_start_time") && !has("test_start_time")) return OoniRecord{};
  const bool whole = has("test_keys") || has("raw_measurement");
  Result<OoniRecord> record = measurement_of(from);
  if (!record || !whole) return record;
  if (record->failed_share && state_->fingerprints == nullptr) return record;
  const Result<OoniMeasurement> measurement = state_->measurements.parse(text);
  if (!measurement) return record;
  if (state_->fingerprints != nullptr) {
    look_for_blocks(*state_->fingerprints, *measurement, *record);
    if (record->failed_share) return record;
  }
  const auto score = score_service(*measurement);
  if (score && score->doubt.empty()) record->failed_share = score->failed_share;
  return record;
}

Result<std::string> OoniParser::unwrap(const std::string& envelope) {
  element whole;
  const auto error = state_->parser.parse(envelope).get(whole);
  std::string_view body;
  if (error != SUCCESS || whole["body"].get(body) != SUCCESS) {
    return Error{ErrorKind::malformed, "not JSON with a 'body'"};
  }
  return std::string(body);
}

void read_report_id(std::string_view id, OoniRecord& record) {
  std::vector<std::string_view> parts;
  while (!id.empty() && parts.size() < 8) {
    const std::size_t end = std::min(id.find('_'), id.size());
    parts.push_back(id.substr(0, end));
    id.remove_prefix(std::min(end + 1, id.size()));
  }
  if (parts.size() < 4) return;
  const bool report =
      parts[0].ends_with('Z');  // time_test_country_asn_..., else time_country_test_
  const std::string_view test = report ? parts[1] : parts[2];
  const auto country = country_code(report ? parts[2] : parts[1]);
  if (!country || !is_test_name(test)) return;
  record.test = test_name(test);
  record.country = *country;
  const auto asn = report ? parse_count(parts[3]) : std::nullopt;
  if (asn && *asn <= 0xFFFFFFFF) record.asn = static_cast<std::uint32_t>(*asn);
}

}  // namespace lightsout
