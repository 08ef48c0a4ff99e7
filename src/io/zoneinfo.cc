// SPDX-License-Identifier: Apache-2.0
#include "io/zoneinfo.h"

#include <date/tz.h>
#include <fmt/format.h>

#include <exception>

namespace lightsout {

namespace {

constexpr Time kBegin{Seconds{0}};
constexpr Time kEnd{date::sys_days{date::year{2038} / 1 / 1}.time_since_epoch()};

Zone zone_of(const date::time_zone& found, std::string_view name) {
  Zone zone{.name = std::string(name), .first_offset = found.get_info(kBegin).offset};
  Seconds offset = zone.first_offset;
  for (date::sys_info info = found.get_info(kBegin); info.end < kEnd;) {
    info = found.get_info(info.end);
    // Some changes only rename the hour or tell summer from winter time; the offset stays.
    if (info.offset != offset) zone.changes.push_back({info.begin, info.offset});
    offset = info.offset;
  }
  return zone;
}

}  // namespace

Result<Zone> load_zone(std::string_view iana_name) {
  // The library throws for a name it does not know and for a database it cannot find.
  try {
    return zone_of(*date::locate_zone(std::string(iana_name)), iana_name);
  } catch (const std::exception& reason) {
    return Error{ErrorKind::not_found,
                 fmt::format("time zone '{}': {}", iana_name.substr(0, 80), reason.what())};
  }
}

}  // namespace lightsout
