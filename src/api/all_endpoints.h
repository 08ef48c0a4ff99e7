// The tables of the files of this folder, put together by all_endpoints() in all_endpoints.cc.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "api/endpoint.h"

namespace lightsout::api {

std::span<const Endpoint> entity_endpoints();
std::span<const Endpoint> series_endpoints();
std::span<const Endpoint> tier_endpoints();
std::span<const Endpoint> incident_endpoints();
std::span<const Endpoint> source_endpoints();
std::span<const Endpoint> why_endpoints();
std::span<const Endpoint> export_endpoints();
std::span<const Endpoint> feed_endpoints();
std::span<const Endpoint> openapi_endpoints();
std::span<const Endpoint> chart_endpoints();
std::span<const Endpoint> compat_signal_endpoints();
std::span<const Endpoint> compat_outage_endpoints();

}  // namespace lightsout::api
