// Query: the parameters that every page and every endpoint understands, read once and strictly.
//
//   ?from=2022-01-05&until=now-6h&tz=Asia/Almaty&lang=ru&asof=2022-01-05T12:05:00Z
//
// Times are RFC 3339, Unix seconds, a date, "now" or "now-6h" (s, m, h, d). A parameter that cannot
// be read is an Error that names it and says what it may be; it is never passed over.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "core/time.h"
#include "web/exchange.h"

namespace lightsout {

struct ReadQuery {
  std::optional<Time> from;
  std::optional<Time> until;
  std::optional<Time> as_of;
  std::string tz;    // IANA name; empty: the capital's
  std::string lang;  // "en", "ru", "kk"; empty: by Accept-Language, else English
};

inline constexpr Seconds kMaxQueryRange = std::chrono::hours(24 * 366 * 20);  // 20 years

// `now` is what "now" means. An Error when from >= until or the range is longer than the maximum.
Result<ReadQuery> read_query(const WebRequest& request, Time now);

// One time as a person or a script writes it.
Result<Time> read_time(std::string_view text, Time now);

}  // namespace lightsout
