// Any bytes are a scenario or are refused with a reason; a small one that is read is drawn, too.
//
// SPDX-License-Identifier: Apache-2.0
#include "core/check.h"
#include "simulate/simulate.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lightsout;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Result<Scenario> scenario = parse_scenario(text);
  if (!scenario) {
    CHECK(!scenario.error().message.empty());
    return 0;
  }
  // What is read is within its limits; drawing a year of it is not what is fuzzed here.
  std::int64_t networks = scenario->world;
  for (const Provider& provider : scenario->providers) networks += provider.networks;
  if (scenario->range.length() > Seconds{3 * 86400} || networks > 200) return 0;
  double rows = 0;
  for (const SignalModel& model : scenario->signals) rows += 86400.0 / model.step.count();
  for (const Event& event : scenario->events) {
    if (event.kind == EventKind::route_burst && event.amount > 1000) return 0;
  }
  for (const SignalModel& model : scenario->signals) {
    if (model.source == "ooni" && model.level > 1000) return 0;
  }
  if (rows > 3000) return 0;
  CHECK(simulate(*scenario, ResidualPool{}, [](std::string_view, std::string_view) {
          return Status{};
        }).ok());
  return 0;
}
