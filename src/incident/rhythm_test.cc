// SPDX-License-Identifier: Apache-2.0
#include "incident/rhythm.h"

#include <gtest/gtest.h>

#include <random>

#include "incident/test_incident.h"

namespace lightsout {
namespace {

using testing_incident::at;

std::vector<Time> nights(std::size_t count, int hour = 18, int minute = 30) {
  std::vector<Time> starts;
  for (std::size_t i = 0; i < count; ++i)
    starts.push_back(at(1 + static_cast<int>(i), hour, minute));
  return starts;
}

TEST(Rhythm, NightlyCutsAreExpectedTheNextNight) {
  const Starts found = starts_of(nights(7), "cuts", at(8, 2));
  ASSERT_TRUE(found.next) << found.text;
  EXPECT_EQ(found.next->value, at(8, 18, 30));
  EXPECT_LE(found.next->earliest, at(8, 18, 25));
  EXPECT_GE(found.next->latest, at(8, 18, 35));
  EXPECT_LT(found.next->latest - found.next->earliest, Seconds{3600});
  EXPECT_LT(found.rayleigh_p, 0.001);
  EXPECT_NE(found.text.find("every day"), std::string::npos) << found.text;
}

TEST(Rhythm, StartsAroundMidnightAreOneTimeOfDay) {
  std::vector<Time> starts;
  for (int i = 0; i < 8; ++i) starts.push_back(at(2 + i) + Seconds{i % 2 == 0 ? -300 : 300});
  const Starts found = starts_of(starts, "cuts", at(9, 12));
  ASSERT_TRUE(found.next) << found.text;
  EXPECT_EQ(found.next->value, at(10));
  EXPECT_GT(found.rayleigh_r, 0.99);
}

TEST(Rhythm, ExamDaysApartWidenTheInterval) {
  std::vector<Time> starts;
  for (const int day : {1, 3, 4, 7, 9, 10}) starts.push_back(at(day, 3));
  const Starts found = starts_of(starts, "cuts", at(10, 9));
  ASSERT_TRUE(found.next) << found.text;
  EXPECT_LE(found.next->earliest, at(11, 3));
  EXPECT_GE(found.next->latest, at(13, 3));
  EXPECT_NE(found.text.find("1 to 3 days apart"), std::string::npos) << found.text;
}

TEST(Rhythm, DaysThatPassedWithoutACutAreNoLongerExpected) {
  std::vector<Time> starts;
  for (const int day : {1, 3, 4, 7, 9, 10}) starts.push_back(at(day, 3));
  const Starts later = starts_of(starts, "cuts", at(11, 12));
  ASSERT_TRUE(later.next) << later.text;
  EXPECT_GT(later.next->earliest, at(11, 12)) << "the eleventh went by";
  const Starts over = starts_of(starts, "cuts", at(14));
  EXPECT_FALSE(over.next);
  EXPECT_NE(over.text.find("it has ended"), std::string::npos) << over.text;
}

TEST(Rhythm, WithoutARegularityItSaysSo) {
  const std::pair<const char*, std::vector<Time>> kCases[] = {
      {"none", {}},
      {"one", {at(1, 3)}},
      {"three nights are too few", nights(3)},
      {"any time of day", {at(1, 3), at(2, 9), at(3, 14), at(4, 20), at(5, 0), at(6, 11)}},
      {"three of nine keep to it",
       {at(1, 3), at(2, 9), at(3, 3), at(4, 14), at(5, 20), at(6, 0), at(7, 11), at(8, 3, 10),
        at(9, 17)}},
  };
  for (const auto& [name, starts] : kCases) {
    const Starts found = starts_of(starts, "cuts", at(10));
    EXPECT_FALSE(found.next) << name;
    EXPECT_FALSE(found.text.empty()) << name;
    if (!starts.empty()) {
      EXPECT_NE(found.text.find("no regularity found"), std::string::npos) << found.text;
    }
  }
}

// Exam seasons made by dice: whole days between of one to three, the minute off by a few.
TEST(Rhythm, TheIntervalHoldsTheNextExamInNineOfTenSeasons) {
  std::mt19937 dice(7);
  std::size_t held = 0;
  std::size_t said = 0;
  for (int season = 0; season < 400; ++season) {
    std::vector<Time> starts{at(1, 3)};
    while (starts.size() < 10) {
      const auto days = std::chrono::days{1 + dice() % 3};
      const Seconds minutes{(static_cast<int>(dice() % 11) - 5) * 60};
      const Time day = std::chrono::floor<std::chrono::days>(starts.back());
      starts.push_back(day + days + Seconds{3 * 3600} + minutes);
    }
    const Time truth = starts.back();
    starts.pop_back();
    const Starts found = starts_of(starts, "cuts", starts.back() + Seconds{5 * 3600});
    if (!found.next) continue;
    ++said;
    held += found.next->earliest <= truth && truth <= found.next->latest;
  }
  EXPECT_GE(said, 390u);
  EXPECT_GE(held * 10, said * 9) << held << " of " << said;
}

// Starts at any minute: a date is said rarely.
TEST(Rhythm, ChanceAloneIsHardlyEverCalledARhythm) {
  std::mt19937 dice(11);
  std::size_t said = 0;
  for (int trial = 0; trial < 400; ++trial) {
    std::vector<Time> starts;
    for (int i = 0; i < 9; ++i) starts.push_back(at(1 + i) + Seconds{60 * (dice() % 1440)});
    said += starts_of(starts, "cuts", at(11)).next.has_value();
  }
  EXPECT_LE(said, 8u) << "one in a hundred, and twice that for the dice";
}

Incident cut(int day, int hour, Seconds length) {
  Incident incident{.entity = *Entity::parse("country:IQ")};
  incident.id = "iq-" + std::to_string(day);
  incident.grade = Grade::nationwide;
  incident.onset = {at(day, hour), at(day, hour), at(day, hour)};
  const Time end = at(day, hour) + length;
  incident.end = TimeEstimate{end, end, end};
  incident.known_at = end;
  return incident;
}

TEST(Rhythm, IncidentsOfOneEntityAreTakenTogether) {
  std::vector<Incident> incidents;
  for (const int day : {1, 4, 7, 10, 13}) incidents.push_back(cut(day, 3, Seconds{6 * 3600}));
  Incident other = cut(2, 12, Seconds{3600});
  other.entity = *Entity::parse("asn:1@country:IQ");
  Incident service = cut(3, 12, Seconds{3600});
  service.grade = Grade::service;
  incidents.push_back(other);
  incidents.push_back(service);
  const Rhythm found = rhythm_of(incidents, *Entity::parse("country:IQ"), at(13, 12));
  EXPECT_EQ(found.cuts.count, 5u);
  EXPECT_EQ(found.dark, Seconds{5 * 6 * 3600});
  ASSERT_TRUE(found.duty_cycle);
  EXPECT_NEAR(*found.duty_cycle, 30.0 / (12 * 24 + 6), 1e-9);
  ASSERT_TRUE(found.cuts.next) << found.cuts.text;
  EXPECT_EQ(found.cuts.next->value, at(16, 3));
}

TEST(Rhythm, AWindowEndsInACut) {
  Incident incident = cut(5, 10, Seconds{48 * 3600});
  incident.windows = {{.range = {at(5, 17), at(5, 22)}}, {.range = {at(6, 10), at(6, 14)}}};
  const Rhythm found = rhythm_of({&incident, 1}, incident.entity, at(8));
  EXPECT_EQ(found.cuts.count, 3u);
  EXPECT_EQ(found.windows.count, 2u);
  EXPECT_EQ(found.dark, Seconds{(48 - 5 - 4) * 3600});
}

TEST(Rhythm, WithoutACutThereIsNoDutyCycle) {
  const Rhythm found = rhythm_of({}, *Entity::parse("country:IQ"), at(8));
  EXPECT_FALSE(found.duty_cycle);
  EXPECT_EQ(found.cuts.text, "no cuts");
}

}  // namespace
}  // namespace lightsout
