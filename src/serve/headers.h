// The header lines of every answer: what a browser may do with it, and nothing that follows
// anybody. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "serve/answer_cache.h"
#include "web/exchange.h"

namespace lightsout {

// "name: value" and CRLF; whatever could end the line is taken out of the value.
std::string header_line(std::string_view name, std::string_view value);

// An answer as it is sent, without an encoding. `path` decides what may embed it.
std::shared_ptr<const ReadyAnswer> ready(WebResponse response, std::string_view path,
                                         std::string_view route);
// The same with its body as gzip.
std::shared_ptr<const ReadyAnswer> ready_gzip(const ReadyAnswer& plain);

// Is it for a program (a problem document) rather than for a person (a page)?
bool is_for_programs(std::string_view path);

}  // namespace lightsout
