// SPDX-License-Identifier: Apache-2.0
#include "measurement/web_connectivity.h"

#include <algorithm>
#include <array>
#include <set>
#include <tuple>

#include "measurement/words.h"

namespace lightsout {

namespace {

enum Flag : unsigned {
  kDns = 1,
  kTcp = 2,
  kTls = 4,
  kHttp = 8,
  kDifference = 16,
  kSuccess = 32,
};
enum DnsFlag : unsigned { kBogon = 1, kUnexpectedFailure = 2, kUnexpectedAddresses = 4 };
enum NullFlag : unsigned { kHttpsWithoutControl = 8, kControlResolvedNothing = 16 };

enum class Stage { dns, tcp, tls, http };  // how far an attempt came

// A connection and what was done over it.
struct Endpoint {
  const TcpConnect* connect = nullptr;
  const DnsLookup* lookup = nullptr;  // the first that gave its address; nullptr: none did
  const TlsHandshake* tls = nullptr;
  const HttpExchange* http = nullptr;

  Stage stage() const { return http ? Stage::http : tls ? Stage::tls : Stage::tcp; }
  const Failure& failure() const {
    return http ? http->failure : tls ? tls->failure : connect->failure;
  }
  bool is_final() const {
    const int kind = http && !http->failure ? http->code / 100 : 0;
    return kind == 2 || kind == 4 || kind == 5;
  }
  bool over_tls() const { return tls && !tls->failure; }
};

// One measurement as lookups and endpoints. The pointers are into the measurement.
struct View {
  std::vector<const DnsLookup*> failed, resolved;
  std::vector<Endpoint> endpoints;
};

bool by_system(const DnsLookup& lookup) {
  return lookup.engine == "getaddrinfo" || lookup.engine == "golang_net_resolver" ||
         lookup.engine == "system" || lookup.engine.empty();
}

// A host without IPv6 addresses is ordinary.
bool is_missing_aaaa(const DnsLookup& lookup) {
  return lookup.query_type == "AAAA" && lookup.failure == "dns_no_answer";
}

// The probe's own IPv6 is broken, which says nothing about the page.
bool is_broken_ipv6(const TcpConnect& connect) {
  return connect.ip.find(':') != std::string::npos &&
         (connect.failure == "network_unreachable" || connect.failure == "host_unreachable");
}

View extended_view(const OoniMeasurement& from) {
  View view;
  std::map<std::string, const DnsLookup*> first;
  for (const DnsLookup& lookup : from.lookups) {
    if (lookup.failure) {
      view.failed.push_back(&lookup);
    } else if (!lookup.addresses.empty()) {
      view.resolved.push_back(&lookup);
      for (const std::string& address : lookup.addresses) first.emplace(address, &lookup);
    }
  }
  std::map<std::int64_t, std::size_t> known;
  for (const TcpConnect& connect : from.connects) {
    const auto lookup = first.find(connect.ip);
    const Endpoint endpoint{&connect, lookup == first.end() ? nullptr : lookup->second};
    const auto [at, is_new] = known.emplace(connect.transaction, view.endpoints.size());
    if (is_new) {
      view.endpoints.push_back(endpoint);
    } else {
      view.endpoints[at->second] = endpoint;
    }
  }
  for (const TlsHandshake& tls : from.handshakes) {
    const auto at = known.find(tls.transaction);
    if (at != known.end()) view.endpoints[at->second].tls = &tls;
  }
  for (const HttpExchange& http : from.exchanges) {
    const auto at = known.find(http.transaction);
    if (at != known.end()) view.endpoints[at->second].http = &http;
  }
  return view;
}

View classic_view(const View& all) {
  View view;
  std::set<std::string> addresses;
  for (const DnsLookup* lookup : all.failed) {
    if (by_system(*lookup)) view.failed.push_back(lookup);
  }
  for (const DnsLookup* lookup : all.resolved) {
    if (!by_system(*lookup)) continue;
    view.resolved.push_back(lookup);
    addresses.insert(lookup->addresses.begin(), lookup->addresses.end());
  }
  for (const Endpoint& endpoint : all.endpoints) {
    if (addresses.contains(endpoint.connect->ip) && endpoint.connect->fetch_body == true) {
      view.endpoints.push_back(endpoint);
    }
  }
  return view;
}

class Scorer {
 public:
  explicit Scorer(const OoniMeasurement& from)
      : from_(from),
        control_(from.control ? &*from.control : nullptr),
        host_(host_of(from.input)),
        all_(extended_view(from)),
        classic_(classic_view(all_)) {}

