// What must be true of every figure, and of its twins.
// SPDX-License-Identifier: Apache-2.0
#include <map>

#include "api/test_api.h"

namespace lightsout::api {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string kQuery = "?entity=country/KZ&from=2022-01-04&until=2022-01-12";

std::map<std::string, std::string> headers_of(const WebResponse& response) {
  return {response.headers.begin(), response.headers.end()};
}

// The texts of a PNG's iTXt chunks by keyword; empty when it is no PNG.
std::map<std::string, std::string> texts_of(const std::string& png) {
  std::map<std::string, std::string> texts;
  if (!png.starts_with("\x89PNG\r\n\x1a\n")) return texts;
  std::size_t at = 8;
  while (at + 12 <= png.size()) {
    std::size_t length = 0;
    for (int i = 0; i < 4; ++i) {
      length = length * 256 + static_cast<unsigned char>(png[at + static_cast<std::size_t>(i)]);
    }
    const std::string body = png.substr(at + 8, length);
    if (png.substr(at + 4, 4) == "iTXt") {
      const std::string keyword = body.substr(0, body.find('\0'));
      texts[keyword] = body.substr(keyword.size() + 5);
    }
    at += 12 + length;
  }
  EXPECT_EQ(at, png.size());
  return texts;
}

TEST(Chart, SaysWhatItShowsFromWhichDataAndUnderWhichTerms) {
  const WebResponse svg = get("/api/v1/chart.svg" + kQuery);
  ASSERT_EQ(svg.status, 200) << svg.body.substr(0, 400);
  EXPECT_THAT(svg.content_type, HasSubstr("image/svg+xml"));
  for (const char* part :
       {"<title", "Kazakhstan, ", "nationwide", "<desc", "<metadata>", "Data through",
        "inputs SHA-256", "Apache-2.0", "Networks answering", "Phases", "Windows"}) {
    EXPECT_THAT(svg.body, HasSubstr(part));
  }
  EXPECT_THAT(svg.body, Not(HasSubstr("<script")));
  EXPECT_THAT(svg.body, Not(HasSubstr("href")));
  EXPECT_THAT(svg.body, HasSubstr(headers_of(svg)["x-chart-id"]));
  EXPECT_THAT(headers_of(svg)["link"], HasSubstr("/api/v1/series/country/KZ.csv?from=2022-01-04"));
}

TEST(Chart, GapsAreHatchedByTheirReason) {
  const std::string svg =
      get("/api/v1/chart.svg?entity=country/NL&from=2022-01-05&until=2022-01-11").body;
  EXPECT_THAT(svg, HasSubstr("url(#missing)"));
  EXPECT_THAT(svg, HasSubstr("url(#source_down)"));
  EXPECT_THAT(svg, HasSubstr("nothing was found"));
}

TEST(Chart, TheSameQuestionGivesTheSameBytesWheneverItIsAsked) {
  MadeObservatory& made = shared_made_observatory();
  const std::string first = get("/api/v1/chart.svg" + kQuery).body;
  const std::string pixels = get("/api/v1/chart.png" + kQuery + "&scale=1").body;
  made.clock.set(kMadeNow + std::chrono::hours(1));
  EXPECT_EQ(get("/api/v1/chart.svg" + kQuery).body, first);
  EXPECT_EQ(get("/api/v1/chart.png" + kQuery + "&scale=1").body, pixels);
  made.clock.set(kMadeNow);
  EXPECT_NE(get("/api/v1/chart.svg" + kQuery + "&asof=2022-01-07").body, first);
}

TEST(Chart, APngHoldsItsHashAndItsQuestion) {
  const WebResponse png = get("/api/v1/chart.png" + kQuery + "&width=640&scale=1");
  ASSERT_EQ(png.status, 200) << png.body.substr(0, 400);
  EXPECT_EQ(png.content_type, "image/png");
  std::map<std::string, std::string> texts = texts_of(png.body);
  EXPECT_THAT(texts["Title"], HasSubstr("Kazakhstan"));
  const Json metadata = Json::parse(texts["Comment"], nullptr, false);
  ASSERT_FALSE(metadata.is_discarded()) << texts["Comment"];
  EXPECT_EQ(metadata["chart"], headers_of(png)["x-chart-id"]);
  EXPECT_EQ(metadata["inputs_digest"].get<std::string>().size(), 64u);
  // Its twin answers, and holds what was drawn.
  EXPECT_EQ(get(metadata["csv"].get<std::string>()).status, 200);
  EXPECT_EQ(json_of(get(metadata["json"].get<std::string>()))["data"].size(), 5u);
}

TEST(Chart, SizesAndThemesAreWithinLimits) {
  EXPECT_EQ(get("/api/v1/chart.svg" + kQuery + "&width=320").status, 200);
  EXPECT_EQ(get("/api/v1/chart.svg" + kQuery + "&width=319").status, 400);
  EXPECT_EQ(get("/api/v1/chart.svg" + kQuery + "&width=2000&theme=dark").status, 200);
  EXPECT_EQ(get("/api/v1/chart.svg" + kQuery + "&width=2001").status, 400);
  EXPECT_EQ(get("/api/v1/chart.svg" + kQuery + "&theme=pink").status, 400);
  EXPECT_EQ(get("/api/v1/chart.svg" + kQuery + "&tz=Mars/Olympus").status, 400);
  EXPECT_EQ(get("/api/v1/chart.svg?entity=country/ZZ").status, 404);
  EXPECT_EQ(get("/api/v1/chart.svg").status, 400);
}

TEST(Embed, IsAPageWithoutScriptsThatALiveOneDrawsAnew) {
  const WebResponse fixed = get("/embed" + kQuery + "&mode=fixed");
  ASSERT_EQ(fixed.status, 200) << fixed.body.substr(0, 400);
  EXPECT_THAT(fixed.body, HasSubstr("<svg"));
  EXPECT_THAT(fixed.body, Not(HasSubstr("<script")));
  EXPECT_THAT(fixed.body, Not(HasSubstr("http-equiv")));
  EXPECT_THAT(get("/embed?entity=country/KZ&mode=live").body, HasSubstr("http-equiv=\"refresh\""));
  EXPECT_THAT(refused(get("/embed" + kQuery + "&mode=live"), 400), HasSubstr("mode=fixed"));
}

TEST(Chart, HostileNamesStayText) {
  const std::string svg =
      get("/api/v1/chart.svg?entity=" + percent_encode("service:=cmd|'calc'!A1&amp;@country:UZ") +
          "&from=2022-01-07&until=2022-01-10")
          .body;
  EXPECT_THAT(svg, HasSubstr("<svg"));
  EXPECT_THAT(svg, HasSubstr("A1&amp;amp;"));
}

}  // namespace
}  // namespace lightsout::api
