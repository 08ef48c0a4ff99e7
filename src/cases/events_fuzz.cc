// SPDX-License-Identifier: Apache-2.0
#include <cstdint>

#include "cases/after_events.h"
#include "core/check.h"

using namespace lightsout;

// Whatever can be read is whole, is written and read again as the same, and can be tested or is
// refused.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto read = parse_events({reinterpret_cast<const char*>(data), size}, "fuzz");
  if (!read) {
    CHECK(!read.error().message.empty());
    return 0;
  }
  CHECK(read->size() <= kMaxEvents);
  for (const PublicEvent& event : *read) {
    CHECK(!event.text.empty() && !event.source.empty() && event.country.size() == 2);
    CHECK(event.begin <= event.end);
  }
  const auto again = parse_events(events_text(*read), "again");
  CHECK(again.ok() && *again == *read);
  if (read->empty() || read->size() > 50) return 0;
  std::vector<Time> cuts;
  for (const PublicEvent& event : *read) cuts.push_back(event.begin + Seconds{3600});
  const TimeRange span{read->front().begin, read->front().begin + std::chrono::days{365}};
  const auto tested = test_after_events(*read, cuts, {.span = span, .draws = 20});
  if (tested) CHECK(tested->p > 0 && tested->p <= 1 && tested->p_shift >= 1.0 / 367);
  return 0;
}
