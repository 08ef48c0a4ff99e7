// SPDX-License-Identifier: Apache-2.0
#include "measurement/ooni.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <array>

#include "core/check.h"
#include "measurement/words.h"

namespace lightsout {

namespace {

using simdjson::SUCCESS;
using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

constexpr std::string_view kUnnamedFailure = "unknown_failure";

std::string text_at(const object& from, std::string_view key) {
  element value;
  if (from[key].get(value) != SUCCESS) return {};
  std::string_view text;
  if (value.get(text) == SUCCESS) return std::string(text);
  object binary;  // {"format":"base64","data":"..."}
  if (value.get(binary) != SUCCESS || binary["data"].get(text) != SUCCESS) return {};
  return from_base64(text);
}

std::int64_t whole_at(const object& from, std::string_view key) {
  std::int64_t number = 0;
  return from[key].get(number) == SUCCESS ? number : 0;
}

std::optional<bool> flag_at(const object& from, std::string_view key) {
  bool flag = false;
  return from[key].get(flag) == SUCCESS ? std::optional(flag) : std::nullopt;
}

// Null and absent mean that it worked, and so does false in files of old probes.
Failure failure_at(const object& from, std::string_view key) {
  element value;
  if (from[key].get(value) != SUCCESS || value.is_null()) return std::nullopt;
  bool flag = false;
  if (value.get(flag) == SUCCESS && !flag) return std::nullopt;
  std::string_view text;
  if (value.get(text) == SUCCESS) {
    return text.empty() ? std::nullopt : Failure(std::string(text));
  }
  return Failure(std::string(kUnnamedFailure));
}

// Calls `each` with every object of the list; an Error when it is longer than kMostRows.
template <typename Each>
Status for_each_row(const object& from, std::string_view key, Each each) {
  array rows;
  if (from[key].get(rows) != SUCCESS) return {};
  std::size_t seen = 0;
  for (const element row : rows) {
    if (++seen > kMostRows) {
      return Error{ErrorKind::limit, fmt::format("more than {} rows in '{}'", kMostRows, key)};
    }
    object fields;
    if (row.get(fields) != SUCCESS) continue;
    if (const Status read = each(fields); !read.ok()) return read;
  }
  return {};
}

struct Tags {
  std::optional<int> depth;
  std::optional<bool> fetch_body;
};

Tags tags_of(const object& row) {
  Tags tags;
  array texts;
  if (row["tags"].get(texts) != SUCCESS) return tags;
  for (const element one : texts) {
    std::string_view text;
    if (one.get(text) != SUCCESS) continue;
    if (text.starts_with("depth=")) {
      text.remove_prefix(6);
      const bool digit = text.size() == 1 && text[0] >= '0' && text[0] <= '9';
      tags.depth = digit ? text[0] - '0' : 10;  // ten redirects are the most
    } else if (text == "fetch_body=true" || text == "fetch_body=false") {
      tags.fetch_body = text == "fetch_body=true";
    }
  }
  return tags;
}

Status read_lookups(const object& keys, OoniMeasurement& into) {
  return for_each_row(keys, "queries", [&](const object& row) -> Status {
    DnsLookup lookup{.engine = text_at(row, "engine"),
                     .hostname = text_at(row, "hostname"),
                     .query_type = text_at(row, "query_type"),
                     .failure = failure_at(row, "failure"),
                     .addresses = {},
                     .depth = tags_of(row).depth,
                     .transaction = whole_at(row, "transaction_id")};
    array answers;
    if (row["answers"].get(answers) == SUCCESS) {
      for (const element answer : answers) {
        object fields;
        if (answer.get(fields) != SUCCESS) continue;
        std::string address = text_at(fields, "ipv4");
        if (address.empty()) address = text_at(fields, "ipv6");
        if (address.empty()) continue;
        if (lookup.addresses.size() >= kMostAnswers) {
          return Error{ErrorKind::limit, fmt::format("more than {} answers", kMostAnswers)};
        }
        const std::int64_t asn = whole_at(fields, "asn");
        if (asn > 0 && asn <= 0xFFFFFFFF) {
          into.asn_of.emplace(address, Asn{static_cast<std::uint32_t>(asn)});
        }
        lookup.addresses.push_back(std::move(address));
      }
    }
    into.lookups.push_back(std::move(lookup));
    return {};
  });
}

Status read_connects(const object& keys, OoniMeasurement& into) {
  return for_each_row(keys, "tcp_connect", [&](const object& row) -> Status {
    const Tags tags = tags_of(row);
    TcpConnect connect{.ip = text_at(row, "ip"),
                       .endpoint = {},
                       .failure = {},
                       .depth = tags.depth,
                       .fetch_body = tags.fetch_body,
                       .transaction = whole_at(row, "transaction_id")};
    const bool v6 = connect.ip.find(':') != std::string::npos;
    connect.endpoint =
        fmt::format(fmt::runtime(v6 ? "[{}]:{}" : "{}:{}"), connect.ip, whole_at(row, "port"));
    object status;
    if (row["status"].get(status) == SUCCESS) {
      connect.failure = failure_at(status, "failure");
      if (!connect.failure && flag_at(status, "success") == false) {
        connect.failure = kUnnamedFailure;
      }
    }
    into.connects.push_back(std::move(connect));
    return {};
  });
}

Headers headers_of(const object& from) {
  Headers headers;
  const auto add = [&](std::string_view name, const element& value) {
    std::string_view text;
    if (headers.size() >= kMostAnswers) return;
    if (value.get(text) == SUCCESS) return headers.emplace_back(lower(name), text), void();
    object binary;
    if (value.get(binary) != SUCCESS || binary["data"].get(text) != SUCCESS) return;
    headers.emplace_back(lower(name), from_base64(text));
  };
  array list;
  object table;
  if (from["headers_list"].get(list) == SUCCESS) {
    for (const element pair : list) {
      array parts;
      std::string_view name;
      if (pair.get(parts) != SUCCESS || parts.size() != 2) continue;
      if (parts.at(0).get(name) == SUCCESS) add(name, parts.at(1).value());
    }
  } else if (from["headers"].get(table) == SUCCESS) {
    for (const auto [name, value] : table) add(name, value);
  }
  return headers;
}

Status read_exchanges(const object& keys, OoniMeasurement& into) {
  return for_each_row(keys, "requests", [&](const object& row) -> Status {
    HttpExchange exchange{};
    exchange.failure = failure_at(row, "failure");
    exchange.transaction = whole_at(row, "transaction_id");
    object request, response;
    if (row["request"].get(request) == SUCCESS) {
      exchange.url = text_at(request, "url");
      exchange.method = text_at(request, "method");
    }
    if (row["response"].get(response) == SUCCESS) {
      const std::int64_t code = whole_at(response, "code");
      exchange.code = code > 0 && code < 1000 ? static_cast<int>(code) : 0;
      exchange.truncated = flag_at(response, "body_is_truncated").value_or(false);
      exchange.body = text_at(response, "body");
      exchange.headers = headers_of(response);
    }
    into.exchanges.push_back(std::move(exchange));
    return {};
  });
}

Status read_handshakes(const object& keys, OoniMeasurement& into) {
  return for_each_row(keys, "tls_handshakes", [&](const object& row) -> Status {
    into.handshakes.push_back(
        {text_at(row, "server_name"), failure_at(row, "failure"), whole_at(row, "transaction_id")});
    return {};
  });
}

// Calls `each` for the entries of an object of objects; at most kMostRows of them.
template <typename Each>
void for_each_entry(const object& from, std::string_view key, Each each) {
  object entries;
  if (from[key].get(entries) != SUCCESS) return;
  std::size_t seen = 0;
  for (const auto [name, value] : entries) {
    object fields;
    if (++seen > kMostRows) return;
    if (value.get(fields) == SUCCESS) each(std::string(name), fields);
  }
}

void read_control(const object& keys, OoniMeasurement& into) {
  object from;
  if (keys["control"].get(from) != SUCCESS) return;
  WebControl control;
  object dns, http;
  bool answered = false;
  if (from["dns"].get(dns) == SUCCESS) {
    control.dns_failure = failure_at(dns, "failure");
    array addresses;
    if (dns["addrs"].get(addresses) == SUCCESS) {
      for (const element one : addresses) {
        std::string_view text;
        if (one.get(text) != SUCCESS || control.addresses.size() >= kMostAnswers) continue;
        control.addresses.emplace_back(text);
      }
      answered = true;
    }
    answered = answered || control.dns_failure;
  }
  for_each_entry(from, "tcp_connect", [&](std::string endpoint, const object& fields) {
    Failure failure = failure_at(fields, "failure");
    if (!failure && flag_at(fields, "status") == false) failure = kUnnamedFailure;
    control.tcp.emplace(std::move(endpoint), std::move(failure));
  });
  for_each_entry(from, "tls_handshake", [&](std::string endpoint, const object& fields) {
    control.tls.emplace(std::move(endpoint), WebControl::Tls{text_at(fields, "server_name"),
                                                             failure_at(fields, "failure")});
  });
  for_each_entry(from, "ip_info", [&](const std::string& address, const object& fields) {
    const std::int64_t asn = whole_at(fields, "asn");
    if (asn > 0 && asn <= 0xFFFFFFFF) {
      into.asn_of.emplace(address, Asn{static_cast<std::uint32_t>(asn)});
    }
  });
  if (from["http_request"].get(http) == SUCCESS) {
    control.http_failure = failure_at(http, "failure");
    control.code =
        static_cast<int>(std::clamp<std::int64_t>(whole_at(http, "status_code"), -1, 999));
    control.body_length = whole_at(http, "body_length");
    control.title = text_at(http, "title");
    for (auto& [name, value] : headers_of(http)) control.header_names.push_back(name);
    // A code of 0 without a failure is a helper that was never asked.
    control.has_http = control.http_failure || control.code != 0;
    if (control.code < 0 && !control.http_failure) control.http_failure = kUnnamedFailure;
  }
  if (answered || control.has_http) into.control = std::move(control);
}

void read_claimed(const object& keys, OoniMeasurement& into) {
  if (into.test != "web_connectivity") return;
  WebVerdict claimed;
  const std::string dns = text_at(keys, "dns_consistency");
  if (dns == "consistent" || dns == "inconsistent") claimed.dns_consistent = dns == "consistent";
  const std::string blocking = text_at(keys, "blocking");
  if (flag_at(keys, "blocking") == false) claimed.blocking = Blocking::none;
  if (blocking == "dns") claimed.blocking = Blocking::dns;
  if (blocking == "tcp_ip") claimed.blocking = Blocking::tcp_ip;
  if (blocking == "http-failure") claimed.blocking = Blocking::http_failure;
  if (blocking == "http-diff") claimed.blocking = Blocking::http_diff;
  claimed.accessible = flag_at(keys, "accessible");
  const auto flags = [&](std::string_view key) {
    return static_cast<unsigned>(std::clamp<std::int64_t>(whole_at(keys, key), 0, 0xFFFF));
  };
  claimed.blocking_flags = flags("x_blocking_flags");
  claimed.dns_flags = flags("x_dns_flags");
  claimed.null_flags = flags("x_null_null_flags");
  claimed.dns_failure = failure_at(keys, "dns_experiment_failure");
  claimed.http_failure = failure_at(keys, "http_experiment_failure");
  into.claimed = std::move(claimed);
}

// The keys of the tests of single services are few and flat: they are taken as they are.
void read_flat_keys(const object& keys, OoniMeasurement& into) {
  std::size_t seen = 0;
  for (const auto [name, value] : keys) {
    if (++seen > kMostRows) return;
    std::string key(name);
    std::replace(key.begin(), key.end(), '-', '_');
    bool flag = false;
    double number = 0;
    std::string_view text;
    if (value.get(flag) == SUCCESS) {
      into.flags.emplace(std::move(key), flag);
    } else if (value.get(number) == SUCCESS) {
      into.numbers.emplace(std::move(key), number);
    } else if (value.get(text) == SUCCESS && text.size() <= 256) {
      into.words.emplace(std::move(key), text);
    }
  }
}

Status read_tor_targets(const object& keys, OoniMeasurement& into) {
  if (into.test != "tor") return {};
  for_each_entry(keys, "targets", [&](const std::string&, const object& fields) {
    into.tor_targets.push_back(failure_at(fields, "failure"));
  });
  return for_each_row(keys, "targets", [&](const object& row) -> Status {
    into.tor_targets.push_back(failure_at(row, "failure"));
    return {};
  });
}

Asn asn_at(const object& from, std::string_view key) {
  std::string text = text_at(from, key);
  if (text.starts_with("AS")) text.erase(0, 2);
  std::uint64_t number = 0;
  for (const char c : text) {
    if (c < '0' || c > '9' || number > 0xFFFFFFFF) return {};
    number = number * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return number <= 0xFFFFFFFF ? Asn{static_cast<std::uint32_t>(number)} : Asn{};
}

Status read_keys(const object& keys, OoniMeasurement& into) {
  read_flat_keys(keys, into);
  read_control(keys, into);
  read_claimed(keys, into);
  for (const auto read :
       {read_lookups, read_connects, read_handshakes, read_exchanges, read_tor_targets}) {
    if (const Status done = read(keys, into); !done.ok()) return done;
  }
  return {};
}

}  // namespace

struct OoniMeasurementParser::State {
  simdjson::dom::parser parser{kLongestMeasurement};
  simdjson::dom::parser inner{kLongestMeasurement};
};

OoniMeasurementParser::OoniMeasurementParser() : state_(std::make_unique<State>()) {}
OoniMeasurementParser::~OoniMeasurementParser() = default;

Result<OoniMeasurement> OoniMeasurementParser::parse(std::string& text) {
  if (text.size() > kLongestMeasurement) {
    return Error{ErrorKind::limit,
                 fmt::format("a measurement of more than {} bytes", kLongestMeasurement)};
  }
  text.reserve(text.size() + simdjson::SIMDJSON_PADDING);
  object from;
  const auto error = state_->parser.parse(text).get(from);
  if (error != SUCCESS) {
    return Error{ErrorKind::malformed, fmt::format("not JSON: {}", simdjson::error_message(error))};
  }
  std::string inner;  // OONI Explorer wraps the probe's text
  if (from["test_keys"].error() != SUCCESS) inner = text_at(from, "raw_measurement");
  if (!inner.empty()) {
    inner.reserve(inner.size() + simdjson::SIMDJSON_PADDING);
    if (state_->inner.parse(inner).get(from) != SUCCESS) {
      return Error{ErrorKind::malformed, "its raw_measurement is not JSON"};
    }
  }
  OoniMeasurement measurement;
  measurement.test = text_at(from, "test_name");
  if (measurement.test.empty()) return Error{ErrorKind::malformed, "it does not say which test"};
  measurement.test_version = text_at(from, "test_version");
  measurement.software_version = text_at(from, "software_version");
  object annotations;
  if (from["annotations"].get(annotations) == SUCCESS) {
    measurement.engine_version = text_at(annotations, "engine_version");
  }
  measurement.input = text_at(from, "input");
  measurement.report_id = text_at(from, "report_id");
  measurement.asn = asn_at(from, "probe_asn");
  const std::string country = text_at(from, "probe_cc");
  const bool is_code =
      country.size() == 2 && country != "ZZ" &&
      std::all_of(country.begin(), country.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  if (is_code) measurement.country = country;
  const std::string when = text_at(from, "measurement_start_time");
  const Result<Time> time = parse_time(when.empty() ? text_at(from, "test_start_time") : when);
  if (!time) return time.error();
  measurement.time = *time;
  object keys;
  if (from["test_keys"].get(keys) != SUCCESS) {
    return Error{ErrorKind::malformed, "it has no test_keys"};
  }
  if (const Status read = read_keys(keys, measurement); !read.ok()) return read.error();
  return measurement;
}

std::string text_of(const WebVerdict& verdict) {
  static constexpr std::array<std::string_view, 6> kBlocking{"null",   "false",        "dns",
                                                             "tcp_ip", "http-failure", "http-diff"};
  const auto flag = [](std::optional<bool> value, std::string_view yes, std::string_view no) {
    return !value ? std::string_view("null") : *value ? yes : no;
  };
  return fmt::format("{} | {} | {} | {} | {} | {} | {} | {}",
                     flag(verdict.dns_consistent, "consistent", "inconsistent"),
                     kBlocking[static_cast<std::size_t>(verdict.blocking)],
                     flag(verdict.accessible, "true", "false"), verdict.blocking_flags,
                     verdict.dns_flags, verdict.null_flags, verdict.dns_failure.value_or("null"),
                     verdict.http_failure.value_or("null"));
}

}  // namespace lightsout
