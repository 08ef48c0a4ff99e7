// Web Connectivity scored again: was a page blocked, how, and was it only this page?
//
// The rules are those of OONI's Web Connectivity 0.5, in two views of one measurement. The classic
// view keeps what an old probe would have seen (the system's resolver and the addresses it gave)
// and decides dns_consistency, blocking and accessible; the extended view looks at every resolver
// and endpoint and sets the flags. The probe's own verdict stays in OoniMeasurement::claimed: both
// are kept, because a stored verdict is as old as the version that wrote it.
//
//   const WebVerdict ours = score_web_connectivity(measurement);
//   if (!(ours == *measurement.claimed)) ...   // a stale verdict, or other rules
//
// A file of version 0.4 or older has no tags and no transactions: its rows are read as those of the
// first step, a failed fetch that a failed lookup or connection explains is left out, and what the
// rules then say can differ from what 0.4 said (an NXDOMAIN on both sides is "down" here).
//
// docs/methods/services.md gives the rules; https://github.com/ooni/spec ts-017
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "measurement/ooni.h"

namespace lightsout {

WebVerdict score_web_connectivity(const OoniMeasurement& measurement);

// How the page that came differs from the control's. nullopt: could not be compared.
struct PageDifference {
  std::optional<double> body_proportion;  // the shorter length by the longer one
  std::optional<bool> body_length_match;  // above 0.7
  std::optional<bool> status_code_match;
  std::optional<bool> headers_match;  // at least one uncommon name on both sides
  std::optional<bool> title_match;    // the same words of five bytes and more
  bool differs() const;
};

PageDifference compare_pages(const HttpExchange& ours, const WebControl& control);

}  // namespace lightsout
