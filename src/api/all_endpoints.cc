// Where two paths fit, the one named first holds: words before braces.
//
// SPDX-License-Identifier: Apache-2.0
#include "api/all_endpoints.h"

#include <vector>

namespace lightsout {

std::span<const Endpoint> all_endpoints() {
  static const std::vector<Endpoint> endpoints = [] {
    std::vector<Endpoint> all;
    for (const std::span<const Endpoint> some : {
             api::openapi_endpoints(), api::entity_endpoints(), api::series_endpoints(),
             api::tier_endpoints(), api::incident_endpoints(), api::why_endpoints(),
             api::source_endpoints(), api::chart_endpoints(), api::export_endpoints(),
             api::feed_endpoints(), api::compat_signal_endpoints(), api::compat_outage_endpoints(),
             // Add yours here.
         }) {
      all.insert(all.end(), some.begin(), some.end());
    }
    return all;
  }();
  return endpoints;
}

}  // namespace lightsout
