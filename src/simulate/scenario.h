// Scenario: a blackout (or a quiet month, or an accident) told in a readable text, as values.
//
// The text is made for people who do not program: one fact a line, the source of the fact at its
// end. docs/formats/scenario.md explains every word. What is made from it is never a measurement,
// and says SEMI-SYNTHETIC in every file; a text without that label is refused.
//
//   provider 29355 "KCell JSC" mobile share 25% networks 150 source "assumed"
//   cut mobile from 2022-01-04T14:30Z to 2022-01-05T10:30Z depth 40% source "Cloudflare"
//   window all from 2022-01-05T17:30Z to 2022-01-05T22:00Z level 90% source "net4people 99"
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "geo/entity.h"
#include "net/asn.h"
#include "net/prefix.h"
#include "signal/signal_id.h"

namespace lightsout {

// The word that every file of a simulation carries.
inline constexpr std::string_view kSemiSynthetic = "SEMI-SYNTHETIC";

struct ScenarioLimits {
  static constexpr std::size_t kBytes = 256 * 1024;  // of the text
  static constexpr std::size_t kLines = 2000;
  static constexpr std::size_t kLineBytes = 2000;
  static constexpr std::size_t kProviders = 64;
  static constexpr std::size_t kSignals = 16;
  static constexpr std::size_t kEvents = 500;
  static constexpr std::int64_t kDays = 400;                // of the range
  static constexpr std::int64_t kNetworks = 4096;           // /24s of one provider
  static constexpr std::int64_t kPeers = 16;                // of the route collector
  static constexpr std::int64_t kSamples = 4'000'000;       // of all series together
  static constexpr std::int64_t kBurstUpdates = 1'000'000;  // of all bursts and peers together
  static constexpr double kMeasurementsPerDay = 10'000;     // of services
};

enum class Access : std::uint8_t { mobile, fixed, government, hosting };

struct Provider {
  Asn asn;
  std::string name;  // as registered
  std::string role;  // "incumbent", may be empty
  Access access = Access::fixed;
  double user_share = 0;        // of the country's users, 0..1: of its traffic, in this model
  bool share_assumed = false;   // the text says so
  std::int64_t networks = 1;    // /24s announced
  double datacentre_share = 0;  // of its networks that are data centres rather than people
  Asn upstream;                 // the network it is reached through; Asn{0}: the collector's peers
  std::string source;
};

// The ordinary life of one signal, and how it is delivered.
struct SignalModel {
  std::string source;  // "probing"
  std::string metric;  // "slash24_up"
  double level = 0;    // ordinary mean, country-wide; for probing and bgp it follows from the
                       // providers' networks and this is the share that answers, 0..1
  Seconds step{0};
  double wave = 0;                // daily swing to either side, as a share of the level
  Seconds peak{0};                // time of day of the daily maximum, UTC
  double weekend = 0;             // share added on Saturday and Sunday (negative: fewer)
  double noise = 0;               // slow noise, standard deviation as a share of the level
  double missing = 0;             // share of bins that never arrived
  std::int64_t renumberings = 0;  // small lasting steps of the level over the range
  std::int64_t peers = 0;         // bgp only: full-feed peers of the collector
  Seconds ribs{0};                // bgp only: between two full tables
  Seconds files{0};               // bgp only: that one file of updates covers
  std::string stated;             // where these ordinary values are from
  bool per_provider = true;
};

// Whom an event touches.
struct Group {
  enum class Kind : std::uint8_t { all, mobile, fixed, government, datacentres, asn, upstream };
  Kind kind = Kind::all;
  Asn asn;  // for asn and upstream
};

enum class EventKind : std::uint8_t {
  cut,          // a share of the group is lost
  window,       // inside a cut, the level comes back
  restore,      // cuts of the group that began earlier end here
  route_burst,  // routes stay announced and flap
  block,        // a service fails its tests
  surge,        // a circumvention tool is used more, or less
  gap,          // a source does not measure
  holiday,      // people use the network less: only traffic falls
};

struct Event {
  EventKind kind = EventKind::cut;
  std::size_t line = 0;  // of the text, for messages and for the random substream
  Group group;
  std::string subject;  // service, tool or source: block, surge, gap
  TimeRange range{};    // open ends are closed with the end of the scenario
  double amount = 0;    // cut, holiday: share lost; window: level; block: share of tests failing;
                        // surge: factor; route_burst: messages per peer
  Seconds over{0};      // the loss grows to its depth over this long
  Seconds spread{0};    // each network begins somewhere within this long after `from`
  Seconds return_spread{0};  // and returns somewhere within this long after `to`
  bool control = false;
  bool data = false;
  bool traffic = false;
  std::string source;
};

struct Note {
  Time at;
  std::string text;
  std::string source;
};

struct Scenario {
  std::string title;
  Entity entity;  // a country
  std::uint64_t seed = 0;
  TimeRange range{};
  std::string zone;        // as the clocks on the wall said, for the reader of the text
  Prefix addresses;        // where the networks of the scenario are numbered
  std::int64_t world = 0;  // networks of the rest of the world in the routing table
  std::vector<Provider> providers;
  std::vector<SignalModel> signals;
  std::vector<Event> events;  // in the order of the text
  std::vector<Note> notes;
  std::string sha256;  // of the text
};

// The line number stands in every error: "line 17: ...".
Result<Scenario> parse_scenario(std::string_view text);

// The same scenario over fewer days: events and notes outside are dropped, the others clipped. For
// fast tests, and for `--from` and `--to`. The range is widened to whole days and must lie within
// that of the scenario.
Result<Scenario> narrowed(const Scenario& scenario, const TimeRange& range);

const SignalModel* find_signal(const Scenario& scenario, std::string_view source);

std::string_view name_of(Access access);

}  // namespace lightsout
