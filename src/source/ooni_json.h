// OONI: what volunteers' tests found, counted, and scored again where the rows are there.
//
// Read are the answers of the aggregation API, lists of measurements as OONI Explorer and people
// save them, single measurements and JSON lines as probes write them, each also inside the
// {"status":200,"body":"..."} that browsers' recordings wrap around an answer.
//
//   service:telegram@country:IN/ooni/anomaly_fraction   anomalous or confirmed out of all, `trials`
//   service:telegram@country:IN/ooni/measurements       tests that arrived
//   service:telegram@country:IN/ooni/block_page_fraction   met a known block page, `trials`; only
//                                          where fingerprints are given (ReadOptions.fingerprints)
//   service:telegram@country:IN/ooni/failed_share       how much failed, our score (ooni_shares.h)
//
// Hourly for measurements, or the step of the aggregation. An hour without tests is missing in the
// fraction and zero in the count. Rows for one network go to service:telegram@asn:9829. A
// measurement is counted once however often it appears. Country and test stand in the measurement,
// in its report_id, or in ReadOptions.entity. Addresses are never read.
//
// https://docs.ooni.org and docs/formats/inputs.md
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "source/source.h"

namespace lightsout {

bool recognises_ooni_json(std::string_view head, const ReadOptions& options);
Reading read_ooni_json(std::span<const Input> inputs, const ReadOptions& options);

}  // namespace lightsout
