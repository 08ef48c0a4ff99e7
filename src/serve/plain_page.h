// A page with one sentence, for when none of the others can be made.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "language/language.h"
#include "web/exchange.h"

namespace lightsout {

WebResponse plain_page(const Language& say, int status, std::string_view sentence);

}  // namespace lightsout
