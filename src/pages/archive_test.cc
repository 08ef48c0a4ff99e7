// The pages beside Now and Country: archive, map, comparison, replay, cost, sources and trust
// pages.
//
// SPDX-License-Identifier: Apache-2.0
#include <regex>

#include "pages/documents.h"
#include "pages/frame.h"
#include "pages/test_pages.h"
#include "pages/world.h"

namespace lightsout {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

std::vector<std::string> archive_pages() {
  const std::string kz = shared_made_observatory().incident_of("KZ").id;
  return {"/map",
          "/map?at=2022-01-06T12:00:00Z",
          "/incidents",
          "/incidents?country=KZ&year=2022&grade=nationwide",
          "/incidents?country=UZ",
          "/incidents?country=KP",
          "/compare",
          "/compare?e=country/KZ@2022-01-05&e=country/UZ@2022-01-08&e=country/KP@2022-01-01",
          "/replay/" + kz,
          "/replay/" + kz + "?asof=2022-01-07T06:00:00Z",
          "/replay/" + kz + "?asof=2021-01-01",
          "/cost/" + kz,
          "/cost/" + kz + "?gdp=225,5&share=3&tier=high&online=86",
          "/sources",
          "/sources?source=telescope",
          "/methods",
          "/methods/grades",
          "/methods/cost",
          "/glossary",
          "/scorecard"};
}

std::string with(const std::string& path, const std::string& parameter) {
  return path + (path.find('?') == std::string::npos ? "?" : "&") + parameter;
}

TEST(Archive, PagesAreWellFormedInEveryLanguageAndSayEverySentenceFromAMessage) {
  const std::regex key(R"(\[[a-z-]+\.[a-z0-9._-]+\])");
  for (const std::string& path : archive_pages()) {
    for (const char* lang : {"en", "ru", "kk", "qps"}) {
      const std::string page = page_of(with(path, std::string("lang=") + lang));
      EXPECT_EQ(unbalanced(page), "") << path << " " << lang;
      EXPECT_THAT(page, HasSubstr("<html lang=\"" + tag_of(*find_language(lang)) + "\"")) << path;
      std::smatch found;
      const std::string text = text_of(page);
      EXPECT_FALSE(std::regex_search(text, found, key)) << path << ": " << found.str();
    }
  }
}

TEST(Archive, PagesFetchNothingFromElsewhereAndCarryNoScriptOrStyle) {
  for (const std::string& path : archive_pages()) {
    const std::string page = page_of(path);
    EXPECT_THAT(page, AllOf(Not(HasSubstr(" style=\"")), Not(HasSubstr("<style")))) << path;
    EXPECT_THAT(page, Not(HasSubstr(" onclick"))) << path;
    EXPECT_FALSE(std::regex_search(page, std::regex("(href|src|action)=\"[^/#?\"]"))) << path;
    EXPECT_FALSE(std::regex_search(page, std::regex("(href|src|action)=\"//"))) << path;
  }
}

TEST(Archive, PagesEscapeWhatAnEnemyWritesIntoAddressesAndNames) {
  const std::string evil = "%22%3E%3Cscript%3Ealert(1)%3C/script%3E";
  const std::string kz = shared_made_observatory().incident_of("KZ").id;
  for (const std::string& path :
       {"/incidents?country=" + evil, "/incidents?grade=" + evil, "/map?at=" + evil,
        "/compare?e=" + evil, "/compare?e=service:" + evil + "&hours=" + evil, "/replay/" + evil,
        "/replay/" + kz + "?asof=" + evil, "/cost/" + kz + "?gdp=" + evil,
        "/cost/" + kz + "?tier=" + evil, "/sources?source=" + evil, "/methods/" + evil,
        "/incidents?theme=" + evil + "&tz=" + evil, std::string("/incidents?country=UZ"),
        std::string("/sources?source=ooni")}) {
    const std::string page = page_of(path);
    EXPECT_THAT(page, Not(HasSubstr("<script>alert"))) << path;
    EXPECT_THAT(page, Not(HasSubstr("<img"))) << path;
    EXPECT_EQ(unbalanced(page), "") << path;
  }
}

struct Refusal {
  std::string path;
  int status;
  std::string sentence;
};

TEST(Archive, WhatMakesNoSenseGetsAPageThatSaysWhatToDo) {
  const std::string kz = shared_made_observatory().incident_of("KZ").id;
  const Refusal refusals[] = {
      {"/incidents?country=ZZ", 400, "two letters of ISO 3166"},
      {"/incidents?year=soon", 400, "1970 to 2105"},
      {"/incidents?grade=enormous", 400, "a word that we do not know"},
      {"/incidents?confidence=sure", 400, "a word that we do not know"},
      {"/incidents?mechanism=magic", 400, "a word that we do not know"},
      {"/incidents?page=99", 404, "no such page of this list"},
      {"/incidents?page=-1", 400, "no such page of this list"},
      {"/map?at=yesterday", 400, "at= is a time"},
      {"/compare?e=planet/mars", 400, "names nothing that we know"},
      {"/compare?hours=100000", 400, "whole number from 6 to 1440"},
      {"/compare?e=country/KZ&e=country/KZ&e=country/KZ&e=country/KZ&e=country/KZ&e=country/KZ"
       "&e=country/KZ",
       400, "At most six"},
      {"/replay/kz-1999-01-01-0000", 404, "no incident of that id"},
      {"/cost/kz-1999-01-01-0000", 404, "no incident of that id"},
      {"/cost/" + kz + "?gdp=lots", 400, "must be a number from 0"},
      {"/cost/" + kz + "?share=101", 400, "must be a number from 0 to 100"},
      {"/cost/" + kz + "?hours=nan", 400, "must be a number"},
      {"/cost/" + kz + "?tier=royal", 400, "low, medium, high, assumed"},
      {"/sources?source=oracle", 404, "no source of that name"},
      {"/methods/astrology", 404, "no method of that name"},
      {"/methods/scorecard", 404, "no method of that name"},
  };
  for (const Refusal& refusal : refusals) {
    const WebResponse response = ask_page(refusal.path);
    EXPECT_EQ(response.status, refusal.status) << refusal.path;
    EXPECT_THAT(text_of(response.body), HasSubstr(refusal.sentence)) << refusal.path;
  }
}

TEST(Incidents, AreFilteredByTheAddressAndTheSameRowsAreCsv) {
  EXPECT_THAT(text_of(page_of("/incidents?country=kz")),
              AllOf(HasSubstr("Kazakhstan"), Not(HasSubstr("Iran"))));
  EXPECT_THAT(text_of(page_of("/incidents?grade=service")), HasSubstr("Russia"));
  EXPECT_THAT(page_of("/incidents?country=KP"), HasSubstr("No incident fits."));
  EXPECT_THAT(page_of("/incidents?country=KZ"), HasSubstr("/incidents.csv?country=KZ"));
  const WebResponse csv = ask_page("/incidents.csv?country=KZ");
  EXPECT_EQ(csv.content_type, "text/csv; charset=utf-8");
  EXPECT_THAT(csv.body, StartsWith("id,version,entity,"));
  const auto rows = [](std::string_view text) {
    return std::count(text.begin(), text.end(), '\n') - 1;
  };
  const auto all = ask_page("/incidents.csv").body;
  EXPECT_GT(rows(all), rows(csv.body));
  EXPECT_GT(rows(csv.body), 0);
  EXPECT_EQ(ask_page("/incidents.csv?country=ZZ").status, 400);
}

TEST(Incidents, TheCalendarCountsTheDaysOfTheYear) {
  const std::string page = page_of("/incidents?year=2022&country=KZ&grade=nationwide");
  // From 5 to 10 January.
  EXPECT_THAT(page, HasSubstr("2022: 6 days with an incident"));
  EXPECT_THAT(page_of("/incidents?year=2021&country=KZ&grade=nationwide"),
              HasSubstr("No incident fits."));
}

TEST(Map, SaysInItsTableWhoWasBelowTheUsual) {
  const std::string during = text_of(page_of("/map?at=2022-01-06T12:00:00Z"));
  EXPECT_THAT(during, HasSubstr("lost nine tenths or more"));
  EXPECT_THAT(during, HasSubstr("12:00 UTC on 6 January 2022"));
  EXPECT_THAT(page_of("/map?at=2022-01-06T12:00:00Z"), HasSubstr("href=\"/country/KZ\""));
  EXPECT_THAT(text_of(page_of("/map?at=1999-01-01")), HasSubstr("Nothing was measured"));
  EXPECT_THAT(text_of(page_of("/map?at=2022-01-06T12:00:00Z")),
              HasSubstr("no position on borders"));
}

TEST(World, TakesNoPathThatIsMoreThanAPath) {
  const WorldMap world = parse_world(
      "# viewBox 0 0 1000 487\nKZ\tM1 2l3-4z\nXX\tM0\"/><script>\nnonsense\n-\tM1,1h2v2z");
  EXPECT_EQ(world.view_box, "0 0 1000 487");
  ASSERT_EQ(world.shapes.size(), 2u);
  EXPECT_EQ(world.shapes[0].alpha2, "KZ");
  EXPECT_EQ(world.shapes[1].path, "M1,1h2v2z");
  EXPECT_EQ(part_of_world("America/Bogota"), "america");
  EXPECT_EQ(part_of_world("Pacific/Fiji"), "oceans");
}

TEST(Compare, DrawsEachFromItsOwnOnsetAndSaysWhatIsMissing) {
  const std::string page =
      page_of("/compare?e=country/KZ@2022-01-05&e=country/UZ@2022-01-08&e=country/KP@2022-01-01");
  const std::string text = text_of(page);
  EXPECT_THAT(text, HasSubstr("Kazakhstan"));
  EXPECT_THAT(text, HasSubstr("Uzbekistan"));
  EXPECT_THAT(text, HasSubstr("no measurement in the store for that time"));
  EXPECT_THAT(page, HasSubstr("at the lowest"));
  EXPECT_THAT(page, HasSubstr("class=\"ln\""));
  EXPECT_THAT(text_of(page_of("/compare")), HasSubstr("Write two or more above"));
}

TEST(Replay, KeepsWhatWasSaidApartFromWhatIsKnownNow) {
  const Incident now = shared_made_observatory().incident_of("KZ");
  ASSERT_GE(now.version, 2u);
  const std::string then = text_of(page_of("/replay/" + now.id + "?asof=2022-01-07T06:00:00Z"));
  EXPECT_THAT(then, AllOf(HasSubstr("version 1"), HasSubstr("not ended"), HasSubstr("changed")));
  const std::string before = text_of(page_of("/replay/" + now.id + "?asof=2021-12-31"));
  EXPECT_THAT(before, HasSubstr("Nothing had been said yet."));
  EXPECT_THAT(before, HasSubstr("What is known now"));
}

TEST(Cost, TakesItsInputsFromTheAddressAndRefusesWithAReason) {
  const std::string path = "/cost/" + shared_made_observatory().incident_of("KZ").id;
  const std::string without = text_of(page_of(path));
  EXPECT_THAT(without, HasSubstr("no GDP is known for this country"));
  EXPECT_THAT(without, Not(HasSubstr("--gdp")));
  const std::string given = text_of(page_of(path + "?gdp=225.5&share=3&online=86"));
  EXPECT_THAT(given, AllOf(HasSubstr("by the methods that count"), HasSubstr("Deloitte 2016")));
  const std::string half = text_of(page_of(path + "?gdp=225.5&share=3&online=86&reach=50"));
  EXPECT_NE(given, half);
  // A comma is a decimal point, too.
  EXPECT_EQ(given, text_of(page_of(path + "?gdp=225,5&share=3&online=86")));
}

TEST(Sources, SayHowFarBehindTheyAreAndWhereTheyHadNothing) {
  const std::string all = text_of(page_of("/sources"));
  EXPECT_THAT(all, AllOf(HasSubstr("probing"), HasSubstr("on time"), HasSubstr("CLDR")));
  const std::string gaps = text_of(page_of("/sources?source=telescope"));
  EXPECT_THAT(gaps,
              AllOf(HasSubstr("source down"), HasSubstr("no data"), HasSubstr("Netherlands")));
}

TEST(Methods, AreTheDocumentsThatLieBesideTheCode) {
  for (const EmbeddedDocument& document : embedded_documents()) {
    EXPECT_NE(document_title(document.text), "") << document.name;
  }
  EXPECT_THAT(page_of("/methods/grades?lang=kk"), HasSubstr("lang=\"en\" dir=\"ltr\""));
  EXPECT_THAT(page_of("/methods"), HasSubstr("href=\"/methods/grades\""));
  EXPECT_THAT(text_of(page_of("/scorecard")), HasSubstr("Deliberate cut or accident"));
}

TEST(Markdown, BecomesMarkupOnlyWhereItIsWritten) {
  Html html;
  put_markdown(html,
               "# T\n\nA **b** `c<d>` [e](grades.md) [f](http://x) *g <script>\nnext\n\n- one\n"
               "- two\n  more\n\n| a | b |\n|---|---|\n| 1 | <b> |\n\n```\n<pre>\n```\n",
               {.link = [](std::string_view to) {
                 return to.starts_with("grades") ? std::string("/methods/grades") : std::string();
               }});
  const std::string text = std::move(html).finished();
  EXPECT_EQ(unbalanced(text), "");
  EXPECT_THAT(text, HasSubstr("<h1>T</h1>"));
  EXPECT_THAT(text,
              HasSubstr("<b>b</b> <code>c&lt;d&gt;</code> <a href=\"/methods/grades\">e</a> f"));
  EXPECT_THAT(text, HasSubstr("&lt;script&gt; next"));
  EXPECT_THAT(text, HasSubstr("<li>two more</li>"));
  EXPECT_THAT(text, HasSubstr("<td>&lt;b&gt;</td>"));
  EXPECT_THAT(text, HasSubstr("&lt;pre&gt;"));
  Html endless;
  put_markdown(endless, "**a `b [c](d \n| x\n```\nopen", {});
  EXPECT_EQ(unbalanced(std::move(endless).finished()), "");
}

}  // namespace
}  // namespace lightsout
