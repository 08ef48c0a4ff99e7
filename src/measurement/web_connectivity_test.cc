// SPDX-License-Identifier: Apache-2.0
#include "measurement/web_connectivity.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "core/test_data.h"
#include "measurement/web_scenes.h"

namespace lightsout {
namespace {

TEST(WebConnectivity, FiftySituationsHaveTheVerdictsOfTheReference) {
  EXPECT_EQ(std::size(kScenes), 50u);
  for (const WebScene& scene : kScenes) {
    EXPECT_EQ(text_of(score_web_connectivity(build(scene))), scene.verdict) << scene.name;
  }
}

WebScene scene_named(std::string_view name) {
  for (const WebScene& scene : kScenes) {
    if (scene.name == name) return scene;
  }
  ADD_FAILURE() << name;
  return kScenes[0];
}

TEST(WebConnectivity, AnAnswerInTheControlsNetworkIsRight) {
  WebScene scene = scene_named("HTTP works");
  scene.resolved = {{kThird, kThird, kThird}};
  scene.attempts[0].ip = kThird;
  EXPECT_EQ(text_of(score_web_connectivity(build(scene))),
            "consistent | false | true | 32 | 0 | 0 | null | null");
}

TEST(WebConnectivity, AFailingDnsOverHttpsServiceSaysNothingAboutThePage) {
  WebScene scene = scene_named("HTTPS works");
  scene.resolved[0].doh = kTimeout;
  EXPECT_EQ(score_web_connectivity(build(scene)).blocking_flags, 32u);
}

TEST(WebConnectivity, AProbesBrokenIpv6IsNoBlock) {
  WebScene scene = scene_named("HTTPS works");
  OoniMeasurement measurement = build(scene);
  measurement.connects.push_back(
      {"2606:2800::1", "[2606:2800::1]:443", "network_unreachable", 0, true, 99});
  measurement.control->tcp["[2606:2800::1]:443"] = std::nullopt;
  EXPECT_EQ(score_web_connectivity(measurement).blocking_flags, 32u);
  measurement.connects.back().failure = kTimeout;
  EXPECT_EQ(score_web_connectivity(measurement).blocking_flags, 34u);
}

TEST(WebConnectivity, AnAddressInTheUrlNeedsNoLookup) {
  WebScene scene = scene_named("HTTP works");
  OoniMeasurement measurement = build(scene);
  measurement.input = "http://93.184.216.34/";
  measurement.lookups.clear();
  EXPECT_EQ(score_web_connectivity(measurement).dns_consistent, true);
}

TEST(WebConnectivity, NothingMeasuredIsUnknown) {
  EXPECT_EQ(text_of(score_web_connectivity({})), "null | null | null | 0 | 0 | 0 | null | null");
}

TEST(WebConnectivity, AFileWithoutTagsIsReadAsOneStep) {
  OoniMeasurement old = build(scene_named("connections time out"));
  for (DnsLookup& lookup : old.lookups) lookup.depth.reset();
  for (TcpConnect& connect : old.connects) connect.depth.reset(), connect.fetch_body.reset();
  old.exchanges.push_back({.url = kHttps, .failure = kTimeout});
  EXPECT_EQ(score_web_connectivity(old).blocking, Blocking::tcp_ip);
}

struct PageCase {
  const char* name;
  int code, control_code;
  std::size_t length;
  std::int64_t control_length;
  bool truncated;
  const char *title, *control_title;
  bool differs;
};

TEST(WebConnectivity, PagesAreComparedByCodeAndOneMoreThing) {
  const PageCase kCases[] = {
      {"same length", 200, 200, 1000, 1000, false, "", "Anything else", false},
      {"0.7 is not enough", 200, 200, 700, 1000, false, "", "Another title", true},
      {"just above 0.7", 200, 200, 701, 1000, false, "", "Another title", false},
      {"same long words in another order", 200, 200, 10, 1000, false, "World Hello", "hello world",
       false},
      {"one long word more", 200, 200, 10, 1000, false, "hello world", "hello world again", true},
      {"a truncated body has no length", 200, 200, 1000, 1000, true, "", "Another title", true},
      {"codes differ", 403, 200, 1000, 1000, false, "", "", true},
      {"the control failed", 200, 500, 1000, 1000, false, "", "", true},
      {"both failed alike", 404, 404, 1000, 1000, false, "", "", false},
  };
  for (const PageCase& one : kCases) {
    HttpExchange ours{.code = one.code, .truncated = one.truncated};
    if (*one.title) ours.body = fmt::format("<TITLE>{}</title>", one.title);
    if (ours.body.size() < one.length) ours.body.resize(one.length, 'x');
    const WebControl control{.has_http = true,
                             .code = one.control_code,
                             .body_length = one.control_length,
                             .title = one.control_title};
    EXPECT_EQ(compare_pages(ours, control).differs(), one.differs) << one.name;
  }
}

std::string file_text(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(WebConnectivity, EveryReferenceMeasurementIsScoredAsItsProbeScoredIt) {
  REQUIRE_DATA(folder, "ooni/wc05_qa");
  OoniMeasurementParser parser;
  int files = 0, same = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::string text = file_text(entry.path());
    const Result<OoniMeasurement> measurement = parser.parse(text);
    ASSERT_TRUE(measurement.ok()) << entry.path();
    ASSERT_TRUE(measurement->claimed) << entry.path();
    ++files;
    const std::string ours = text_of(score_web_connectivity(*measurement));
    same += ours == text_of(*measurement->claimed) ? 1 : 0;
    EXPECT_EQ(ours, text_of(*measurement->claimed)) << entry.path();
  }
  EXPECT_EQ(files, 35);
  fmt::print("{} of {} reference measurements: all eight fields alike\n", same, files);
}

}  // namespace
}  // namespace lightsout
