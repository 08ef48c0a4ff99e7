// The style sheet of the page: one text, no fetched font, no import, light and dark, screen and A4.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace lightsout {

std::string style_sheet();

}  // namespace lightsout
