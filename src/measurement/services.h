// ServiceScore: how much of a service failed in one test, as a fraction of what was tried.
//
// OONI's own verdicts are booleans that one success can clear: with eleven of Telegram's twelve
// connections blocked its answer is "not blocked" (Brazil, April 2023, ooni/probe issue 2466). A
// fraction keeps what was seen. Each part of a test (endpoints, web page, registration) counts
// alike, and a part that was not measured is left out, never taken for half or for zero.
//
//   const std::optional<ServiceScore> score = score_service(measurement);
//   score->failed_share   // 0.33: the web page failed, endpoints and data centres answered
//
// nullopt: not a test of a service that we know, or nothing in it was measured. `doubt` says why a
// score must not be counted: some versions of OONI's Signal test held expired certificates.
//
// docs/methods/services.md; https://github.com/ooni/spec ts-018 to ts-020, ts-023, ts-029
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "measurement/ooni.h"

namespace lightsout {

struct ServicePart {
  std::string_view name;  // "endpoints", "data centres", "web page"
  double failed = 0;
  double tried = 0;  // > 0
};

struct ServiceScore {
  double failed_share = 0;  // 0..1, the mean over the parts
  std::vector<ServicePart> parts;
  std::string doubt;  // empty: may be counted
};

// "telegram", "whatsapp", "signal", "facebook_messenger", "tor", "psiphon" by their parts, and
// "web_connectivity" by our verdict: 1 blocked, 0 accessible, nullopt when the page is down.
std::optional<ServiceScore> score_service(const OoniMeasurement& measurement);

// What OONI's API keeps of one Telegram test.
struct TelegramSummary {
  double endpoints_failed = 0, endpoints_tried = 0;
  double requests_failed = 0, requests_tried = 0;
  std::optional<bool> web_failed;
};
std::optional<ServiceScore> score_telegram(const TelegramSummary& summary);

// "0.2.10" against "0.2.3", number by number; text that is no number counts as 0.
bool version_at_most(std::string_view version, std::string_view limit);

}  // namespace lightsout
