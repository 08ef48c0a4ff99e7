// Zone: what the clocks on the wall said in one time zone, as a value.
//
// The offset is the one in force at that moment: Asia/Almaty was UTC+6 in January 2022 and is UTC+5
// since 1 March 2024. io/zoneinfo.h loads a Zone from the system's tz database; tests write one.
//
//   zone.local(onset)   // the same instant, shifted: feed it to format_clock()
//   zone.offset_text(onset)  // "UTC+6", "UTC+3:30"
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "core/time.h"

namespace lightsout {

struct ZoneChange {
  Time at;         // from this second on
  Seconds offset;  // east of Greenwich is positive
};

struct Zone {
  std::string name = "UTC";         // IANA name
  Seconds first_offset{0};          // before the first change
  std::vector<ZoneChange> changes;  // ascending

  Seconds offset_at(Time time) const;
  Time local(Time time) const { return time + offset_at(time); }
  std::string offset_text(Time time) const;
  // The same moment as RFC 3339 with its offset: "2022-01-05T16:30:00+06:00".
  std::string local_text(Time time) const;
};

}  // namespace lightsout
