// Asking the API of the made-up observatory, for the tests of this folder.
//
//   const Json document = json_of(get("/api/v1/series/country/KZ?step=1d"));
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "api/endpoint.h"
#include "web/made_observatory.h"

namespace lightsout::api {

using Json = nlohmann::ordered_json;

inline WebResponse ask(Observatory& observatory, const std::string& target) {
  const Result<WebRequest> request = parse_target(target);
  if (!request) return problem(400, "bad target", request.error().message);
  std::optional<WebResponse> response = answer_api(observatory, *request);
  return response ? std::move(*response) : problem(404, "not ours", target);
}

inline WebResponse get(const std::string& target) {
  return ask(shared_made_observatory().observatory, target);
}

inline Json json_of(const WebResponse& response) {
  EXPECT_EQ(response.status, 200) << response.body.substr(0, 400);
  Json json = Json::parse(response.body, nullptr, false);
  EXPECT_FALSE(json.is_discarded()) << response.body.substr(0, 400);
  return json;
}

// What stands under "data", by value: a reference into json_of() would dangle.
inline Json data_of(const std::string& target) {
  return json_of(get(target)).value("data", Json());
}

// The `detail` of a problem document, which must be one; status and title are checked as well.
inline std::string refused(const WebResponse& response, int status) {
  EXPECT_EQ(response.status, status) << response.body.substr(0, 400);
  EXPECT_EQ(response.content_type, "application/problem+json");
  const Json json = Json::parse(response.body, nullptr, false);
  if (json.is_discarded() || !json.contains("detail")) {
    ADD_FAILURE() << "no problem document: " << response.body.substr(0, 400);
    return {};
  }
  EXPECT_EQ(json["status"], status);
  return json["detail"].get<std::string>();
}

inline std::string made_id(const std::string& country = "KZ") {
  static std::map<std::string, std::string> ids;
  std::string& id = ids[country];
  if (id.empty()) id = shared_made_observatory().incident_of(country).id;
  return id;
}

inline std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    lines.push_back(text.substr(begin, end - begin));
    if (!lines.back().empty() && lines.back().back() == '\r') lines.back().pop_back();
    begin = end + 1;
  }
  return lines;
}

}  // namespace lightsout::api