  WebVerdict score() {
    judge_lookups();
    judge_endpoints();
    judge_final_response();
    verdict_.dns_consistent = consistency();
    verdict_.dns_failure = first_failure();
    decide();
    return verdict_;
  }

 private:
  // --- what the control says about the same thing

  bool control_looked_up(const DnsLookup& lookup) const {
    return control_ != nullptr && lookup.hostname == host_;
  }
  const Failure* control_tcp(const Endpoint& endpoint) const {
    if (control_ == nullptr) return nullptr;
    const auto found = control_->tcp.find(endpoint.connect->endpoint);
    return found == control_->tcp.end() ? nullptr : &found->second;
  }
  const Failure* control_tls(const Endpoint& endpoint) const {
    if (control_ == nullptr || endpoint.tls == nullptr) return nullptr;
    const auto found = control_->tls.find(endpoint.connect->endpoint);
    if (found == control_->tls.end()) return nullptr;
    return found->second.server_name == endpoint.tls->server_name ? &found->second.failure
                                                                  : nullptr;
  }
  bool control_has_page() const { return control_ != nullptr && control_->has_http; }
  bool control_got_page() const { return control_has_page() && !control_->http_failure; }

  // Does an answer share an address or a network with the control's?
  bool is_valid(const DnsLookup& lookup) const {
    std::set<Asn> networks;
    for (const std::string& address : control_->addresses) {
      const auto asn = from_.asn_of.find(address);
      if (asn != from_.asn_of.end()) networks.insert(asn->second);
    }
    return std::any_of(lookup.addresses.begin(), lookup.addresses.end(), [&](const auto& address) {
      const auto& theirs = control_->addresses;
      if (std::find(theirs.begin(), theirs.end(), address) != theirs.end()) return true;
      const auto asn = from_.asn_of.find(address);
      return asn != from_.asn_of.end() && networks.contains(asn->second);
    });
  }

  // A probe that says "no answer" agrees with a control that resolved nothing.
  bool failure_is_expected(const DnsLookup& lookup) const {
    return control_->dns_failure ||
           (lookup.failure == "dns_no_answer" && control_->addresses.empty());
  }

  // --- lookups

  struct Lookups {
    std::set<std::int64_t> resolved, valid, invalid, bogon;
    std::set<std::int64_t> expected, unexpected, unexplained;  // failures
    Failure first;                                             // before any redirect
  };

  Lookups sort_lookups(const View& view) const {
    Lookups lookups;
    std::set<std::int64_t> seen;
    for (const DnsLookup* lookup : view.resolved) {
      const std::int64_t id = lookup->transaction;
      if (!seen.insert(id).second || lookup->depth != 0) continue;
      lookups.resolved.insert(id);
      if (std::any_of(lookup->addresses.begin(), lookup->addresses.end(), is_bogon)) {
        lookups.bogon.insert(id);
      }
      if (!control_looked_up(*lookup) || control_->dns_failure) continue;
      (is_valid(*lookup) ? lookups.valid : lookups.invalid).insert(id);
    }
    seen.clear();
    for (const DnsLookup* lookup : view.failed) {
      const std::int64_t id = lookup->transaction;
      if (!seen.insert(id).second) continue;
      // That a DNS-over-HTTPS service fails says something about the service.
      if (lookup->engine == "doh" || is_missing_aaaa(*lookup)) continue;
      if (lookup->depth != 0) {
        lookups.unexplained.insert(id);
        continue;
      }
      if (!lookups.first) lookups.first = lookup->failure;
      if (!control_looked_up(*lookup)) continue;
      (failure_is_expected(*lookup) ? lookups.expected : lookups.unexpected).insert(id);
    }
    return lookups;
  }

  void judge_lookups() {
    Lookups lookups = sort_lookups(all_);
    // Who completes a valid handshake for the name is the right server.
    for (const Endpoint& endpoint : all_.endpoints) {
      if (endpoint.over_tls() && endpoint.lookup != nullptr) {
        lookups.invalid.erase(endpoint.lookup->transaction);
      }
    }
    if (!lookups.bogon.empty()) verdict_.dns_flags |= kBogon;
    if (!lookups.unexpected.empty()) verdict_.dns_flags |= kUnexpectedFailure;
    if (!lookups.invalid.empty()) verdict_.dns_flags |= kUnexpectedAddresses;
    if ((verdict_.dns_flags & ~kBogon) != 0) verdict_.blocking_flags |= kDns;
    if (!lookups.expected.empty()) verdict_.null_flags |= kDns;
    if (!lookups.unexplained.empty()) unexplained_ |= kDns;
    if (control_ != nullptr && control_->addresses.empty() && !lookups.resolved.empty()) {
      verdict_.null_flags |= kControlResolvedNothing;
    }
  }

