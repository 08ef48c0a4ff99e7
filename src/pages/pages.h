// Every page's function, one a file or a few that belong together. all_pages.cc lists them.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "pages/site.h"

namespace lightsout {

WebResponse show_now(const PageContext& context);
WebResponse show_country(const PageContext& context);

}  // namespace lightsout
