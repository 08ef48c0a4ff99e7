// MadeObservatory: a store with a made-up January 2022 in it and an Observatory over it, for the
// tests of pages, API and server. Nothing here was measured by anybody.
//
//   MadeObservatory made;
//   const WebResponse page = country_page(made.observatory, *parse_target("/country/KZ"));
//
// It is 2022-01-12T00:10:00Z, and stands still. What there is:
//   KZ  four planes, six networks (asn:9198@country:KZ ...), two regions, a service, Psiphon; 37
//       days of history; cut off from 5 January 10:30 to 10 January 18:00 but for a window each
//       night. Its incident has two versions: the first, of 7 January 00:00, was still open. What
//       came later is not there `as_of` then.
//   IR  cut off since 11 January 20:30, still open
//   UZ  networks and a service with hostile names, in an incident that has ended
//   RU  one service that does not answer
//   NL  quiet; its telescope has a stretch without data and one in which the source was down
//   KP  is not in the store
//
// In a development build it takes under a second, so a test program does well to make one and share
// it: shared_made_observatory(). Who changes the data makes an own one.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <memory>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

#include "core/check.h"
#include "detect/detector.h"
#include "incident/investigate.h"
#include "signal/catalogue.h"
#include "store/duckdb_store.h"
#include "web/observatory.h"

namespace lightsout {

inline Time made_time(const char* text) {
  return *parse_time(text);
}
inline const Time kMadeBegin = made_time("2021-12-06");
inline const Time kMadeFirstArrival = made_time("2022-01-07T00:00:00Z");  // version 1 of KZ
inline const Time kMadeEnd = made_time("2022-01-12T00:00:00Z");           // of all data
inline const Time kMadeNow = made_time("2022-01-12T00:10:00Z");
inline const TimeRange kMadeCut{made_time("2022-01-05T10:30:00Z"),
                                made_time("2022-01-10T18:00:00Z")};

// Names as an enemy of pages and tables would choose them. The last says "gpj.exe" backwards.
inline constexpr const char* kHostileNames[] = {"<script>alert(1)</script>",
                                                "\"><img src=x onerror=alert(1)>",
                                                "=HYPERLINK(\"http://x\",\"y\")",
                                                "O'Neil & Sons \"Net\"",
                                                "{{7*7}} %00 %0d%0aSet-Cookie: a=b",
                                                "Uztel \xe2\x80\xae"
                                                "exe.jpg"};

class MadeClock final : public Clock {
 public:
  explicit MadeClock(Time now) : now_(now) {}
  Time now() override { return now_; }
  void sleep(std::chrono::milliseconds) override {}
  void set(Time now) { now_ = now; }

 private:
  Time now_;
};

// One curve: a level with a day in it, and what share of it was lost when.
struct MadeCurve {
  const char* signal;
  Seconds step;
  double level;
  double day = 0;       // relative height of the daily wave
  double noise = 0.01;  // relative
  double loss = 0;      // during the cuts, 0..1; negative: more
  std::vector<TimeRange> cuts = {};
  std::vector<TimeRange> missing = {};
  std::vector<TimeRange> source_down = {};
};

inline bool made_inside(const std::vector<TimeRange>& ranges, Time time) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [&](const TimeRange& range) { return range.contains(time); });
}

// -1..1, the same on every machine (splitmix64).
inline double made_noise(std::uint64_t number) {
  number += 0x9e3779b97f4a7c15U;
  number = (number ^ (number >> 30)) * 0xbf58476d1ce4e5b9U;
  number = (number ^ (number >> 27)) * 0x94d049bb133111ebU;
  return static_cast<double>((number ^ (number >> 31)) >> 11) / 4503599627370496.0 - 1;
}

inline Series made_series(const MadeCurve& curve, TimeRange range = {kMadeBegin, kMadeEnd}) {
  Series series{.id = *SignalId::parse(curve.signal), .begin = range.begin, .step = curve.step};
  const SignalKind& kind = kind_of(series.id);
  series.plane = kind.plane;
  series.unit = kind.unit;
  series.worse = kind.worse;
  std::uint64_t seed = 0;
  for (const char* c = curve.signal; *c != '\0'; ++c) {
    seed = seed * 131 + static_cast<unsigned char>(*c);
  }
  for (Time time = range.begin; time < range.end; time += curve.step) {
    const std::int64_t second = time.time_since_epoch().count();
    if (made_inside(curve.missing, time) || made_inside(curve.source_down, time)) {
      series.samples.push_back(made_inside(curve.missing, time) ? Sample::missing()
                                                                : Sample::source_down());
    } else {
      const double hour = static_cast<double>(second % 86400) / 3600;
      const double wave = 1 + curve.day * std::sin(2 * std::numbers::pi * (hour - 3) / 24);
      const double noise = 1 + curve.noise * made_noise(seed + static_cast<std::uint64_t>(second));
      const double left = made_inside(curve.cuts, time) ? 1 - curve.loss : 1;
      const double value = curve.level * wave * noise;
      series.samples.push_back(Sample::of(kind.unit == Unit::fraction
                                              ? std::clamp(value + (1 - left) * 0.97, 0.0, 1.0)
                                              : std::round(value * left)));
    }
    if (kind.unit == Unit::fraction) series.trials.push_back(60);
  }
  const std::string name =
      series.id.source() + " to " + format_time(range.end).substr(0, 10) + ", made";
  series.lineage = {{.sha256 = name, .name = name, .format = "made", .arrived = range.end}};
  return series;
}

