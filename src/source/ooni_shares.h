// ServiceShares: how much of a service failed, test by test, gathered into bins.
//
//   service:telegram@country:IN/ooni/failed_share    mean failed share of the bin's tests, `trials`
//   service:telegram@asn:55836/ooni/failed_share     the same as seen from one network
//
// The step is the shortest of 5, 10, 15, 30 and 60 minutes in which eight tests arrive on average,
// so that a block is seen soon where many people test and hours are kept where few do. A bin
// without tests is missing.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "source/collector.h"

namespace lightsout {

class ServiceShares {
 public:
  static constexpr std::size_t kMostBinsOfShares = 500'000;  // five-minute bins, all services
  static constexpr double kTestsWanted = 8;                  // in a bin, on average

  explicit ServiceShares(std::span<const Input> inputs) : collector_(inputs) {}

  // `failed_share` is 0..1. False when there is no room for another bin.
  bool add(const Entity& service, Time time, std::size_t input, double failed_share);
  Reading finish();

 private:
  struct Bin {
    double failed = 0, tests = 0;
    std::size_t input = 0;
  };
  using Bins = std::map<Time, Bin>;  // by five minutes

  void add_series(const std::string& service, const Bins& bins);

  Collector collector_;
  std::map<std::string, Bins> services_;
  std::size_t bins_ = 0;
};

}  // namespace lightsout
