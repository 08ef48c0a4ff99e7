// Fingerprints: texts that are known to stand on block pages, and addresses that resolvers give
// instead of the right ones. They are data that somebody keeps (ooni/blocking-fingerprints), loaded
// when the program runs and never part of it; source/fingerprints_csv.h reads the files.
//
//   const Fingerprints known(read_fingerprints(input).list);
//   for (const Fingerprint* hit : known.matches(measurement)) ...
//
// A hit counts in the country it is expected in; elsewhere it says that a product of that name was
// met (`expected_here`). A pattern may be full, prefix, contains or regexp; of a regexp only
// literals, '.', ".*" and escapes are understood, which is all that the public list uses. Others
// are refused when they are made.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "core/result.h"
#include "measurement/ooni.h"

namespace lightsout {

inline constexpr std::size_t kMostFingerprints = 100'000;
inline constexpr std::size_t kLongestPattern = 8192;  // bytes

struct Fingerprint {
  enum class Pattern { full, prefix, contains, expression };

  std::string name;  // "ooni.by_4"
  std::string
      scope;  // "nat" nation, "isp", "prod" product, "inst" institution, "fp" a false friend
  std::string location;  // "dns", "body", "header.server"
  Pattern pattern = Pattern::full;
  std::string text;
  std::vector<std::string> countries;  // alpha-2; empty: anywhere

  bool expected_in(std::string_view country) const;
  // Scope "fp": it looks like a block page and is none.
  bool is_false_friend() const { return scope == "fp"; }
};

// Checks what can be wrong with a row of a list.
Result<Fingerprint> make_fingerprint(Fingerprint from, std::string_view pattern_type);

bool matches(const Fingerprint& fingerprint, std::string_view text);

class Fingerprints {
 public:
  explicit Fingerprints(std::vector<Fingerprint> list) : list_(std::move(list)) {}

  // In the order of the list.
  std::vector<const Fingerprint*> matches(const OoniMeasurement& measurement) const;
  std::size_t size() const { return list_.size(); }

 private:
  std::vector<Fingerprint> list_;
};

}  // namespace lightsout
