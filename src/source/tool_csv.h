// Users of circumvention tools, one row a day: what people type off a chart or get from a provider.
//
//   date,country,tool,metric,value,source,method
//   2022-01-05,KZ,psiphon,daily_unique,25000,https://...,press
//
// `metric` says what was counted: daily_unique (different people in a day), concurrent (at one
// moment) or demand (an index). They are different series, country:KZ/psiphon/daily_unique_users,
// /concurrent_users and /demand, and a row that does not say which is refused: the difference is
// easily a factor of ten. `tool` may be left out of the file: then it is psiphon. `source` and
// `method` are for people and are not read.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "source/source.h"

namespace lightsout {

bool recognises_tool_csv(std::string_view head, const ReadOptions& options);
Reading read_tool_csv(std::span<const Input> inputs, const ReadOptions& options);

}  // namespace lightsout
