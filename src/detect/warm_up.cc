// SPDX-License-Identifier: Apache-2.0
#include "detect/warm_up.h"

#include <fmt/format.h>

#include <limits>

#include "detect/counts.h"

namespace lightsout {

WarmUp warm_up(const Series& series, Seconds length) {
  WarmUp result{.spacing = spacing_of(series)};
  const auto least = static_cast<std::size_t>(
      std::max<std::int64_t>(6, length / std::max(result.spacing, Seconds(1)) / 2));
  Time first{};
  std::size_t seen = 0;
  for (std::size_t bin = 0; bin < series.size(); ++bin) {
    if (!usable(series.samples[bin])) continue;
    if (seen == 0) first = series.time_of(bin);
    const Seconds passed = series.time_of(bin) - first;
    if (passed >= length && seen >= least && passed <= 4 * length) {
      result.enough = true;
      result.values = seen;
      return result;
    }
    ++seen;
  }
  result.values = seen;
  result.reason = seen == 0
                      ? "there is no number in the series"
                      : fmt::format(
                            "{} values in {} are too few to learn from: {} values over {} are "
                            "needed before the first one can be judged",
                            seen, format_duration(series.data_through() - first), least,
                            format_duration(length));
  return result;
}

Detection nothing_expected(const Series& series) {
  constexpr float kUnknown = std::numeric_limits<float>::quiet_NaN();
  return {.signal = series.id,
          .expected = std::vector<Expectation>(series.size(), {kUnknown, kUnknown, kUnknown})};
}

Detection cannot_tell(const Series& series, std::string reason) {
  Detection detection = nothing_expected(series);
  detection.judgement.reason = reason;
  detection.trace.push_back({series.begin, "cannot tell: " + reason});
  return detection;
}

}  // namespace lightsout
