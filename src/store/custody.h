// The hash that chains the custody log: of the one before, and of every field of the entry but its
// own hash. The first entry follows the empty text.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "store/store.h"

namespace lightsout {

std::string custody_hash(std::string_view previous, const CustodyEntry& entry);

}  // namespace lightsout
