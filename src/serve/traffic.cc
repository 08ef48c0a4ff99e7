// SPDX-License-Identifier: Apache-2.0
#include "serve/traffic.h"

#include <fmt/format.h>

#include <algorithm>

namespace lightsout {

void Traffic::count(std::string_view route, int status, std::uint64_t bytes,
                    std::chrono::microseconds took) {
  const double seconds = std::chrono::duration<double>(took).count();
  const auto bucket = static_cast<std::size_t>(
      std::lower_bound(kBuckets.begin(), kBuckets.end(), seconds) - kBuckets.begin());
  const std::lock_guard lock(mutex_);
  Count& mine = counts_[{route, status}];
  ++mine.answers;
  mine.bytes += bytes;
  ++times_[bucket];
  seconds_ += seconds;
}

std::string metric_label(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (c == '\\' || c == '"') out += '\\';
    out += c;
  }
  return out;
}

std::string Traffic::metrics() const {
  const std::lock_guard lock(mutex_);
  std::string out =
      "# HELP lightsout_answers_total Answers sent, by route and status.\n"
      "# TYPE lightsout_answers_total counter\n";
  for (const auto& [key, count] : counts_) {
    out += fmt::format("lightsout_answers_total{{route=\"{}\",status=\"{}\"}} {}\n",
                       metric_label(key.first), key.second, count.answers);
  }
  out +=
      "# HELP lightsout_answer_bytes_total Bytes sent, heads counted.\n"
      "# TYPE lightsout_answer_bytes_total counter\n";
  for (const auto& [key, count] : counts_) {
    out += fmt::format("lightsout_answer_bytes_total{{route=\"{}\",status=\"{}\"}} {}\n",
                       metric_label(key.first), key.second, count.bytes);
  }
  out +=
      "# HELP lightsout_answer_seconds From a question's last byte to its answer's.\n"
      "# TYPE lightsout_answer_seconds histogram\n";
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < kBuckets.size(); ++i) {
    sum += times_[i];
    out += fmt::format("lightsout_answer_seconds_bucket{{le=\"{}\"}} {}\n", kBuckets[i], sum);
  }
  sum += times_.back();
  out += fmt::format(
      "lightsout_answer_seconds_bucket{{le=\"+Inf\"}} {}\nlightsout_answer_seconds_sum {}\n"
      "lightsout_answer_seconds_count {}\n",
      sum, seconds_, sum);
  return out;
}

}  // namespace lightsout
