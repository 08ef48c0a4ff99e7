// The built-in table of published inputs, cases/economy.table.
//
//   if (const auto share = published_digital_share("US")) use(share->value, share->source);
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "cases/cost.h"

namespace lightsout {

// Which rule of COST a country falls under.
enum class CostRule : std::uint8_t { g20, subsahara, other };

CostRule cost_rule(std::string_view country);
std::optional<CostInput> published_digital_share(std::string_view country);
std::optional<CostInput> published_day(std::string_view country);  // USD a day

}  // namespace lightsout
