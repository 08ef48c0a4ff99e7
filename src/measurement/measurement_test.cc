// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "core/test_data.h"
#include "measurement/fingerprints.h"
#include "measurement/services.h"
#include "measurement/words.h"

namespace lightsout {
namespace {

Result<OoniMeasurement> parse(std::string text) {
  OoniMeasurementParser parser;
  return parser.parse(text);
}

// A measurement of ours around the test keys that a case is about.
Result<OoniMeasurement> with_keys(std::string_view test, std::string_view keys,
                                  std::string_view more = "") {
  return parse(fmt::format(
      R"({{"test_name":"{}","test_version":"0.3.1","measurement_start_time":"2026-06-16 07:30:00",)"
      R"("probe_asn":"AS55836","probe_cc":"IN",{}"test_keys":{}}})",
      test, more, keys));
}

TEST(OoniMeasurement, ReadsTheEnvelope) {
  const auto read = with_keys("telegram", "{}", R"("report_id":"r","input":null,)");
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->test, "telegram");
  EXPECT_EQ(read->asn, Asn{55836});
  EXPECT_EQ(read->country, "IN");
  EXPECT_EQ(read->report_id, "r");
  EXPECT_EQ(format_time(read->time), "2026-06-16T07:30:00Z");
  EXPECT_FALSE(read->control);
}

TEST(OoniMeasurement, OldWaysOfSayingThings) {
  const auto read = with_keys("web_connectivity", R"({
    "queries":[{"engine":"system","hostname":"a.b","failure":false,
                "answers":[{"ipv4":"192.0.2.1","asn":64500},{"answer_type":"CNAME"}]}],
    "tcp_connect":[{"ip":"192.0.2.1","port":80,"status":{"success":false,"blocked":false}},
                   {"ip":"2001:db8::1","port":443,"status":{"success":true}}],
    "requests":[{"failure":null,"request":{"url":"http://a.b/"},"response":{"code":200,
      "body":{"format":"base64","data":"PHRpdGxlPmE8L3RpdGxlPg=="},
      "headers":{"X-One":"1","Odd":{"format":"base64","data":"/w=="}}}}],
    "blocking":"http-diff","accessible":false})");
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->lookups[0].failure, std::nullopt);
  EXPECT_EQ(read->lookups[0].addresses, std::vector<std::string>{"192.0.2.1"});
  EXPECT_EQ(read->asn_of.at("192.0.2.1"), Asn{64500});
  EXPECT_EQ(read->connects[0].failure, "unknown_failure");
  EXPECT_EQ(read->connects[1].endpoint, "[2001:db8::1]:443");
  EXPECT_EQ(read->exchanges[0].body, "<title>a</title>");
  EXPECT_EQ(read->exchanges[0].headers[1], (std::pair<std::string, std::string>{"odd", "\xFF"}));
  EXPECT_EQ(read->claimed->blocking, Blocking::http_diff);
}

TEST(OoniMeasurement, AHelperThatWasNeverAskedIsNoControl) {
  const auto read = with_keys("web_connectivity", R"({"control":{"tcp_connect":null,
    "http_request":{"body_length":0,"failure":null,"title":"","headers":null,"status_code":0},
    "dns":{"failure":null,"addrs":null}}})");
  ASSERT_TRUE(read.ok());
  EXPECT_FALSE(read->control);
}

