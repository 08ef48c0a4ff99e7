// The lines of a scenario, one by one: each adds what it says to a Draft, or fails its Fields.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "simulate/fields.h"
#include "simulate/scenario.h"

namespace lightsout {

// What the lines said so far. The parts without which there is no scenario may still be missing.
struct Draft {
  std::string title;
  std::optional<Entity> entity;
  bool labelled = false;
  std::optional<std::uint64_t> seed;
  std::optional<TimeRange> range;
  std::string zone;
  std::optional<Prefix> addresses;
  std::int64_t world = 0;
  std::vector<Provider> providers;
  std::vector<SignalModel> signals;
  std::vector<Event> events;
  std::vector<Note> notes;
};

// `fields` is not empty: its first word says what the line is.
void read_line(Fields& fields, Draft& draft);

}  // namespace lightsout
