// services: single measurements of services, as OONI's probes would have sent them.
//
// One JSON document a line in OONI's data format 0.2.0, written by hand from its specification:
// web_connectivity against a few websites (the controls), telegram, whatsapp and signal. A blocked
// service fails the share of its tests that the scenario says; now and then a test fails by itself,
// as in life. What is cut sends nothing: the fewer measurements during a cut are part of the
// picture. Every document has "semi_synthetic": "true" among its annotations.
//
// OONI specification, ooni/spec, data-formats
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "simulate/scenario.h"
#include "simulate/sink.h"

namespace lightsout {

// "ooni-20220105.jsonl", one file a day that has any.
Status write_services(const Scenario& scenario, const Sink& sink);

}  // namespace lightsout
