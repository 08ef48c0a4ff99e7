// Http over libcurl: the only place that talks to the outside network.
//
// http and https only, also after a redirect, and never from https down to http. Certificates are
// checked. A proxy is taken from the environment as curl does (https_proxy, no_proxy). The body is
// delivered as it came, whole or not at all: an answer cut short, too long or too slow is an Error
// whose sentence a person can act on.
//
//   std::unique_ptr<Http> http = make_http();
//   Result<HttpAnswer> answer = http->get({.url = "https://..."});
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "core/http.h"

namespace lightsout {

constexpr int kRedirectLimit = 5;

std::unique_ptr<Http> make_http();

}  // namespace lightsout
