// SPDX-License-Identifier: Apache-2.0
#include "signal/catalogue.h"

namespace lightsout {

std::span<const SignalKind> all_signal_kinds() {
  static constexpr SignalKind kKinds[] = {
      {"bgp", "visible_slash24", Plane::control, Unit::count, Worse::low, "Routes announced",
       "BGP, IPv4 /24s seen by at least half of the full-feed peers"},
      {"bgp", "visible_slash48", Plane::control, Unit::count, Worse::low, "IPv6 routes announced",
       "BGP, IPv6 /48s seen by at least half of the full-feed peers"},
      {"bgp", "update_rate", Plane::control, Unit::count, Worse::high, "Routing churn",
       "BGP, announcements and withdrawals per bin"},
      {"probing", "slash24_up", Plane::data, Unit::count, Worse::low, "Networks answering",
       "active probing, /24s up"},
      {"probing", "rtt_ms", Plane::data, Unit::milliseconds, Worse::high, "Round trip time",
       "active probing, median round trip in milliseconds"},
      {"mlab", "download_mbps", Plane::data, Unit::index, Worse::low, "Download speed",
       "M-Lab, median download in Mbit/s"},
      {"traffic", "requests", Plane::traffic, Unit::count, Worse::low, "Web traffic",
       "passive, requests per bin"},
      {"telescope", "unique_source_ips", Plane::traffic, Unit::count, Worse::low,
       "Background traffic", "telescope, unique source addresses"},
      {"ioda-bgp", "visible_slash24", Plane::control, Unit::count, Worse::low, "Routes announced",
       "BGP, visible /24s, by IODA"},
      {"ioda-probing", "slash24_up", Plane::data, Unit::count, Worse::low, "Networks answering",
       "active probing, /24s up, by IODA"},
      {"ioda-telescope", "unique_source_ips", Plane::traffic, Unit::count, Worse::low,
       "Background traffic", "telescope, unique source addresses, by IODA"},
      {"ioda-google", "search", Plane::traffic, Unit::percent_of_max, Worse::low, "Web traffic",
       "Google search, by IODA"},
      {"ioda-mozilla", "city_count", Plane::traffic, Unit::count, Worse::low, "Browsers seen",
       "Mozilla, cities with activity, by IODA"},
      {"google", "youtube", Plane::traffic, Unit::percent_of_max, Worse::low, "YouTube traffic",
       "Google, share of the service's world traffic, normalised"},
      {"ooni", "anomaly_fraction", Plane::application, Unit::fraction, Worse::high,
       "Tests with an anomaly", "OONI, anomalous or confirmed out of all measurements"},
      {"ooni", "failed_share", Plane::application, Unit::fraction, Worse::high,
       "Failed share of the tests", "OONI, what failed of what each test tried, scored by us"},
      {"ooni", "block_page_fraction", Plane::application, Unit::fraction, Worse::high,
       "Tests that met a known block page", "OONI, fingerprints found out of all measurements"},
      {"ooni", "dns_failed_share", Plane::application, Unit::fraction, Worse::high,
       "Failed name lookups", "OONI, share of DNS lookups that failed or lied"},
      {"ooni", "tls_failed_share", Plane::application, Unit::fraction, Worse::high,
       "Failed TLS handshakes", "OONI, share of TLS handshakes that were broken off"},
      {"ooni", "measurements", Plane::application, Unit::count, Worse::low, "Tests arriving",
       "OONI, measurements received"},
      {"tor", "users", Plane::circumvention, Unit::count, Worse::low, "Tor users",
       "Tor Metrics, estimated daily users, direct"},
      {"tor", "bridge_users", Plane::circumvention, Unit::count, Worse::low, "Tor bridge users",
       "Tor Metrics, estimated daily users, bridges"},
      {"psiphon", "daily_unique_users", Plane::circumvention, Unit::count, Worse::low,
       "Psiphon users", "Psiphon, unique users a day"},
      {"psiphon", "concurrent_users", Plane::circumvention, Unit::count, Worse::low,
       "Psiphon users at a time", "Psiphon, established tunnels at a time"},
      {"vpn", "daily_unique_users", Plane::circumvention, Unit::count, Worse::low, "VPN users",
       "VPN, unique users a day"},
      {"vpn", "concurrent_users", Plane::circumvention, Unit::count, Worse::low,
       "VPN users at a time", "VPN, users at a time"},
      {"vpn", "demand", Plane::circumvention, Unit::index, Worse::low, "Demand for VPNs",
       "VPN demand, index against the weeks before"},
      // Add yours here.
  };
  return kKinds;
}

const SignalKind& kind_of(const SignalId& id) {
  static constexpr SignalKind kUnlisted{"", "", Plane::traffic, Unit::count, Worse::low, "", ""};
  for (const SignalKind& kind : all_signal_kinds()) {
    if (kind.source == id.source() && kind.metric == id.metric()) return kind;
  }
  return kUnlisted;
}

std::string_view label_of(const SignalId& id) {
  const SignalKind& kind = kind_of(id);
  return kind.label.empty() ? std::string_view(id.metric()) : kind.label;
}

}  // namespace lightsout
