// What must be true of every page.
//
// SPDX-License-Identifier: Apache-2.0
#include <regex>
#include <set>

#include "pages/frame.h"
#include "pages/test_pages.h"

namespace lightsout {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::vector<std::string>& all_targets() {
  static const std::vector<std::string> kTargets = [] {
    std::vector<std::string> all = {"/",
                                    "/country/KZ",
                                    "/country/IR",
                                    "/country/UZ",
                                    "/country/NL",
                                    "/country/RU",
                                    "/country/KZ/region/KZ-75",
                                    "/network/AS9198",
                                    "/network/AS9198/in/KZ",
                                    "/network/AS35104/in/KZ",
                                    "/network/AS64502/in/UZ",
                                    "/api",
                                    "/services/KZ",
                                    "/services/UZ",
                                    "/services/NL",
                                    "/circumvention/KZ",
                                    "/circumvention/NL",
                                    "/lite/country/KZ",
                                    "/lite/country/UZ",
                                    "/lite/country/NL"};
    for (const char* country : {"KZ", "IR", "UZ", "RU"}) {
      const std::string path = "/incident/" + shared_made_observatory().incident_of(country).id;
      for (const char* part : {"", "/v1", "/timeline", "/evidence", "/print"}) {
        all.push_back(path + part);
      }
    }
    return all;
  }();
  return kTargets;
}

TEST(Pages, are_well_formed_in_every_language) {
  for (const std::string& path : all_targets()) {
    for (const char* lang : {"en", "ru", "kk", "qps"}) {
      const std::string page = page_of(path + "?lang=" + lang);
      EXPECT_EQ(unbalanced(page), "") << path << " " << lang;
      EXPECT_THAT(page, HasSubstr("<html lang=\"" + tag_of(*find_language(lang)) + "\""));
    }
    EXPECT_THAT(page_of(path + "?lang=qps"), HasSubstr("dir=\"rtl\""));
  }
}

TEST(Pages, say_every_sentence_from_a_message) {
  const std::regex key(R"(\[[a-z-]+\.[a-z0-9._-]+\])");
  for (const std::string& path : all_targets()) {
    const std::string text = text_of(page_of(path));
    std::smatch found;
    EXPECT_FALSE(std::regex_search(text, found, key)) << path << ": " << found.str();
    EXPECT_FALSE(std::regex_search(text, std::regex(R"(\{[a-z-]+\})"))) << path;
  }
}

TEST(Pages, keep_a_strict_content_security_policy) {
  for (const std::string& path : all_targets()) {
    const std::string page = page_of(path);
    EXPECT_THAT(page, Not(HasSubstr(" style=\""))) << path;
    EXPECT_THAT(page, Not(HasSubstr("<style"))) << path;
    EXPECT_THAT(page, Not(HasSubstr(" onclick"))) << path;
    // Nothing is fetched or linked from elsewhere; a hostile name may say what it likes as text.
    EXPECT_FALSE(std::regex_search(page, std::regex("(href|src|action)=\"[^/#?\"]"))) << path;
    EXPECT_FALSE(std::regex_search(page, std::regex("(href|src|action)=\"//"))) << path;
  }
}

TEST(Pages, are_small) {
  for (const std::string& path : all_targets()) EXPECT_LE(page_of(path).size(), 100'000U) << path;
  EXPECT_LE(site_style().size(), 20'000U);
}

TEST(Pages, have_every_id_once_and_no_link_into_nothing) {
  const std::regex id(R"re( id="([^"]*)")re");
  const std::regex link(R"re(href="#([^"]*)")re");
  for (const std::string& path : all_targets()) {
    const std::string page = page_of(path);
    std::set<std::string> ids;
    for (std::sregex_iterator each(page.begin(), page.end(), id), end; each != end; ++each) {
      EXPECT_TRUE(ids.insert((*each)[1]).second) << path << ": " << (*each)[1];
    }
    for (std::sregex_iterator each(page.begin(), page.end(), link), end; each != end; ++each) {
      EXPECT_TRUE(ids.contains((*each)[1])) << path << ": #" << (*each)[1];
    }
  }
}

TEST(Pages, escape_hostile_names) {
  for (const std::string& path : all_targets()) {
    const std::string page = page_of(path);
    EXPECT_THAT(page, Not(HasSubstr("<script>"))) << path;  // ours has a type and an address
    EXPECT_THAT(page, Not(HasSubstr("<img"))) << path;
    EXPECT_THAT(page, Not(HasSubstr("\xe2\x80\xae"))) << path;
  }
  EXPECT_THAT(page_of("/country/UZ"), HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt;"));
}

TEST(Pages, carry_the_choices_of_the_reader_in_every_link) {
  const std::string page = page_of("/country/KZ?lang=ru&theme=dark&tz=Asia%2FTehran");
  EXPECT_THAT(page, HasSubstr("data-theme=\"dark\""));
  EXPECT_THAT(page, HasSubstr("href=\"/?lang=ru&amp;theme=dark&amp;tz=Asia%2FTehran\""));
}

TEST(Pages, say_what_to_do_when_something_is_wrong) {
  struct Case {
    const char* target;
    int status;
    const char* says;
  };
  const Case kCases[] = {
      {"/country/KP", 404, "That is not the same as normal"},
      {"/country/ZZZZ", 404, "is no country that we know: write its two letters"},
      {"/country/%3Cscript%3E", 404, "&lt;script&gt;"},
      {"/country/KZ?from=2031-01-01&until=2031-02-01", 404, "The newest that we have of it"},
      {"/country/KZ/region/UZ-TK", 404, "/country/KZ/region/KZ-75"},
      {"/network/ASxyz", 404, "write AS and its number"},
      {"/network/AS1/in/KZ", 404, "That is not the same as normal"},
      {"/services/KP", 404, "That is not the same as normal"},
      {"/incident/kz-none", 404, "There is no incident"},
      {"/lite/country/KP", 404, "That is not the same as normal"},
      {"/country/KZ?tz=Mars%2FOlympus", 400, "write a name like Asia/Almaty"},
  };
  for (const Case& each : kCases) {
    const WebResponse page = ask_page(each.target);
    EXPECT_EQ(page.status, each.status) << each.target;
    EXPECT_THAT(page.body, HasSubstr(each.says)) << each.target;
    EXPECT_EQ(unbalanced(page.body), "") << each.target;
  }
}

TEST(Now, begins_with_what_is_going_on) {
  const std::string text = text_of(page_of("/"));
  EXPECT_THAT(text, HasSubstr("What is cut off now"));
  const std::size_t iran = text.find("Iran lost");
  const std::size_t kazakhstan = text.find("Kazakhstan lost the Internet for");
  EXPECT_NE(iran, std::string::npos) << text.substr(0, 2000);
  EXPECT_LT(iran, kazakhstan);
  EXPECT_THAT(text, HasSubstr("we cannot tell, which is not the same as normal"));
}

TEST(Country, tells_the_verdict_first) {
  const std::string text = text_of(page_of("/country/KZ"));
  EXPECT_THAT(text, HasSubstr("Kazakhstan lost the Internet"));
  EXPECT_THAT(text, HasSubstr("What would change this"));
  EXPECT_THAT(text, HasSubstr("UTC on 5 January 2022"));
  EXPECT_THAT(text, HasSubstr("UTC+6"));
  EXPECT_THAT(text, HasSubstr("5 of 6 providers"));
  EXPECT_THAT(text, HasSubstr("Routes announced"));
  EXPECT_LT(text.find("lost the Internet"), text.find("Last value"));
}

TEST(Country, says_what_it_does_not_measure) {
  const std::string text = text_of(page_of("/country/NL"));
  EXPECT_THAT(text, HasSubstr("which networks are affected we cannot tell"));
  EXPECT_THAT(text, HasSubstr("(0 probes)"));
  EXPECT_THAT(text, HasSubstr("is not measured here"));
}

TEST(Country, draws_what_is_missing_otherwise_than_zero) {
  const std::string page = page_of("/country/NL");
  EXPECT_THAT(page, HasSubstr("class=\"g\""));
  EXPECT_THAT(page, HasSubstr("class=\"gd\""));
  EXPECT_THAT(text_of(page), HasSubstr("bins have no number"));
}

TEST(Country, as_of_a_time_says_what_was_known_then) {
  const std::string then = text_of(page_of("/country/KZ?asof=2022-01-07T00:00:00Z"));
  EXPECT_THAT(then, HasSubstr("ongoing"));
  EXPECT_THAT(then, Not(HasSubstr("What changed since version")));
  EXPECT_THAT(text_of(page_of("/country/KZ")), HasSubstr("What changed since version 1"));
}

TEST(Network, says_whether_it_is_alone) {
  const std::string text = text_of(page_of("/network/AS9198/in/KZ"));
  EXPECT_THAT(text, HasSubstr("Kazakhtelecom"));
  EXPECT_THAT(text, HasSubstr("as did 5 of 6 providers that could be judged: it is not only you"));
  EXPECT_THAT(text, HasSubstr("together with the country"));
  EXPECT_THAT(text, Not(HasSubstr("No loss of connectivity")));
  EXPECT_THAT(text, HasSubstr("an upstream can be neither named nor ruled out"));
  EXPECT_THAT(text_of(page_of("/network/AS35104/in/KZ")), HasSubstr("but this part stood"));
}

TEST(Services, show_before_during_and_after) {
  const std::string text = text_of(page_of("/services/KZ"));
  EXPECT_THAT(text, HasSubstr("left its usual range"));
  EXPECT_THAT(text_of(page_of("/services/NL")), HasSubstr("(0 probes)"));
}

TEST(Incident, shows_each_version_with_what_was_known_then) {
  const std::string id = shared_made_observatory().incident_of("KZ").id;
  const std::string newest = text_of(page_of("/incident/" + id));
  EXPECT_THAT(newest, HasSubstr("version 2"));
  EXPECT_THAT(newest, HasSubstr("What we do not know"));
  EXPECT_THAT(newest, HasSubstr("How to cite"));
  const std::string first = text_of(page_of("/incident/" + id + "/v1"));
  EXPECT_THAT(first, HasSubstr("This is version 1"));
  EXPECT_THAT(first, HasSubstr("Version 2 is the newest"));
  EXPECT_THAT(first, HasSubstr("ongoing"));
  const std::string then = text_of(page_of("/incident/" + id + "?asof=2022-01-07T00:00:00Z"));
  EXPECT_THAT(then, HasSubstr("ongoing"));
  EXPECT_THAT(then, Not(HasSubstr("version 2")));
  EXPECT_EQ(ask_page("/incident/" + id + "/v9").status, 404);
  EXPECT_EQ(ask_page("/incident/" + id + "/v1x").status, 404);
  EXPECT_EQ(ask_page("/incident/" + id + "/v99999999999").status, 404);
}

TEST(Incident, prints_without_navigation) {
  const std::string id = shared_made_observatory().incident_of("KZ").id;
  const std::string page = page_of("/incident/" + id + "/print");
  EXPECT_THAT(page, Not(HasSubstr("<nav")));
  EXPECT_THAT(page, HasSubstr("id=\"evidence\""));
}

TEST(Lite, is_small_and_fetches_nothing) {
  for (const char* country : {"KZ", "UZ", "IR", "NL", "RU"}) {
    const std::string page = page_of(std::string("/lite/country/") + country);
    EXPECT_LE(page.size(), 50'000U);
    EXPECT_THAT(page, Not(HasSubstr("<svg")));
    EXPECT_THAT(page, Not(HasSubstr("stylesheet")));
    EXPECT_THAT(page, Not(HasSubstr("<script")));
  }
  EXPECT_THAT(text_of(page_of("/lite/country/KZ")), HasSubstr("Kazakhstan lost the Internet"));
}

TEST(Text, is_plain) {
  const WebResponse page = ask_page("/t/KZ");
  EXPECT_EQ(page.content_type, "text/plain; charset=utf-8");
  EXPECT_THAT(page.body, HasSubstr("Kazakhstan lost the Internet"));
  EXPECT_THAT(page.body, HasSubstr("- Kazakhtelecom: fell at"));
  EXPECT_EQ(ask_page("/t/KP").status, 404);
}

TEST(Sms, has_160_characters_at_most) {
  for (const char* country : {"KZ", "UZ", "IR", "NL", "RU", "KP"}) {
    for (const char* lang : {"en", "ru", "kk"}) {
      const std::string text = page_of(std::string("/sms/") + country + "?lang=" + lang);
      std::size_t characters = 0;
      for (const char c : text) characters += (static_cast<unsigned char>(c) & 0xc0U) != 0x80U;
      EXPECT_LE(characters, 161U) << text;  // and its line end
      EXPECT_GT(characters, 20U) << text;
    }
  }
  EXPECT_THAT(page_of("/sms/KZ"), HasSubstr("Kazakhstan"));
}

}  // namespace
}  // namespace lightsout
