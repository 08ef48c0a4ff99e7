// A little world for tests and the scorecard: a web site, its resolvers, and what a probe saw.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "measurement/ooni.h"

namespace lightsout {

// Addresses of the little world of these tests, with the network each belongs to.
inline constexpr char kSite[] = "93.184.216.34", kOther[] = "104.154.89.105",
                      kShort[] = "67.199.248.11";
inline constexpr char kGhost[] = "83.224.65.41", kBogon[] = "10.10.34.35", kSelf[] = "127.0.0.1";
inline constexpr char kThird[] = "93.184.216.35";

enum class SitePage { none, site, blocked, captcha, redirect, large };

// One connection; "" is success. `tls` and `http` only where the attempt came that far.
struct Attempt {
  std::string ip;
  int port;
  std::string tcp;
  std::optional<std::string> tls;
  std::optional<std::string> http;
  SitePage page = SitePage::none;
  int depth = 0;
  bool fetch = true;
  // What the control saw of the same endpoint; nullopt: it did not try.
  std::optional<std::string> control_tcp = "";
  std::optional<std::string> control_tls = "";
};

struct Resolved {
  std::string system, udp, doh;  // an address, or the name of a failure
  int depth = 0;
  std::string host;  // empty: the host of the URL
};

struct WebScene {
  std::string_view name;
  std::string url;
  std::vector<Resolved> resolved;
  std::vector<Attempt> attempts;
  std::string control_dns = kSite;  // an address, "" for none, or the name of a failure
  std::string control_http;         // "" is a page
  bool has_control = true;
  std::string_view verdict;
};

inline bool is_failure(const std::string& text) {
  return !text.empty() && !(text[0] >= '0' && text[0] <= '9');
}

inline std::string page_body(SitePage page) {
  const std::string site = "<title>Default Web SitePage</title>" + std::string(1502, 'x');
  if (page == SitePage::site || page == SitePage::captcha) return site;
  if (page == SitePage::large) return site + std::string(1 << 19, 'x');
  return page == SitePage::blocked ? "<title>This access was denied</title>" : "";
}

inline OoniMeasurement build(const WebScene& scene) {
  OoniMeasurement made{.test = "web_connectivity", .test_version = "0.5.28", .input = scene.url};
  made.asn_of = {{kSite, Asn{15133}},
                 {kThird, Asn{15133}},
                 {kOther, Asn{396982}},
                 {kShort, Asn{396982}},
                 {kGhost, Asn{30722}}};
  const std::string host = scene.url.substr(scene.url.find("//") + 2);
  const std::string site = host.substr(0, host.find('/'));
  std::int64_t id = 0;
  for (const Resolved& one : scene.resolved) {
    const std::pair<const char*, std::string> asked[] = {
        {"doh", one.doh}, {"getaddrinfo", one.system}, {"udp", one.udp}};
    for (const auto& [engine, said] : asked) {
      DnsLookup lookup{.engine = engine,
                       .hostname = one.host.empty() ? site : one.host,
                       .query_type = engine == std::string("getaddrinfo") ? "ANY" : "A",
                       .depth = one.depth,
                       .transaction = ++id};
      is_failure(said) ? void(lookup.failure = said) : lookup.addresses.push_back(said);
      made.lookups.push_back(lookup);
    }
  }
  WebControl control;
  for (const Attempt& one : scene.attempts) {
    const std::string endpoint = fmt::format("{}:{}", one.ip, one.port);
    const auto failure = [](const std::string& text) {
      return text.empty() ? Failure() : Failure(text);
    };
    made.connects.push_back(
        {one.ip, endpoint, failure(one.tcp), one.depth, one.fetch, id = id + 1});
    if (one.tls) made.handshakes.push_back({site, failure(*one.tls), id});
    if (one.http) {
      HttpExchange page{.failure = failure(*one.http), .transaction = id};
      if (one.page != SitePage::none) {
        page.code = one.page == SitePage::redirect  ? 302
                    : one.page == SitePage::captcha ? 503
                                                    : 200;
        page.body = page_body(one.page);
        page.truncated = one.page == SitePage::large;
        page.headers = {{"content-type", "text/html"}};
        if (one.page != SitePage::blocked) page.headers.emplace_back("alt-svc", "h3");
      }
      made.exchanges.push_back(page);
    }
    if (one.depth > 0) continue;  // the control knows only where it began
    if (one.control_tcp) control.tcp[endpoint] = failure(*one.control_tcp);
    if (one.control_tls) control.tls[endpoint] = {site, failure(*one.control_tls)};
  }
  if (is_failure(scene.control_dns)) control.dns_failure = scene.control_dns;
  if (!control.dns_failure && !scene.control_dns.empty()) {
    control.addresses = {scene.control_dns};
  }
  control.has_http = true;
  if (scene.control_http.empty()) {
    control.code = 200;
    control.body_length = 1533;
    control.title = "Default Web SitePage";
    control.header_names = {"content-type", "alt-svc"};
  } else {
    control.code = -1;
    control.http_failure = scene.control_http;
  }
  if (scene.has_control) made.control = control;
  return made;
}

}  // namespace lightsout
