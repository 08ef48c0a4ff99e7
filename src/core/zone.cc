// SPDX-License-Identifier: Apache-2.0
#include "core/zone.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

namespace lightsout {

Seconds Zone::offset_at(Time time) const {
  const auto after =
      std::upper_bound(changes.begin(), changes.end(), time,
                       [](Time t, const ZoneChange& change) { return t < change.at; });
  return after == changes.begin() ? first_offset : std::prev(after)->offset;
}

std::string Zone::offset_text(Time time) const {
  const auto minutes = offset_at(time).count() / 60;
  if (minutes == 0) return "UTC";
  const auto size = std::abs(minutes);
  const char sign = minutes < 0 ? '-' : '+';
  return size % 60 == 0 ? fmt::format("UTC{}{}", sign, size / 60)
                        : fmt::format("UTC{}{}:{:02}", sign, size / 60, size % 60);
}

std::string Zone::local_text(Time time) const {
  const auto minutes = offset_at(time).count() / 60;
  const auto size = std::abs(minutes);
  std::string text = format_time(local(time));
  text.pop_back();  // the Z
  return text + fmt::format("{}{:02}:{:02}", minutes < 0 ? '-' : '+', size / 60, size % 60);
}

}  // namespace lightsout
