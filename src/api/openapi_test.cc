// The document about the API, asked path by path and example by example.
// SPDX-License-Identifier: Apache-2.0
#include <set>

#include "api/test_api.h"
#include "api/test_schema.h"

namespace lightsout::api {
namespace {

using testing::HasSubstr;

const Json& the_document() {
  static const Json document = json_of(get("/api/v1/openapi.json"));
  return document;
}

// The path with its own examples, and the parameters that must be given.
std::string basic_target(const std::string& path, const Json& get_operation) {
  std::string target = path;
  std::string query;
  for (const Json& parameter : get_operation["parameters"]) {
    if (parameter["required"] != true) continue;
    const std::string name = parameter["name"];
    EXPECT_TRUE(parameter.contains("example")) << path << " " << name;
    const std::string example = parameter.value("example", "");
    if (parameter["in"] == "path") {
      const std::string slot = "{" + name + "}";
      const std::size_t at = target.find(slot);
      EXPECT_NE(at, std::string::npos) << path;
      target.replace(at, slot.size(), percent_encode(example));
    } else {
      query += (query.empty() ? "?" : "&") + name + "=" + percent_encode(example);
    }
  }
  return target + query;
}

void expect_kept(const std::string& path, const std::string& target) {
  SCOPED_TRACE(target);
  const WebResponse response = get(target);
  ASSERT_EQ(response.status, 200) << response.body.substr(0, 400);
  const Json& content = the_document()["paths"][path]["get"]["responses"]["200"]["content"];
  std::string type = response.content_type.substr(0, response.content_type.find(';'));
  if (type == "application/feed+json") type = "application/json";
  ASSERT_TRUE(content.contains(type)) << type;
  if (!content[type].contains("schema")) return;
  const Json answer = Json::parse(response.body, nullptr, false);
  ASSERT_FALSE(answer.is_discarded());
  EXPECT_EQ(first_breach(answer, content[type]["schema"], the_document()), "");
}

TEST(OpenApi, NamesEveryEndpointOfTheTableAndNothingElse) {
  std::set<std::string> told;
  for (const auto& [path, item] : the_document()["paths"].items()) told.insert(path);
  std::set<std::string> kept;
  for (const Endpoint& each : all_endpoints()) kept.insert(std::string(each.path));
  EXPECT_EQ(told, kept);
  EXPECT_EQ(the_document()["openapi"], "3.1.0");
}

TEST(OpenApi, EveryPathAnswersItsOwnExampleAsItsSchemaSays) {
  std::size_t asked = 0;
  for (const auto& [path, item] : the_document()["paths"].items()) {
    expect_kept(path, basic_target(path, item["get"]));
    ++asked;
  }
  EXPECT_GE(asked, 35u);
}

TEST(OpenApi, EveryExampleOfEveryParameterIsAnswered) {
  std::size_t asked = 0;
  for (const auto& [path, item] : the_document()["paths"].items()) {
    const std::string base = basic_target(path, item["get"]);
    for (const Json& parameter : item["get"]["parameters"]) {
      if (parameter["in"] == "path" || parameter["required"] == true) continue;
      if (!parameter.contains("example")) continue;
      expect_kept(path, base + (base.find('?') == std::string::npos ? "?" : "&") +
                            parameter["name"].get<std::string>() + "=" +
                            percent_encode(parameter["example"].get<std::string>()));
      ++asked;
    }
  }
  EXPECT_GE(asked, 120u);
}

TEST(OpenApi, EveryFormatIsAnsweredAsItsMediaType) {
  for (const auto& [path, item] : the_document()["paths"].items()) {
    const std::string base = basic_target(path, item["get"]);
    for (const Json& parameter : item["get"]["parameters"]) {
      if (parameter["name"] != "format" || path.starts_with("/compat/")) continue;
      for (const Json& format : parameter["schema"]["enum"]) {
        expect_kept(path, base + (base.find('?') == std::string::npos ? "?" : "&") +
                              "format=" + format.get<std::string>());
      }
    }
  }
}

TEST(OpenApi, EveryChoiceThatItNamesIsUnderstood) {
  for (const auto& [path, item] : the_document()["paths"].items()) {
    const std::string base = basic_target(path, item["get"]);
    for (const Json& parameter : item["get"]["parameters"]) {
      if (parameter["in"] == "path" || parameter["name"] == "format") continue;
      const Json& schema = parameter["schema"];
      const Json& holder = schema["type"] == "array" ? schema["items"] : schema;
      if (!holder.contains("enum")) continue;
      for (const Json& choice : holder["enum"]) {
        if (path == "/embed" && choice == "live") continue;  // excludes until, tested with charts
        const WebResponse response =
            get(base + (base.find('?') == std::string::npos ? "?" : "&") +
                parameter["name"].get<std::string>() + "=" + choice.get<std::string>());
        EXPECT_EQ(response.status, 200) << path << " " << parameter["name"] << " " << choice << " "
                                        << response.body.substr(0, 200);
      }
    }
  }
}

TEST(OpenApi, AProblemKeepsToItsSchemaToo) {
  const WebResponse response = get("/api/v1/incidents?limit=x");
  const Json problem_document = Json::parse(response.body);
  EXPECT_EQ(first_breach(problem_document, the_document()["components"]["schemas"]["Problem"],
                         the_document()),
            "");
}

TEST(SchemaChecker, FindsWhatIsWrong) {
  const Json document = Json::parse(R"({"components":{"schemas":{"A":{"type":"string"}}}})");
  const struct {
    const char* value;
    const char* schema;
    bool fits;
  } kCases[] = {
      {"1", R"({"type":"integer"})", true},
      {"1.5", R"({"type":"integer"})", false},
      {"null", R"({"type":["number","null"]})", true},
      {"\"x\"", R"({"enum":["y"]})", false},
      {"{}", R"({"required":["a"]})", false},
      {R"({"a":1})", R"({"properties":{"a":{"type":"string"}}})", false},
      {R"({"a":1})", R"({"properties":{},"additionalProperties":false})", false},
      {"[1,\"x\"]", R"({"items":{"type":"integer"}})", false},
      {"1", R"({"$ref":"#/components/schemas/A"})", false},
      {"1", R"({"$ref":"#/components/schemas/B"})", false},
      {"1", R"({"maximum":2})", false},
  };
  for (const auto& each : kCases) {
    EXPECT_EQ(first_breach(Json::parse(each.value), Json::parse(each.schema), document).empty(),
              each.fits)
        << each.value << " " << each.schema;
  }
}

}  // namespace
}  // namespace lightsout::api
