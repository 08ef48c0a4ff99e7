// SPDX-License-Identifier: Apache-2.0
#include "source/ooni_shares.h"

#include <array>

namespace lightsout {

namespace {

constexpr Seconds kFine{300};
constexpr std::array<Seconds, 5> kSteps{Seconds{300}, Seconds{600}, Seconds{900}, Seconds{1800},
                                        Seconds{3600}};

}  // namespace

bool ServiceShares::add(const Entity& service, Time time, std::size_t input, double failed_share) {
  CHECK(failed_share >= 0 && failed_share <= 1);
  Bins& bins = services_[service.text()];
  const auto found = bins.find(bin_begin(time, kFine));
  if (found == bins.end() && bins_ >= kMostBinsOfShares) return false;
  if (found == bins.end()) ++bins_;
  Bin& bin = bins[bin_begin(time, kFine)];
  bin.failed += failed_share;
  bin.tests += 1;
  bin.input = input;
  return true;
}

void ServiceShares::add_series(const std::string& service, const Bins& bins) {
  Result<SignalId> id = SignalId::parse(service + "/ooni/failed_share");
  if (!id || bins.empty()) return;
  double tests = 0;
  for (const auto& [time, bin] : bins) tests += bin.tests;
  const auto length =
      static_cast<double>((bins.rbegin()->first - bins.begin()->first + kFine).count());
  Seconds step = kSteps.back();
  for (std::size_t i = kSteps.size(); i-- > 0;) {
    if (tests * static_cast<double>(kSteps[i].count()) / length >= kTestsWanted) step = kSteps[i];
  }
  SeriesSpec spec = spec_of(std::move(*id));
  spec.step = step;
  const auto handle = collector_.series(std::move(spec));
  if (!handle) return;
  std::map<Time, Bin> wide;
  for (const auto& [time, bin] : bins) {
    Bin& into = wide[bin_begin(time, step)];
    into.failed += bin.failed;
    into.tests += bin.tests;
    into.input = bin.input;
  }
  for (const auto& [time, bin] : wide) {
    collector_.add(*handle, bin.input, time, Sample::of(std::min(1.0, bin.failed / bin.tests)),
                   static_cast<float>(bin.tests));
  }
}

Reading ServiceShares::finish() {
  for (const auto& [service, bins] : services_) add_series(service, bins);
  return collector_.finish();
}

}  // namespace lightsout