TEST(OoniMeasurement, WhatCannotBeRead) {
  const struct {
    const char *text, *why;
  } kCases[] = {
      {"", "not JSON"},
      {"[]", "not JSON"},
      {"{\"test_name\":\"telegram\"", "not JSON"},
      {"{}", "which test"},
      {R"({"test_name":"telegram","measurement_start_time":"yesterday","test_keys":{}})", "time"},
      {R"({"test_name":"telegram","measurement_start_time":"2026-06-16 07:30:00"})",
       "no test_keys"},
      {R"({"test_name":"telegram","measurement_start_time":"2026-06-16 07:30:00",)"
       R"("test_keys":null})",
       "no test_keys"},
      {R"({"raw_measurement":"{oops"})", "raw_measurement"},
  };
  for (const auto& one : kCases) {
    const auto read = parse(one.text);
    ASSERT_FALSE(read.ok()) << one.text;
    EXPECT_NE(read.error().message.find(one.why), std::string::npos) << read.error().message;
  }
}

TEST(OoniMeasurement, EveryLimitHoldsAtItAndOnePast) {
  for (const std::size_t rows : {kMostRows, kMostRows + 1}) {
    std::string list;
    for (std::size_t i = 0; i < rows; ++i) list += i == 0 ? "{}" : ",{}";
    const auto read = with_keys("telegram", "{\"tcp_connect\":[" + list + "]}");
    EXPECT_EQ(read.ok(), rows == kMostRows);
    if (!read.ok()) EXPECT_EQ(read.error().kind, ErrorKind::limit);
  }
  for (const std::size_t answers : {kMostAnswers, kMostAnswers + 1}) {
    std::string list;
    for (std::size_t i = 0; i < answers; ++i)
      list += (i ? "," : "") + std::string(R"({"ipv4":"x"})");
    const auto read = with_keys("telegram", R"({"queries":[{"answers":[)" + list + "]}]}");
    EXPECT_EQ(read.ok(), answers == kMostAnswers);
  }
  std::string text = R"({"test_name":"telegram","measurement_start_time":"2026-06-16 07:30:00",)"
                     R"("test_keys":{}})";
  text.resize(kLongestMeasurement, ' ');
  EXPECT_TRUE(parse(text).ok());
  text += ' ';
  EXPECT_FALSE(parse(text).ok());
}

struct ServiceCase {
  const char *name, *test, *keys;
  std::optional<double> share;
};

TEST(ServiceScore, IsTheMeanOverThePartsThatWereMeasured) {
  const ServiceCase kCases[] = {
      {"all of Telegram works", "telegram",
       R"({"tcp_connect":[{"ip":"149.154.175.50","port":80,"status":{"failure":null}}],
           "requests":[{"request":{"method":"POST","url":"http://149.154.175.50/"}}],
           "telegram_web_status":"ok"})",
       0.0},
      {"one of two endpoints answers", "telegram",
       R"({"tcp_connect":[{"ip":"149.154.175.50","status":{"failure":null}},
                          {"ip":"149.154.167.51","status":{"failure":"generic_timeout_error"}}],
           "telegram_tcp_blocking":false})",
       0.5},
      {"only the web page fails", "telegram",
       R"({"telegram_tcp_blocking":false,"telegram_http_blocking":false,
           "telegram_web_failure":"dns_nxdomain_error","telegram_web_status":"blocked"})",
       1.0 / 3},
      {"the web page's address is no endpoint", "telegram",
       R"({"queries":[{"hostname":"web.telegram.org","answers":[{"ipv4":"149.154.167.99"}]}],
           "tcp_connect":[{"ip":"149.154.167.99","status":{"failure":"connection_reset"}},
                          {"ip":"149.154.175.50","status":{"failure":null}}]})",
       0.0},
      {"nothing was measured", "telegram", "{}", std::nullopt},
      {"WhatsApp's registration fails", "whatsapp",
       R"({"tcp_connect":[{"ip":"192.0.2.9","status":{"failure":null}}],
           "registration_server_status":"blocked","whatsapp_web_status":"ok"})",
       1.0 / 3},
      {"one of four Signal servers", "signal",
       R"({"requests":[{"failure":"connection_reset"},{"failure":null},{"failure":null},
                       {"failure":null}]})",
       0.25},
      {"Messenger, keys with a dash", "facebook_messenger",
       R"({"facebook_b_api_reachable":true,"facebook-b_graph-reachable":false,
           "facebook_stun_dns_consistent":true,"facebook_edge_dns_consistent":false,
           "facebook_edge_reachable":true})",
       0.25},
      {"Psiphon did not start", "psiphon", R"({"bootstrap_time":0,"failure":"timed_out"})", 1.0},
      {"Psiphon started and fetched nothing", "psiphon",
       R"({"bootstrap_time":2.5,"failure":"eof_error"})", 0.5},
      {"Psiphon works", "psiphon", R"({"bootstrap_time":2.5,"failure":null})", 0.0},
      {"Psiphon without any result", "psiphon", R"({"bootstrap_time":0,"failure":null})",
       std::nullopt},
      {"half of Tor's relays", "tor",
       R"({"or_port_total":6,"or_port_accessible":5,"obfs4_total":4,"obfs4_accessible":0})", 0.5},
      {"Tor's targets as a list", "tor",
       R"({"targets":[{"failure":"eof_error"},{"failure":null}]})", 0.5},
      {"more accessible than there are", "tor", R"({"or_port_total":1,"or_port_accessible":5})",
       std::nullopt},
      {"a test we do not score", "ndt", R"({"failure":"eof_error"})", std::nullopt},
  };
  for (const ServiceCase& one : kCases) {
    const auto read = with_keys(one.test, one.keys);
    ASSERT_TRUE(read.ok()) << one.name;
    const auto score = score_service(*read);
    ASSERT_EQ(score.has_value(), one.share.has_value()) << one.name;
    if (score) EXPECT_NEAR(score->failed_share, *one.share, 1e-12) << one.name;
  }
}

