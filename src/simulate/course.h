// Course: what the events of a scenario leave of a part of the network, over time; and the truth.
//
// A part is what an event can touch as one: the access networks of a provider, its data centres, or
// the users of all the providers that the scenario does not name. On each plane a part has a
// course: a share of its ordinary level, 1 when nothing is wrong, piecewise linear over time. Where
// cuts overlap the deepest counts; inside a window the level of the window does, if it is higher.
//
// Holidays, noise and gaps are not in it: it is what happened to the network, which is what a
// detector should find. truth_of() says that for one entity and plane.
//
//   for (const TrueEvent& event : truth_of(scenario, entity, Plane::data)) ...
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "simulate/scenario.h"

namespace lightsout {

struct NetworkPart {
  static constexpr std::size_t kNobody = static_cast<std::size_t>(-1);

  std::size_t provider = kNobody;  // index; kNobody: the users of providers that are not named
  bool datacentre = false;
  double users = 0;           // share of the country's traffic in ordinary times, 0..1
  std::int64_t networks = 0;  // /24s
};

// In the order of the providers; the users that no provider has come last, if there are any.
std::vector<NetworkPart> parts_of(const Scenario& scenario);

// Is the part one of those that the group names?
bool belongs(const Scenario& scenario, const NetworkPart& part, const Group& group);

class Course {
 public:
  double at(Time time) const;
  double mean(const TimeRange& range) const;  // over a range that is not empty
  // Every time where it changes, or changes its slope, ascending.
  std::vector<Time> corners() const;

  struct Segment {
    Time begin;
    double first;  // level at the begin
    double last;   // level just before the next segment begins
  };
  explicit Course(std::vector<Segment> segments) : segments_(std::move(segments)) {}

 private:
  std::vector<Segment> segments_;  // ascending; level 1 before the first and after the last
};

// control, data or traffic; on the others every course is 1.
Course course_of(const Scenario& scenario, const NetworkPart& part, Plane plane);

struct TrueEvent {
  Entity entity;
  Plane plane = Plane::data;
  TimeRange range{};               // from the first loss to the last return
  double depth = 0;                // share lost, averaged over the dark time
  std::vector<TimeRange> windows;  // returns between two dark times
};

struct TruthRules {
  static constexpr double kLeastLoss = 0.10;       // of the entity's ordinary level
  static constexpr double kMinorLoss = 0.005;      // least that can be told from nothing
  static constexpr Seconds kLongestReturn{86400};  // a longer one ends the event
  // Dark is where at least this share of the deepest loss of the event is lost.
  static constexpr double kDark = 0.5;
};

// What happened to the country, to asn:N@country:CC or to asn:N, to the minute. With kMinorLoss for
// `least_loss` it also names what is too small to be asked of a detector.
std::vector<TrueEvent> truth_of(const Scenario& scenario, const Entity& entity, Plane plane,
                                double least_loss = TruthRules::kLeastLoss);

}  // namespace lightsout
