// SPDX-License-Identifier: Apache-2.0
#include "incident/coordination_vectors.h"

namespace lightsout {

namespace {

using incident::ProviderStep;
using Steps = std::vector<ProviderStep>;

constexpr double kTogether = 0.6;  // methods.md 4.3: above it
constexpr double kApart = 0.3;     // and below it

// Seen in bins of five minutes.
ProviderStep step(std::string provider, const char* at, const char* end = nullptr,
                  std::string owner = "", double lost = 1) {
  ProviderStep made{.provider = std::move(provider), .owner = std::move(owner), .lost = lost};
  const Time begin = *parse_time(at);
  made.at = {begin, begin - Seconds{300}, begin};
  if (end != nullptr) {
    const Time back = *parse_time(end);
    made.end = TimeEstimate{back, back - Seconds{300}, back};
  }
  return made;
}

Steps through(Steps steps, const std::string& upstream) {
  for (ProviderStep& made : steps) made.upstreams = {upstream};
  return steps;
}

Steps egypt_2011() {
  const char* end = "2011-02-02T09:30:00Z";
  return {step("Telecom Egypt AS8452", "2011-01-27T22:12:43Z", end),
          step("Raya", "2011-01-27T22:13:26Z", end),
          step("Link Egypt AS24863", "2011-01-27T22:17:10Z", end),
          step("Etisalat Misr AS32992", "2011-01-27T22:19:02Z", end),
          step("Internet Egypt AS5536", "2011-01-27T22:25:10Z", end)};
}

Steps myanmar_night() {
  Steps steps;
  for (const char* name :
       {"MPT AS9988", "Mytel AS136255", "Ooredoo AS132167", "Telenor AS133385", "YTP AS18399"}) {
    steps.push_back(step(name, "2021-02-15T18:30:00Z", "2021-02-16T02:30:00Z"));
  }
  return steps;
}

Steps uganda_2021() {
  const char* end = "2021-01-18T09:30:00Z";
  Steps steps;
  for (const char* name : {"AS36997", "AS327687", "AS37063", "AS37122", "AS37113"}) {
    steps.push_back(step(name, "2021-01-13T16:00:00Z", end));
  }
  steps.push_back(step("Africell AS36991", "2021-01-13T13:00:00Z", end));
  steps.push_back(step("MTN AS20294", "2021-01-13T19:00:00Z", end));
  steps.push_back(step("UTL AS21491", "2021-01-13T19:00:00Z", end));
  return steps;
}

// Slowed on 4 January, cut on the 5th; Kcell and Tele2 belonged to Kazakhtelecom by then.
Steps kazakhstan_2022() {
  const char* end = "2022-01-11T02:15:00Z";
  const char* cut = "2022-01-05T10:45:00Z";
  Steps steps = {step("Beeline", "2022-01-04T14:30:00Z", nullptr, "VEON", 0.4),
                 step("Kcell", "2022-01-04T16:00:00Z", nullptr, "Kazakhtelecom", 0.4),
                 step("Tele2", "2022-01-04T16:00:00Z", nullptr, "Kazakhtelecom", 0.4),
                 step("Kazakhtelecom", cut, end, "Kazakhtelecom"),
                 step("Transtelecom", cut, end),
                 step("Beeline", cut, end, "VEON", 0.6),
                 step("Kcell", cut, end, "Kazakhtelecom", 0.6),
                 step("Tele2", cut, end, "Kazakhtelecom", 0.6)};
  for (ProviderStep& made : steps) {
    const bool fixed = made.provider == "Kazakhtelecom" || made.provider == "Transtelecom";
    made.access = fixed ? "fixed" : "mobile";
  }
  return steps;
}

// When each of them was back is not known.
Steps iran_2019() {
  Steps steps = {step("MCCI AS197207", "2019-11-16T14:00:00Z"),
                 step("IranCell AS44244", "2019-11-16T14:00:00Z"),
                 step("Rightel AS57218", "2019-11-16T14:00:00Z"),
                 step("Shatel AS31549", "2019-11-16T17:00:00Z"),
                 step("ParsOnline AS16322", "2019-11-16T18:00:00Z"),
                 step("ITC AS12880", "2019-11-16T18:00:00Z")};
  for (ProviderStep& made : steps) {
    made.access = made.at.value == steps.front().at.value ? "mobile" : "fixed";
  }
  for (const char* at : {"2019-11-16T16:30:00Z", "2019-11-16T18:30:00Z", "2019-11-16T20:00:00Z"}) {
    steps.push_back(step("TCI AS58224", at, nullptr, "", 1.0 / 3));
    steps.back().access = "fixed";
  }
  return steps;
}

Steps gambia(const char* at, const char* end) {
  return through({step("Gamtel", at, end), step("QCell", at, end), step("Africell", at, end),
                  step("Comium", at, end)},
                 "Gamtel");
}

Steps rogers_2022() {
  return {step("Rogers AS812", "2022-07-08T08:44:00Z", "2022-07-09T00:05:00Z", "Rogers"),
          step("Fido", "2022-07-08T08:44:00Z", "2022-07-09T00:05:00Z", "Rogers")};
}

Steps tonga_2022() {
  return through({step("Tonga Communications", "2022-01-15T04:15:00Z", "2022-02-22T00:00:00Z"),
                  step("Digicel Tonga", "2022-01-15T04:15:00Z", "2022-02-22T00:00:00Z")},
                 "Tonga Cable");
}

incident::CoordinationOptions local(int hours, int minutes = 0, std::size_t judged = 0) {
  return {.judged = judged, .utc_offset = Seconds{hours * 3600 + minutes * 60}};
}

}  // namespace

std::vector<CoordinationVector> coordination_vectors() {
  return {
      {"Egypt, 27 January 2011", egypt_2011(), local(2, 0, 6), kTogether, 1},
      {"Myanmar, night of 15 February 2021", myanmar_night(), local(6, 30), kTogether, 1},
      {"Uganda, 13 January 2021", uganda_2021(), local(3), kTogether, 1},
      {"Kazakhstan, 4-5 January 2022", kazakhstan_2022(), local(6), kTogether, 1},
      {"Iran, 16 November 2019", iran_2019(), local(3, 30), kApart, kTogether},
      {"Rogers (Canada), 8 July 2022", rogers_2022(), local(-4), 0, kApart},
      {"Gambia, 18 November 2018 (cable)", gambia("2018-11-18T09:50:00Z", "2018-11-18T17:20:00Z"),
       local(0), 0, kApart},
      {"Gambia, 2 February 2021 (cable)", gambia("2021-02-02T13:00:00Z", "2021-02-02T20:00:00Z"),
       local(0), 0, kApart},
      {"Gambia, 9 February 2021 (cable)", gambia("2021-02-09T22:40:00Z", "2021-02-10T01:10:00Z"),
       local(0), 0, kApart},
      {"Tonga, 15 January 2022 (cable)", tonga_2022(), local(13), 0, kApart},
  };
}

}  // namespace lightsout