TEST(ServiceScore, AStaleSignalTestIsDoubted) {
  const struct {
    const char *version, *time, *more;
    bool doubted;
  } kCases[] = {
      {"0.2.1", "2022-10-18 23:59:59", "", false},
      {"0.2.1", "2022-10-19 00:00:00", "", true},
      {"0.2.3", "2023-11-07 00:00:00", "", true},
      {"0.2.4", "2022-01-01 00:00:00", "", true},
      {"0.2.5", "2026-01-01 00:00:00", "", false},
      {"0.2.10", "2026-01-01 00:00:00", R"("annotations":{"engine_version":"3.17.1"},)", true},
      {"0.2.10", "2026-01-01 00:00:00", R"("annotations":{"engine_version":"3.17.2"},)", false},
  };
  for (const auto& one : kCases) {
    const auto read = parse(
        fmt::format(R"({{"test_name":"signal","test_version":"{}","measurement_start_time":"{}",{})"
                    R"("test_keys":{{"signal_backend_status":"blocked"}}}})",
                    one.version, one.time, one.more));
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(score_service(*read)->doubt.empty(), !one.doubted) << one.version << one.time;
  }
}

Fingerprint print_of(std::string location, std::string text, std::string_view type) {
  const auto made = make_fingerprint({.name = "one", .location = location, .text = text}, type);
  EXPECT_TRUE(made.ok()) << text;
  return *made;
}

TEST(Fingerprints, MatchWhereTheyWereFound) {
  const auto read = with_keys("web_connectivity", R"({
    "queries":[{"answers":[{"ipv4":"10.10.34.36"}]}],
    "requests":[{"request":{"url":"http://a.b/"},"response":{"code":200,"headers":{"Server":"Squid 1"},
      "body":"<html>Access to this page is denied by order</html>"}}]})");
  ASSERT_TRUE(read.ok());
  const struct {
    const char *location, *text, *type;
    bool hit;
  } kCases[] = {
      {"dns", "10.10.34.36", "full", true},          {"dns", "10.10.34.3", "full", false},
      {"header.server", "Squid", "prefix", true},    {"header.via", "Squid", "prefix", false},
      {"body", "denied by order", "contains", true}, {"body", "Access .* denied", "regexp", true},
      {"body", "denied.*Access", "regexp", false},   {"body", "d.nied by", "regexp", true},
      {"body", "page\\.is", "regexp", false},
  };
  for (const auto& one : kCases) {
    const Fingerprints known({print_of(one.location, one.text, one.type)});
    EXPECT_EQ(known.matches(*read).size(), one.hit ? 1u : 0u) << one.text;
  }
}

TEST(Fingerprints, WhatIsRefused) {
  for (const auto& [location, text, type] : {std::tuple{"body", "", "contains"},
                                             {"body", "a(b|c)", "regexp"},
                                             {"body", "\\d+", "regexp"},
                                             {"body", "ends\\", "regexp"},
                                             {"cookie", "x", "full"},
                                             {"body", "x", "glob"}}) {
    EXPECT_FALSE(make_fingerprint({.location = location, .text = text}, type).ok()) << text;
  }
  const std::string longest(kLongestPattern, 'x');
  EXPECT_TRUE(make_fingerprint({.location = "body", .text = longest}, "full").ok());
  EXPECT_FALSE(make_fingerprint({.location = "body", .text = longest + "x"}, "full").ok());
}

TEST(Words, AreReadAsWritten) {
  EXPECT_EQ(from_base64("aGVsbG8="), "hello");
  EXPECT_EQ(from_base64("aGVsbG8!x"), "hello");
  EXPECT_EQ(host_of("https://user@WWW.Example.com:8443/x?y"), "www.example.com");
  EXPECT_EQ(host_of("http://[2001:db8::1]:80/"), "2001:db8::1");
  EXPECT_EQ(host_of("example.com"), "");
  EXPECT_EQ(title_of_page("<HTML><TITLE>One</Title>"), "One");
  EXPECT_EQ(title_of_page("<title></title><title>Two</title>"), "Two");
  EXPECT_EQ(title_of_page("<title>" + std::string(129, 'x') + "</title>"), "");
  EXPECT_TRUE(is_bogon("100.64.0.1"));
  EXPECT_TRUE(is_bogon("fe80::1"));
  EXPECT_FALSE(is_bogon("8.8.8.8"));
  EXPECT_FALSE(is_bogon("name"));
  EXPECT_TRUE(is_loopback("127.8.0.1"));
  EXPECT_TRUE(version_at_most("0.2.3", "0.2.10"));
  EXPECT_FALSE(version_at_most("0.3", "0.2.10"));
}

std::string file_text(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// Odd files of the field: each is read or refused in words, and scored without a crash.
TEST(OoniMeasurement, OddFilesOfTheField) {
  REQUIRE_DATA(folder, "ooni/backend");
  int read = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".json") continue;
    const auto measurement = parse(file_text(entry.path()));
    if (!measurement.ok()) continue;
    ++read;
    const auto score = score_service(*measurement);
    if (score) EXPECT_TRUE(score->failed_share >= 0 && score->failed_share <= 1) << entry.path();
  }
  EXPECT_GE(read, 10);
}

}  // namespace
}  // namespace lightsout
