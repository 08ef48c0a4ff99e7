// SPDX-License-Identifier: Apache-2.0
#include "measurement/services.h"

#include <algorithm>
#include <set>

#include "measurement/web_connectivity.h"
#include "measurement/words.h"

namespace lightsout {

namespace {

std::optional<ServiceScore> score_of(std::vector<ServicePart> parts) {
  std::erase_if(parts, [](const ServicePart& part) { return !(part.tried > 0); });
  if (parts.empty()) return std::nullopt;
  ServiceScore score;
  for (const ServicePart& part : parts) score.failed_share += part.failed / part.tried;
  score.failed_share /= static_cast<double>(parts.size());
  score.parts = std::move(parts);
  return score;
}

// "ok" and "blocked", or nothing: then a failure says it.
ServicePart page_part(std::string_view name, const OoniMeasurement& from, const std::string& status,
                      const std::string& failure) {
  const auto said = from.words.find(status);
  if (said != from.words.end() && (said->second == "ok" || said->second == "blocked")) {
    return {name, said->second == "blocked" ? 1.0 : 0.0, 1};
  }
  return {name, 1, from.words.contains(failure) ? 1.0 : 0.0};
}

// Connections to addresses that were not looked up for one of the service's web pages.
ServicePart connect_part(std::string_view name, const OoniMeasurement& from,
                         std::initializer_list<std::string_view> web_hosts) {
  std::set<std::string_view> web;
  for (const DnsLookup& lookup : from.lookups) {
    if (std::find(web_hosts.begin(), web_hosts.end(), lookup.hostname) == web_hosts.end()) continue;
    web.insert(lookup.addresses.begin(), lookup.addresses.end());
  }
  ServicePart part{name};
  for (const TcpConnect& connect : from.connects) {
    if (web.contains(connect.ip)) continue;
    part.tried += 1;
    part.failed += connect.failure ? 1 : 0;
  }
  return part;
}

ServicePart flag_part(std::string_view name, const OoniMeasurement& from, const std::string& key) {
  const auto flag = from.flags.find(key);
  if (flag == from.flags.end()) return {name};
  return {name, flag->second ? 1.0 : 0.0, 1};
}

std::optional<ServiceScore> telegram(const OoniMeasurement& from) {
  ServicePart connects = connect_part("endpoints", from, {"web.telegram.org"});
  ServicePart posts{"data centres"};
  for (const HttpExchange& exchange : from.exchanges) {
    if (exchange.method != "POST" && !is_address(host_of(exchange.url))) continue;
    posts.tried += 1;
    posts.failed += exchange.failure ? 1 : 0;
  }
  if (connects.tried == 0) connects = flag_part("endpoints", from, "telegram_tcp_blocking");
  if (posts.tried == 0) posts = flag_part("data centres", from, "telegram_http_blocking");
  return score_of({connects, posts,
                   page_part("web page", from, "telegram_web_status", "telegram_web_failure")});
}

std::optional<ServiceScore> whatsapp(const OoniMeasurement& from) {
  ServicePart connects = connect_part("endpoints", from, {"web.whatsapp.com", "v.whatsapp.net"});
  if (connects.tried == 0) {
    connects = page_part("endpoints", from, "whatsapp_endpoints_status", "");
  }
  return score_of(
      {connects,
       page_part("registration", from, "registration_server_status", "registration_server_failure"),
       page_part("web page", from, "whatsapp_web_status", "whatsapp_web_failure")});
}

// Versions whose certificates or addresses had gone stale, and since when (ooni/backend, fastpath).
std::string doubt_of_signal(const OoniMeasurement& from) {
  const auto since = [&](std::string_view date) { return from.time >= *parse_time(date); };
  const std::string& version = from.test_version;
  const bool stale =
      (version_at_most(version, "0.2.1") && since("2022-10-19T00:00:00Z")) ||
      (version_at_most(version, "0.2.3") && since("2023-11-07T00:00:00Z")) || version == "0.2.4" ||
      (!from.engine_version.empty() && version_at_most(from.engine_version, "3.17.1") &&
       since("2023-05-02T00:00:00Z"));
  return stale ? "this version of the Signal test held stale certificates on that date" : "";
}

std::optional<ServiceScore> signal(const OoniMeasurement& from) {
  ServicePart servers{"servers"};
  for (const HttpExchange& exchange : from.exchanges) {
    servers.tried += 1;
    servers.failed += exchange.failure ? 1 : 0;
  }
  if (servers.tried == 0) {
    servers = page_part("servers", from, "signal_backend_status", "signal_backend_failure");
  }
  std::optional<ServiceScore> score = score_of({servers});
  if (score) score->doubt = doubt_of_signal(from);
  return score;
}

// An address outside of Facebook's own network is no failure by itself: providers keep caches.
std::optional<ServiceScore> messenger(const OoniMeasurement& from) {
  ServicePart endpoints{"endpoints"};
  for (const std::string_view name :
       {"stun", "b_api", "b_graph", "edge", "external_cdn", "scontent_cdn", "star"}) {
    const std::string key = "facebook_" + std::string(name);
    const auto dns = from.flags.find(key + "_dns_consistent");
    const auto reached = from.flags.find(key + "_reachable");
    if (dns == from.flags.end() && reached == from.flags.end()) continue;
    endpoints.tried += 1;
    const bool fails = reached != from.flags.end() ? !reached->second : !dns->second;
    endpoints.failed += fails ? 1 : 0;
  }
  return score_of({endpoints});
}

std::optional<ServiceScore> psiphon(const OoniMeasurement& from) {
  const auto time = from.numbers.find("bootstrap_time");
  if (time == from.numbers.end()) return std::nullopt;
  const bool fails = from.words.contains("failure");
  if (!(time->second > 0)) {
    if (!fails) return std::nullopt;  // ts-023: neither a time nor a failure is no result
    return score_of({{"tunnel", 1, 1}});
  }
  return score_of({{"tunnel", 0, 1}, {"page through it", fails ? 1.0 : 0.0, 1}});
}

std::optional<ServiceScore> tor(const OoniMeasurement& from) {
  ServicePart relays{"relays and bridges"};
  for (const std::string_view kind : {"dir_port", "obfs4", "or_port", "or_port_dirauth"}) {
    const auto total = from.numbers.find(std::string(kind) + "_total");
    const auto reached = from.numbers.find(std::string(kind) + "_accessible");
    if (total == from.numbers.end() || reached == from.numbers.end()) continue;
    if (!(total->second > 0) || reached->second < 0 || reached->second > total->second) continue;
    relays.tried += total->second;
    relays.failed += total->second - reached->second;
  }
  if (relays.tried == 0) {
    for (const Failure& failure : from.tor_targets) {
      relays.tried += 1;
      relays.failed += failure ? 1 : 0;
    }
  }
  return score_of({relays});
}

std::optional<ServiceScore> web_page(const OoniMeasurement& from) {
  const WebVerdict verdict = score_web_connectivity(from);
  if (verdict.blocking == Blocking::unknown) return std::nullopt;
  if (verdict.blocking == Blocking::none && verdict.accessible != true) return std::nullopt;
  return score_of({{"page", verdict.blocking == Blocking::none ? 0.0 : 1.0, 1}});
}

// The number before the next '.', which is taken off.
std::uint64_t next_number(std::string_view& version) {
  std::uint64_t number = 0;
  const std::size_t end = std::min(version.find('.'), version.size());
  for (const char c : version.substr(0, end)) {
    if (c < '0' || c > '9' || number > 1'000'000) break;
    number = number * 10 + static_cast<std::uint64_t>(c - '0');
  }
  version.remove_prefix(std::min(end + 1, version.size()));
  return number;
}

}  // namespace

std::optional<ServiceScore> score_telegram(const TelegramSummary& summary) {
  return score_of({{"endpoints", summary.endpoints_failed, summary.endpoints_tried},
                   {"data centres", summary.requests_failed, summary.requests_tried},
                   {"web page", summary.web_failed.value_or(false) ? 1.0 : 0.0,
                    summary.web_failed ? 1.0 : 0.0}});
}

std::optional<ServiceScore> score_service(const OoniMeasurement& measurement) {
  using Scorer = std::optional<ServiceScore> (*)(const OoniMeasurement&);
  static constexpr std::pair<std::string_view, Scorer> kScorers[] = {
      {"telegram", telegram},
      {"whatsapp", whatsapp},
      {"signal", signal},
      {"facebook_messenger", messenger},
      {"psiphon", psiphon},
      {"tor", tor},
      {"web_connectivity", web_page},
  };
  for (const auto& [name, scorer] : kScorers) {
    if (measurement.test == name) return scorer(measurement);
  }
  return std::nullopt;
}

bool version_at_most(std::string_view version, std::string_view limit) {
  while (!version.empty() || !limit.empty()) {
    const std::uint64_t a = next_number(version), b = next_number(limit);
    if (a != b) return a < b;
  }
  return true;
}

}  // namespace lightsout