  std::optional<bool> consistency() const {
    if (is_address(host_)) return true;  // there was nothing to look up
    const Lookups lookups = sort_lookups(classic_);
    const bool ghost =
        control_ != nullptr && control_->addresses.empty() && !lookups.resolved.empty();
    if (!lookups.unexpected.empty() || !lookups.invalid.empty() || ghost) return false;
    if (!lookups.valid.empty() || !lookups.expected.empty()) return true;
    return std::nullopt;
  }

  Failure first_failure() const { return sort_lookups(classic_).first; }

  // --- endpoints

  // Ours failed and the control's did not, or nobody knows, or both failed.
  void judge_stage(const Failure& ours, const Failure* control, bool first_step, unsigned flag) {
    if (!first_step) {
      if (ours) unexplained_ |= flag;
    } else if (control != nullptr && ours) {
      (*control ? verdict_.null_flags : verdict_.blocking_flags) |= flag;
    }
  }

  void judge_endpoints() {
    for (const Endpoint& endpoint : all_.endpoints) {
      const bool first_step = endpoint.connect->depth == 0;
      const Failure* control = control_tcp(endpoint);
      const bool control_failed = control != nullptr && control->has_value();
      if (!is_broken_ipv6(*endpoint.connect) || (first_step && control_failed)) {
        judge_stage(endpoint.connect->failure, control, first_step, kTcp);
      }
      if (endpoint.tls != nullptr) {
        judge_stage(endpoint.tls->failure, control_tls(endpoint), first_step, kTls);
      }
      if (endpoint.http == nullptr || !endpoint.http->failure) continue;
      // The control fetched the last page of the redirects, whatever the step.
      if (!control_has_page()) unexplained_ |= kHttp;
      if (control_got_page()) verdict_.blocking_flags |= kHttp;
    }
  }

  void judge_final_response() {
    const auto final = std::find_if(all_.endpoints.begin(), all_.endpoints.end(),
                                    [](const Endpoint& one) { return one.is_final(); });
    if (final == all_.endpoints.end()) {
      // No page although the control got one: what has no other explanation is held against it.
      if (control_got_page()) verdict_.blocking_flags |= unexplained_;
    } else if (final->over_tls()) {
      verdict_.blocking_flags |= kSuccess;
      if (!control_has_page()) verdict_.null_flags |= kHttpsWithoutControl;
    } else if (control_has_page()) {
      const bool differs = compare_pages(*final->http, *control_).differs();
      verdict_.blocking_flags |= differs ? kDifference : kSuccess;
    }
  }

  // --- the classic verdict

  struct Row {
    int depth;
    Stage stage;
    Failure failure;
    std::int64_t transaction;
    const DnsLookup* lookup;  // of stage dns
    const Endpoint* endpoint;
  };

  std::vector<Row> rows() const {
    std::vector<Row> rows;
    for (const auto* list : {&classic_.failed, &classic_.resolved}) {
      for (const DnsLookup* lookup : *list) {
        rows.push_back({lookup->depth.value_or(-1), Stage::dns, lookup->failure,
                        lookup->transaction, lookup, nullptr});
      }
    }
    for (const Endpoint& endpoint : classic_.endpoints) {
      rows.push_back({endpoint.connect->depth.value_or(-1), endpoint.stage(), endpoint.failure(),
                      endpoint.connect->transaction, nullptr, &endpoint});
    }
    std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
      return std::tuple(-a.depth, -static_cast<int>(a.stage), a.failure.value_or(""),
                        -a.transaction) < std::tuple(-b.depth, -static_cast<int>(b.stage),
                                                     b.failure.value_or(""), -b.transaction);
    });
    return rows;
  }

  void say(Blocking blocking, std::optional<bool> accessible) {
    const bool works = accessible == true;
    verdict_.blocking = blocking;
    verdict_.accessible = accessible;
    // A wrong answer of the resolver explains whatever failed after it.
    if (!works && verdict_.dns_consistent == false) {
      verdict_.blocking = Blocking::dns;
      verdict_.accessible = false;
    }
  }
  void say_works() { say(Blocking::none, true); }
  void say_down() { say(Blocking::none, false); }
  void say_unknown() { say(Blocking::unknown, std::nullopt); }

  void decide() {
    for (const Row& row : rows()) {
      if (decide_by(row)) return;
    }
    say_unknown();
  }

