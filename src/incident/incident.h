// Incident: what really happened to one entity, put together from the anomalies of every plane.
//
// An incident is a value: once made it is never edited. When more is known, a new version with a
// higher number supersedes it and both are kept. It answers "did connectivity fall", gives
// indicators for how, and never says who ordered it.
//
// Every interval is a 90 % interval; every share is 0..1; every time is UTC.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "detect/anomaly.h"

namespace lightsout {

// From the gravest to the least. methods.md 3.4.1 and 2.3 define them; docs/methods/grades.md says
// how.
enum class Grade : std::uint8_t {
  nationwide,      // >= 2 planes, one of them BGP or probing, and >= 50 % below expected
  regional,        // parts of a country, not the whole
  network,         // one provider
  service,         // one service, while the country's connectivity stands or is not measured
  disruption,      // connectivity fell, on less evidence or less deeply than nationwide
  level_shift,     // a lasting lower level of one signal
  usage_dip,       // only usage fell, BGP and probing stood: a holiday looks like this
  surge,           // circumvention use rose
  lesser_anomaly,  // something, too small to be any of these
};

// Fixed words. observed: one plane. corroborated: two or more. confirmed: with an operator's or an
// official statement, which no machine output can reach alone.
enum class Confidence : std::uint8_t { observed, corroborated, confirmed, disputed, retracted };

enum class PhaseKind : std::uint8_t { reduced, near_total, partial_recovery, total_recovery };

struct Phase {
  PhaseKind kind = PhaseKind::reduced;
  TimeRange range;
  bool open = false;  // still so when the data ended
  Estimate depth;     // share lost of what was expected
};

// A stretch inside the incident in which connectivity came back, and was cut again.
struct Window {
  TimeRange range;
  Estimate level;  // share of what was expected that was reached
  std::vector<SignalId> seen_by;
};

// Whether the windows or the cuts keep to a time of day (methods.md 3.4 step 8).
struct Recurrence {
  std::size_t count = 0;     // starts that were compared
  double concentration = 0;  // R of those that keep to it, 0..1: 1 is always the same minute
  Seconds time_of_day{0};    // circular mean of those, UTC
  std::size_t weeks = 0;
  bool curfew_like = false;  // R > 0.95 over >= 3 starts and whole days between them
  std::string text;          // "4 of 6 windows begin within 8 min of 02:22 UTC"
  std::size_t matching = 0;  // how many of the starts keep to that time of day
  double by_chance = 1;      // that so many would, had they been thrown over the day at random
};

struct SampleCounts {
  std::size_t numbers = 0;
  std::size_t zeros = 0;  // of the numbers
  std::size_t missing = 0;
  std::size_t suppressed = 0;
  std::size_t source_down = 0;
};

// What one series saw of the incident.
struct PlaneView {
  SignalId signal;
  Plane plane = Plane::traffic;
  std::string label;
  bool judged = false;  // false: the detector could not tell, `note` says why
  bool fell = false;
  TimeEstimate fell_at{};  // meaningful when it fell
  Estimate depth{};        // share lost over the incident, 0..1
  double lowest = 0;       // lowest share of expected in one bin
  Time lowest_at{};
  std::optional<TimeEstimate> returned;  // back at >= 70 % of expected to stay
  double evidence = 0;                   // nats, as the detector has it
  double evidence_capped = 0;            // what was allowed to count for the plane
  SampleCounts samples;                  // inside the incident
  std::string baseline;
  std::string note;  // "-13 % for 15 h, then within 3 %"
};

// What one part saw: a provider, a region, a service.
struct PartView {
  Entity entity;
  std::string name;
  std::optional<double> user_share;    // nullopt: not known, and shown as not known
  std::string user_share_source;       // "assumed", "APNIC, April 2020"
  std::string access;                  // of a network: "mobile", "fixed", ..., or empty
  std::string owner;                   // of a network: who owns it, where that is known
  std::vector<std::string> upstreams;  // of a network: its routes went through these
  bool judged = false;
  bool fell = false;
  TimeEstimate fell_at{};
  Estimate depth{};
  std::optional<TimeEstimate> returned;
  std::string note;
};

enum class Mechanism : std::uint8_t {
  filtering,          // routes kept, packets dropped
  withdrawal,         // routes withdrawn
  access_network,     // mobile or last-mile networks cut, the rest stands
  cable_or_upstream,  // a common upstream failed
  power,              // the lights went out, networks with them
  service_block,      // one service, on the application plane
  throttling,         // slowed, not cut
  measurement_fault,  // our own blindness
  ipv6_only,          // IPv6 cut, IPv4 left
  dns,                // names do not resolve
  tls,                // handshakes are broken off, by their server name or altogether
  one_way,            // nothing gets in, packets still get out
};

struct Hypothesis {
  Mechanism mechanism = Mechanism::filtering;
  std::vector<std::string> speaks_for;
  std::vector<std::string> speaks_against;
  std::vector<std::string> would_refute;
  std::optional<double> posterior;  // nullopt: not tested with these inputs
  std::string verdict;              // "likely", "possible", "unlikely", "ruled out", "not measured"
};

// A stretch in which planes disagree: a finding, not noise.
struct Disagreement {
  TimeRange range;
  std::string text;  // "web traffic had returned, networks did not answer probes"
  std::vector<SignalId> signals;
};

struct Finding {
  std::string text;
  std::optional<TimeRange> range;
  Confidence confidence = Confidence::observed;
  std::vector<SignalId> signals;  // never empty
};

struct Incident {
  std::string id;  // "ir-2026-01-08-7c1e": entity, day of onset, four hex digits of identity
  std::uint32_t version = 1;
  std::optional<std::uint32_t> supersedes;
  Time known_at;  // the data reached to here when this version was made
  Entity entity;
  Grade grade = Grade::lesser_anomaly;
  Confidence confidence = Confidence::observed;
  double probability = 0;  // that connectivity (or the service) fell, or use rose, 0..1
  Direction direction = Direction::fall;
  TimeEstimate onset;
  std::optional<TimeEstimate> end;  // nullopt: not ended when the data did, "at least 19 days"
  bool ending = false;              // levels are on their way back but not yet for long enough
  Estimate depth;  // share lost against expected, over the near-total phase or the whole
  bool lasting = false;
  bool semi_synthetic = false;

  std::vector<Phase> phases;
  std::vector<Window> windows;
  Recurrence recurrence;
  std::vector<PlaneView> planes;  // every series that was looked at, the silent ones too
  std::vector<PartView> providers;
  std::vector<PartView> regions;
  std::vector<PartView> services;
  std::vector<Hypothesis> hypotheses;
  std::vector<Disagreement> disagreements;
  std::vector<Finding> findings;
  std::vector<std::string> unknowns;  // never empty
  std::vector<Anomaly> evidence;      // never empty
  std::vector<Lineage> inputs;        // of all series behind it, each once

  TimeRange range() const { return {onset.value, end ? end->value : known_at}; }
  bool open() const { return !end.has_value(); }
};

// "5 d 15 h", or "at least 19 d 2 h, as of 2026-01-27T07:30:00Z" for one that is open.
std::string duration_text(const Incident& incident);

std::string_view name_of(Grade grade);
std::string_view name_of(Confidence confidence);
std::string_view name_of(PhaseKind kind);
std::string_view name_of(Mechanism mechanism);

}  // namespace lightsout
