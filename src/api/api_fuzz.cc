// Whatever is asked of the API, it does not fall over, and what it says is whole: JSON that reads,
// or CSV whose rows all have the header's columns, or a problem document.
// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <nlohmann/json.hpp>

#include "api/endpoint.h"
#include "core/check.h"
#include "web/made_observatory.h"

namespace {

using namespace lightsout;

// How many cells the CSV row at `at` has; moves `at` behind it.
std::size_t cells_of(const std::string& csv, std::size_t& at) {
  std::size_t cells = 1;
  bool quoted = false;
  for (; at < csv.size(); ++at) {
    if (csv[at] == '"') quoted = !quoted;
    if (!quoted && csv[at] == ',') ++cells;
    if (!quoted && csv[at] == '\n') {
      ++at;
      break;
    }
  }
  CHECK(!quoted);
  return cells;
}

void check_csv(const std::string& csv) {
  std::size_t at = 0;
  const std::size_t columns = cells_of(csv, at);
  while (at < csv.size()) CHECK(cells_of(csv, at) == columns);
}

// The first byte chooses an endpoint, the rest is what is asked of it; an odd one asks anything.
std::string target_of(std::string_view text) {
  if (text.empty()) return "/";
  const auto choice = static_cast<unsigned char>(text.front());
  text.remove_prefix(1);
  if (choice % 2 == 1) return std::string(text);
  const std::span<const Endpoint> all = all_endpoints();
  std::string target(all[choice / 2 % all.size()].path);
  for (const auto& [slot, value] : {std::pair<std::string, std::string>{"{type}", "country"},
                                    {"{code}", "KZ"},
                                    {"{entityType}", "country"},
                                    {"{entityCode}", "KZ"},
                                    {"{source}", "bgp"},
                                    {"{datasource}", "bgp"}}) {
    if (const std::size_t found = target.find(slot); found != std::string::npos) {
      target.replace(found, slot.size(), value);
    }
  }
  if (const std::size_t found = target.find("{id}"); found != std::string::npos) {
    static const std::string id = shared_made_observatory().incident_of("UZ").id;
    target.replace(found, 4, id);
  }
  return target + std::string(text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string target = target_of({reinterpret_cast<const char*>(data), size});
  const Result<WebRequest> request = parse_target(target);
  if (!request) return 0;
  const std::optional<WebResponse> response =
      answer_api(shared_made_observatory().observatory, *request);
  if (!response) return 0;
  const std::string& type = response->content_type;
  CHECK(response->status == 200 || response->status >= 400);
  CHECK(response->status < 500);
  if (type.find("json") != std::string::npos && type.find("jsonl") == std::string::npos) {
    CHECK(nlohmann::json::accept(response->body));
  }
  if (type.starts_with("text/csv")) check_csv(response->body);
  for (const auto& [name, value] : response->headers) {
    CHECK(value.find_first_of("\r\n") == std::string::npos);
  }
  return 0;
}