  bool decide_by(const Row& row) {
    if (row.stage == Stage::dns) return decide_by_lookup(*row.lookup);
    if (row.failure) {
      verdict_.http_failure = row.failure;
      decide_by_failure(row);
      return true;
    }
    if (!row.endpoint->is_final()) return false;  // a redirect, or a stage with another after it
    if (row.endpoint->over_tls()) {
      say_works();
    } else if (!control_has_page()) {
      say_unknown();
    } else if (compare_pages(*row.endpoint->http, *control_).differs()) {
      say(Blocking::http_diff, false);
    } else {
      say_works();
    }
    return true;
  }

  void decide_by_failure(const Row& row) {
    const Failure* control = nullptr;
    if (row.stage == Stage::http && control_has_page()) control = &control_->http_failure;
    if (row.stage == Stage::tls) control = control_tls(*row.endpoint);
    if (row.stage == Stage::tcp) control = control_tcp(*row.endpoint);
    if (control != nullptr) {
      if (*control) return say_down();
      return say(row.stage == Stage::tcp ? Blocking::tcp_ip : Blocking::http_failure, false);
    }
    // After a redirect only the page tells whether the control came through.
    if (!control_has_page()) return say_unknown();
    say(Blocking::http_failure, false);
  }

  bool decide_by_lookup(const DnsLookup& lookup) {
    if (!lookup.failure) return decide_by_answer(lookup);
    if (is_missing_aaaa(lookup)) return false;
    if (!control_looked_up(lookup) || lookup.depth != 0) {
      verdict_.http_failure = lookup.failure;
      control_has_page() ? say(Blocking::dns, false) : say_works();
      return true;
    }
    const bool agrees = lookup.failure == "dns_no_answer" && control_->addresses.empty();
    if (!agrees || control_->dns_failure) verdict_.http_failure = lookup.failure;
    failure_is_expected(lookup) ? say_down() : say(Blocking::dns, false);
    return true;
  }

  // The page's name leads to the probe itself.
  bool decide_by_answer(const DnsLookup& lookup) {
    const auto only_loopback = [](const std::vector<std::string>& addresses) {
      return !addresses.empty() && std::all_of(addresses.begin(), addresses.end(), is_loopback);
    };
    if (!only_loopback(lookup.addresses) || !control_looked_up(lookup)) return false;
    only_loopback(control_->addresses) ? say_down() : say(Blocking::dns, false);
    return true;
  }

  const OoniMeasurement& from_;
  const WebControl* control_;
  std::string host_;
  View all_, classic_;
  unsigned unexplained_ = 0;  // failures that the control can say nothing about, as Flags
  WebVerdict verdict_;
};

// Files without tags: everything becomes the first step, each row its own transaction.
OoniMeasurement with_tags(const OoniMeasurement& old) {
  OoniMeasurement made = old;
  std::int64_t next = 1;
  for (DnsLookup& lookup : made.lookups) {
    lookup.depth = 0;
    lookup.transaction = next++;
  }
  made.handshakes.clear();
  for (TcpConnect& connect : made.connects) {
    connect.depth = 0;
    connect.fetch_body = true;
    connect.transaction = next++;
  }
  const bool connected = std::any_of(made.connects.begin(), made.connects.end(),
                                     [](const TcpConnect& one) { return !one.failure; });
  if (made.exchanges.empty() || !connected) {
    made.exchanges.clear();
    return made;
  }
  // The page came last in time, is first in the list, and went over one of the connections.
  HttpExchange page = made.exchanges.front();
  const auto over = std::find_if(made.connects.begin(), made.connects.end(),
                                 [](const TcpConnect& one) { return !one.failure; });
  page.transaction = over->transaction;
  if (page.url.starts_with("https://") && (!page.failure || page.code > 0)) {
    made.handshakes.push_back({host_of(page.url), std::nullopt, over->transaction});
  }
  made.exchanges = {std::move(page)};
  return made;
}

bool has_tags(const OoniMeasurement& measurement) {
  return std::any_of(measurement.lookups.begin(), measurement.lookups.end(),
                     [](const DnsLookup& one) { return one.depth.has_value(); }) ||
         std::any_of(measurement.connects.begin(), measurement.connects.end(),
                     [](const TcpConnect& one) { return one.depth.has_value(); });
}

}  // namespace

WebVerdict score_web_connectivity(const OoniMeasurement& measurement) {
  if (has_tags(measurement)) return Scorer(measurement).score();
  const OoniMeasurement tagged = with_tags(measurement);
  return Scorer(tagged).score();
}

}  // namespace lightsout
