// IODA's API v2, answers of /signals/raw: JSON with one object for each series.
//
//   {"type":"signals", ..., "error":null, "data":[[{"entityType":"country","entityCode":"TR",
//     "datasource":"bgp","subtype":"","from":1706745600,"step":300,"nativeStep":300,
//     "values":[62200,null,62213]}]]}
//
// The answer says whom it is about. null is missing. Values may also be objects, one number for
// each Google product or each statistic; each becomes a signal of its own. Whatever else the
// envelope holds may change without harm: a series is any object in a list that has "values".
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "source/source.h"

namespace lightsout {

bool recognises_ioda_json(std::string_view head, const ReadOptions& options);
Reading read_ioda_json(std::span<const Input> inputs, const ReadOptions& options);

}  // namespace lightsout
