// A target either cannot be read or reads back the same from what was read of it.
// SPDX-License-Identifier: Apache-2.0
#include <cstdint>

#include "core/check.h"
#include "web/exchange.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lightsout;
  const Result<WebRequest> request = parse_target({reinterpret_cast<const char*>(data), size});
  if (!request) return 0;
  std::string target;
  for (const std::string& part : request->parts()) target += "/" + percent_encode(part);
  if (target.empty()) target = "/";
  for (std::size_t i = 0; i < request->query.size(); ++i) {
    target += (i == 0 ? "?" : "&") + percent_encode(request->query[i].first) + "=" +
              percent_encode(request->query[i].second);
  }
  if (target.size() > kMaxTarget) return 0;
  const Result<WebRequest> again = parse_target(target);
  CHECK(again.ok());
  CHECK(again->path == request->path && again->query == request->query);
  return 0;
}