class MadeObservatory {
 public:
  MadeObservatory()
      : store(open()), clock(kMadeNow), observatory(*store, clock, zone, "lightsout made") {
    fill_kazakhstan();
    fill_others();
    observatory.changed();
  }
  MadeObservatory(const MadeObservatory&) = delete;
  MadeObservatory& operator=(const MadeObservatory&) = delete;

  // Puts the series (or what of them lies before `until`) and what is concluded from them.
  void put(const std::string& entity, const std::vector<MadeCurve>& curves, Time until = kMadeEnd,
           const std::vector<KnownNetwork>& networks = {}) {
    std::vector<Series> series;
    std::vector<Detection> detections;
    for (const MadeCurve& curve : curves) series.push_back(made_series(curve, {kMadeBegin, until}));
    CHECK(store->put_series(series).ok());
    for (const Series& each : series) {
      detections.push_back(detect(each));
      CHECK(store->put_detection(detections.back(), until).ok());
    }
    const TimeRange range{until - std::chrono::days{8}, until};
    const Investigation found =
        investigate(*Entity::parse(entity), range, series, detections, networks);
    for (const Incident& incident : found.incidents) {
      CHECK(revise_incident(*store, incident).ok());
    }
  }

  // The incident of a country itself, the gravest: "KZ".
  Incident incident_of(const std::string& country) {
    const auto all = store->incidents({.who = {.country = country}});
    CHECK(all.ok() && !all->empty());
    return *std::min_element(all->begin(), all->end(), [](const Incident& a, const Incident& b) {
      return std::pair(a.grade, a.id) < std::pair(b.grade, b.id);
    });
  }

  // As on the machine of somebody who has a tz database, for these names.
  static Result<Zone> zone(const std::string& name) {
    if (name == "Asia/Almaty") {
      return Zone{name, std::chrono::hours{6}, {{made_time("2024-03-01"), std::chrono::hours{5}}}};
    }
    if (name == "Asia/Tehran") return Zone{name, std::chrono::minutes{210}, {}};
    if (name == "Asia/Tashkent") return Zone{name, std::chrono::hours{5}, {}};
    if (name == "Europe/Moscow") return Zone{name, std::chrono::hours{3}, {}};
    if (name == "Europe/Amsterdam") return Zone{name, std::chrono::hours{1}, {}};
    if (name == "Asia/Pyongyang") return Zone{name, std::chrono::hours{9}, {}};
    return Error{ErrorKind::not_found, "no such zone"};
  }

  std::unique_ptr<Store> store;
  MadeClock clock;
  Observatory observatory;

 private:
  static std::unique_ptr<Store> open() {
    Result<std::unique_ptr<Store>> opened = open_duckdb_store(":memory:");
    CHECK(opened.ok());
    return std::move(*opened);
  }

