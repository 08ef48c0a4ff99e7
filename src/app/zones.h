// Which time zone a command speaks in: that of --tz, by its IANA name.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "app/options.h"
#include "app/world.h"

namespace lightsout {

// For reports, which say local time beside UTC: the zone of --tz, or that of the entity's capital;
// UTC where neither is known.
Result<Zone> zone_of(const Options& options, const std::optional<Entity>& entity, World& world);

// For tables, which have one column for a time: UTC, or with --tz that zone's clock and its offset.
// Both read back as the same moment.
class TimeCells {
 public:
  static Result<TimeCells> of(const Options& options, World& world);
  std::string operator()(Time time) const {
    return zone_ ? zone_->local_text(time) : format_time(time);
  }

 private:
  std::optional<Zone> zone_;
};

}  // namespace lightsout
