// json_text: a text as a JSON string with its quotes, RFC 8259 section 7.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace lightsout {

std::string json_text(std::string_view text);

}  // namespace lightsout
