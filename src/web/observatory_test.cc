// SPDX-License-Identifier: Apache-2.0
#include "web/observatory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "web/made_observatory.h"

namespace lightsout {
namespace {

using testing::ElementsAre;

Entity country(const char* code) {
  return *Entity::parse(std::string("country:") + code);
}

std::vector<std::string> incident_lines(const std::vector<Incident>& incidents) {
  std::vector<std::string> lines;
  for (const Incident& each : incidents) {
    lines.push_back(each.entity.text() + " v" + std::to_string(each.version) + " " +
                    std::string(name_of(each.grade)) + (each.open() ? " open" : ""));
  }
  return lines;
}

TEST(MadeObservatory, HoldsWhatItsHeaderSays) {
  MadeObservatory& made = shared_made_observatory();
  EXPECT_THAT(
      incident_lines(*made.observatory.incidents({})),
      ElementsAre("country:IR v1 nationwide open", "service:telegram@country:RU v1 service open",
                  "service:=cmd|'calc'!A1&amp;@country:UZ v1 service", "country:UZ v1 nationwide",
                  "service:telegram@country:KZ v2 service", "country:KZ v2 nationwide"));
  EXPECT_THAT(
      incident_lines(
          *made.observatory.incidents({.who = {.country = "KZ"}, .as_of = kMadeFirstArrival})),
      ElementsAre("service:telegram@country:KZ v1 service open", "country:KZ v1 nationwide open"));

  const Incident cut = made.incident_of("KZ");
  EXPECT_EQ(cut.onset.value, kMadeCut.begin);
  EXPECT_EQ(cut.end->value, kMadeCut.end);
  EXPECT_EQ(cut.windows.size(), 5u);
  EXPECT_EQ(cut.providers.size(), 6u);
  EXPECT_EQ(cut.regions.size(), 2u);
  EXPECT_EQ(cut.services.size(), 1u);

  const Incident hostile = made.incident_of("UZ");
  EXPECT_FALSE(made.observatory.picture(country("KP"), {kMadeBegin, kMadeEnd}).ok());
  std::vector<std::string> names;
  for (const PartView& part : hostile.providers) names.push_back(part.name);
  EXPECT_THAT(names, testing::UnorderedElementsAreArray(kHostileNames));
}

}  // namespace
}  // namespace lightsout