  void fill_kazakhstan() {
    // 02:20 to 05:00 UTC on the 6th to the 10th the network was back.
    std::vector<TimeRange> cuts;
    Time begin = kMadeCut.begin;
    for (int night = 0; night < 5; ++night) {
      const Time window = made_time("2022-01-06T02:20:00Z") + std::chrono::days{night};
      cuts.push_back({begin, window});
      begin = window + std::chrono::minutes{160};
    }
    cuts.push_back({begin, kMadeCut.end});

    const Seconds ten = std::chrono::minutes{10};
    const Seconds hour = std::chrono::hours{1};
    std::vector<MadeCurve> curves = {
        {"country:KZ/bgp/visible_slash24", ten, 11400, 0, 0.001, 0.12, cuts},
        {"country:KZ/probing/slash24_up", ten, 8200, 0.03, 0.006, 0.96, cuts},
        {"country:KZ/traffic/requests", hour / 2, 52000, 0.5, 0.03, 0.97, cuts},
        {"country:KZ/telescope/unique_source_ips", hour, 340, 0.3, 0.08, 0.9, cuts},
        {"country:KZ/psiphon/concurrent_users", hour, 2400, 0.3, 0.04, 0.85, cuts},
        {"service:telegram@country:KZ/ooni/anomaly_fraction", hour, 0.03, 0, 0.3, 0.9, cuts},
        {"region:KZ-75/probing/slash24_up", hour, 2100, 0.03, 0.01, 0.98, cuts},
        {"region:KZ-71/probing/slash24_up", hour, 1400, 0.03, 0.01, 0.9, cuts},
        {"asn:9198@country:KZ/probing/slash24_up", hour, 3900, 0.03, 0.01, 0.97, cuts},
        {"asn:206026@country:KZ/probing/slash24_up", hour, 620, 0.03, 0.01, 0.99, cuts},
        {"asn:29355@country:KZ/probing/slash24_up", hour, 540, 0.03, 0.01, 0.99, cuts},
        {"asn:48503@country:KZ/probing/slash24_up", hour, 480, 0.03, 0.01, 0.95, cuts},
        {"asn:21299@country:KZ/probing/slash24_up", hour, 300, 0.03, 0.01, 0.9, cuts},
        {"asn:35104@country:KZ/probing/slash24_up", hour, 260, 0.03, 0.02, 0, {}},
    };
    const std::vector<KnownNetwork> networks = {
        {Asn{9198}, "Kazakhtelecom", "fixed", 0.41, "assumed", ""},
        {Asn{21299}, "Kar-Tel", "mobile", 0.16, "assumed", ""},
        {Asn{29355}, "Kcell", "mobile", 0.13, "assumed", ""},
        {Asn{35104}, "KTC-AS Қазақстан", "hosting", std::nullopt, "", ""},
        {Asn{48503}, "Tele2 Kazakhstan", "mobile", 0.11, "assumed", ""},
        {Asn{206026}, "Kar-Tel Altel", "mobile", 0.08, "assumed", ""},
    };
    put("country:KZ", curves, kMadeFirstArrival, networks);
    put("country:KZ", curves, kMadeEnd, networks);
  }

  void fill_others() {
    const Seconds hour = std::chrono::hours{1};
    const Seconds half = hour / 2;
    const std::vector<TimeRange> now = {{made_time("2022-01-11T20:30:00Z"), kMadeNow}};
    put("country:IR", {{"country:IR/bgp/visible_slash24", half, 41000, 0, 0.001, 0.7, now},
                       {"country:IR/probing/slash24_up", half, 26000, 0.03, 0.006, 0.95, now},
                       {"country:IR/traffic/requests", half, 91000, 0.5, 0.03, 0.97, now}});

    const std::vector<TimeRange> past = {
        {made_time("2022-01-08T06:00:00Z"), made_time("2022-01-08T15:00:00Z")}};
    put("country:UZ",
        {{"country:UZ/bgp/visible_slash24", half, 5200, 0, 0.001, 0.8, past},
         {"country:UZ/probing/slash24_up", half, 3100, 0.03, 0.006, 0.9, past},
         {"asn:64501@country:UZ/probing/slash24_up", hour, 800, 0.03, 0.01, 0.9, past},
         {"asn:64502@country:UZ/probing/slash24_up", hour, 700, 0.03, 0.01, 0.9, past},
         {"asn:64503@country:UZ/probing/slash24_up", hour, 600, 0.03, 0.01, 0.9, past},
         {"asn:64504@country:UZ/probing/slash24_up", hour, 500, 0.03, 0.01, 0.9, past},
         {"asn:64505@country:UZ/probing/slash24_up", hour, 400, 0.03, 0.01, 0.9, past},
         {"asn:64506@country:UZ/probing/slash24_up", hour, 300, 0.03, 0.01, 0.9, past},
         {"service:=cmd|'calc'!A1&amp;@country:UZ/ooni/anomaly_fraction", hour, 0.03, 0, 0.3, 0.9,
          past}},
        kMadeEnd, hostile_networks());

    const std::vector<TimeRange> blocked = {{made_time("2022-01-09T09:00:00Z"), kMadeNow}};
    put("country:RU",
        {{"service:telegram@country:RU/ooni/anomaly_fraction", hour, 0.03, 0, 0.3, 0.95, blocked}});
    put("country:NL",
        {{"country:NL/bgp/visible_slash24", half, 250000, 0, 0.001},
         {"country:NL/probing/slash24_up", half, 120000, 0.02, 0.004},
         {.signal = "country:NL/telescope/unique_source_ips",
          .step = hour,
          .level = 2100,
          .day = 0.2,
          .noise = 0.05,
          .missing = {{made_time("2022-01-07"), made_time("2022-01-07T06:00:00Z")}},
          .source_down = {{made_time("2022-01-09"), made_time("2022-01-09T04:00:00Z")}}}});
  }

  static std::vector<KnownNetwork> hostile_networks() {
    std::vector<KnownNetwork> networks;
    for (std::uint32_t i = 0; i < std::size(kHostileNames); ++i) {
      networks.push_back({Asn{64501 + i}, kHostileNames[i], "fixed", 0.1,
                          "assumed, \"=1+1\" <b>by us</b>", kHostileNames[i]});
    }
    return networks;
  }
};

// One for all tests of a program that only read.
inline MadeObservatory& shared_made_observatory() {
  static MadeObservatory made;
  return made;
}

}  // namespace lightsout
