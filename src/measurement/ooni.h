// OoniMeasurement: one result of one of OONI's tests, as the probe wrote it (data format 0.2.0).
//
// Nothing is judged here: the rows are what the probe saw, the control is what OONI's helper saw
// from outside, and `claimed` is the probe's own verdict. web_connectivity.h and services.h judge
// again from the rows, because stored verdicts go stale without a change of version.
//
//   OoniMeasurementParser parser;
//   const Result<OoniMeasurement> measurement = parser.parse(text);   // one JSON object
//   const WebVerdict ours = score_web_connectivity(*measurement);
//
// Any field may be absent or null, `failure` may be false instead of null, texts may be
// {"format":"base64","data":...}, keys of Messenger may hold '-' for '_', and Tor's targets may be
// a list. Limits: kLongestMeasurement bytes, kMostRows rows in one list, kMostAnswers addresses in
// one answer; more is an Error of kind limit. The probe's address is never read.
//
// https://github.com/ooni/spec data-formats df-000 to df-009, and docs/formats/ooni.md
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "net/asn.h"

namespace lightsout {

inline constexpr std::size_t kLongestMeasurement = 8 << 20;  // bytes of one JSON object
inline constexpr std::size_t kMostRows = 4096;               // of one list in it
inline constexpr std::size_t kMostAnswers = 1024;            // of one lookup

// OONI's failure text: "connection_reset", "generic_timeout_error"; nullopt: it worked.
using Failure = std::optional<std::string>;

struct DnsLookup {
  std::string engine;  // "getaddrinfo", "udp", "doh"; "system" in old files
  std::string hostname;
  std::string query_type;  // "A", "AAAA", "ANY"
  Failure failure;
  std::vector<std::string> addresses;
  std::optional<int> depth;  // redirects followed before it
  std::int64_t transaction = 0;
};

struct TcpConnect {
  std::string ip;
  std::string endpoint;  // "192.0.2.1:443", "[2001:db8::1]:443"
  Failure failure;
  std::optional<int> depth;
  std::optional<bool> fetch_body;
  std::int64_t transaction = 0;
};

struct TlsHandshake {
  std::string server_name;
  Failure failure;
  std::int64_t transaction = 0;
};

using Headers = std::vector<std::pair<std::string, std::string>>;  // names in lower case

struct HttpExchange {
  std::string url;
  std::string method;
  Failure failure;
  int code = 0;  // 0: no response
  bool truncated = false;
  std::string body;
  Headers headers;
  std::int64_t transaction = 0;
};

// What OONI's helper saw from an open network.
struct WebControl {
  Failure dns_failure;
  std::vector<std::string> addresses;
  std::map<std::string, Failure> tcp;  // by endpoint
  struct Tls {
    std::string server_name;
    Failure failure;
  };
  std::map<std::string, Tls> tls;  // by endpoint
  bool has_http = false;           // it tried to fetch the page
  Failure http_failure;
  int code = 0;
  std::int64_t body_length = 0;
  std::vector<std::string> header_names;  // lower case
  std::string title;
};

enum class Blocking { unknown, none, dns, tcp_ip, http_failure, http_diff };

// The eight fields of a Web Connectivity verdict. Flags as in OONI's test keys.
struct WebVerdict {
  std::optional<bool> dns_consistent;
  Blocking blocking = Blocking::unknown;
  std::optional<bool> accessible;
  unsigned blocking_flags = 0;  // DNS 1, TCP 2, TLS 4, HTTP 8, difference 16, success 32
  unsigned dns_flags = 0;       // bogon 1, unexpected failure 2, unexpected addresses 4
  // Both sides failed at DNS 1, TCP 2, TLS 4; HTTPS worked without control 8; the control resolved
  // nothing 16.
  unsigned null_flags = 0;
  Failure dns_failure;
  Failure http_failure;
  bool operator==(const WebVerdict&) const = default;
};

// "inconsistent | dns | false | 33 | 4 | 4 | null | ssl_unknown_authority"
std::string text_of(const WebVerdict& verdict);

struct OoniMeasurement {
  std::string test;          // "web_connectivity", "telegram"
  std::string test_version;  // "0.5.28"
  std::string software_version;
  std::string engine_version;  // of the probe's library; empty: not said
  std::string country;         // alpha-2, empty: not said
  Asn asn{};
  std::string input;  // a URL, mostly
  std::string report_id;
  Time time{};

  std::vector<DnsLookup> lookups;
  std::vector<TcpConnect> connects;
  std::vector<TlsHandshake> handshakes;
  std::vector<HttpExchange> exchanges;       // newest first
  std::map<std::string, Asn> asn_of;         // of addresses, where the file says so
  std::optional<WebControl> control;         // nullopt: the helper could not be asked
  std::optional<WebVerdict> claimed;         // of web_connectivity: the probe's own verdict
  std::map<std::string, bool> flags;         // other test keys that are true or false
  std::map<std::string, std::string> words;  // ... texts
  std::map<std::string, double> numbers;     // ... numbers
  std::vector<Failure> tor_targets;          // of test "tor": one for each relay or bridge tried
};

class OoniMeasurementParser {
 public:
  OoniMeasurementParser();
  ~OoniMeasurementParser();

  // One object; UTF-8. `text` may be given more room behind it.
  Result<OoniMeasurement> parse(std::string& text);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace lightsout
